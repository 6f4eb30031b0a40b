#include "audit/leavers.h"

#include <string.h>

static bool has_left(const struct qrt_state *state, const char *id)
{
    const struct qrt_person *person = qrt_state_person(state, id);
    return person != NULL && person->gone != QRT_NEVER;
}

unsigned qrt_leavers_of(const struct qrt_state *state, enum qrt_group group)
{
    const struct qrt_group_rule *rule = &state->groups[group];
    unsigned left = 0;
    for (unsigned i = 0; i < rule->count; i++) {
        left += has_left(state, rule->ids[i]) ? 1 : 0;
    }
    return left;
}

bool qrt_card_is_astray(const struct qrt_state *state, const struct qrt_card_row *card)
{
    const struct qrt_key_row *key = qrt_state_key(state);
    return key != NULL && card->generation == key->generation && card->issued != QRT_NEVER &&
           card->destroyed == QRT_NEVER &&
           (!qrt_state_card_is_live(state, card) || has_left(state, card->custodian));
}

unsigned qrt_shares_astray(const struct qrt_state *state, const struct qrt_edition *edition)
{
    unsigned seen = 0; /* a bit for each of the 16 member indices */
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        if (card->generation == edition->generation && card->edition == edition->edition &&
            strcmp(card->group_name, edition->group_name) == 0 && card->member_index >= 0 &&
            card->member_index < 16 && qrt_card_is_astray(state, card)) {
            seen |= 1U << card->member_index;
        }
    }
    return (unsigned)__builtin_popcount(seen);
}
