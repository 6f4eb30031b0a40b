#include "ceremony/renew/remake.h"

#include "base/harden.h"
#include "ceremony/reason.h"
#include "ceremony/session/rekey_pending.h"
#include <stdio.h>
#include <string.h>

void qrt_remade_free(struct qrt_remade *remade)
{
    qrt_gather_wipe(&remade->gather);
    qrt_delivered_free(&remade->delivered);
    qrt_buf_free(&remade->told);
    *remade = (struct qrt_remade){0};
}

void qrt_remake_free(struct qrt_remake *remake)
{
    qrt_cards_wipe(&remake->cards);
    qrt_regroup_free(&remake->regroup);
    qrt_session_free(&remake->session);
}

static struct qrt_page page_of(const struct qrt_remake *remake, unsigned step, const char *title,
                               const char *who, const char *what, const char *wrong,
                               const char *stop)
{
    return (struct qrt_page){.ceremony = remake->title,
                             .practice = remake->session.vault->state.practice,
                             .step = step,
                             .of = QRT_REMAKE_STEPS,
                             .title = title,
                             .who = who,
                             .what = what,
                             .wrong = wrong,
                             .stop = stop};
}

static void page(const struct qrt_remake *remake, unsigned step, const char *title, const char *who,
                 const char *what, const char *wrong, const char *stop)
{
    const struct qrt_page shown = page_of(remake, step, title, who, what, wrong, stop);
    qrt_ui_page(remake->session.ui, &shown);
}

enum qrt_code qrt_remake_check(const struct qrt_vault *vault, const char *reason,
                               struct qrt_err *err)
{
    const struct qrt_ceremony *founding = vault->state.ceremonies.len == 0
                                              ? NULL
                                              : QRT_ROW(&vault->state, ceremonies, qrt_ceremony, 0);
    enum qrt_code code = qrt_reason_check(reason, err);
    if (code != QRT_OK) {
        return code;
    }
    return qrt_state_key(&vault->state) != NULL && founding != NULL &&
                   strcmp(founding->result, "abandoned") != 0
               ? qrt_rekey_check_none(&vault->state, err)
               : qrt_fail(err, QRT_E_FAILED, "the vault: its founding was not finished");
}

/* What would stop the sheets is known before a badge is asked for. */
static enum qrt_code ready_to_deliver(const struct qrt_remake *remake, struct qrt_err *err)
{
    const struct qrt_policy *policy = remake->policy;
    const struct qrt_ui *ui = remake->session.ui;
    enum qrt_code code = qrt_cards_try_sheet(policy, ui, err);
    return code == QRT_OK
               ? ui->ready_to_deliver(ui->ctx,
                                      policy->practice || qrt_policy_excepts(policy, "spool"), err)
               : code;
}

enum qrt_code qrt_remake_begin(struct qrt_remake *remake, struct qrt_vault *vault,
                               const struct qrt_ui *ui, struct qrt_err *err)
{
    remake->session = (struct qrt_session){.vault = vault, .ui = ui};
    page(remake, 1, "the session", "The operator, and the second person where the policy says so.",
         "The operator's badge opens the log. A receipt that a custodian took home proves that "
         "nobody set the log back meanwhile. Everyone in the room is named.",
         "A receipt that does not agree ends the session: touch nothing more.",
         "Ctrl-C, then the word stop. Nothing is written yet.");
    enum qrt_code code = ready_to_deliver(remake, err);
    return code == QRT_OK ? qrt_session_begin(&remake->session, vault, ui, err) : code;
}

static enum qrt_code prepare(struct qrt_remake *remake, struct qrt_err *err)
{
    const struct qrt_ui *ui = remake->session.ui;
    bool yes = true;
    const struct qrt_page shown =
        page_of(remake, 2, "what it is for",
                "The operator reads this page aloud. The witness and the custodians agree.",
                remake->what, "If somebody in the room does not agree, stop here.",
                "Ctrl-C, then the word stop. Nothing is written yet.");
    enum qrt_code code = qrt_ui_pages(ui, &shown, qrt_buf_str(&remake->regroup.told), err);
    if (code == QRT_OK && ui->person) {
        code = ui->confirm(ui->ctx, &yes, "Shall it be done?", err);
    }
    if (code == QRT_OK && !yes) {
        code =
            qrt_fail(err, QRT_E_FAILED, "%s: not done, and nothing is written", remake->ceremony);
    }
    if (code == QRT_OK && remake->agree != NULL) {
        code = remake->agree(remake, err);
    }
    if (code != QRT_OK || (code = qrt_cards_confirm_files(remake->policy, ui, err)) != QRT_OK) {
        return code;
    }
    return qrt_gather_init(&remake->result->gather, remake->session.vault, 1U << remake->group,
                           err);
}

static enum qrt_code commit_intent(struct qrt_remake *remake, struct qrt_err *err)
{
    struct qrt_session *session = &remake->session;
    remake->result->intent = session->vault->log.head.size + session->drafts_len;
    struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_INTENT);
    qrt_draft_text(draft, "ceremony", remake->ceremony);
    qrt_draft_text(draft, "group", qrt_group_name(remake->group));
    qrt_draft_text(draft, "purpose", remake->reason);
    return qrt_session_commit(session, err);
}

static void page_cards(const struct qrt_remake *remake)
{
    const struct qrt_edition *edition =
        qrt_state_edition(&remake->session.vault->state, remake->group);
    QRT_BUF what = {0};
    qrt_buf_printf(&what,
                   "Any %u cards of the %s group are needed, in any order; the other group's stay "
                   "where they are. Look at each bag before it is cut open: its number, and its "
                   "seal. Hold a code of the card to the scanner, or type its words, row A first, "
                   "each row with its check word; or the path of a picture of it.",
                   (unsigned)edition->threshold, qrt_group_words(remake->group));
    page(remake, 3, "the cards",
         "The custodians of the group, one after another, each with their own card in hand.",
         qrt_buf_str(&what),
         "A card that is refused is set aside and spoils nothing: try its other code, or its "
         "words.",
         "Ctrl-C, then the word stop. The log will say that nothing was made.");
}

static void page_close(const struct qrt_remake *remake)
{
    page(remake, QRT_REMAKE_STEPS, "the close", "The operator, and everyone who signs the log.",
         remake->last, "A badge that is not there is written down, and stops nothing.",
         "Ctrl-C, then the word stop. The session is closed as it is.");
}

static void draft_outcome(struct qrt_remake *remake, const char *result, const char *reason)
{
    struct qrt_draft *draft = qrt_session_draft(&remake->session, QRT_EV_OUTCOME);
    qrt_draft_u64(draft, "intent", remake->result->intent);
    qrt_draft_text(draft, "result", result);
    qrt_draft_text(draft, "reason", reason);
}

static enum qrt_code no_quorum(struct qrt_remake *remake, struct qrt_err *err)
{
    struct qrt_gather *gather = &remake->result->gather;
    QRT_BUF missing = {0};
    qrt_secret_wipe(&gather->shares);
    qrt_gather_draft(&remake->session, gather, QRT_EV_CARD_ACCEPTED, &remake->result->intent);
    draft_outcome(remake, "refused", "no quorum");
    page_close(remake);
    enum qrt_code code = qrt_session_close(&remake->session, remake->ceremony, "refused", err);
    if (code != QRT_OK) {
        return code;
    }
    qrt_gather_tell_missing(&missing, gather);
    return qrt_fail(err, qrt_gather_any_refused(gather) ? QRT_E_REFUSED : QRT_E_QUORUM,
                    "no quorum: %s", qrt_buf_str(&missing));
}

/* Something broke after the intent: the log gets its outcome, if it still can,
 * and the caller the first cause. */
static enum qrt_code break_off(struct qrt_remake *remake, enum qrt_code cause, const char *result,
                               const char *reason)
{
    draft_outcome(remake, result, cause == QRT_E_INTERRUPTED ? "interrupted" : reason);
    (void)!qrt_session_close(&remake->session, remake->ceremony, result, NULL);
    return cause;
}

/* The quorum's cards and what it makes are one commit. */
static enum qrt_code make(struct qrt_remake *remake, struct qrt_err *err)
{
    struct qrt_session *session = &remake->session;
    qrt_gather_draft(session, &remake->result->gather, QRT_EV_CARD_ACCEPTED,
                     &remake->result->intent);
    size_t drafts = session->drafts_len;
    enum qrt_code code = qrt_cards_init(&remake->cards, session, remake->policy, err);
    if (code == QRT_OK) {
        code = remake->make(remake, err);
    }
    qrt_secret_wipe(&remake->result->gather.shares);
    qrt_harden_wipe_traces();
    if (code != QRT_OK) {
        qrt_session_undraft(session, drafts);
        return break_off(remake, code, "failed",
                         code == QRT_E_TAMPERED ? "tampering found" : "no cards could be made");
    }
    return qrt_session_commit(session, err);
}

static void conclude(void *ctx)
{
    draft_outcome(ctx, "done", NULL);
}

static enum qrt_code hand_over(struct qrt_remake *remake, struct qrt_err *err)
{
    const struct qrt_session *session = &remake->session;
    const struct qrt_handing handing = {
        .ceremony = remake->title,
        .step = 4,
        .of = QRT_REMAKE_STEPS,
        .stop = remake->stop,
        .stop_late = "Ctrl-C, then the word stop. The new cards count; the session is closed as it "
                     "is.",
        .conclude = conclude,
        .ctx = remake,
    };
    enum qrt_code code =
        qrt_cards_deliver(&remake->cards, &remake->result->delivered, &handing, err);
    qrt_harden_wipe_traces();
    if (session->vault->log.broken) {
        session->ui->tell(session->ui->ctx,
                          "The log could not be written. Whether the new cards count is settled by "
                          "the next command that a badge opens; `card list` tells it then. Keep "
                          "the new cards and the old ones.");
        return code;
    }
    remake->result->in_force = qrt_state_unfinished(&session->vault->state) == NULL;
    if (remake->result->in_force || code == QRT_OK) {
        return code;
    }
    session->ui->tell(session->ui->ctx, "It broke off before every new card was handed over: all "
                                        "of them are void, and the old ones are as they were. "
                                        "Destroy what was printed.");
    qrt_session_undraft(&remake->session, 0);
    return break_off(remake, code, "abandoned", "not every card could be handed over");
}

enum qrt_code qrt_remake_run(struct qrt_remake *remake, struct qrt_err *err)
{
    struct qrt_gather *gather = &remake->result->gather;
    enum qrt_code code;
    if ((code = prepare(remake, err)) != QRT_OK || (code = commit_intent(remake, err)) != QRT_OK) {
        return code;
    }
    page_cards(remake);
    if ((code = qrt_gather_all(gather, remake->session.ui, err)) != QRT_OK) {
        qrt_secret_wipe(&gather->shares);
        qrt_gather_draft(&remake->session, gather, QRT_EV_CARD_ACCEPTED, &remake->result->intent);
        return break_off(remake, code, "failed", "the cards could not be read");
    }
    if (!qrt_gather_complete(gather)) {
        return no_quorum(remake, err);
    }
    if ((code = make(remake, err)) != QRT_OK) {
        return code;
    }
    enum qrt_code handed = hand_over(remake, err);
    if (handed != QRT_OK && !remake->result->in_force) {
        return handed;
    }
    page_close(remake);
    code = qrt_session_close(&remake->session, remake->ceremony, "done",
                             handed == QRT_OK ? err : NULL);
    return handed == QRT_OK ? code : handed;
}
