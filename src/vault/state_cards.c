#include "vault/bag.h"
#include "vault/state.h"

#include <string.h>

bool qrt_state_card_is_pending(const struct qrt_state *state, const struct qrt_card_row *card)
{
    const struct qrt_key_row *pending = qrt_state_pending_key(state);
    return pending != NULL && card->generation == pending->generation && card->voided == QRT_NEVER;
}

bool qrt_card_is_suspect(const struct qrt_card_row *card)
{
    return card->suspect != QRT_NEVER && card->voided == QRT_NEVER && card->destroyed == QRT_NEVER;
}

const char *qrt_card_state_word(const struct qrt_state *state, const struct qrt_card_row *card)
{
    return card->destroyed != QRT_NEVER                                         ? "destroyed"
           : card->voided != QRT_NEVER || qrt_state_card_is_former(state, card) ? "void"
           : card->suspect != QRT_NEVER                                         ? "suspect"
           : qrt_state_card_is_pending(state, card) || qrt_state_card_waits(state, card) ? "pending"
           : card->issued != QRT_NEVER                                                   ? "live"
                                       : "created";
}

const struct qrt_bag *qrt_state_bag(const struct qrt_state *state, const char *number)
{
    for (size_t i = 0; i < state->bags.len; i++) {
        const struct qrt_bag *row = QRT_ROW(state, bags, qrt_bag, i);
        if (qrt_bag_number_same(row->bag, number)) {
            return row;
        }
    }
    return NULL;
}

const struct qrt_bag *qrt_state_bag_of_card(const struct qrt_state *state, int64_t serial)
{
    for (size_t i = state->bags.len; i-- > 0;) {
        const struct qrt_bag *bag = QRT_ROW(state, bags, qrt_bag, i);
        if (bag->serial == serial && bag->account[0] == '\0') {
            return bag;
        }
    }
    return NULL;
}

const struct qrt_bag *qrt_state_bag_of_device(const struct qrt_state *state, const char *account)
{
    for (size_t i = state->bags.len; i-- > 0;) {
        const struct qrt_bag *bag = QRT_ROW(state, bags, qrt_bag, i);
        if (strcmp(bag->account, account) == 0) {
            return bag;
        }
    }
    return NULL;
}

bool qrt_state_bag_is_last(const struct qrt_state *state, const struct qrt_bag *bag)
{
    return bag == (bag->account[0] != '\0' ? qrt_state_bag_of_device(state, bag->account)
                                           : qrt_state_bag_of_card(state, bag->serial));
}

bool qrt_state_bag_is_done(const struct qrt_state *state, const struct qrt_bag *bag)
{
    const struct qrt_card_row *card =
        bag->serial > 0 ? qrt_state_card(state, (uint64_t)bag->serial) : NULL;
    return card != NULL && card->destroyed != QRT_NEVER;
}

struct qrt_bag *qrt_state_bag_row(struct qrt_state *state, const struct qrt_bag *bag)
{
    return bag == NULL
               ? NULL
               : &((struct qrt_bag *)state->bags.data)[bag - (struct qrt_bag *)state->bags.data];
}
