#include "vault/state.h"

#include "vault/apply.h"
#include "vault/tables.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void rows_free(struct qrt_rows *rows)
{
    free(rows->data);
    *rows = (struct qrt_rows){0};
}

void qrt_state_free(struct qrt_state *state)
{
    rows_free(&state->people);
    rows_free(&state->badges);
    rows_free(&state->keys);
    rows_free(&state->editions);
    rows_free(&state->cards);
    rows_free(&state->bags);
    rows_free(&state->accounts);
    rows_free(&state->items);
    rows_free(&state->ceremonies);
    rows_free(&state->sittings);
    rows_free(&state->presences);
    rows_free(&state->drills);
    rows_free(&state->grades);
    rows_free(&state->actions);
    rows_free(&state->registers);
    rows_free(&state->reviews);
    rows_free(&state->reviews_due);
    rows_free(&state->documents);
    rows_free(&state->triggers);
    rows_free(&state->walks);
    rows_free(&state->evidence);
    rows_free(&state->closers);
    qrt_faults_free(&state->notices);
    free(state->account_slots);
    *state = (struct qrt_state){0};
}

void *qrt_state_add_row(struct qrt_rows *rows, size_t row_bytes)
{
    if (rows->len == rows->capacity) {
        size_t capacity = rows->capacity == 0 ? 8 : 2 * rows->capacity;
        void *data = reallocarray(rows->data, capacity, row_bytes);
        if (data == NULL) {
            return NULL;
        }
        rows->data = data;
        rows->capacity = capacity;
    }
    char *row = (char *)rows->data + rows->len * row_bytes;
    memset(row, 0, row_bytes);
    rows->len++;
    return row;
}

/* FNV-1a: the ids are public and few. */
static size_t slot_of(const struct qrt_state *state, const char *id)
{
    uint64_t hash = 1469598103934665603U;
    for (const char *p = id; *p != '\0'; p++) {
        hash = (hash ^ (unsigned char)*p) * 1099511628211U;
    }
    size_t slot = (size_t)hash & (state->account_slots_len - 1);
    while (state->account_slots[slot] != 0 &&
           strcmp(QRT_ROW(state, accounts, qrt_account, state->account_slots[slot] - 1)->id, id) !=
               0) {
        slot = (slot + 1) & (state->account_slots_len - 1);
    }
    return slot;
}

bool qrt_state_index_account(struct qrt_state *state)
{
    size_t n = state->accounts.len;
    if (2 * n > state->account_slots_len) {
        size_t len = state->account_slots_len == 0 ? 16 : 2 * state->account_slots_len;
        size_t *slots = calloc(len, sizeof *slots);
        if (slots == NULL) {
            return false;
        }
        free(state->account_slots);
        state->account_slots = slots;
        state->account_slots_len = len;
        for (size_t i = 0; i + 1 < n; i++) {
            slots[slot_of(state, QRT_ROW(state, accounts, qrt_account, i)->id)] = i + 1;
        }
    }
    state->account_slots[slot_of(state, QRT_ROW(state, accounts, qrt_account, n - 1)->id)] = n;
    return true;
}

struct qrt_account *qrt_state_account_row(const struct qrt_state *state, const char *id)
{
    if (state->account_slots_len == 0) {
        return NULL;
    }
    size_t row = state->account_slots[slot_of(state, id)];
    return row == 0 ? NULL : QRT_ROW(state, accounts, qrt_account, row - 1);
}

const struct qrt_account *qrt_state_account(const struct qrt_state *state, const char *id)
{
    return qrt_state_account_row(state, id);
}

const struct qrt_person *qrt_state_person(const struct qrt_state *state, const char *id)
{
    for (size_t i = 0; i < state->people.len; i++) {
        const struct qrt_person *person = QRT_ROW(state, people, qrt_person, i);
        if (strcmp(person->id, id) == 0) {
            return person;
        }
    }
    return NULL;
}

const struct qrt_badge_row *qrt_state_badge(const struct qrt_state *state, const char *person)
{
    for (size_t i = state->badges.len; i-- > state->former_badges;) {
        const struct qrt_badge_row *badge = QRT_ROW(state, badges, qrt_badge_row, i);
        if (badge->voided == QRT_NEVER && strcmp(badge->person, person) == 0) {
            return badge;
        }
    }
    return NULL;
}

bool qrt_badge_in_force(const struct qrt_badge_row *badge, uint64_t size)
{
    return (uint64_t)badge->issued < size &&
           (badge->voided == QRT_NEVER || (uint64_t)badge->voided >= size);
}

bool qrt_state_list_has(const char *list, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = list; at != NULL && *at != '\0';) {
        if (strncmp(at, word, len) == 0 && (at[len] == '\0' || at[len] == ',')) {
            return true;
        }
        at = strchr(at, ',');
        at = at == NULL ? NULL : at + 1;
    }
    return false;
}

bool qrt_state_has_role(const struct qrt_state *state, const char *person, const char *role)
{
    const struct qrt_person *row = qrt_state_person(state, person);
    return row != NULL && row->gone == QRT_NEVER && qrt_state_list_has(row->roles, role);
}

unsigned qrt_state_roles(const struct qrt_person *person)
{
    unsigned roles = 0;
    for (unsigned bit = 0; bit < QRT_ROLES; bit++) {
        roles |= qrt_state_list_has(person->roles, qrt_role_name(1U << bit)) ? 1U << bit : 0;
    }
    return roles;
}

const struct qrt_key_row *qrt_state_key(const struct qrt_state *state)
{
    for (size_t i = state->keys.len; i-- > 0;) {
        const struct qrt_key_row *key = QRT_ROW(state, keys, qrt_key_row, i);
        if (key->began != QRT_NEVER) {
            return key;
        }
    }
    return NULL;
}

const struct qrt_key_row *qrt_state_pending_key(const struct qrt_state *state)
{
    const struct qrt_key_row *last =
        state->keys.len == 0 ? NULL : QRT_ROW(state, keys, qrt_key_row, state->keys.len - 1);
    return last != NULL && last->began == QRT_NEVER && last->ended == QRT_NEVER ? last : NULL;
}

const struct qrt_key_row *qrt_state_key_of(const struct qrt_state *state, int64_t generation)
{
    for (size_t i = state->keys.len; i-- > 0;) {
        const struct qrt_key_row *key = QRT_ROW(state, keys, qrt_key_row, i);
        if (key->generation == generation) {
            return key;
        }
    }
    return NULL;
}

unsigned qrt_state_threshold(const struct qrt_state *state, int64_t generation,
                             enum qrt_group group)
{
    const struct qrt_edition *edition = qrt_state_edition_of(state, generation, group);
    return edition == NULL ? 0 : (unsigned)edition->threshold;
}

const struct qrt_card_row *qrt_state_card(const struct qrt_state *state, uint64_t serial)
{
    return serial == 0 || serial > state->cards.len
               ? NULL
               : QRT_ROW(state, cards, qrt_card_row, serial - 1);
}

bool qrt_item_waits(const struct qrt_item_row *item)
{
    return item->sealed == QRT_NEVER && item->deleted == QRT_NEVER;
}

bool qrt_item_is_kept(const struct qrt_item_row *item, int64_t generation)
{
    return item->sealed != QRT_NEVER && item->deleted == QRT_NEVER &&
           item->generation == generation;
}

const struct qrt_item_row *qrt_state_former(const struct qrt_state *state,
                                            const struct qrt_item_row *item)
{
    for (size_t i = state->items.len; i-- > 0;) {
        const struct qrt_item_row *row = QRT_ROW(state, items, qrt_item_row, i);
        if (row->superseded == item->serial) {
            return row->deleted == QRT_NEVER ? row : NULL;
        }
    }
    return NULL;
}

const struct qrt_item_row *qrt_state_waiting(const struct qrt_state *state, size_t from)
{
    for (size_t i = from; i < state->items.len; i++) {
        const struct qrt_item_row *row = QRT_ROW(state, items, qrt_item_row, i);
        if (qrt_item_waits(row)) {
            return row;
        }
    }
    return NULL;
}

const struct qrt_item_row *qrt_state_item(const struct qrt_state *state, const char *account,
                                          const char *kind)
{
    const struct qrt_key_row *key = qrt_state_key(state);
    for (size_t i = state->items.len; i-- > 0;) {
        const struct qrt_item_row *item = QRT_ROW(state, items, qrt_item_row, i);
        if (item->sealed != QRT_NEVER && item->superseded == QRT_NEVER && key != NULL &&
            item->generation == key->generation && strcmp(item->kind, kind) == 0 &&
            strcmp(item->account, account) == 0) {
            return item;
        }
    }
    return NULL;
}

void qrt_state_next_origin(const struct qrt_state *state, char out[static QRT_ORIGIN_MAX_CHARS + 1])
{
    char number[16];
    int digits = snprintf(number, sizeof number, "/%u", state->logs + 1);
    snprintf(out, QRT_ORIGIN_MAX_CHARS + 1, "%.*s%s", QRT_ORIGIN_MAX_CHARS - digits, state->name,
             number);
}

bool qrt_state_carry_key(struct qrt_vkey *vkey, const struct qrt_badge_row *badge,
                         const char *origin)
{
    char name[QRT_KEY_NAME_MAX_CHARS + 1];
    snprintf(name, sizeof name, "%s/%s", origin, badge->person);
    return qrt_vkey_make(vkey, name, QRT_KEY_TYPE_COSIGN, badge->key.key, NULL) == QRT_OK;
}

void qrt_state_carry_person(struct qrt_buf *line, const struct qrt_state *state,
                            const struct qrt_person *person, const char *origin)
{
    const struct qrt_badge_row *badge = qrt_state_badge(state, person->id);
    char text[QRT_VKEY_MAX_CHARS + 1] = "-";
    struct qrt_vkey vkey;
    if (badge != NULL && qrt_state_carry_key(&vkey, badge, origin)) {
        qrt_vkey_format(text, &vkey);
    }
    qrt_buf_printf(line, "%s %s %s", person->id, person->roles[0] != '\0' ? person->roles : "-",
                   text);
}

const struct qrt_ceremony *qrt_state_unfinished(const struct qrt_state *state)
{
    if (state->ceremonies.len == 0) {
        return NULL;
    }
    const struct qrt_ceremony *last =
        QRT_ROW(state, ceremonies, qrt_ceremony, state->ceremonies.len - 1);
    return last->outcome == QRT_NEVER ? last : NULL;
}

static void view_reset(void *ctx)
{
    struct qrt_state *state = ctx;
    struct qrt_rows *lost = state->lost;
    bool spares_items = state->spares_items;
    qrt_state_free(state);
    state->lost = lost;
    state->spares_items = spares_items;
}

static enum qrt_code view_apply(void *ctx, const struct qrt_entry *entry, struct qrt_faults *faults,
                                struct qrt_err *err)
{
    return qrt_state_apply(ctx, entry, faults, err);
}

static enum qrt_code view_seal(void *ctx, uint64_t epoch, const struct qrt_note *note,
                               struct qrt_signatures *later, struct qrt_faults *faults,
                               struct qrt_err *err)
{
    (void)err;
    qrt_state_seal(ctx, epoch, note, later, faults);
    return QRT_OK;
}

static enum qrt_code view_store(void *ctx, sqlite3 *db, struct qrt_err *err)
{
    return qrt_tables_store(ctx, db, err);
}

static enum qrt_code view_compare(void *ctx, sqlite3 *db, struct qrt_faults *faults,
                                  struct qrt_err *err)
{
    enum qrt_code code = qrt_tables_compare(ctx, db, faults, err);
    qrt_state_clean(ctx);
    return code;
}

static bool view_vkey(void *ctx, const char *person, struct qrt_vkey *vkey)
{
    const struct qrt_badge_row *badge = qrt_state_badge(ctx, person);
    if (badge != NULL) {
        *vkey = badge->key;
    }
    return badge != NULL;
}

struct qrt_views qrt_state_views(struct qrt_state *state)
{
    return (struct qrt_views){.ctx = state,
                              .reset = view_reset,
                              .apply = view_apply,
                              .seal = view_seal,
                              .store = view_store,
                              .compare = view_compare,
                              .vkey = view_vkey};
}

struct qrt_walk *qrt_state_walk_row(const struct qrt_state *state, const char *runbook,
                                    const char *account)
{
    for (size_t i = state->walks.len; i > 0; i--) {
        struct qrt_walk *walk = QRT_ROW(state, walks, qrt_walk, i - 1);
        if (walk->ended == QRT_NEVER && strcmp(walk->runbook, runbook) == 0 &&
            strcmp(walk->account, account) == 0) {
            return walk;
        }
    }
    return NULL;
}

const struct qrt_walk *qrt_state_walk(const struct qrt_state *state, const char *runbook,
                                      const char *account)
{
    return qrt_state_walk_row(state, runbook, account);
}
