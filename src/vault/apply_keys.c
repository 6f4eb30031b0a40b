#include "vault/applying.h"

#include "vault/authority.h"
#include <string.h>

const struct qrt_key_row *qrt_apply_created_key(const struct applying *a)
{
    const struct qrt_state *state = a->state;
    return state->epoch.key_created ? QRT_ROW(state, keys, qrt_key_row, state->keys.len - 1) : NULL;
}

/* Cards of two keys that say the same identifier could be taken for one
 * another's. */
static bool identifier_is_new(const struct qrt_state *state, int64_t identifier)
{
    for (size_t i = 0; i < state->keys.len; i++) {
        if (QRT_ROW(state, keys, qrt_key_row, i)->identifier == identifier) {
            return false;
        }
    }
    return true;
}

/* A founding makes the first key; a re-key each that follows, signed by what
 * only the cards before it can make. */
static bool may_create(struct applying *a)
{
    const struct qrt_state *state = a->state;
    const struct qrt_key_row *key = qrt_state_key(state);
    const struct qrt_ceremony *ceremony = qrt_state_unfinished(state);
    struct qrt_span ignored;
    int64_t generation = qrt_apply_number(a, "generation");
    if (ceremony == NULL || generation != (int64_t)state->keys.len + 1 || generation > UINT16_MAX) {
        return false;
    }
    if (state->keys.len == 0) {
        return strcmp(ceremony->name, "found") == 0 &&
               !qrt_entry_get(a->entry, "authority", &ignored);
    }
    return strcmp(ceremony->name, "rekey") == 0 && qrt_state_pending_key(state) == NULL &&
           key != NULL && qrt_apply_has_quorum(state) &&
           identifier_is_new(state, qrt_apply_number(a, "identifier")) &&
           qrt_state_waiting(state, 0) == NULL &&
           qrt_authority_verify(a->entry, key->authority_key);
}

void qrt_apply_key_created(struct applying *a)
{
    struct qrt_state *state = a->state;
    bool founding = state->keys.len == 0;
    if (!may_create(a)) {
        FAULT(a, "a vault key that neither a founding nor a re-key gives the right to");
    }
    struct qrt_key_row *row = qrt_apply_row(a, &state->keys, sizeof *row);
    if (row == NULL) {
        return;
    }
    row->dirty = true;
    row->created = qrt_apply_place(a);
    row->began = founding ? row->created : QRT_NEVER;
    row->ended = QRT_NEVER;
    row->generation = qrt_apply_number(a, "generation");
    row->identifier = qrt_apply_number(a, "identifier");
    (void)qrt_entry_digest(a->entry, "key-check", row->key_check);
    (void)qrt_entry_digest(a->entry, "group-check-password", row->group_check[0]);
    (void)qrt_entry_digest(a->entry, "group-check-mfa", row->group_check[1]);
    (void)qrt_entry_digest(a->entry, "deposit-key", row->deposit_key);
    (void)qrt_entry_digest(a->entry, "recovery-key", row->recovery_key);
    (void)qrt_entry_digest(a->entry, "authority-key", row->authority_key);
    state->epoch.key_created = true;
    for (size_t i = 0; i < state->items.len; i++) {
        QRT_ROW(state, items, qrt_item_row, i)->carried = 0;
    }
}

bool qrt_state_cards_are_issued(const struct qrt_state *state, int64_t generation)
{
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        if (card->generation == generation && card->issued == QRT_NEVER) {
            return false;
        }
    }
    return true;
}

bool qrt_state_cards_are_proved(const struct qrt_state *state, int64_t generation)
{
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        if (card->generation == generation &&
            (card->issued == QRT_NEVER || card->proved == QRT_NEVER)) {
            return false;
        }
    }
    return true;
}

/* What carries an item on stands to the others as that item did. */
static void take_places(struct qrt_state *state, int64_t generation)
{
    for (size_t i = 0; i < state->items.len; i++) {
        struct qrt_item_row *item = QRT_ROW(state, items, qrt_item_row, i);
        if (item->generation != generation || item->carries == 0) {
            continue;
        }
        const struct qrt_item_row *from = QRT_ROW(state, items, qrt_item_row, item->carries - 1);
        const struct qrt_item_row *by =
            from->superseded == QRT_NEVER
                ? NULL
                : QRT_ROW(state, items, qrt_item_row, from->superseded - 1);
        item->confirmed = from->confirmed;
        item->superseded = by != NULL && by->carried != 0 ? by->carried : QRT_NEVER;
        item->dirty = true;
    }
}

void qrt_apply_key_began(struct applying *a, int64_t generation)
{
    struct qrt_state *state = a->state;
    if (qrt_state_pending_key(state) == NULL ||
        qrt_state_pending_key(state)->generation != generation ||
        !qrt_state_cards_are_proved(state, generation)) {
        return;
    }
    struct qrt_key_row *key = QRT_ROW(state, keys, qrt_key_row, state->keys.len - 1);
    key->began = qrt_apply_place(a);
    key->dirty = true;
    state->epoch.key_began = true;
    state->regroups = false;
    take_places(state, generation);
}

void qrt_apply_key_given_up(struct applying *a, int64_t generation)
{
    struct qrt_state *state = a->state;
    if (qrt_state_pending_key(state) == NULL ||
        qrt_state_pending_key(state)->generation != generation) {
        return;
    }
    struct qrt_key_row *key = QRT_ROW(state, keys, qrt_key_row, state->keys.len - 1);
    key->ended = qrt_apply_place(a);
    key->dirty = true;
    state->epoch.given_up = generation;
    qrt_apply_rules_return(state);
}

bool qrt_apply_is_left_behind(const struct qrt_state *state, const struct qrt_item_row *item)
{
    const struct qrt_key_row *key = qrt_state_key(state);
    const struct qrt_key_row *pending = qrt_state_pending_key(state);
    return (key == NULL || item->generation != key->generation) &&
           (pending == NULL || item->generation != pending->generation);
}

/* Each of these is one commit or none: a vault key with its cards and all that
 * it seals, the end of the one before, the end of one that never began. */
void qrt_keys_seal(struct qrt_state *state, uint64_t epoch_number, struct qrt_faults *faults)
{
    const struct qrt_epoch_rule *epoch = &state->epoch;
    const struct qrt_key_row *pending = qrt_state_pending_key(state);
    const struct qrt_key_row *key = qrt_state_key(state);
    size_t cards = 0;
    size_t behind = 0;
    size_t left = 0;
    for (size_t i = 0; epoch->given_up != 0 && i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        cards += card->generation == epoch->given_up && card->voided == QRT_NEVER;
    }
    bool ends = epoch->key_began || epoch->given_up != 0;
    for (size_t i = 0; (ends || epoch->key_created) && i < state->items.len; i++) {
        const struct qrt_item_row *item = QRT_ROW(state, items, qrt_item_row, i);
        bool kept = item->sealed != QRT_NEVER && item->deleted == QRT_NEVER;
        left += ends && kept && qrt_apply_is_left_behind(state, item);
        behind += epoch->key_created && pending != NULL && key != NULL && item->carried == 0 &&
                  qrt_item_is_kept(item, key->generation);
    }
    if (cards > 0) {
        qrt_faults_add(faults, epoch->last_index, epoch_number,
                       "generation %lld is given up, and %zu of its cards are not void",
                       (long long)epoch->given_up, cards);
    }
    if (left > 0) {
        qrt_faults_add(faults, epoch->last_index, epoch_number,
                       "%zu items are kept of a generation that is not in force", left);
    }
    if (behind > 0) {
        qrt_faults_add(faults, epoch->last_index, epoch_number,
                       "%zu items are not sealed under the new key", behind);
    }
    if (epoch->abandoned && pending != NULL) {
        qrt_faults_add(faults, epoch->last_index, epoch_number,
                       "a re-key that is abandoned, and whose cards are not void");
    }
}
