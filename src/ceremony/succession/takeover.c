#include "ceremony/succession/takeover.h"

#include "ceremony/session/receipt.h"
#include "ceremony/session/rekey_pending.h"
#include "ceremony/session/session_parts.h"
#include "ceremony/session/wraps.h"
#include <string.h>

#define STEPS 6 /* of docs/ceremonies/takeover.md */

void qrt_taken_over_free(struct qrt_taken_over *taken_over)
{
    qrt_gather_wipe(&taken_over->gather);
}

static void page_beginning(const struct qrt_succession *take)
{
    qrt_succession_page(
        take, 1, "what a take-over is",
        "Whoever sits at the keyboard reads this page aloud. The witness watches.",
        "No operator's badge opens the log any more. Both groups' cards can open it, and give it "
        "new operators.\n\nEvery operator's badge that there was is void from then on, and all of "
        "this stands in the log for ever. No secret is shown, and no card changes.",
        "If an operator's badge still opens the log, stop: no take-over is needed.");
}

/* Step 3. While a commit waits, a receipt of it would look like one of another
 * log: then it is asked for when the commit is complete. */
static enum qrt_code ask_session(struct qrt_succession *take, struct qrt_err *err)
{
    struct qrt_session *session = &take->session;
    enum qrt_code code;
    qrt_succession_page(
        take, 3, "the session", "The first of the new operators.",
        "A receipt that a custodian took home proves that nobody set the log back meanwhile. "
        "Everyone in the room is named.",
        "A receipt that does not agree ends the session: touch nothing more.");
    if ((code = qrt_session_ask_clock(session, err)) != QRT_OK ||
        (code = qrt_receipts_check(session, err)) != QRT_OK) {
        return code;
    }
    return qrt_session_prepare(session, err);
}

/* Steps 1 to 3: everything that people are asked, before a card is. */
static enum qrt_code ask(struct qrt_succession *take, struct qrt_err *err)
{
    struct qrt_session *session = &take->session;
    enum qrt_code code;
    page_beginning(take);
    if ((code = qrt_fitness_admit(&session->taken, session->policy, session->ui, err)) != QRT_OK ||
        (code = qrt_succession_confirm(take, "To go on, type the vault's name", err)) != QRT_OK ||
        (code = qrt_succession_collect(take, 2, err)) != QRT_OK) {
        return code;
    }
    return session->vault->log.pending ? QRT_OK : ask_session(take, err);
}

/* Whoever could open log.key cannot any more, from this commit on. */
static enum qrt_code rewrap(struct qrt_succession *take, struct qrt_err *err)
{
    struct qrt_vault *vault = take->session.vault;
    struct qrt_keystate *state = &vault->log.key;
    enum qrt_code code = QRT_OK;
    bool cut_short = qrt_rekey_is_cut_short(&vault->state);
    qrt_keystate_rotate(state);
    for (size_t i = 0; code == QRT_OK && i < take->request->operators_len; i++) {
        code = qrt_wraps_add_badge(state, take->people[i].id,
                                   qrt_sign_public(take->badges[i].badge.key.data), err);
    }
    if (code != QRT_OK || !cut_short) {
        return code == QRT_OK ? qrt_wraps_add_quorums(vault, err) : code;
    }
    /* That re-key is given up in this very commit. */
    return qrt_keystate_wrap(state, "", qrt_state_key(&vault->state)->recovery_key, err);
}

/* The commit that ends a re-key closes log.key to one generation before the
 * views know of it. */
static enum qrt_code check_generation(struct qrt_vault *vault, const struct qrt_secret *seed,
                                      struct qrt_err *err)
{
    struct qrt_keystate *key = &vault->log.key;
    if (!vault->log.pending || qrt_rekey_pending(&vault->state) == 0) {
        return QRT_OK;
    }
    bool opens = qrt_keystate_recover(key, seed->data, NULL) == QRT_OK;
    qrt_secret_wipe(&key->keys);
    return opens ? QRT_OK
                 : qrt_fail(err, QRT_E_REFUSED,
                            "the cards: the end of a re-key was cut short, and log.key opens to "
                            "those of the other generation: bring them");
}

/* Step 5: log.key opened, what was unfinished completed, and the one commit. */
static enum qrt_code commit(struct qrt_succession *take, struct qrt_err *err)
{
    struct qrt_session *session = &take->session;
    QRT_SECRET recovery_seed = {0};
    bool pending = session->vault->log.pending;
    enum qrt_code code = qrt_succession_open_keys(take, &recovery_seed, err);
    if (code == QRT_OK) {
        code = check_generation(session->vault, &recovery_seed, err);
    }
    if (code == QRT_OK) {
        code = qrt_vault_recover(session->vault, recovery_seed.data, err);
    }
    qrt_secret_wipe(&recovery_seed);
    if (code == QRT_OK && pending) {
        code = ask_session(take, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    qrt_session_draft_findings(session);
    (void)qrt_session_draft_unfinished(session);
    qrt_succession_draft_intent(take, "takeover");
    if ((code = qrt_succession_draft_operators(take, err)) != QRT_OK ||
        (code = rewrap(take, err)) != QRT_OK) {
        return code;
    }
    qrt_succession_draft_done(take);
    return qrt_session_commit(session, err);
}

enum qrt_code qrt_take_over(struct qrt_taken_over *taken_over, struct qrt_vault *vault,
                            const struct qrt_succession_request *request, const struct qrt_ui *ui,
                            struct qrt_err *err)
{
    *taken_over = (struct qrt_taken_over){0};
    __attribute__((cleanup(qrt_succession_free))) struct qrt_succession take = {
        .request = request,
        .ceremony = "Take-over",
        .steps = STEPS,
        .stop =
            "Ctrl-C, then the word stop. The log is taken over; the session is closed as it is.",
        .session = {.vault = vault, .ui = ui, .policy = &vault->policy},
        .gather = &taken_over->gather};
    enum qrt_code code;
    if ((code = qrt_gather_init(&taken_over->gather, vault, QRT_GATHER_BOTH, err)) != QRT_OK) {
        return code;
    }
    /* Of one that was cut short not every card is there. */
    if (!qrt_rekey_is_cut_short(&vault->state)) {
        qrt_gather_take_pending(&taken_over->gather);
    }
    if ((code = qrt_succession_check(&take, err)) != QRT_OK || (code = ask(&take, err)) != QRT_OK) {
        return code;
    }
    qrt_succession_page(
        &take, 4, "the cards",
        "The custodians of both groups, one after another, each with their own card in hand.",
        "Each card is read, and answered at once.",
        "A card that is refused is set aside and spoils nothing: try its other code, or its "
        "words. Without a quorum nothing is written, for nobody could write it.");
    if ((code = qrt_succession_gather(&take, err)) != QRT_OK ||
        (code = commit(&take, err)) != QRT_OK ||
        (code = qrt_succession_release(&take, err)) != QRT_OK) {
        return code;
    }
    taken_over->intent = take.intent;
    qrt_succession_page(
        &take, STEPS, "the close", "The first of the new operators, and whoever signs the log.",
        "Every card goes into a new bag, with its custodian. What was not planned is written "
        "down now. Whoever has a badge may sign.",
        "A badge that is not there is written down, and stops nothing.");
    return qrt_session_close(&take.session, "takeover", "done", err);
}
