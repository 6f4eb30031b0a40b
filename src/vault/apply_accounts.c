#include "vault/account.h"
#include "vault/applying.h"

#include <string.h>

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
    qrt_apply_text(a, "name", row->name, sizeof row->name);
    qrt_apply_text(a, "email", row->email, sizeof row->email);
    qrt_apply_text(a, "strategy", row->strategy, sizeof row->strategy);
    if (row->strategy[0] != '\0' && !qrt_account_is_strategy(row->strategy)) {
        FAULT(a, "account %s: no such strategy", id);
    }
    a->no_memory = !qrt_state_index_account(state) || a->no_memory;
}

void qrt_apply_account_closed(struct applying *a)
{
    char id[QRT_ID_CHARS + 1];
    qrt_apply_text(a, "account", id, sizeof id);
    struct qrt_account *row = qrt_state_account_row(a->state, id);
    if (row == NULL) {
        FAULT(a, "there is no account %s", id);
        return;
    }
    if (row->closed != QRT_NEVER) {
        FAULT(a, "account %s is closed already", row->id);
        return;
    }
    row->dirty = true;
    row->closed = qrt_apply_place(a);
}
