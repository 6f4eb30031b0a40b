#include "ceremony/session/rekey_pending.h"

#include "ceremony/session/item_draft.h"
#include "ceremony/session/wraps.h"
#include <string.h>

int64_t qrt_rekey_pending(const struct qrt_state *state)
{
    const struct qrt_key_row *pending = qrt_state_pending_key(state);
    return pending == NULL ? 0 : pending->generation;
}

size_t qrt_rekey_unproved(const struct qrt_state *state)
{
    int64_t pending = qrt_rekey_pending(state);
    size_t count = 0;
    for (size_t i = 0; pending != 0 && i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        count += card->generation == pending && card->proved == QRT_NEVER;
    }
    return count;
}

bool qrt_rekey_is_cut_short(const struct qrt_state *state)
{
    const struct qrt_ceremony *open = qrt_state_unfinished(state);
    return open != NULL && strcmp(open->name, "rekey") == 0 && qrt_rekey_pending(state) != 0;
}

enum qrt_code qrt_rekey_check_none(const struct qrt_state *state, struct qrt_err *err)
{
    size_t left = qrt_rekey_unproved(state);
    return qrt_rekey_pending(state) == 0
               ? QRT_OK
               : qrt_fail(err, QRT_E_REFUSED,
                          "a re-key is pending, and nothing changes meanwhile: prove its cards "
                          "(%zu are not), or give it up with `rekey abandon`",
                          left);
}

static void delete_kept(struct qrt_session *session, int64_t generation)
{
    const struct qrt_state *state = &session->vault->state;
    for (size_t i = 0; i < state->items.len; i++) {
        const struct qrt_item_row *item = QRT_ROW(state, items, qrt_item_row, i);
        if (qrt_item_is_kept(item, generation)) {
            qrt_item_draft_deleted(session, item);
        }
    }
}

/* What carries on an item that was deleted meanwhile goes as that one did. */
static void delete_outlived(struct qrt_session *session, int64_t generation)
{
    const struct qrt_state *state = &session->vault->state;
    for (size_t i = 0; i < state->items.len; i++) {
        const struct qrt_item_row *item = QRT_ROW(state, items, qrt_item_row, i);
        if (qrt_item_is_kept(item, generation) && item->carries != 0 &&
            QRT_ROW(state, items, qrt_item_row, (size_t)item->carries - 1)->deleted != QRT_NEVER) {
            qrt_item_draft_deleted(session, item);
        }
    }
}

void qrt_rekey_draft_given_up(struct qrt_session *session, const char *reason)
{
    struct qrt_vault *vault = session->vault;
    const struct qrt_state *state = &vault->state;
    int64_t pending = qrt_rekey_pending(state);
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        if (card->generation == pending && card->voided == QRT_NEVER) {
            struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_CARD_VOIDED);
            qrt_draft_u64(draft, "serial", (uint64_t)card->serial);
            qrt_draft_text(draft, "reason", reason);
        }
    }
    delete_kept(session, pending);
    session->failed =
        session->failed || qrt_wraps_renew(vault, qrt_state_key(state), NULL) != QRT_OK;
}

enum qrt_code qrt_rekey_draft_in_force(struct qrt_session *session, struct qrt_err *err)
{
    struct qrt_vault *vault = session->vault;
    const struct qrt_state *state = &vault->state;
    delete_kept(session, qrt_state_key(state)->generation);
    delete_outlived(session, qrt_rekey_pending(state));
    return qrt_wraps_renew(vault, qrt_state_pending_key(state), err);
}

void qrt_rekey_in_force_words(struct qrt_buf *out, int64_t generation)
{
    qrt_buf_printf(out,
                   "Generation %lld is in force, and the cards of every other one are void. "
                   "Collect them, and destroy them under witness; so too the sealed sheets of both "
                   "groups that the new ones replace. With an old copy of the vault they open what "
                   "was sealed before: change every password and MFA device at AWS now.",
                   (long long)generation);
}

void qrt_rekey_tell(const struct qrt_session *session, int64_t before)
{
    const struct qrt_state *state = &session->vault->state;
    size_t left = qrt_rekey_unproved(state);
    QRT_BUF line = {0};
    if (before == 0) {
        return;
    }
    if (qrt_rekey_pending(state) != 0) {
        qrt_buf_printf(&line,
                       "The re-key waits for the proof of %zu more card%s of generation %lld.",
                       left, left == 1 ? "" : "s", (long long)before);
    } else {
        qrt_rekey_in_force_words(&line, before);
    }
    session->ui->tell(session->ui->ctx, qrt_buf_str(&line));
}
