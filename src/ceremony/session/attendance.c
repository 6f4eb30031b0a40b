#include "ceremony/session/attendance.h"

#include "base/text.h"
#include <stdio.h>
#include <string.h>

bool qrt_attendance_has(const struct qrt_buf *ids, const char *id)
{
    size_t len = strlen(id);
    for (const char *line = qrt_buf_str(ids); *line != '\0'; line = strchr(line, '\n') + 1) {
        if (strncmp(line, id, len) == 0 && line[len] == '\n') {
            return true;
        }
    }
    return false;
}

/* Takes the ids of one line, parted by blanks or commas; all of them or none. */
static enum qrt_code take_line(struct qrt_buf *ids, const struct qrt_session *session,
                               const char *key, const char *line, struct qrt_err *err)
{
    const struct qrt_policy *policy = session->policy;
    QRT_BUF taken = {0};
    while (*line != '\0') {
        char id[64];
        size_t len = strcspn(line, " ,");
        snprintf(id, sizeof id, "%.*s", (int)len, line);
        if (len > 0 && (!qrt_text_is_id(id) || qrt_policy_person(policy, id) == NULL)) {
            return qrt_fail(err, QRT_E_USAGE, "%s: %s: the policy names none of that id", key,
                            qrt_text_is_id(id) ? id : "?");
        }
        const struct qrt_person *row = qrt_state_person(&session->vault->state, id);
        if (len > 0 && row != NULL && row->gone != QRT_NEVER) {
            return qrt_fail(err, QRT_E_USAGE, "%s: %s has left", key, id);
        }
        if (len > 0 && !qrt_attendance_has(ids, id) && !qrt_attendance_has(&taken, id)) {
            qrt_buf_printf(&taken, "%s\n", id);
        }
        line += len;
        line += *line != '\0';
    }
    qrt_buf_add(ids, taken.data, taken.len_bytes);
    return qrt_buf_check(ids, err);
}

enum qrt_code qrt_attendance_ask(struct qrt_buf *ids, const struct qrt_session *session,
                                 const char *key, const char *words, struct qrt_err *err)
{
    const struct qrt_ui *ui = session->ui;
    QRT_BUF prompt = {0};
    qrt_buf_printf(&prompt, "%s: ids with blanks between. Enter alone when all are named.", words);
    for (size_t i = 0;; i++) {
        QRT_BUF line = {0};
        char place[32];
        snprintf(place, sizeof place, "%s.%zu", key, i);
        struct qrt_question question = {
            .key = place, .words = qrt_buf_str(&prompt), .optional = true};
        enum qrt_code code = ui->ask_line(ui->ctx, &line, &question, err);
        if (code == QRT_E_NOT_FOUND) {
            return QRT_OK;
        }
        if (code == QRT_OK) {
            code = take_line(ids, session, key, qrt_buf_str(&line), err);
        }
        if (code == QRT_OK && ui->person) {
            QRT_BUF named = {0};
            qrt_buf_printf(&named, "Named: %s", qrt_buf_str(&line));
            ui->tell(ui->ctx, qrt_buf_str(&named));
        }
        if (code != QRT_OK && !qrt_ui_again(ui, code, err)) {
            return code;
        }
    }
}

void qrt_attendance_draft(struct qrt_draft *draft, const char *key, const struct qrt_buf *ids)
{
    for (const char *line = qrt_buf_str(ids); *line != '\0'; line = strchr(line, '\n') + 1) {
        char id[QRT_ID_CHARS + 1];
        snprintf(id, sizeof id, "%.*s", (int)strcspn(line, "\n"), line);
        qrt_draft_text(draft, key, id);
    }
}

bool qrt_attendance_signs(const struct qrt_session *session, const char *person)
{
    for (size_t i = 0; i < session->badges_len; i++) {
        if (strcmp(session->badges[i].person, person) == 0) {
            return true;
        }
    }
    return false;
}

static enum qrt_code ask_of_script(struct qrt_session *session, struct qrt_err *err)
{
    const struct qrt_ui *ui = session->ui;
    unsigned wanted = session->vault->state.cosignatures;
    wanted = wanted < QRT_SESSION_BADGES_MAX ? wanted : QRT_SESSION_BADGES_MAX;
    for (size_t i = 0; session->badges_len < wanted; i++) {
        QRT_BUF id = {0};
        enum qrt_code code = ui->member(ui->ctx, &id, "badges", i, err);
        if (code == QRT_E_NOT_FOUND) {
            return QRT_OK;
        }
        if (code == QRT_OK && !qrt_attendance_signs(session, qrt_buf_str(&id)) &&
            qrt_state_badge(&session->vault->state, qrt_buf_str(&id)) != NULL) {
            code = qrt_session_ask_badge(session, qrt_buf_str(&id), err);
        }
        if (code != QRT_OK) {
            return code;
        }
    }
    return QRT_OK;
}

static enum qrt_code ask_of_person(struct qrt_session *session, struct qrt_err *err)
{
    const struct qrt_ui *ui = session->ui;
    while (session->badges_len < QRT_SESSION_BADGES_MAX) {
        QRT_BUF id = {0};
        struct qrt_question question = {
            .key = "cosigner",
            .words = "Who else signs the log with a badge: an id. Enter alone if nobody more.",
            .optional = true};
        enum qrt_code code = ui->ask_line(ui->ctx, &id, &question, err);
        if (code == QRT_E_NOT_FOUND) {
            return QRT_OK;
        }
        if (code == QRT_OK && !qrt_text_is_id(qrt_buf_str(&id))) {
            code = qrt_fail(err, QRT_E_USAGE, "not a person's id");
        } else if (code == QRT_OK && qrt_attendance_signs(session, qrt_buf_str(&id))) {
            code = qrt_fail(err, QRT_E_USAGE, "%s signs already", qrt_buf_str(&id));
        } else if (code == QRT_OK) {
            code = qrt_session_ask_badge(session, qrt_buf_str(&id), err);
        }
        if (code != QRT_OK && !qrt_ui_again(ui, code, err)) {
            return code;
        }
    }
    return QRT_OK;
}

enum qrt_code qrt_attendance_ask_cosigners(struct qrt_session *session, struct qrt_err *err)
{
    return session->ui->person ? ask_of_person(session, err) : ask_of_script(session, err);
}
