#include "audit/status_parts.h"

#include <string.h>

static void judge_pending(struct qrt_judging *j, int64_t generation)
{
    const struct qrt_state *state = &j->vault->state;
    QRT_SOME unproved = {0};
    bool issued = qrt_state_cards_are_issued(state, generation);
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        if (card->generation == generation && card->proved == QRT_NEVER) {
            qrt_some_add(&unproved, card->custodian, strlen(card->custodian));
        }
    }
    if (issued) {
        qrt_status_add(j, QRT_CONCERN_OPEN, "rekey", QRT_NO_DAY,
                       "generation %lld is pending, and the old cards count until its cards are "
                       "proved: %s",
                       (long long)generation, qrt_some_text(&unproved));
    } else {
        qrt_status_add(j, QRT_CONCERN_CONFLICT, "rekey", QRT_NO_DAY,
                       "not every card of generation %lld was handed over: give it up with `rekey "
                       "abandon`",
                       (long long)generation);
    }
}

/* What the old cards still open, with an old copy of the vault. */
static void judge_carried(struct qrt_judging *j)
{
    const struct qrt_state *state = &j->vault->state;
    QRT_SOME carried = {0};
    for (size_t i = 0; i < state->items.len; i++) {
        const struct qrt_item_row *item = QRT_ROW(state, items, qrt_item_row, i);
        if (item->carries != 0 && qrt_status_is_current(state, item) &&
            !qrt_status_is_closed(state, item->account)) {
            QRT_BUF name = {0};
            qrt_buf_printf(&name, "%s %s", item->account, item->kind);
            qrt_some_add(&carried, qrt_buf_str(&name), name.len_bytes);
        }
    }
    if (carried.count > 0) {
        qrt_status_add(j, QRT_CONCERN_OPEN, "rekey", QRT_NO_DAY,
                       "sealed before the re-key, so that old cards with an old copy open it: "
                       "change %s; sealed sheets of a former generation are stale",
                       qrt_some_text(&carried));
    }
}

void qrt_status_rekey(struct qrt_judging *j)
{
    const struct qrt_key_row *pending = qrt_state_pending_key(&j->vault->state);
    if (pending != NULL) {
        judge_pending(j, pending->generation);
    }
    judge_carried(j);
}
