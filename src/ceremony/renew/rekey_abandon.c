#include "ceremony/renew/rekeying.h"

#include "ceremony/reason.h"
#include "ceremony/session/two_badges.h"
#include <string.h>

static enum qrt_code check_name(const struct qrt_session *session, const char *name,
                                struct qrt_err *err)
{
    return strcmp(name, session->policy->origin) == 0
               ? QRT_OK
               : qrt_fail(err, QRT_E_USAGE, "confirm: not the name of this vault");
}

enum qrt_code qrt_rekeying_confirm(const struct qrt_session *session, const char *given,
                                   const char *words, struct qrt_err *err)
{
    const struct qrt_ui *ui = session->ui;
    struct qrt_question question = {.key = "confirm", .words = words};
    if (given != NULL) {
        return check_name(session, given, err);
    }
    for (;;) {
        QRT_BUF typed = {0};
        enum qrt_code code = ui->ask_line(ui->ctx, &typed, &question, err);
        if (code == QRT_OK) {
            code = check_name(session, qrt_buf_str(&typed), err);
        }
        if (code == QRT_OK || !qrt_ui_again(ui, code, err)) {
            return code;
        }
    }
}

/* Would the cards that count then open the vault? */
static enum qrt_code check_old_cards(const struct qrt_state *state, struct qrt_err *err)
{
    int64_t generation = qrt_state_key(state)->generation;
    for (enum qrt_group group = 0; group < QRT_GROUPS; group++) {
        unsigned left = qrt_state_live_cards(state, group);
        unsigned needed = qrt_state_threshold(state, generation, group);
        if (left < needed) {
            return qrt_fail(err, QRT_E_REFUSED,
                            "the old cards: %u of the %s group are left, and %u open: prove the "
                            "new ones, or nobody opens this vault any more",
                            left, qrt_group_words(group), needed);
        }
    }
    return QRT_OK;
}

static enum qrt_code check_pending(const struct qrt_vault *vault, struct qrt_err *err)
{
    return qrt_rekey_pending(&vault->state) != 0
               ? check_old_cards(&vault->state, err)
               : qrt_fail(err, QRT_E_REFUSED, "no re-key is pending");
}

static enum qrt_code abandon(struct qrt_session *session, const struct qrt_rekey_request *request,
                             struct qrt_err *err)
{
    QRT_BUF what = {0};
    int64_t pending = qrt_rekey_pending(&session->vault->state);
    enum qrt_code code = check_pending(session->vault, err);
    if (code != QRT_OK) {
        return code;
    }
    qrt_buf_printf(&what,
                   "The cards of generation %lld are void from then on, and what was sealed for "
                   "them is deleted. The old cards count as before.",
                   (long long)pending);
    qrt_ui_page(session->ui,
                &(struct qrt_page){
                    .ceremony = "Giving a re-key up",
                    .practice = session->policy->practice,
                    .step = 2,
                    .of = 3,
                    .title = "what is given up",
                    .who = "The operator reads this aloud. Two people agree, each with a badge.",
                    .what = qrt_buf_str(&what),
                    .wrong = "If only a proof is missing, stop: `quorate card prove` goes on.",
                    .stop = "Ctrl-C, then the word stop. Nothing is written yet.",
                });
    code = qrt_rekeying_confirm(session, request->confirm, "To go on, type the vault's name", err);
    if (code == QRT_OK) {
        code = qrt_two_badges_demand(session, err);
    }
    if (code == QRT_OK) {
        qrt_rekey_draft_given_up(session, request->reason);
    }
    return code;
}

enum qrt_code qrt_rekey_abandon(int64_t *generation, struct qrt_vault *vault,
                                const struct qrt_rekey_request *request, const struct qrt_ui *ui,
                                struct qrt_err *err)
{
    QRT_SESSION session = {.vault = vault, .ui = ui, .policy = &vault->policy};
    struct qrt_page ends = {
        .ceremony = "Giving a re-key up",
        .practice = vault->policy.practice,
        .step = 1,
        .of = 3,
        .title = "the session",
        .who = "The operator.",
        .what = "The operator's badge opens the log, and everyone in the room is named.",
        .stop = "Ctrl-C, then the word stop. Nothing is written yet.",
    };
    enum qrt_code code = qrt_reason_check(request->reason, err);
    if (code == QRT_OK && !vault->log.pending) {
        code = check_pending(vault, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    qrt_ui_page(ui, &ends);
    *generation = qrt_rekey_pending(&vault->state);
    if ((code = qrt_session_begin(&session, vault, ui, err)) != QRT_OK ||
        (code = abandon(&session, request, err)) != QRT_OK) {
        return code;
    }
    ends.step = 3;
    ends.title = "the close";
    ends.what = "Destroy every card and sealed sheet of the re-key that was given up. Whoever has "
                "a badge may sign the log.";
    ends.stop = "Ctrl-C, then the word stop. The session is closed as it is.";
    qrt_ui_page(ui, &ends);
    return qrt_session_close(&session, "rekey-abandon", "done", err);
}
