#include "vault/applying.h"

#include "base/text.h"
#include <string.h>

bool qrt_apply_word(struct qrt_span *rest, char *out, size_t size_bytes)
{
    size_t n = 0;
    while (n < rest->len_bytes && rest->data[n] != ' ') {
        n++;
    }
    bool fits = n > 0 && qrt_span_copy(out, size_bytes, (struct qrt_span){rest->data, n});
    if (n < rest->len_bytes) {
        n++;
    }
    rest->data += n;
    rest->len_bytes -= n;
    return fits;
}

void qrt_apply_add_badge(struct applying *a, const char *person, const char *vkey)
{
    struct qrt_state *state = a->state;
    struct qrt_badge_row *badge = qrt_apply_row(a, &state->badges, sizeof *badge);
    if (badge == NULL) {
        return;
    }
    badge->dirty = true;
    badge->awaited = true;
    badge->voided = QRT_NEVER;
    badge->issued = qrt_apply_place(a);
    memcpy(badge->person, person, strlen(person) + 1);
    char name[QRT_KEY_NAME_MAX_CHARS + 2];
    size_t origin_len = strlen(state->origin);
    memcpy(name, state->origin, origin_len);
    name[origin_len] = '/';
    memcpy(name + origin_len + 1, person, strlen(person) + 1);
    if (qrt_vkey_parse(&badge->key, vkey, strlen(vkey), NULL) != QRT_OK ||
        badge->key.type != QRT_KEY_TYPE_COSIGN || strcmp(badge->key.name, name) != 0) {
        FAULT(a, "the badge of %s has no key of that name", person);
        return;
    }
    memcpy(badge->vkey, vkey, strlen(vkey) + 1);
    for (size_t i = 0; i + 1 < state->badges.len; i++) {
        const struct qrt_badge_row *other = QRT_ROW(state, badges, qrt_badge_row, i);
        if (memcmp(other->key.key, badge->key.key, sizeof badge->key.key) == 0) {
            FAULT(a, "%s and %s have one key", other->person, person);
        }
    }
}

/* Comma-joined, each a role that there is, and none twice. */
static bool are_roles(const char *roles)
{
    struct qrt_span rest = {roles, strlen(roles)};
    unsigned seen = 0;
    while (rest.len_bytes > 0) {
        char role[16];
        enum qrt_role known;
        size_t n = 0;
        while (n < rest.len_bytes && rest.data[n] != ',') {
            n++;
        }
        if (!qrt_span_copy(role, sizeof role, (struct qrt_span){rest.data, n}) ||
            !qrt_role_parse(&known, role) || (seen & known) != 0 || n + 1 == rest.len_bytes) {
            return false;
        }
        seen |= known;
        n += n < rest.len_bytes ? 1 : 0;
        rest.data += n;
        rest.len_bytes -= n;
    }
    return roles[0] != '\0';
}

/* `id roles vkey` */
static void genesis_person(struct applying *a, struct qrt_span value)
{
    struct qrt_person *person = qrt_apply_row(a, &a->state->people, sizeof *person);
    char vkey[QRT_VKEY_MAX_CHARS + 1];
    if (person == NULL) {
        return;
    }
    person->dirty = true;
    person->gone = QRT_NEVER;
    if (!qrt_apply_word(&value, person->id, sizeof person->id) || !qrt_text_is_id(person->id) ||
        !qrt_apply_word(&value, person->roles, sizeof person->roles) ||
        !qrt_apply_word(&value, vkey, sizeof vkey) || value.len_bytes != 0) {
        FAULT(a, "a person is not written as: id roles key");
        return;
    }
    const struct qrt_person *first = qrt_state_person(a->state, person->id);
    if (first != person || !are_roles(person->roles)) {
        FAULT(a, "%s stands twice, or has a role that there is not", person->id);
    }
    qrt_apply_add_badge(a, person->id, vkey);
}

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

/* Both groups are there, of custodians, each of them once. */
static void check_custodians(struct applying *a)
{
    const struct qrt_group_rule *groups = a->state->groups;
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        if (groups[group].count == 0) {
            FAULT(a, "there is no %s group", qrt_group_name(group));
        }
        for (unsigned i = 0; i < groups[group].count; i++) {
            const char *id = groups[group].ids[i];
            if (!qrt_state_has_role(a->state, id, "custodian")) {
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

void qrt_apply_genesis(struct applying *a)
{
    struct qrt_entry_cursor cursor = {0};
    struct qrt_span ignored;
    if (qrt_entry_get(a->entry, "predecessor", &ignored)) {
        qrt_apply_successor(a);
        return;
    }
    qrt_apply_refuse(a, "vault");
    qrt_apply_refuse(a, "cause");
    qrt_apply_refuse(a, "evidence");
    qrt_apply_refuse(a, "authority");
    a->state->logs = 1;
    (void)qrt_span_copy(a->state->origin, sizeof a->state->origin, a->entry->origin);
    (void)qrt_span_copy(a->state->name, sizeof a->state->name, a->entry->origin);
    uint8_t leaf[QRT_HASH_BYTES];
    qrt_sha256_prefixed(leaf, 0, a->entry->text.data, a->entry->text.len_bytes);
    memcpy(a->state->vault_id, leaf, sizeof a->state->vault_id);
    a->state->practice = qrt_entry_get(a->entry, "practice", &ignored);
    while (qrt_entry_next(a->entry, &cursor)) {
        if (qrt_span_is(cursor.key, "person")) {
            genesis_person(a, cursor.value);
        }
    }
    qrt_apply_policy(a);
    if (a->state->second_person) {
        a->state->epoch.badges = 2;
    }
}

/* Of a badge that genesis or a take-over names, once, in the same commit. */
void qrt_apply_badge_issued(struct applying *a)
{
    char person[QRT_ID_CHARS + 1];
    char vkey[QRT_VKEY_MAX_CHARS + 1];
    qrt_apply_text(a, "person", person, sizeof person);
    qrt_apply_text(a, "vkey", vkey, sizeof vkey);
    qrt_apply_document(a, "stored", "badge");
    struct qrt_badge_row *badge = NULL;
    for (size_t i = 0; i < a->state->badges.len; i++) {
        struct qrt_badge_row *row = QRT_ROW(a->state, badges, qrt_badge_row, i);
        if (row->awaited && strcmp(row->vkey, vkey) == 0 && strcmp(row->person, person) == 0) {
            badge = row;
        }
    }
    if (badge == NULL) {
        FAULT(a, "the badge of %s is not one that this commit names, issued once", person);
        return;
    }
    badge->dirty = true;
    badge->awaited = false;
    (void)qrt_entry_digest(a->entry, "stored", badge->stored);
}
