#include "ceremony/cards/prove.h"

#include "ceremony/session/rekey_pending.h"

static bool was_accepted(const struct qrt_gather *gather, int64_t serial)
{
    for (size_t i = 0; i < gather->judged_len; i++) {
        const struct qrt_judged *judged = &gather->judged[i];
        if (judged->reason == QRT_CARD_FINE && judged->serial == serial) {
            return true;
        }
    }
    return false;
}

/* Are these the last cards that a pending re-key waits for? */
static bool is_last_proof(const struct qrt_state *state, const struct qrt_gather *gather)
{
    int64_t pending = qrt_rekey_pending(state);
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        if (card->generation == pending &&
            (card->issued == QRT_NEVER ||
             (card->proved == QRT_NEVER && !was_accepted(gather, card->serial)))) {
            return false;
        }
    }
    return pending != 0;
}

enum qrt_code qrt_prove_draft(struct qrt_session *session, const struct qrt_gather *gather,
                              struct qrt_err *err)
{
    qrt_gather_draft(session, gather, QRT_EV_CARD_PROVED, NULL);
    return is_last_proof(&session->vault->state, gather) ? qrt_rekey_draft_in_force(session, err)
                                                         : QRT_OK;
}

static enum qrt_code verdict(const struct qrt_gather *gather, struct qrt_err *err)
{
    if (gather->judged_len == 0) {
        return qrt_fail(err, QRT_E_USAGE, "no card was presented");
    }
    size_t refused = 0;
    for (size_t i = 0; i < gather->judged_len; i++) {
        refused += gather->judged[i].reason != QRT_CARD_FINE;
    }
    return refused == 0 ? QRT_OK
                        : qrt_fail(err, QRT_E_REFUSED, "cards: %zu of %zu refused", refused,
                                   gather->judged_len);
}

static const char present[] =
    "Hold a code of the card to the scanner, or type its words, row A first, each row with its "
    "check word; or the path of a picture of it. Each card is answered at once.\n\nWhen all are "
    "read, press Enter alone.";

static const char holder[] = "The holder, with the card in hand.";
static const char refused[] =
    "A card that is refused: try its other code, or its words. No key is made here.";

static void page(const struct qrt_vault *vault, const struct qrt_ui *ui, unsigned step,
                 const char *title, const char *what)
{
    qrt_session_page(
        vault, ui,
        (struct qrt_page){
            .ceremony = "Proving cards",
            .step = step,
            .title = title,
            .who = step == 2 ? holder : NULL,
            .what = what,
            .wrong = step == 2 ? refused : NULL,
            .stop = step == 3 ? "Ctrl-C, then the word stop. The cards read are logged; the "
                                "session is closed as it is."
                              : "Ctrl-C, then the word stop. Cards read so far are not logged.",
        });
}

enum qrt_code qrt_card_check(struct qrt_gather *gather, struct qrt_vault *vault,
                             const struct qrt_ui *ui, struct qrt_err *err)
{
    enum qrt_code code = qrt_gather_init(gather, vault, QRT_GATHER_SINGLY, err);
    if (code == QRT_OK) {
        qrt_session_page(vault, ui,
                         (struct qrt_page){.ceremony = "Checking cards",
                                           .step = 1,
                                           .of = 1,
                                           .title = "the cards",
                                           .who = holder,
                                           .what = present,
                                           .wrong = refused,
                                           .stop = "Ctrl-C, then the word stop. Nothing of this "
                                                   "is ever logged."});
        code = qrt_gather_all(gather, ui, err);
    }
    qrt_secret_wipe(&gather->shares); /* judged one by one, and put together never */
    return code == QRT_OK ? verdict(gather, err) : code;
}

enum qrt_code qrt_card_prove(struct qrt_gather *gather, struct qrt_vault *vault,
                             const struct qrt_ui *ui, struct qrt_err *err)
{
    QRT_SESSION session = {0};
    page(vault, ui, 1, "the session",
         "The operator's badge opens the log, and everyone in the room is named.");
    enum qrt_code code = qrt_session_begin(&session, vault, ui, err);
    if (code == QRT_OK) {
        code = qrt_gather_init(gather, vault, QRT_GATHER_SINGLY, err);
    }
    if (code == QRT_OK) {
        page(vault, ui, 2, "the cards", present);
        code = qrt_gather_all(gather, ui, err);
    }
    qrt_secret_wipe(&gather->shares); /* judged one by one, and put together never */
    int64_t pending = qrt_rekey_pending(&vault->state);
    if (code == QRT_OK && gather->judged_len == 0) {
        return verdict(gather, err); /* nothing to write down */
    }
    if (code == QRT_OK) {
        page(vault, ui, 3, "the close",
             "The cards go back into bags. Whoever has a badge may sign the log, and shows their "
             "own last receipt first.");
        code = qrt_prove_draft(&session, gather, err);
    }
    if (code == QRT_OK) {
        code = qrt_session_close(&session, "prove", "done", err);
        if (!ui->person || qrt_rekey_pending(&vault->state) != 0) {
            qrt_rekey_tell(&session, pending); /* to a person the command says the end of it */
        }
    }
    return code == QRT_OK ? verdict(gather, err) : code;
}
