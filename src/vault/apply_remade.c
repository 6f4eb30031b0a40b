#include "vault/applying.h"

#include <string.h>

/* A re-issue splits a group's half anew, and a replacement puts a share of it on
 * another card. What they make is pending until their outcome: then all of it
 * counts, or none. */

static bool has_right(const struct qrt_state *state, const char *ceremony, enum qrt_group group)
{
    const struct qrt_ceremony *last = qrt_state_unfinished(state);
    return last != NULL && strcmp(last->name, ceremony) == 0 &&
           qrt_state_pending_key(state) == NULL &&
           strcmp(last->group_name, qrt_group_name(group)) == 0 &&
           qrt_apply_group_has_quorum(state, group) && state->made_edition == 0 &&
           state->made_card == 0;
}

/* Of a threshold of one the share is the half, which a new split leaves as it
 * is: it would revoke nothing. */
bool qrt_apply_may_reissue(const struct qrt_state *state, enum qrt_group group, int64_t edition)
{
    const struct qrt_edition *former = qrt_state_edition(state, group);
    return has_right(state, "reissue", group) && former != NULL && former->threshold > 1 &&
           state->groups[group].threshold > 1 &&
           edition == qrt_state_last_edition(state, former->generation, group) + 1;
}

void qrt_apply_replacement(struct applying *a, struct qrt_card_row *row, enum qrt_group group)
{
    struct qrt_state *state = a->state;
    const struct qrt_card_row *old =
        qrt_state_card(state, (uint64_t)qrt_apply_number(a, "replaces"));
    if (old == NULL || old == row || !has_right(state, "replace", group) ||
        !qrt_state_card_is_live(state, old) || old->issued == QRT_NEVER ||
        old->suspect != QRT_NEVER || old->generation != row->generation ||
        old->edition != row->edition || strcmp(old->group_name, row->group_name) != 0 ||
        old->member_index != row->member_index || strcmp(old->custodian, row->custodian) != 0 ||
        !qrt_state_has_role(state, row->custodian, "custodian") ||
        (size_t)row->serial != state->cards.len ||
        !qrt_entry_digest(a->entry, "issuing-key", row->issuing_key)) {
        FAULT(a, "card %lld replaces none that it may", (long long)row->serial);
        return;
    }
    row->replaces = old->serial;
    state->made_card = state->cards.len;
}

static bool is_made(const struct qrt_state *state, const struct qrt_card_row *card)
{
    const struct qrt_edition *edition =
        state->made_edition == 0 ? NULL
                                 : QRT_ROW(state, editions, qrt_edition, state->made_edition - 1);
    return (size_t)card->serial == state->made_card ||
           (edition != NULL && card->generation == edition->generation &&
            card->edition == edition->edition &&
            strcmp(card->group_name, edition->group_name) == 0);
}

static bool all_issued(const struct qrt_state *state)
{
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        if (is_made(state, card) && (card->issued == QRT_NEVER || card->voided != QRT_NEVER)) {
            return false;
        }
    }
    return true;
}

/* The edition is in force; the card that was replaced is void. */
static void take_force(struct applying *a)
{
    struct qrt_state *state = a->state;
    if (state->made_edition != 0) {
        struct qrt_edition *edition =
            QRT_ROW(state, editions, qrt_edition, state->made_edition - 1);
        edition->since = qrt_apply_place(a);
        edition->dirty = true;
        state->regroups = false;
        return;
    }
    int64_t old = QRT_ROW(state, cards, qrt_card_row, state->made_card - 1)->replaces;
    struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, (size_t)old - 1);
    card->voided = card->voided == QRT_NEVER ? qrt_apply_place(a) : card->voided;
    card->dirty = true;
}

void qrt_apply_abandon(struct applying *a)
{
    struct qrt_state *state = a->state;
    for (size_t i = 0; i < state->cards.len; i++) {
        struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        if (is_made(state, card) && card->voided == QRT_NEVER) {
            card->voided = qrt_apply_place(a);
            card->dirty = true;
        }
    }
    state->made_edition = state->made_card = 0;
    qrt_apply_rules_return(state);
}

void qrt_apply_remade(struct applying *a, const char *result)
{
    struct qrt_state *state = a->state;
    bool made = state->made_edition != 0 || state->made_card != 0;
    if (strcmp(result, "done") == 0 && made && all_issued(state)) {
        take_force(a);
        state->made_edition = state->made_card = 0;
    } else if (strcmp(result, "abandoned") == 0 && made) {
        qrt_apply_abandon(a);
    } else if (made || (strcmp(result, "refused") != 0 && strcmp(result, "failed") != 0)) {
        FAULT(a, "an outcome that what this ceremony made cannot have");
    }
}
