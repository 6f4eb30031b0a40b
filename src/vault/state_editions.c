#include "vault/state.h"

#include <string.h>

/* Which editions of a group are in force, and what each card is worth by them. */

const struct qrt_edition *qrt_state_edition_of(const struct qrt_state *state, int64_t generation,
                                               enum qrt_group group)
{
    for (size_t i = state->editions.len; i-- > 0;) {
        const struct qrt_edition *edition = QRT_ROW(state, editions, qrt_edition, i);
        if (edition->since != QRT_NEVER && edition->generation == generation &&
            strcmp(edition->group_name, qrt_group_name(group)) == 0) {
            return edition;
        }
    }
    return NULL;
}

const struct qrt_edition *qrt_state_edition(const struct qrt_state *state, enum qrt_group group)
{
    const struct qrt_key_row *key = qrt_state_key(state);
    return key == NULL ? NULL : qrt_state_edition_of(state, key->generation, group);
}

const struct qrt_edition *qrt_state_edition_numbered(const struct qrt_state *state,
                                                     int64_t generation, enum qrt_group group,
                                                     int64_t edition)
{
    for (size_t i = 0; i < state->editions.len; i++) {
        const struct qrt_edition *row = QRT_ROW(state, editions, qrt_edition, i);
        if (row->generation == generation && row->edition == edition &&
            strcmp(row->group_name, qrt_group_name(group)) == 0) {
            return row;
        }
    }
    return NULL;
}

int64_t qrt_state_last_edition(const struct qrt_state *state, int64_t generation,
                               enum qrt_group group)
{
    int64_t number = 0;
    for (size_t i = 0; i < state->editions.len; i++) {
        const struct qrt_edition *row = QRT_ROW(state, editions, qrt_edition, i);
        if (row->generation == generation && row->edition > number &&
            strcmp(row->group_name, qrt_group_name(group)) == 0) {
            number = row->edition;
        }
    }
    return number;
}

static const struct qrt_edition *edition_in_force(const struct qrt_state *state,
                                                  const struct qrt_card_row *card)
{
    enum qrt_group group;
    return qrt_group_parse(&group, card->group_name)
               ? qrt_state_edition_of(state, card->generation, group)
               : NULL;
}

static const struct qrt_edition *edition_of(const struct qrt_state *state,
                                            const struct qrt_card_row *card)
{
    enum qrt_group group;
    return qrt_group_parse(&group, card->group_name)
               ? qrt_state_edition_numbered(state, card->generation, group, card->edition)
               : NULL;
}

bool qrt_state_card_waits(const struct qrt_state *state, const struct qrt_card_row *card)
{
    const struct qrt_edition *edition = edition_of(state, card);
    const struct qrt_card_row *old = qrt_state_card(state, (uint64_t)card->replaces);
    return card->voided == QRT_NEVER && ((edition != NULL && edition->since == QRT_NEVER) ||
                                         (old != NULL && old->voided == QRT_NEVER));
}

bool qrt_state_card_is_former(const struct qrt_state *state, const struct qrt_card_row *card)
{
    const struct qrt_key_row *key = qrt_state_key(state);
    const struct qrt_edition *edition = edition_of(state, card);
    return key != NULL && edition != NULL &&
           (card->generation < key->generation ||
            (edition->since != QRT_NEVER && edition != edition_in_force(state, card)));
}

bool qrt_state_card_is_live(const struct qrt_state *state, const struct qrt_card_row *card)
{
    const struct qrt_key_row *key = qrt_state_key(state);
    const struct qrt_edition *edition = edition_in_force(state, card);
    return key != NULL && edition != NULL && card->voided == QRT_NEVER &&
           card->destroyed == QRT_NEVER && card->generation == key->generation &&
           card->edition == edition->edition && !qrt_state_card_waits(state, card);
}

unsigned qrt_state_live_cards(const struct qrt_state *state, enum qrt_group group)
{
    unsigned count = 0;
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        count += strcmp(card->group_name, qrt_group_name(group)) == 0 &&
                 qrt_state_card_is_live(state, card);
    }
    return count;
}

bool qrt_state_card_may_exist(const struct qrt_state *state, const struct qrt_card_row *card)
{
    const struct qrt_card_row *before = qrt_state_card(state, (uint64_t)card->serial - 1);
    bool first = before == NULL || before->edition != card->edition ||
                 before->generation != card->generation ||
                 strcmp(before->group_name, card->group_name) != 0;
    return card->issued != QRT_NEVER || first || before->issued != QRT_NEVER;
}
