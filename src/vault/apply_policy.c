#include "vault/applying.h"

#include "base/text.h"
#include <string.h>

/* `name T ids` */
static void take_group(struct applying *a, struct qrt_span value)
{
    char name[QRT_WORD_BYTES];
    char threshold[4];
    enum qrt_group group;
    uint64_t t;
    if (!qrt_apply_word(&value, name, sizeof name) || !qrt_group_parse(&group, name) ||
        !qrt_apply_word(&value, threshold, sizeof threshold) ||
        !qrt_text_u64(threshold, strlen(threshold), QRT_GROUP_MEMBERS_MAX, &t)) {
        FAULT(a, "a group is not written as: name threshold ids");
        return;
    }
    struct qrt_group_rule *rule = &a->state->groups[group];
    if (rule->threshold != 0) {
        FAULT(a, "group %s stands twice", name);
    }
    *rule = (struct qrt_group_rule){.threshold = (unsigned)t};
    while (value.len_bytes > 0 && rule->count < QRT_GROUP_MEMBERS_MAX) {
        size_t n = 0;
        while (n < value.len_bytes && value.data[n] != ',') {
            n++;
        }
        if (!qrt_span_copy(rule->ids[rule->count], sizeof rule->ids[0],
                           (struct qrt_span){value.data, n}) ||
            !qrt_text_is_id(rule->ids[rule->count]) || n + 1 == value.len_bytes) {
            break;
        }
        rule->count++;
        n += n < value.len_bytes ? 1 : 0;
        value.data += n;
        value.len_bytes -= n;
    }
    if (value.len_bytes > 0 || t == 0 || t > rule->count) {
        FAULT(a, "group %s: %llu of %u", name, (unsigned long long)t, rule->count);
    }
}

/* Is this one of a group's, counted from the first of both, the same as an earlier one? */
static bool stands_before(const struct qrt_group_rule *groups, unsigned group, unsigned at)
{
    for (unsigned g = 0; g <= group; g++) {
        for (unsigned i = 0; i < (g == group ? at : groups[g].count); i++) {
            if (strcmp(groups[g].ids[i], groups[group].ids[at]) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* Both groups are there, of custodians, each of them once. Somebody who has
 * left stays in the group until its shares are made anew: their card is out. */
static void check_custodians(struct applying *a)
{
    const struct qrt_group_rule *groups = a->state->groups;
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        if (groups[group].count == 0) {
            FAULT(a, "there is no %s group", qrt_group_words(group));
        }
        for (unsigned i = 0; i < groups[group].count; i++) {
            const char *id = groups[group].ids[i];
            const struct qrt_person *person = qrt_state_person(a->state, id);
            if (person == NULL || !qrt_state_list_has(person->roles, "custodian")) {
                FAULT(a, "%s is in a group, and no custodian", id);
            }
            if (stands_before(groups, group, i)) {
                FAULT(a, "%s stands in the groups twice", id);
            }
        }
    }
}

void qrt_apply_policy(struct applying *a)
{
    struct qrt_entry_cursor cursor = {0};
    struct qrt_span ignored;
    memset(a->state->groups, 0, sizeof a->state->groups);
    memset(a->state->policy_digest, 0, sizeof a->state->policy_digest);
    (void)qrt_entry_digest(a->entry, "policy", a->state->policy_digest);
    qrt_apply_document(a, "policy", "policy");
    while (qrt_entry_next(a->entry, &cursor)) {
        if (qrt_span_is(cursor.key, "group")) {
            take_group(a, cursor.value);
        }
    }
    a->state->cosignatures = (unsigned)qrt_apply_number(a, "cosignatures");
    a->state->second_person = qrt_entry_get(a->entry, "second", &ignored);
    if (a->state->cosignatures != (uint64_t)qrt_apply_number(a, "cosignatures") ||
        a->state->cosignatures < 1 || a->state->cosignatures > QRT_POLICY_COSIGNATURES_MAX) {
        FAULT(a, "cosignatures is not from 1 to %d", QRT_POLICY_COSIGNATURES_MAX);
    }
    check_custodians(a);
}

static bool has_member(const struct qrt_group_rule *rule, const char *id)
{
    for (unsigned i = 0; i < rule->count; i++) {
        if (strcmp(rule->ids[i], id) == 0) {
            return true;
        }
    }
    return false;
}

/* The same people, in whatever order, and as many of them. */
static bool same_group(const struct qrt_group_rule *x, const struct qrt_group_rule *y)
{
    bool same = x->threshold == y->threshold && x->count == y->count;
    for (unsigned i = 0; same && i < x->count; i++) {
        same = has_member(y, x->ids[i]);
    }
    return same;
}

static struct qrt_rules rules_of(const struct qrt_state *state)
{
    struct qrt_rules rules = {.cosignatures = state->cosignatures,
                              .second_person = state->second_person};
    memcpy(rules.policy_digest, state->policy_digest, sizeof rules.policy_digest);
    memcpy(rules.groups, state->groups, sizeof rules.groups);
    return rules;
}

void qrt_apply_rules_return(struct qrt_state *state)
{
    const struct qrt_rules *rules = &state->rules_then;
    if (!state->regroups) {
        return;
    }
    memcpy(state->policy_digest, rules->policy_digest, sizeof state->policy_digest);
    memcpy(state->groups, rules->groups, sizeof state->groups);
    state->cosignatures = rules->cosignatures;
    state->second_person = rules->second_person;
    state->regroups = false;
}

void qrt_state_end_of_log(struct qrt_state *state)
{
    if (qrt_state_pending_key(state) == NULL) {
        qrt_apply_rules_return(state);
    }
}

static bool makes_cards(const struct qrt_ceremony *ceremony)
{
    return ceremony != NULL &&
           (strcmp(ceremony->name, "reissue") == 0 || strcmp(ceremony->name, "rekey") == 0);
}

/* Another group needs new shares: an edition of it, in the same epoch. */
void qrt_apply_policy_changed(struct applying *a)
{
    struct qrt_state *state = a->state;
    struct qrt_epoch_rule *epoch = &state->epoch;
    const struct qrt_rules before = rules_of(state);
    qrt_apply_policy(a);
    epoch->badges = 2;
    if ((qrt_state_pending_key(state) != NULL && !epoch->key_created) || state->made_edition != 0) {
        FAULT(a, "no policy changes while new cards wait");
    }
    if (epoch->people && memcmp(epoch->people_policy, state->policy_digest, QRT_HASH_BYTES) != 0) {
        FAULT(a, "the people of this commit are those of another policy");
    }
    epoch->people = false;
    for (unsigned g = 0; g < QRT_GROUPS; g++) {
        if (!same_group(&before.groups[g], &state->groups[g])) {
            epoch->regrouped[g] = true;
            epoch->regrouped_at[g] = a->entry->index;
        }
    }
    if (!state->regroups && (epoch->regrouped[0] || epoch->regrouped[1]) &&
        makes_cards(qrt_state_unfinished(state))) {
        state->regroups = true;
        state->rules_then = before;
    }
}

void qrt_policy_seal(const struct qrt_state *state, uint64_t epoch_number,
                     struct qrt_faults *faults)
{
    const struct qrt_epoch_rule *epoch = &state->epoch;
    for (unsigned g = 0; g < QRT_GROUPS; g++) {
        if (epoch->regrouped[g]) {
            qrt_faults_add(faults, epoch->regrouped_at[g], epoch_number,
                           "the %s group is another, and has no new shares", qrt_group_words(g));
        }
    }
    if (epoch->people) {
        qrt_faults_add(faults, epoch->people_at, epoch_number,
                       "a person whom no policy of this commit names");
    }
}
