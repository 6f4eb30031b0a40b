#include "ceremony/drill/drilling.h"

#include "base/text.h"
#include "ceremony/session/attendance.h"
#include "vault/drill.h"
#include "vault/sitting.h"
#include <stdio.h>
#include <string.h>

static enum qrt_code add_grade(struct qrt_drilling *drilling, const char *person, const char *grade,
                               struct qrt_err *err)
{
    if (drilling->grades_len == QRT_DRILL_PEOPLE_MAX) {
        return qrt_fail(err, QRT_E_RANGE, "grades: more than %d people", QRT_DRILL_PEOPLE_MAX);
    }
    struct qrt_new_grade *row = &drilling->grades[drilling->grades_len++];
    snprintf(row->person, sizeof row->person, "%s", person);
    snprintf(row->grade, sizeof row->grade, "%s", grade);
    return QRT_OK;
}

static bool has_grade(const struct qrt_drilling *drilling, const char *person)
{
    for (size_t i = 0; i < drilling->grades_len; i++) {
        if (strcmp(drilling->grades[i].person, person) == 0) {
            return true;
        }
    }
    return false;
}

/* Is that person in the room, or were they since a session that lasts was opened? */
static bool was_there(const struct qrt_session *session, const char *person)
{
    return qrt_attendance_has(&session->present, person) ||
           qrt_state_presence(&session->vault->state, QRT_PERSON, person) != NULL;
}

static enum qrt_code read_grade(struct qrt_drilling *drilling, const char *person,
                                struct qrt_err *err)
{
    const struct qrt_session *session = &drilling->session;
    const struct qrt_ui *ui = session->ui;
    const struct qrt_person *row =
        qrt_text_is_id(person) ? qrt_state_person(&session->vault->state, person) : NULL;
    QRT_BUF grade = {0};
    char key[48];
    if (row == NULL || row->gone != QRT_NEVER) {
        return qrt_fail(err, QRT_E_USAGE, "grades: member %zu is no person of this vault",
                        drilling->grades_len + 1);
    }
    snprintf(key, sizeof key, "grades.%s", person);
    struct qrt_question question = {.key = key, .words = "ready, helped, failed or absent"};
    enum qrt_code code = ui->ask_line(ui->ctx, &grade, &question, err);
    if (code != QRT_OK) {
        return code;
    }
    bool absent = strcmp(qrt_buf_str(&grade), "absent") == 0;
    if (!qrt_grade_is_of_person(qrt_buf_str(&grade)) ||
        (absent && qrt_attendance_has(&session->present, person))) {
        return qrt_fail(err, QRT_E_USAGE, "%s: %s", key,
                        absent ? "absent, and present" : "not ready, helped, failed or absent");
    }
    if (!absent && !was_there(session, person)) {
        return qrt_fail(err, QRT_E_USAGE, "%s: not present: absent, or %s", key,
                        session->joined ? "quorate session return first" : "named in present");
    }
    return add_grade(drilling, person, qrt_buf_str(&grade), err);
}

/* Calls `each` for everyone of the vault who is present, until one fails. */
static enum qrt_code each_present(struct qrt_drilling *drilling,
                                  enum qrt_code (*each)(struct qrt_drilling *drilling,
                                                        const char *person, struct qrt_err *err),
                                  struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    for (const char *line = qrt_buf_str(&drilling->session.present);
         code == QRT_OK && *line != '\0'; line = strchr(line, '\n') + 1) {
        char id[QRT_ID_CHARS + 1];
        snprintf(id, sizeof id, "%.*s", (int)strcspn(line, "\n"), line);
        const struct qrt_person *person = qrt_state_person(&drilling->session.vault->state, id);
        code = person == NULL || person->gone == QRT_NEVER ? each(drilling, id, err) : QRT_OK;
    }
    return code;
}

static enum qrt_code need_grade(struct qrt_drilling *drilling, const char *person,
                                struct qrt_err *err)
{
    return has_grade(drilling, person)
               ? QRT_OK
               : qrt_fail(err, QRT_E_USAGE, "grades.%s: missing: ready, helped or failed", person);
}

enum qrt_code qrt_drill_read_script(struct qrt_drilling *drilling, struct qrt_err *err)
{
    const struct qrt_ui *ui = drilling->session.ui;
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK; i++) {
        QRT_BUF person = {0};
        code = ui->member(ui->ctx, &person, "grades", i, err);
        if (code == QRT_OK) {
            code = read_grade(drilling, qrt_buf_str(&person), err);
        }
    }
    if (code != QRT_E_NOT_FOUND || (code = each_present(drilling, need_grade, err)) != QRT_OK) {
        return code;
    }
    return qrt_new_actions_ask(&drilling->actions, drilling->session.vault, ui, err);
}

static enum qrt_code ask_grade(struct qrt_drilling *drilling, const char *person,
                               struct qrt_err *err)
{
    static const char *const options[] = {"ready: knew every step", "helped: needed help",
                                          "failed: could not do it"};
    static const char *const grades[] = {"ready", "helped", "failed"};
    const struct qrt_ui *ui = drilling->session.ui;
    QRT_BUF words = {0};
    size_t choice = 0;
    qrt_buf_printf(&words, "%s: how did it go? A number", person);
    enum qrt_code code = ui->choose(ui->ctx, &choice, qrt_buf_str(&words), options, 3, err);
    return code == QRT_OK ? add_grade(drilling, person, grades[choice], err) : code;
}

static enum qrt_code ask_absent(struct qrt_drilling *drilling, struct qrt_err *err)
{
    QRT_BUF ids = {0};
    enum qrt_code code =
        qrt_attendance_ask(&ids, &drilling->session, "absent", "Who was to come and did not", err);
    for (const char *line = qrt_buf_str(&ids); code == QRT_OK && *line != '\0';
         line = strchr(line, '\n') + 1) {
        char id[QRT_ID_CHARS + 1];
        snprintf(id, sizeof id, "%.*s", (int)strcspn(line, "\n"), line);
        if (!has_grade(drilling, id)) {
            code = add_grade(drilling, id, "absent", err);
        }
    }
    return code;
}

enum qrt_code qrt_drill_ask_person(struct qrt_drilling *drilling, struct qrt_err *err)
{
    const struct qrt_session *session = &drilling->session;
    qrt_drill_page_people(drilling);
    enum qrt_code code = each_present(drilling, ask_grade, err);
    if (code == QRT_OK) {
        code = ask_absent(drilling, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    qrt_drill_page_actions(drilling);
    return qrt_new_actions_ask(&drilling->actions, session->vault, session->ui, err);
}

/* Does the refusal speak of the card itself, and not of who brought it or how? */
static bool speaks_of_card(enum qrt_card_reason reason)
{
    return reason != QRT_CARD_DUPLICATE && reason != QRT_CARD_SAME_PERSON &&
           reason != QRT_CARD_OTHER_GROUP;
}

/* The best that was said of that card in this drill; NULL if nothing was. */
static const char *grade_of(const struct qrt_gather *gather, uint32_t serial)
{
    const char *grade = NULL;
    for (size_t i = 0; i < gather->judged_len; i++) {
        const struct qrt_judged *judged = &gather->judged[i];
        if (judged->serial == serial && judged->reason == QRT_CARD_FINE) {
            return judged->damaged ? "damaged" : "good";
        }
        if (judged->serial == serial && speaks_of_card(judged->reason)) {
            grade = "failed";
        }
    }
    return grade;
}

static void draft_grade(struct qrt_drilling *drilling, const char *subject, const char *grade)
{
    const struct qrt_drilled *drilled = drilling->drilled;
    struct qrt_draft *draft = qrt_session_draft(&drilling->session, QRT_EV_DRILL_GRADED);
    qrt_draft_u64(draft, "intent",
                  (uint64_t)drilled->intent - drilling->session.vault->state.former_entries);
    qrt_draft_text(draft, "subject", subject);
    qrt_draft_text(draft, "grade", grade);
}

static void draft_card(struct qrt_drilling *drilling, int64_t serial, const char *grade)
{
    char subject[24];
    snprintf(subject, sizeof subject, "%lld", (long long)serial);
    draft_grade(drilling, subject, grade);
}

static void draft_bags(struct qrt_drilling *drilling)
{
    const struct qrt_seals *seals = drilling->seals;
    for (size_t i = 0; seals != NULL && i < seals->len; i++) {
        const struct qrt_bag *bag =
            qrt_state_bag(&drilling->session.vault->state, seals->list[i].bag);
        if (bag->serial > 0) {
            draft_card(drilling, bag->serial,
                       seals->list[i].result == QRT_SEAL_WHOLE ? "good" : "failed");
        }
    }
}

void qrt_drill_draft_said(struct qrt_drilling *drilling)
{
    const struct qrt_state *state = &drilling->session.vault->state;
    draft_bags(drilling);
    for (uint32_t serial = 1; serial <= state->cards.len; serial++) {
        const char *grade = grade_of(&drilling->drilled->gather, serial);
        if (grade != NULL) {
            draft_card(drilling, serial, grade);
        }
    }
    for (size_t i = 0; i < drilling->grades_len; i++) {
        draft_grade(drilling, drilling->grades[i].person, drilling->grades[i].grade);
    }
    qrt_new_actions_draft(&drilling->session, &drilling->actions);
}
