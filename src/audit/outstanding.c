#include "audit/outstanding.h"

#include <string.h>

bool qrt_card_is_outstanding(const struct qrt_state *state, const struct qrt_card_row *card)
{
    return strcmp(qrt_card_state_word(state, card), "void") == 0 &&
           qrt_state_card_may_exist(state, card);
}

bool qrt_has_left(const struct qrt_state *state, const char *person)
{
    const struct qrt_person *row = qrt_state_person(state, person);
    return row != NULL && row->gone != QRT_NEVER;
}

bool qrt_card_is_of_leaver(const struct qrt_state *state, const struct qrt_card_row *card)
{
    return card->issued != QRT_NEVER && card->destroyed == QRT_NEVER &&
           qrt_has_left(state, card->custodian);
}

void qrt_outstanding_count(struct qrt_outstanding *out, const struct qrt_state *state,
                           const struct qrt_edition *edition)
{
    unsigned indices = 0;
    unsigned known = 0;
    *out = (struct qrt_outstanding){.edition = edition, .needed = (unsigned)edition->threshold};
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        if (card->generation == edition->generation && card->edition == edition->edition &&
            strcmp(card->group_name, edition->group_name) == 0 &&
            (card->suspect != QRT_NEVER || qrt_card_is_outstanding(state, card) ||
             qrt_card_is_of_leaver(state, card))) {
            indices |= 1U << card->member_index;
            known |= card->suspect != QRT_NEVER ? 1U << card->member_index : 0;
            out->cards++;
        }
    }
    out->indices = (unsigned)__builtin_popcount(indices);
    out->known = (unsigned)__builtin_popcount(known);
}
