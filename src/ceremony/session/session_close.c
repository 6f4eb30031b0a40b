#include "ceremony/session/session_parts.h"

#include "ceremony/session/attendance.h"
#include "ceremony/session/minutes_write.h"
#include <stdio.h>
#include <string.h>

/* A missing badge is an exception, never a close that is blocked. */
static void draft_missing_cosignatures(struct qrt_session *session)
{
    unsigned wanted = session->vault->state.cosignatures;
    if (session->badges_len < wanted) {
        char expected[48];
        char happened[48];
        snprintf(expected, sizeof expected, "%u cosignatures", wanted);
        snprintf(happened, sizeof happened, "badges that were there: %zu", session->badges_len);
        qrt_session_draft_exception(session, "close-session", expected, happened,
                                    "the session is closed");
    }
}

/* Whoever stops the close of a session that lasts comes back to it: nothing but
 * the close is lost. What one command's session did stands, and wants its end. */
static bool leaves_open(const struct qrt_session *session, enum qrt_code asked)
{
    return session->joined && asked == QRT_E_INTERRUPTED;
}

/* What happened beside the script, and who cosigns besides the operator. */
static enum qrt_code ask_closing(struct qrt_session *session, struct qrt_err *err)
{
    const struct qrt_ui *ui = session->ui;
    bool any = false;
    enum qrt_code code = QRT_OK;
    if (ui->person) {
        code = ui->confirm(ui->ctx, &any, "Did anything happen that was not planned?", err);
    }
    if (code == QRT_OK && any) {
        code = qrt_session_ask_exceptions(session, err);
    }
    if (code == QRT_OK) {
        code = qrt_attendance_ask_cosigners(session, err);
    }
    if (leaves_open(session, code)) {
        return code;
    }
    struct qrt_err why = {0};
    enum qrt_code signers = qrt_session_ask_signers(session, &why);
    if (signers != QRT_OK && (code == QRT_OK || signers == QRT_E_TAMPERED)) {
        *err = why;
        code = signers;
    }
    return code;
}

/* Who is there, and did not sign with a badge. */
static void draft_unsigned(const struct qrt_session *session, struct qrt_draft *draft)
{
    QRT_BUF missing = {0};
    const char *line = qrt_buf_str(&session->present);
    while (*line != '\0') {
        char id[QRT_ID_CHARS + 1];
        size_t len = strcspn(line, "\n");
        snprintf(id, sizeof id, "%.*s", (int)len, line);
        if (!qrt_attendance_signs(session, id)) {
            qrt_buf_printf(&missing, "%s\n", id);
        }
        line += len + 1;
    }
    qrt_attendance_draft(draft, "badge-missing", &missing);
}

/* To whom the close's checkpoint is to be given on paper: whoever of these is
 * there holds the log to it next time. */
static void draft_receivers(const struct qrt_session *session, struct qrt_draft *draft)
{
    static const char *const roles[] = {"custodian", "witness", "auditor"};
    const struct qrt_state *state = &session->vault->state;
    for (const char *line = qrt_buf_str(&session->present); *line != '\0';) {
        char id[QRT_ID_CHARS + 1];
        size_t len = strcspn(line, "\n");
        snprintf(id, sizeof id, "%.*s", (int)len, line);
        for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
            if (qrt_state_has_role(state, id, roles[i])) {
                qrt_draft_text(draft, "receipt", id);
                break;
            }
        }
        line += len + 1;
    }
}

enum qrt_code qrt_session_close(struct qrt_session *session, const char *ceremony,
                                const char *result, struct qrt_err *err)
{
    if (!session->joined) {
        return qrt_session_end(session, ceremony, result, err);
    }
    return session->drafts_len == 0 ? QRT_OK : qrt_session_commit(session, err);
}

enum qrt_code qrt_session_end(struct qrt_session *session, const char *ceremony, const char *result,
                              struct qrt_err *err)
{
    struct qrt_err why = {0};
    enum qrt_code asked = ask_closing(session, &why);
    if (asked != QRT_OK && err != NULL) {
        *err = why;
    }
    if (leaves_open(session, asked)) {
        return asked;
    }
    qrt_session_draft_arrivals(session);
    draft_missing_cosignatures(session);
    QRT_BUF minutes = {0};
    uint8_t digest[QRT_HASH_BYTES];
    err = asked == QRT_OK ? err : NULL;
    enum qrt_code code = qrt_minutes_write(&minutes, session, ceremony, result, err);
    if (code == QRT_OK) {
        code = qrt_session_document(session, "minutes", &minutes, digest, err);
    }
    if (code != QRT_OK) {
        return asked == QRT_OK ? code : asked;
    }
    struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_SESSION_CLOSED);
    qrt_draft_hex(draft, "minutes", digest, sizeof digest);
    qrt_attendance_draft(draft, "present", &session->present);
    draft_receivers(session, draft);
    draft_unsigned(session, draft);
    code = qrt_session_commit(session, err);
    return asked == QRT_OK ? code : asked;
}
