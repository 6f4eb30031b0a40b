#include "vault/applying.h"

#include <string.h>

struct qrt_card_row *qrt_apply_card(struct applying *a)
{
    uint64_t serial = 0;
    (void)qrt_entry_u64(a->entry, "serial", &serial);
    if (serial == 0 || serial > a->state->cards.len) {
        FAULT(a, "there is no card %llu", (unsigned long long)serial);
        return NULL;
    }
    return QRT_ROW(a->state, cards, qrt_card_row, serial - 1);
}

void qrt_apply_edition_created(struct applying *a)
{
    struct qrt_state *state = a->state;
    const struct qrt_key_row *created = qrt_apply_created_key(a);
    const struct qrt_key_row *key = created != NULL ? created : qrt_state_key(state);
    char name[QRT_WORD_BYTES];
    enum qrt_group group;
    qrt_apply_text(a, "group", name, sizeof name);
    if (!qrt_group_parse(&group, name)) {
        FAULT(a, "there is no such group");
        return;
    }
    int64_t number = qrt_apply_number(a, "edition");
    bool first = created != NULL && number == 1 && state->epoch.editions[group] == 0;
    if (key == NULL || (!first && !qrt_apply_may_reissue(state, group, number)) ||
        qrt_apply_number(a, "generation") != key->generation ||
        qrt_apply_number(a, "threshold") != (int64_t)state->groups[group].threshold) {
        FAULT(a, "an edition that nothing gives the right to");
    }
    state->epoch.regrouped[group] = false; /* here are its new shares */
    struct qrt_edition *row = qrt_apply_row(a, &state->editions, sizeof *row);
    if (row == NULL) {
        return;
    }
    row->dirty = true;
    row->generation = qrt_apply_number(a, "generation");
    memcpy(row->group_name, name, sizeof name);
    row->edition = number;
    row->threshold = qrt_apply_number(a, "threshold");
    (void)qrt_entry_digest(a->entry, "issuing-key", row->issuing_key);
    row->since = first ? qrt_apply_place(a) : QRT_NEVER;
    state->epoch.editions[group] = state->editions.len;
    state->made_edition = first ? 0 : state->editions.len;
}

static bool group_has(const struct qrt_group_rule *rule, const char *id)
{
    for (unsigned i = 0; i < rule->count; i++) {
        if (strcmp(rule->ids[i], id) == 0) {
            return true;
        }
    }
    return false;
}

/* One card a custodian, and one a share; of a threshold of one there is one
 * share, and every card carries it. */
static bool stands_twice(const struct qrt_state *state, const struct qrt_edition *edition,
                         const struct qrt_card_row *row)
{
    for (size_t i = 0; i + 1 < state->cards.len; i++) {
        const struct qrt_card_row *other = QRT_ROW(state, cards, qrt_card_row, i);
        bool same_edition = other->generation == row->generation &&
                            other->edition == row->edition &&
                            strcmp(other->group_name, row->group_name) == 0;
        if (same_edition &&
            (strcmp(other->custodian, row->custodian) == 0 ||
             (other->member_index == row->member_index) != (edition->threshold == 1))) {
            return true;
        }
    }
    return false;
}

void qrt_apply_card_created(struct applying *a)
{
    struct qrt_state *state = a->state;
    enum qrt_group group;
    struct qrt_card_row *row = qrt_apply_row(a, &state->cards, sizeof *row);
    if (row == NULL) {
        return;
    }
    row->dirty = true;
    row->issued = row->proved = row->suspect = row->voided = row->destroyed = QRT_NEVER;
    row->serial = qrt_apply_number(a, "serial");
    row->generation = qrt_apply_number(a, "generation");
    row->edition = qrt_apply_number(a, "edition");
    row->member_index = qrt_apply_number(a, "member-index");
    qrt_apply_text(a, "group", row->group_name, sizeof row->group_name);
    qrt_apply_text(a, "custodian", row->custodian, sizeof row->custodian);
    (void)qrt_entry_digest(a->entry, "commitment", row->commitment);
    if (!qrt_group_parse(&group, row->group_name)) {
        FAULT(a, "there is no such group");
        return;
    }
    if (qrt_apply_number(a, "replaces") != 0) {
        qrt_apply_replacement(a, row, group);
        return;
    }
    size_t made = state->epoch.editions[group];
    const struct qrt_edition *edition =
        made == 0 ? NULL : QRT_ROW(state, editions, qrt_edition, made - 1);
    if (edition == NULL || edition->generation != row->generation ||
        edition->edition != row->edition) {
        FAULT(a, "card %lld belongs to no edition of this commit", (long long)row->serial);
        return;
    }
    memcpy(row->issuing_key, edition->issuing_key, sizeof row->issuing_key);
    if ((size_t)row->serial != state->cards.len || row->member_index > 15 ||
        !group_has(&state->groups[group], row->custodian) ||
        !qrt_state_has_role(state, row->custodian, "custodian") ||
        stands_twice(state, edition, row)) {
        FAULT(a, "card %lld: its serial, member index or custodian is wrong",
              (long long)row->serial);
    }
    qrt_apply_refuse(a, "replaces");
    qrt_apply_refuse(a, "issuing-key");
}

/* A live card, to be changed by this entry. */
static struct qrt_card_row *live_card(struct applying *a)
{
    struct qrt_card_row *card = qrt_apply_card(a);
    if (card != NULL && card->voided != QRT_NEVER) {
        FAULT(a, "card %lld is void", (long long)card->serial);
        return NULL;
    }
    if (card != NULL) {
        card->dirty = true;
    }
    return card;
}

void qrt_apply_card_issued(struct applying *a)
{
    struct qrt_card_row *card = live_card(a);
    if (card != NULL && card->issued != QRT_NEVER) {
        FAULT(a, "card %lld was issued already", (long long)card->serial);
    } else if (card != NULL) {
        card->issued = qrt_apply_place(a);
    }
}

void qrt_apply_card_proved(struct applying *a)
{
    struct qrt_card_row *card = live_card(a);
    if (card != NULL) {
        card->proved = qrt_apply_place(a);
        qrt_apply_key_began(a, card->generation);
        card->proved_unix_s = a->entry->time_unix_s;
        qrt_apply_end_bag(a, qrt_state_bag_of_card(a->state, card->serial));
    }
}

void qrt_apply_card_voided(struct applying *a)
{
    struct qrt_card_row *card = live_card(a);
    if (card != NULL) {
        card->voided = qrt_apply_place(a);
        qrt_apply_key_given_up(a, card->generation);
    }
    if (!a->state->epoch.abandoned) {
        a->state->epoch.badges = 2;
    }
}

/* Only what opens nothing any more is destroyed, and never by one alone. */
void qrt_apply_card_destroyed(struct applying *a)
{
    struct qrt_card_row *card = qrt_apply_card(a);
    qrt_apply_witnesses(a, true);
    if (card == NULL) {
        return;
    }
    if (strcmp(qrt_card_state_word(a->state, card), "void") != 0) {
        FAULT(a, "card %lld is not void, or is destroyed already", (long long)card->serial);
        return;
    }
    card->dirty = true;
    card->destroyed = qrt_apply_place(a);
    qrt_apply_end_bag(a, qrt_state_bag_of_card(a->state, card->serial));
}
