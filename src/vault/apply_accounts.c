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
    row->closed = (int64_t)a->entry->index;
}

/* A new row for the item of the entry, whose fields every such event has. */
static struct qrt_item_row *new_item(struct applying *a)
{
    struct qrt_state *state = a->state;
    const struct qrt_key_row *key = qrt_state_key(state);
    struct qrt_item_row *row = qrt_apply_row(a, &state->items, sizeof *row);
    if (row == NULL) {
        return NULL;
    }
    row->dirty = true;
    row->deposited = row->sealed = row->confirmed = row->superseded = QRT_NEVER;
    row->serial = qrt_apply_number(a, "serial");
    row->generation = qrt_apply_number(a, "generation");
    qrt_apply_text(a, "account", row->account, sizeof row->account);
    qrt_apply_text(a, "kind", row->kind, sizeof row->kind);
    (void)qrt_entry_digest(a->entry, "ciphertext", row->ciphertext);
    if ((size_t)row->serial != state->items.len || qrt_state_account(state, row->account) == NULL ||
        key == NULL || row->generation != key->generation ||
        (strcmp(row->kind, "password") != 0 && strcmp(row->kind, "totp") != 0)) {
        FAULT(a, "item %lld: its serial, account, kind or generation is wrong",
              (long long)row->serial);
    }
    return row;
}

void qrt_apply_item_sealed(struct applying *a)
{
    struct qrt_item_row *row = new_item(a);
    if (row == NULL) {
        return;
    }
    row->sealed = (int64_t)a->entry->index;
    qrt_apply_document(a, "ciphertext", "item");
    qrt_apply_refuse(a, "supersedes");
    qrt_apply_refuse(a, "deposit");
    if (!a->state->epoch.key_created) {
        FAULT(a, "item %lld: nothing gives the right to seal it", (long long)row->serial);
    }
}

void qrt_apply_item_deposited(struct applying *a)
{
    struct qrt_item_row *row = new_item(a);
    if (row == NULL) {
        return;
    }
    row->deposited = (int64_t)a->entry->index;
    qrt_apply_document(a, "ciphertext", "deposit");
    const struct qrt_account *account = qrt_state_account(a->state, row->account);
    if (account != NULL && account->closed != QRT_NEVER) {
        FAULT(a, "item %lld: its account is closed", (long long)row->serial);
    }
}

void qrt_apply_credential_confirmed(struct applying *a)
{
    uint64_t serial = 0;
    (void)qrt_entry_u64(a->entry, "serial", &serial);
    if (serial == 0 || serial > a->state->items.len) {
        FAULT(a, "there is no item %llu", (unsigned long long)serial);
        return;
    }
    struct qrt_item_row *item = QRT_ROW(a->state, items, qrt_item_row, serial - 1);
    char account[QRT_ID_CHARS + 1];
    char kind[QRT_WORD_BYTES];
    qrt_apply_text(a, "account", account, sizeof account);
    qrt_apply_text(a, "kind", kind, sizeof kind);
    if (strcmp(item->account, account) != 0 || strcmp(item->kind, kind) != 0) {
        FAULT(a, "item %llu is another one", (unsigned long long)serial);
        return;
    }
    item->confirmed = (int64_t)a->entry->index;
    item->dirty = true;
}
