#include "vault/account.h"
#include "vault/applying.h"

#include <string.h>

/* Of the name, the address and the strategy, those that the entry has; how many
 * they are. */
static size_t take_values(struct applying *a, struct qrt_account *row)
{
    const struct {
        const char *key;
        char *place;
        size_t size_bytes;
    } values[] = {{"name", row->name, sizeof row->name},
                  {"email", row->email, sizeof row->email},
                  {"strategy", row->strategy, sizeof row->strategy}};
    size_t count = 0;
    bool strategy = false;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        struct qrt_span ignored;
        if (qrt_entry_get(a->entry, values[i].key, &ignored)) {
            qrt_apply_text(a, values[i].key, values[i].place, values[i].size_bytes);
            count++;
            strategy = values[i].place == row->strategy;
        }
    }
    if (strategy && !qrt_account_is_strategy(row->strategy)) {
        FAULT(a, "account %s: no such strategy", row->id);
    }
    return count;
}

void qrt_apply_account_added(struct applying *a)
{
    struct qrt_state *state = a->state;
    char id[QRT_ID_CHARS + 1];
    qrt_apply_text(a, "account", id, sizeof id);
    if (qrt_state_account(state, id) != NULL) {
        FAULT(a, "account %s is there already", id);
        return;
    }
    struct qrt_account *row = qrt_apply_row(a, &state->accounts, sizeof *row);
    if (row == NULL) {
        return;
    }
    row->dirty = true;
    row->closed = QRT_NEVER;
    row->added_unix_s = a->entry->time_unix_s;
    memcpy(row->id, id, sizeof id);
    (void)take_values(a, row);
    a->no_memory = !qrt_state_index_account(state) || a->no_memory;
}

/* The account of the entry, that is not closed; NULL, a fault, if it is none. */
static struct qrt_account *open_account(struct applying *a)
{
    char id[QRT_ID_CHARS + 1];
    qrt_apply_text(a, "account", id, sizeof id);
    struct qrt_account *row = qrt_state_account_row(a->state, id);
    if (row == NULL) {
        FAULT(a, "there is no account %s", id);
    } else if (row->closed != QRT_NEVER) {
        FAULT(a, "account %s is closed already", row->id);
        row = NULL;
    }
    return row;
}

void qrt_apply_account_changed(struct applying *a)
{
    struct qrt_account *row = open_account(a);
    if (row != NULL) {
        row->dirty = true;
        if (take_values(a, row) == 0) {
            FAULT(a, "account %s: a change of nothing", row->id);
        }
    }
}

void qrt_apply_account_closed(struct applying *a)
{
    struct qrt_account *row = open_account(a);
    if (row != NULL) {
        row->dirty = true;
        row->closed = qrt_apply_place(a);
    }
}
