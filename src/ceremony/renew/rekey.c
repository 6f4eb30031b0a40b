#include "ceremony/renew/rekeying.h"

#include "base/harden.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "ceremony/cards/sealed_sheets.h"
#include "ceremony/reason.h"
#include "ceremony/session/session_parts.h"
#include "ceremony/session/two_badges.h"
#include <string.h>

#define CEREMONY "Re-key"

void qrt_rekeyed_free(struct qrt_rekeyed *rekeyed)
{
    qrt_gather_wipe(&rekeyed->gather);
    qrt_delivered_free(&rekeyed->delivered);
    qrt_buf_free(&rekeyed->told);
    *rekeyed = (struct qrt_rekeyed){0};
}

static void rekeying_free(struct qrt_rekeying *rekeying)
{
    qrt_cards_wipe(&rekeying->cards);
    qrt_regroup_free(&rekeying->regroup);
    qrt_session_free(&rekeying->session);
}

static struct qrt_page page_of(const struct qrt_session *session, unsigned step, const char *title,
                               const char *who, const char *what, const char *wrong)
{
    static const char *const stops[QRT_REKEY_STEPS] = {
        "Ctrl-C, then the word stop. Nothing is written yet.",
        "Ctrl-C, then the word stop. Nothing of this re-key is written yet.",
        "Ctrl-C, then the word stop. The log will say that there was no re-key.",
        NULL,
        NULL,
        "Ctrl-C, then the word stop. The session is closed as it is.",
    };
    return (struct qrt_page){
        .ceremony = CEREMONY,
        .practice = session->policy->practice,
        .step = step,
        .of = QRT_REKEY_STEPS,
        .title = title,
        .who = who,
        .what = what,
        .wrong = wrong,
        .stop = stops[step - 1],
    };
}

static void page(const struct qrt_session *session, unsigned step, const char *title,
                 const char *who, const char *what, const char *wrong)
{
    const struct qrt_page shown = page_of(session, step, title, who, what, wrong);
    qrt_ui_page(session->ui, &shown);
}

static enum qrt_code page_beginning(const struct qrt_session *session,
                                    const struct qrt_regroup *regroup, struct qrt_err *err)
{
    QRT_BUF what = {0};
    QRT_BUF lines = {0};
    qrt_buf_text(
        &what,
        "Both groups' cards give the vault key one last time. A new one is made, on new cards for "
        "everyone, and all that the vault keeps is sealed under it.\n\nThe old cards go on working "
        "until every new card was read back. Then they are void. Whoever kept an old card and an "
        "old copy of the vault can still open what was sealed before: every password and MFA "
        "device is changed at AWS afterwards.");
    if (regroup->bytes != NULL) {
        qrt_buf_text(&what, "\n\n");
        qrt_buf_printf(&lines, "The groups are others then, and two badges sign:\n%s",
                       qrt_buf_str(&regroup->told));
    }
    const struct qrt_page first =
        page_of(session, 1, "what a re-key is",
                "The operator reads this page aloud. The witness watches.", qrt_buf_str(&what),
                "If only one group is in doubt, stop: a re-issue of that group is enough, unless "
                "as many of its cards are out as its quorum needs.");
    return qrt_ui_pages(session->ui, &first, qrt_buf_str(&lines), err);
}

static void page_cards(const struct qrt_session *session)
{
    const struct qrt_state *state = &session->vault->state;
    int64_t generation = qrt_state_key(state)->generation;
    QRT_BUF what = {0};
    qrt_buf_printf(&what,
                   "Any %u of the old cards of the password group and any %u of the MFA group are "
                   "needed, in any order. Look at each bag before it is cut open: its number, and "
                   "its seal. Hold a code of the card to the scanner, or type its words, row A "
                   "first, each row with its check word; or the path of a picture of it.",
                   qrt_state_threshold(state, generation, QRT_GROUP_PASSWORD),
                   qrt_state_threshold(state, generation, QRT_GROUP_MFA));
    page(session, 3, "the old cards",
         "The custodians, one after another, each with their own card in hand.", qrt_buf_str(&what),
         "A card that is refused is set aside and spoils nothing: try its other code, or its "
         "words.");
}

/* Nothing but a founded vault with all deposits settled has a key to replace. */
static enum qrt_code check_vault(const struct qrt_vault *vault, struct qrt_err *err)
{
    const struct qrt_state *state = &vault->state;
    const struct qrt_ceremony *founding =
        state->ceremonies.len == 0 ? NULL : QRT_ROW(state, ceremonies, qrt_ceremony, 0);
    if (qrt_state_key(state) == NULL || founding == NULL ||
        strcmp(founding->result, "abandoned") == 0) {
        return qrt_fail(err, QRT_E_FAILED, "the vault: it has no key; found a new one");
    }
    enum qrt_code code = qrt_rekey_check_none(state, err);
    const struct qrt_item_row *waiting = qrt_state_waiting(state, 0);
    return code != QRT_OK || waiting == NULL
               ? code
               : qrt_fail(err, QRT_E_REFUSED,
                          "a deposit of account %s waits: an opening adopts or refuses it first",
                          waiting->account);
}

/* Step 1, and what can be known to fail before a badge is asked for. */
static enum qrt_code prepare(struct qrt_rekeying *rekeying, struct qrt_err *err)
{
    const struct qrt_session *session = &rekeying->session;
    const struct qrt_policy *policy = rekeying->policy;
    const struct qrt_ui *ui = session->ui;
    bool files = !policy->practice && !ui->prints;
    enum qrt_code code = qrt_reason_check(rekeying->request->reason, err);
    if (code != QRT_OK) {
        return code;
    }
    if ((code = page_beginning(session, &rekeying->regroup, err)) != QRT_OK ||
        (code = qrt_rekeying_confirm(
             session, rekeying->request->confirm,
             files ? "Cards go into files: whoever can read these files has the "
                     "shares. To go on, type the vault's name"
                   : "To go on, type the vault's name",
             err)) != QRT_OK ||
        (code = qrt_cards_try_sheet(policy, ui, err)) != QRT_OK ||
        (code = ui->ready_to_deliver(
             ui->ctx, policy->practice || qrt_policy_excepts(policy, "spool"), err)) != QRT_OK) {
        return code;
    }
    return qrt_interrupt_check(err);
}

static enum qrt_code commit_intent(struct qrt_rekeying *rekeying, struct qrt_err *err)
{
    struct qrt_session *session = &rekeying->session;
    rekeying->result->intent = session->vault->log.head.size + session->drafts_len;
    struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_INTENT);
    qrt_draft_text(draft, "ceremony", "rekey");
    qrt_draft_text(draft, "purpose", rekeying->request->reason);
    return qrt_session_commit(session, err);
}

static void draft_outcome(struct qrt_rekeying *rekeying, const char *result, const char *reason)
{
    struct qrt_draft *draft = qrt_session_draft(&rekeying->session, QRT_EV_OUTCOME);
    qrt_draft_u64(draft, "intent", rekeying->result->intent);
    qrt_draft_text(draft, "result", result);
    qrt_draft_text(draft, "reason", reason);
}

static void draft_cards(struct qrt_rekeying *rekeying)
{
    qrt_gather_draft(&rekeying->session, &rekeying->result->gather, QRT_EV_CARD_ACCEPTED,
                     &rekeying->result->intent);
}

/* No key was made: the log gets its outcome, if it still can. */
static enum qrt_code fail(struct qrt_rekeying *rekeying, enum qrt_code cause, const char *result,
                          const char *reason)
{
    qrt_secret_wipe(&rekeying->result->gather.shares);
    qrt_session_undraft(&rekeying->session, 0);
    rekeying->session.vault->log.commit_unix_s = 0; /* what was signed is not written */
    draft_cards(rekeying);
    draft_outcome(rekeying, result, reason);
    (void)!qrt_session_close(&rekeying->session, "rekey", result, NULL);
    return cause;
}

static enum qrt_code gather(struct qrt_rekeying *rekeying, struct qrt_err *err)
{
    struct qrt_gather *gather = &rekeying->result->gather;
    QRT_BUF missing = {0};
    page_cards(&rekeying->session);
    enum qrt_code code = qrt_gather_all(gather, rekeying->session.ui, err);
    if (code != QRT_OK) {
        return fail(rekeying, code, "failed",
                    code == QRT_E_INTERRUPTED ? "interrupted" : "the cards could not be read");
    }
    if (qrt_gather_complete(gather)) {
        return QRT_OK;
    }
    qrt_gather_tell_missing(&missing, gather);
    code = qrt_fail(err, qrt_gather_any_refused(gather) ? QRT_E_REFUSED : QRT_E_QUORUM,
                    "no quorum: %s", qrt_buf_str(&missing));
    return fail(rekeying, code, "refused", "no quorum");
}

/* The last card is handed over: from here only proving remains. */
static void conclude(void *ctx)
{
    draft_outcome(ctx, "done", NULL);
}

static enum qrt_code deliver(struct qrt_rekeying *rekeying, struct qrt_err *err)
{
    struct qrt_session *session = &rekeying->session;
    const struct qrt_state *state = &session->vault->state;
    const struct qrt_handing handing = {
        .ceremony = CEREMONY,
        .step = 4,
        .of = QRT_REKEY_STEPS,
        .stop = "Ctrl-C, then the word stop. The new cards are then void, since not all are handed "
                "over; the old ones are as they were.",
        .stop_late = "Ctrl-C, then the word stop. The new cards stay, and are proved later; the "
                     "new sealed sheets are not made then.",
        .conclude = conclude,
        .ctx = rekeying,
    };
    enum qrt_code code =
        qrt_cards_deliver(&rekeying->cards, &rekeying->result->delivered, &handing, err);
    const struct qrt_sealed_sheets sealed = {
        .session = session,
        .policy = rekeying->policy,
        .key = qrt_state_key_of(state, rekeying->result->generation),
        .ceremony = CEREMONY,
        .step = 5,
        .of = QRT_REKEY_STEPS,
    };
    return code == QRT_OK ? qrt_sealed_sheets_deliver(&sealed, err) : code;
}

/* It broke off. Not every card was handed over: they are void at once, if that
 * can still be written; the next session does it else. */
static enum qrt_code break_off(struct qrt_rekeying *rekeying, enum qrt_code cause)
{
    struct qrt_session *session = &rekeying->session;
    qrt_session_undraft(session, 0);
    bool cut_short = qrt_session_draft_unfinished(session);
    (void)!qrt_session_close(session, "rekey", cut_short ? "abandoned" : "done", NULL);
    return cause;
}

static enum qrt_code read_policy(struct qrt_rekeying *rekeying, struct qrt_err *err)
{
    struct qrt_regroup *regroup = &rekeying->regroup;
    struct qrt_vault *vault = rekeying->session.vault;
    regroup->bytes = rekeying->request->policy;
    rekeying->policy = regroup->bytes == NULL ? &vault->policy : &regroup->policy;
    enum qrt_code code =
        regroup->bytes == NULL ? QRT_OK : qrt_regroup_read(regroup, vault, QRT_GATHER_BOTH, err);
    return code == QRT_OK
               ? qrt_regroup_check_members(rekeying->policy, &vault->state, QRT_GATHER_BOTH, err)
               : code;
}

/* The policy is two people's, whoever brings the cards. So is a key where a
 * second person is asked for, who was there when a session that lasts was opened. */
static enum qrt_code agree(struct qrt_rekeying *rekeying, struct qrt_err *err)
{
    if (rekeying->regroup.bytes == NULL && !rekeying->session.vault->state.second_person) {
        return QRT_OK;
    }
    qrt_buf_text(&rekeying->result->told, qrt_buf_str(&rekeying->regroup.told));
    return qrt_two_badges_demand(&rekeying->session, err);
}

static enum qrt_code rekey(struct qrt_rekeying *rekeying, struct qrt_err *err)
{
    struct qrt_session *session = &rekeying->session;
    struct qrt_vault *vault = session->vault;
    struct qrt_rekeyed *result = rekeying->result;
    enum qrt_code code;
    /* What a commit in flight, or the end of what was cut short, can change is not
     * told at once. */
    bool settled = !vault->log.pending && qrt_state_unfinished(&vault->state) == NULL;
    if ((settled && (code = check_vault(vault, err)) != QRT_OK) ||
        (code = read_policy(rekeying, err)) != QRT_OK ||
        (code = prepare(rekeying, err)) != QRT_OK) {
        return code;
    }
    page(session, 2, "the session", "The operator sits at the keyboard; the witness watches.",
         "The operator's badge opens the log. A receipt that a custodian took home proves that "
         "nobody set the log back meanwhile. Everyone in the room is named.",
         "A receipt that does not agree ends the session: touch nothing more.");
    if ((code = qrt_session_begin(session, vault, session->ui, err)) != QRT_OK ||
        (code = check_vault(vault, err)) != QRT_OK ||
        (code = read_policy(rekeying, err)) != QRT_OK || /* one may have come in between */
        (code = agree(rekeying, err)) != QRT_OK ||
        (code = qrt_gather_init(&result->gather, vault, QRT_GATHER_BOTH, err)) != QRT_OK ||
        (code = commit_intent(rekeying, err)) != QRT_OK ||
        (code = gather(rekeying, err)) != QRT_OK) {
        return code;
    }
    draft_cards(rekeying);
    code = qrt_rekeying_create_key(rekeying, err);
    qrt_harden_wipe_traces();
    if (code != QRT_OK) {
        return fail(rekeying, code, "failed",
                    code == QRT_E_TAMPERED ? "tampering found" : "the new key was not made");
    }
    if ((code = deliver(rekeying, err)) != QRT_OK) {
        return break_off(rekeying, code);
    }
    page(session, QRT_REKEY_STEPS, "the close", "The operator, and everyone who signs the log.",
         qrt_rekey_pending(&vault->state) == 0
             ? "Is every new card in its bag, and nothing left in the printer? Every one was read "
               "back: the old cards are void. Collect them and the old sealed sheets, and destroy "
               "them before all. Whoever has a badge may sign the log."
             : "Is every new card in its bag, and nothing left in the printer? The old cards go "
               "back into bags: they count until every new one was read back. Whoever has a badge "
               "may sign the log.",
         "A badge that is not there is written down, and stops nothing.");
    code = qrt_session_close(session, "rekey", "done", err);
    result->in_force = qrt_rekey_pending(&vault->state) == 0;
    if (!session->ui->person) { /* whom the command tells it */
        qrt_rekey_tell(session, result->generation);
    }
    return code;
}

enum qrt_code qrt_rekey(struct qrt_rekeyed *rekeyed, struct qrt_vault *vault,
                        const struct qrt_rekey_request *request, const struct qrt_ui *ui,
                        struct qrt_err *err)
{
    *rekeyed = (struct qrt_rekeyed){0};
    __attribute__((cleanup(rekeying_free))) struct qrt_rekeying rekeying = {
        .result = rekeyed,
        .request = request,
        .session = {.vault = vault, .ui = ui, .policy = &vault->policy}};
    return rekey(&rekeying, err);
}
