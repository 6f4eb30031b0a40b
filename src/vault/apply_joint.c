#include "vault/applying.h"

#include "base/text.h"
#include "log/predecessor.h"
#include "vault/authority.h"
#include "vault/tables.h"
#include <string.h>

/* The genesis of a successor says what its predecessor's log came to, and no
 * more: people, groups, policy and rules go over the joint as they are. */

static bool says(const struct applying *a, const char *key, const char *value)
{
    struct qrt_span said;
    return qrt_entry_get(a->entry, key, &said) && qrt_span_is(said, value);
}

static bool has(const struct applying *a, const char *key)
{
    struct qrt_span ignored;
    return qrt_entry_get(a->entry, key, &ignored);
}

/* Everyone who is not gone, each once, with roles and key as they were. */
static void compare_people(struct applying *a)
{
    const struct qrt_state *state = a->state;
    struct qrt_entry_cursor cursor = {0};
    size_t said = 0;
    size_t found = 0;
    size_t here = 0;
    char origin[QRT_ORIGIN_MAX_CHARS + 1];
    (void)qrt_span_copy(origin, sizeof origin, a->entry->origin);
    while (qrt_entry_next(a->entry, &cursor)) {
        said += qrt_span_is(cursor.key, "person") ? 1 : 0;
    }
    for (size_t i = 0; i < state->people.len; i++) {
        const struct qrt_person *person = QRT_ROW(state, people, qrt_person, i);
        QRT_BUF line = {0};
        if (person->gone != QRT_NEVER) {
            continue;
        }
        here++;
        qrt_state_carry_person(&line, state, person, origin);
        a->no_memory = a->no_memory || line.failed;
        cursor = (struct qrt_entry_cursor){0};
        while (qrt_entry_next(a->entry, &cursor)) {
            if (qrt_span_is(cursor.key, "person") &&
                qrt_span_is(cursor.value, qrt_buf_str(&line))) {
                found++;
            }
        }
    }
    if (found != here || said != here) {
        FAULT(a, "the people of the genesis are not those of the log that it continues");
    }
}

static bool same_groups(const struct qrt_group_rule *x, const struct qrt_group_rule *y)
{
    bool same = x->threshold == y->threshold && x->count == y->count;
    for (unsigned i = 0; same && i < x->count; i++) {
        same = strcmp(x->ids[i], y->ids[i]) == 0;
    }
    return same;
}

/* What the first log's genesis would set, held against what is in force. */
static void compare_rules(struct applying *a)
{
    struct qrt_state *state = a->state;
    struct qrt_group_rule groups[QRT_GROUPS];
    uint8_t policy[QRT_HASH_BYTES];
    unsigned cosignatures = state->cosignatures;
    bool second = state->second_person;
    memcpy(groups, state->groups, sizeof groups);
    memcpy(policy, state->policy_digest, sizeof policy);
    memset(state->groups, 0, sizeof state->groups);
    qrt_apply_policy(a);
    if (!same_groups(&groups[0], &state->groups[0]) ||
        !same_groups(&groups[1], &state->groups[1]) || cosignatures != state->cosignatures ||
        second != state->second_person || state->practice != has(a, "practice") ||
        memcmp(policy, state->policy_digest, sizeof policy) != 0) {
        FAULT(a, "the rules of the genesis are not those of the log that it continues");
    }
    memcpy(state->groups, groups, sizeof groups);
    memcpy(state->policy_digest, policy, sizeof policy);
    state->cosignatures = cosignatures;
    state->second_person = second;
}

static void compare_names(struct applying *a)
{
    char vault[2 * sizeof a->state->vault_id + 1];
    char origin[QRT_ORIGIN_MAX_CHARS + 1];
    qrt_text_hex(vault, a->state->vault_id, sizeof a->state->vault_id);
    qrt_state_next_origin(a->state, origin);
    if (a->state->logs >= QRT_LOGS_MAX) {
        FAULT(a, "a chain of more than %d logs", QRT_LOGS_MAX);
    }
    if (!says(a, "vault", vault) || !qrt_span_is(a->entry->origin, origin) || !has(a, "cause")) {
        FAULT(a, "a successor names its vault, its place in the chain of logs, and its cause");
    }
}

/* Whoever had a badge has the same one, under its new name. The old rows stay,
 * for what they signed. */
static void carry_badges(struct applying *a)
{
    struct qrt_state *state = a->state;
    size_t former = state->badges.len;
    char origin[QRT_ORIGIN_MAX_CHARS + 1];
    (void)qrt_span_copy(origin, sizeof origin, a->entry->origin);
    for (size_t i = 0; i < state->people.len; i++) {
        const struct qrt_person *person = QRT_ROW(state, people, qrt_person, i);
        const struct qrt_badge_row *old = qrt_state_badge(state, person->id);
        if (person->gone != QRT_NEVER || old == NULL) {
            continue;
        }
        struct qrt_badge_row copy = *old;
        if (!qrt_state_carry_key(&copy.key, old, origin)) {
            FAULT(a, "the badge of %s has no key of that name", person->id);
        }
        qrt_vkey_format(copy.vkey, &copy.key);
        struct qrt_badge_row *badge = qrt_apply_row(a, &state->badges, sizeof *badge);
        if (badge == NULL) {
            return;
        }
        copy.issued = qrt_apply_place(a);
        *badge = copy;
    }
    state->former_badges = former;
}

/* A ceremony that was under way ends where its log does. */
static void end_ceremony(struct applying *a)
{
    struct qrt_state *state = a->state;
    if (qrt_state_unfinished(state) != NULL) {
        struct qrt_ceremony *last =
            QRT_ROW(state, ceremonies, qrt_ceremony, state->ceremonies.len - 1);
        last->outcome = qrt_apply_place(a);
        memcpy(last->result, "ended", sizeof "ended");
        qrt_apply_abandon(a);
    }
    memset(state->accepted_len, 0, sizeof state->accepted_len);
    state->accepted_generation = 0;
    state->shows_len = 0;
    state->outcome_epoch = UINT64_MAX;
}

/* The generation whose authority signed it, in force or pending; 0: neither. */
static int64_t authority_of(const struct applying *a)
{
    const struct qrt_key_row *const keys[] = {qrt_state_key(a->state),
                                              qrt_state_pending_key(a->state)};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (keys[i] != NULL && qrt_authority_verify(a->entry, keys[i]->authority_key)) {
            return keys[i]->generation;
        }
    }
    return 0;
}

void qrt_apply_successor(struct applying *a)
{
    struct qrt_state *state = a->state;
    int64_t generation = authority_of(a);
    struct qrt_entry_cursor cursor = {0};
    if (state->logs == 0 || qrt_state_key(state) == NULL) {
        FAULT(a, "it continues a log that is not here, or that has no key");
        return;
    }
    uint64_t former_entries = state->former_entries + state->epoch.last_index + 1;
    if (a->entry->index == 0) { /* another is a fault, and its documents lie here */
        state->former_documents = state->documents.len;
    }
    qrt_state_end_of_log(state);
    compare_names(a);
    compare_people(a);
    compare_rules(a);
    if (generation == 0) {
        FAULT(a, "a log is continued without the authority of both quorums");
    }
    state->former_entries = former_entries;
    state->close_epoch = UINT64_MAX; /* none of this log's yet */
    end_ceremony(a);
    carry_badges(a);
    (void)qrt_span_copy(state->origin, sizeof state->origin, a->entry->origin);
    while (qrt_entry_next(a->entry, &cursor)) {
        uint8_t *row = qrt_span_is(cursor.key, "evidence")
                           ? qrt_apply_row(a, &state->evidence, QRT_HASH_BYTES)
                           : NULL;
        if (row != NULL) {
            (void)qrt_text_unhex(row, QRT_HASH_BYTES, cursor.value.data, cursor.value.len_bytes);
        }
    }
    state->logs++;
    state->epoch = (struct qrt_epoch_rule){.begun = true,
                                           .first_index = a->entry->index,
                                           .last_index = a->entry->index,
                                           .continues = true,
                                           .genesis_generation = generation};
    qrt_state_soil(state);
}
