#include "ceremony/succession/continue.h"

#include "ceremony/reason.h"
#include "ceremony/session/receipt.h"
#include "ceremony/session/session_parts.h"
#include "ceremony/session/wraps.h"
#include "ceremony/succession/continue_genesis.h"
#include <stdio.h>
#include <string.h>

#define STEPS           6 /* of docs/ceremonies/continuation.md */
#define CAUSE_MAX_BYTES 1000

void qrt_continued_free(struct qrt_continued *continued)
{
    qrt_gather_wipe(&continued->gather);
}

enum qrt_code qrt_continue_check_cause(const char *cause, struct qrt_err *err)
{
    return qrt_public_text_check(cause, "--cause", CAUSE_MAX_BYTES, err);
}

static void page_beginning(const struct qrt_succession *go_on)
{
    const struct qrt_log *old = go_on->session.vault->log.predecessor;
    QRT_BUF what = {0};
    qrt_buf_printf(&what,
                   "The log of this vault cannot be written any more. Both groups' cards begin a "
                   "new one, %s. It continues %s, whose copy here has %llu entries in %llu epochs "
                   "and is whole.\n\nThe old log stays as it is. Whatever is newer than the copy "
                   "is lost: passwords that were changed since, above all. No secret is shown, "
                   "and no card changes.",
                   go_on->session.vault->log.origin, old->origin,
                   (unsigned long long)old->head.size, (unsigned long long)old->head.epochs);
    qrt_succession_page(go_on, 1, "what a continuation is",
                        "Whoever sits at the keyboard reads this page aloud. The witness watches.",
                        qrt_buf_str(&what),
                        "If a newer copy can be had, stop, and begin with that one.");
}

/* Who acts: the first of the new operators, or one whose badge is in force. */
static enum qrt_code ask_operator(struct qrt_succession *go_on, struct qrt_err *err)
{
    struct qrt_session *session = &go_on->session;
    QRT_BUF id = {0};
    if (go_on->request->operators_len > 0) {
        return qrt_succession_collect(go_on, 2, err);
    }
    qrt_succession_page(go_on, 2, "the operator", "The operator.",
                        "An operator's badge begins the new log.",
                        "If there is none, begin again with --operator and an id.");
    enum qrt_code code =
        qrt_session_ask_person(session, &id, "operator", "Who is the operator: an id", err);
    if (code == QRT_OK) {
        code = qrt_session_ask_badge(session, qrt_buf_str(&id), err);
    }
    return code == QRT_OK &&
                   !qrt_state_has_role(&session->vault->state, qrt_buf_str(&id), "operator")
               ? qrt_fail(err, QRT_E_REFUSED, "operator: %s is no operator", qrt_buf_str(&id))
               : code;
}

/* That the copy lacks entries stops nothing, for it is all there is; it is told,
 * logged, and its evidence named. */
static void draft_lost(struct qrt_continued *continued, struct qrt_session *session,
                       const struct qrt_held_receipt *held)
{
    QRT_BUF line = {0};
    continued->lost++;
    qrt_session_draft_exception(session, "continue", "the copy has all that receipts show",
                                held->judgement.why, "the log is continued from the copy");
    if (held->evidence[0] != '\0') {
        struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_EVIDENCE_ATTACHED);
        qrt_draft_text(draft, "evidence", held->evidence + strlen(QRT_EVIDENCE_PREFIX));
        qrt_draft_text(draft, "kind", "a receipt that contradicts the log");
    }
    qrt_buf_printf(&line, "%s: %s.", qrt_receipt_result_name(held->judgement.result),
                   held->judgement.why);
    session->ui->tell(session->ui->ctx, qrt_buf_str(&line));
}

static enum qrt_code ask_receipts(struct qrt_held_receipts *held, struct qrt_session *session,
                                  struct qrt_err *err)
{
    enum qrt_code code = qrt_receipts_ask(held, session->vault, session->ui, true, err);
    if (code != QRT_OK && code != QRT_E_TAMPERED) {
        return code;
    }
    for (size_t i = 0; i < held->len; i++) {
        const struct qrt_held_receipt *one = &held->list[i];
        if (one->judgement.result == QRT_RECEIPT_REFUSED && !session->ui->person) {
            return qrt_fail(err, QRT_E_REFUSED, "%.60s: %s", qrt_buf_str(&one->name),
                            one->judgement.why);
        }
    }
    qrt_receipts_keep(session, held);
    return qrt_buf_check(&session->receipts, err);
}

/* Step 3, and the drafts of what is known so far: the genesis is the first. */
static enum qrt_code ask_session(struct qrt_continued *continued, struct qrt_succession *go_on,
                                 const struct qrt_continue_request *request, struct qrt_err *err)
{
    struct qrt_session *session = &go_on->session;
    QRT_HELD_RECEIPTS held = {0};
    enum qrt_code code;
    qrt_succession_page(go_on, 3, "the session", "The operator.",
                        "Every receipt of the old log that can be had is shown: the largest tells "
                        "whether the copy lacks entries. Everyone in the room is named.",
                        "A receipt that is larger than the copy stops nothing, and is written "
                        "down.");
    if ((code = qrt_session_ask_clock(session, err)) != QRT_OK ||
        (code = ask_receipts(&held, session, err)) != QRT_OK ||
        (code = qrt_continue_draft_genesis(session, request, err)) != QRT_OK ||
        (code = qrt_session_prepare(session, err)) != QRT_OK) {
        return code;
    }
    for (size_t i = 0; i < held.len; i++) {
        if (!qrt_receipt_agrees(&held.list[i].judgement) &&
            held.list[i].judgement.result != QRT_RECEIPT_REFUSED) {
            draft_lost(continued, session, &held.list[i]);
        }
    }
    return QRT_OK;
}

/* Whoever is an operator in the new log opens its keys, and both quorums do. */
static enum qrt_code wrap(struct qrt_succession *go_on, struct qrt_err *err)
{
    struct qrt_vault *vault = go_on->session.vault;
    struct qrt_keystate *key = &vault->log.key;
    enum qrt_code code = QRT_OK;
    size_t new = go_on->request->operators_len;
    for (size_t i = 0; code == QRT_OK && i < new; i++) {
        code = qrt_wraps_add_badge(key, go_on->people[i].id,
                                   qrt_sign_public(go_on->badges[i].badge.key.data), err);
    }
    if (code == QRT_OK && new == 0) {
        code = qrt_wraps_add_operators(vault, err);
    }
    return code == QRT_OK ? qrt_wraps_add_quorums(vault, err) : code;
}

/* Step 5: the one commit. */
static enum qrt_code commit(struct qrt_succession *go_on, struct qrt_err *err)
{
    QRT_SECRET recovery_seed = {0};
    enum qrt_code code = qrt_succession_open_keys(go_on, &recovery_seed, err);
    qrt_secret_wipe(&recovery_seed);
    if (code == QRT_OK) {
        code = qrt_succession_sign(go_on, 0, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    qrt_succession_draft_intent(go_on, "continue");
    if (go_on->request->operators_len > 0 &&
        (code = qrt_succession_draft_operators(go_on, err)) != QRT_OK) {
        return code;
    }
    qrt_succession_draft_done(go_on);
    code = wrap(go_on, err);
    return code == QRT_OK ? qrt_session_commit(&go_on->session, err) : code;
}

enum qrt_code qrt_continue(struct qrt_continued *continued, struct qrt_vault *vault,
                           const struct qrt_continue_request *request, const struct qrt_ui *ui,
                           struct qrt_err *err)
{
    *continued = (struct qrt_continued){0};
    __attribute__((cleanup(qrt_succession_free))) struct qrt_succession go_on = {
        .request = &request->succession,
        .ceremony = "Continuation",
        .steps = STEPS,
        .stop = "Ctrl-C, then the word stop. The log is continued; the session is closed as it is.",
        .session = {.vault = vault, .ui = ui, .policy = &vault->policy},
        .gather = &continued->gather};
    struct qrt_session *session = &go_on.session;
    enum qrt_code code;
    if ((code = qrt_gather_init(&continued->gather, vault, QRT_GATHER_BOTH, err)) != QRT_OK) {
        return code;
    }
    qrt_gather_take_pending(&continued->gather);
    if ((code = qrt_succession_check(&go_on, err)) != QRT_OK) {
        return code;
    }
    page_beginning(&go_on);
    if ((code = qrt_fitness_admit(&session->taken, session->policy, ui, err)) != QRT_OK ||
        (code = qrt_succession_confirm(&go_on, "To go on, type the vault's name", err)) != QRT_OK ||
        (code = ask_operator(&go_on, err)) != QRT_OK ||
        (code = ask_session(continued, &go_on, request, err)) != QRT_OK) {
        return code;
    }
    qrt_succession_page(&go_on, 4, "the cards",
                        "The custodians of both groups, one after another, each with their own "
                        "card in hand.",
                        "Each card is read, and answered at once.",
                        "A card that is refused is set aside and spoils nothing: try its other "
                        "code, or its words. Without a quorum there is no new log.");
    if ((code = qrt_succession_gather(&go_on, err)) != QRT_OK ||
        (code = commit(&go_on, err)) != QRT_OK ||
        (code = qrt_succession_release(&go_on, err)) != QRT_OK) {
        return code;
    }
    qrt_succession_page(&go_on, STEPS, "the close", "The operator, and whoever signs the log.",
                        "Every card goes into a new bag, with its custodian. What was not planned "
                        "is written down now. Whoever has a badge may sign.",
                        "A badge that is not there is written down, and stops nothing.");
    return qrt_session_close(session, "continue", "done", err);
}
