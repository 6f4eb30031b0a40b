#include "vault/applying.h"

#include <string.h>

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

void qrt_apply_void_badges(struct applying *a, const char *person)
{
    for (size_t i = a->state->former_badges; i < a->state->badges.len; i++) {
        struct qrt_badge_row *badge = QRT_ROW(a->state, badges, qrt_badge_row, i);
        if (badge->voided == QRT_NEVER && strcmp(badge->person, person) == 0) {
            badge->voided = qrt_apply_place(a);
            badge->dirty = true;
        }
    }
}

/* The badge that genesis or a take-over names, in the same commit. */
static struct qrt_badge_row *awaited_badge(struct applying *a, const char *person, const char *vkey)
{
    struct qrt_badge_row *badge = NULL;
    for (size_t i = 0; i < a->state->badges.len; i++) {
        struct qrt_badge_row *row = QRT_ROW(a->state, badges, qrt_badge_row, i);
        if (row->awaited && strcmp(row->vkey, vkey) == 0 && strcmp(row->person, person) == 0) {
            badge = row;
        }
    }
    return badge;
}

/* A badge of its own right: of somebody who has none, by two badges of others,
 * and it signs for itself that its owner has it. */
static struct qrt_badge_row *new_badge(struct applying *a, const char *person, const char *vkey)
{
    struct qrt_state *state = a->state;
    const struct qrt_person *owner = qrt_state_person(state, person);
    if (owner == NULL || owner->gone != QRT_NEVER || qrt_state_badge(state, person) != NULL) {
        FAULT(a, "a badge for %s, who is not there, or has one", person);
        return NULL;
    }
    size_t before = state->badges.len;
    qrt_apply_add_badge(a, person, vkey);
    if (state->badges.len == before) {
        return NULL; /* no memory */
    }
    struct qrt_badge_row *badge = QRT_ROW(state, badges, qrt_badge_row, before);
    badge->proves = true;
    state->epoch.badges = 2;
    return badge;
}

void qrt_apply_badge_issued(struct applying *a)
{
    char person[QRT_ID_CHARS + 1];
    char vkey[QRT_VKEY_MAX_CHARS + 1];
    qrt_apply_text(a, "person", person, sizeof person);
    qrt_apply_text(a, "vkey", vkey, sizeof vkey);
    qrt_apply_document(a, "stored", "badge");
    struct qrt_badge_row *badge = awaited_badge(a, person, vkey);
    if (badge == NULL) {
        badge = new_badge(a, person, vkey);
    }
    if (badge != NULL) {
        badge->dirty = true;
        badge->awaited = false;
        (void)qrt_entry_digest(a->entry, "stored", badge->stored);
    }
}

void qrt_apply_badge_voided(struct applying *a)
{
    char person[QRT_ID_CHARS + 1];
    struct qrt_span vkey;
    qrt_apply_text(a, "person", person, sizeof person);
    const struct qrt_badge_row *badge = qrt_state_badge(a->state, person);
    a->state->epoch.badges = 2;
    if (badge == NULL || !qrt_entry_get(a->entry, "vkey", &vkey) ||
        !qrt_span_is(vkey, badge->vkey)) {
        FAULT(a, "no badge of %s with that key is in force", person);
        return;
    }
    qrt_apply_void_badges(a, person);
}
