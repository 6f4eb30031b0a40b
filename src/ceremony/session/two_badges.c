#include "ceremony/session/two_badges.h"

#include "ceremony/session/attendance.h"

enum qrt_code qrt_two_badges_ask(bool *none, struct qrt_session *session, const char *words,
                                 struct qrt_err *err)
{
    const struct qrt_ui *ui = session->ui;
    const struct qrt_state *state = &session->vault->state;
    struct qrt_question question = {.key = "cosigner", .words = words, .optional = true};
    *none = false;
    if (state->practice && ui->person && session->badges_len < 2) {
        ui->tell(ui->ctx,
                 "A practice vault takes one badge here. A real one asks for a second now.");
    }
    for (size_t i = 0; session->badges_len < 2 && !state->practice; i++) {
        QRT_BUF id = {0};
        enum qrt_code code = ui->person ? ui->ask_line(ui->ctx, &id, &question, err)
                                        : ui->member(ui->ctx, &id, "badges", i, err);
        if (code == QRT_E_NOT_FOUND) {
            *none = true;
            return QRT_OK;
        }
        if (code == QRT_OK && !qrt_attendance_signs(session, qrt_buf_str(&id)) &&
            qrt_state_badge(state, qrt_buf_str(&id)) != NULL) {
            code = qrt_session_ask_badge(session, qrt_buf_str(&id), err);
        } else if (code == QRT_OK && ui->person) {
            code = qrt_fail(err, QRT_E_USAGE, "not somebody else who has a badge");
        }
        if (code != QRT_OK && !qrt_ui_again(ui, code, err)) {
            return code;
        }
    }
    return QRT_OK;
}

enum qrt_code qrt_two_badges_demand(struct qrt_session *session, struct qrt_err *err)
{
    bool none;
    enum qrt_code code = qrt_two_badges_ask(
        &none, session,
        "This needs two people. Whose is the second badge: an id. Enter alone: nothing is done",
        err);
    return code != QRT_OK || !none
               ? code
               : qrt_fail(err, QRT_E_REFUSED, "badges: this needs those of two people");
}
