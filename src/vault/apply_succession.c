#include "vault/applying.h"

#include "vault/authority.h"
#include <string.h>

/* The comma-joined list without that word. */
static void drop_word(char *list, const char *word)
{
    size_t len = strlen(word);
    char *out = list;
    for (const char *at = list; *at != '\0';) {
        size_t n = strcspn(at, ",");
        if (n != len || strncmp(at, word, len) != 0) {
            if (out != list) {
                *out++ = ',';
            }
            memmove(out, at, n);
            out += n;
        }
        at += n;
        at += *at == ',';
    }
    *out = '\0';
}

/* Nobody is an operator any more, and no operator's badge counts. */
static void retire_operators(struct applying *a)
{
    for (size_t i = 0; i < a->state->people.len; i++) {
        struct qrt_person *person = QRT_ROW(a->state, people, qrt_person, i);
        if (qrt_state_list_has(person->roles, "operator")) {
            drop_word(person->roles, "operator");
            person->dirty = true;
            qrt_apply_void_badges(a, person->id);
        }
    }
}

/* `id vkey` */
static void appoint(struct applying *a, struct qrt_span value)
{
    char id[QRT_ID_CHARS + 1];
    char vkey[QRT_VKEY_MAX_CHARS + 1];
    struct qrt_person *person = NULL;
    if (!qrt_apply_word(&value, id, sizeof id) || !qrt_apply_word(&value, vkey, sizeof vkey) ||
        value.len_bytes != 0) {
        FAULT(a, "an operator is not written as: id key");
        return;
    }
    for (size_t i = 0; i < a->state->people.len; i++) {
        struct qrt_person *row = QRT_ROW(a->state, people, qrt_person, i);
        person = strcmp(row->id, id) == 0 ? row : person;
    }
    if (person == NULL || person->gone != QRT_NEVER ||
        qrt_state_list_has(person->roles, "operator")) {
        FAULT(a, "an operator who is not there, or stands twice");
        return;
    }
    size_t used = strlen(person->roles);
    if (used + sizeof ",operator" > sizeof person->roles) {
        FAULT(a, "%s has too many roles", id);
        return;
    }
    /* The order of a policy: operator, custodian, witness, auditor. */
    static const char role[] = "operator";
    size_t add = sizeof role - 1 + (used > 0 ? 1 : 0);
    memmove(person->roles + add, person->roles, used + 1);
    memcpy(person->roles, role, sizeof role - 1);
    if (used > 0) {
        person->roles[sizeof role - 1] = ',';
    }
    person->dirty = true;
    qrt_apply_void_badges(a, id);
    qrt_apply_add_badge(a, id, vkey);
}

/* By both quorums of the ceremony under way, and signed by what only they have. */
static bool has_right(struct applying *a)
{
    const struct qrt_state *state = a->state;
    const struct qrt_key_row *key = qrt_state_key_of(state, state->accepted_generation);
    return state->epoch.takes_over && !state->epoch.taken_over &&
           qrt_state_unfinished(state) != NULL && key != NULL && qrt_apply_has_quorum(state) &&
           qrt_authority_verify(a->entry, key->authority_key);
}

void qrt_apply_taken_over(struct applying *a)
{
    struct qrt_entry_cursor cursor = {0};
    size_t operators = 0;
    if (!has_right(a)) {
        FAULT(a, "the log is taken over without both quorums and their authority");
        return;
    }
    a->state->epoch.taken_over = true;
    retire_operators(a);
    while (qrt_entry_next(a->entry, &cursor)) {
        if (qrt_span_is(cursor.key, "operator")) {
            appoint(a, cursor.value);
            operators++;
        }
    }
    if (operators == 0) {
        FAULT(a, "the log is taken over by nobody");
    }
}
