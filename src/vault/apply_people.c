#include "vault/applying.h"

#include "base/text.h"
#include <stdio.h>
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
    person->gone = person->receipt = QRT_NEVER;
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

/* The `role` lines, in a policy's order. */
static void take_roles(struct applying *a, struct qrt_person *person)
{
    struct qrt_entry_cursor cursor = {0};
    unsigned mask = 0;
    size_t len = 0;
    while (qrt_entry_next(a->entry, &cursor)) {
        char name[16];
        enum qrt_role role;
        if (!qrt_span_is(cursor.key, "role")) {
            continue;
        }
        if (qrt_span_copy(name, sizeof name, cursor.value) && qrt_role_parse(&role, name)) {
            mask |= role;
        } else {
            FAULT(a, "a role that there is not");
        }
    }
    if (mask == 0) {
        FAULT(a, "%s has no role", person->id);
    }
    person->dirty = true;
    person->roles[0] = '\0';
    for (unsigned bit = 0; bit < QRT_ROLES; bit++) {
        if ((mask & 1U << bit) != 0) {
            len += (size_t)snprintf(person->roles + len, sizeof person->roles - len, "%s%s",
                                    len == 0 ? "" : ",", qrt_role_name(1U << bit));
        }
    }
}

/* Two badges; and a policy that says the same, behind it in the same epoch. */
static void need_policy(struct applying *a)
{
    struct qrt_epoch_rule *epoch = &a->state->epoch;
    uint8_t digest[QRT_HASH_BYTES] = {0};
    (void)qrt_entry_digest(a->entry, "policy", digest);
    if (epoch->people && memcmp(epoch->people_policy, digest, sizeof digest) != 0) {
        FAULT(a, "the people of one commit are of two policies");
    }
    if (!epoch->people) {
        epoch->people_at = a->entry->index;
    }
    epoch->badges = 2;
    epoch->people = true;
    memcpy(epoch->people_policy, digest, sizeof digest);
}

/* An id is of one person for ever, also when they have left. */
void qrt_apply_person_added(struct applying *a)
{
    char id[QRT_ID_CHARS + 1];
    qrt_apply_text(a, "person", id, sizeof id);
    need_policy(a);
    if (qrt_state_person(a->state, id) != NULL) {
        FAULT(a, "%s is there already, or was", id);
        return;
    }
    struct qrt_person *person = qrt_apply_row(a, &a->state->people, sizeof *person);
    if (person != NULL) {
        memcpy(person->id, id, sizeof id);
        person->gone = person->receipt = QRT_NEVER;
        take_roles(a, person);
    }
}

/* The person that the entry names, if they are there; or NULL, and a fault. */
static struct qrt_person *named_person(struct applying *a)
{
    char id[QRT_ID_CHARS + 1];
    qrt_apply_text(a, "person", id, sizeof id);
    for (size_t i = 0; i < a->state->people.len; i++) {
        struct qrt_person *person = QRT_ROW(a->state, people, qrt_person, i);
        if (strcmp(person->id, id) == 0 && person->gone == QRT_NEVER) {
            return person;
        }
    }
    FAULT(a, "%s is not there", id);
    return NULL;
}

void qrt_apply_person_changed(struct applying *a)
{
    struct qrt_person *person = named_person(a);
    need_policy(a);
    if (person != NULL) {
        take_roles(a, person);
    }
}

void qrt_apply_person_left(struct applying *a)
{
    struct qrt_person *person = named_person(a);
    a->state->epoch.badges = 2;
    if (person != NULL) {
        person->gone = qrt_apply_place(a);
        person->dirty = true;
        qrt_apply_void_badges(a, person->id);
    }
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
