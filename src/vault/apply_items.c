#include "vault/applying.h"

#include "vault/item_text.h"
#include <string.h>

/* The document of the entry's ciphertext is the item's from now on. */
static void hold_document(struct applying *a, struct qrt_item_row *row, const char *kind)
{
    (void)qrt_entry_digest(a->entry, "ciphertext", row->ciphertext);
    row->document = a->state->documents.len;
    qrt_apply_document(a, "ciphertext", kind);
}

/* No entry names it any more: it goes at the next store. */
static void drop_document(struct applying *a, const struct qrt_item_row *row)
{
    if (row->document < a->state->documents.len) {
        struct qrt_named_document *document =
            QRT_ROW(a->state, documents, qrt_named_document, row->document);
        document->gone = document->erase = true;
        a->state->erases = true;
    }
}

/* A new row for the item of the entry, whose fields every such event has, under
 * that key. */
static struct qrt_item_row *new_item(struct applying *a, const struct qrt_key_row *key)
{
    struct qrt_state *state = a->state;
    struct qrt_item_row *row = qrt_apply_row(a, &state->items, sizeof *row);
    if (row == NULL) {
        return NULL;
    }
    row->dirty = true;
    row->deposited = row->sealed = row->confirmed = row->superseded = row->deleted = QRT_NEVER;
    row->serial = (int64_t)state->items.len; /* rows are found by it, whatever is said */
    row->generation = qrt_apply_number(a, "generation");
    qrt_apply_text(a, "account", row->account, sizeof row->account);
    qrt_apply_text(a, "kind", row->kind, sizeof row->kind);
    if (qrt_apply_number(a, "serial") != row->serial ||
        qrt_state_account(state, row->account) == NULL || key == NULL ||
        row->generation != key->generation || !qrt_item_is_kind(row->kind)) {
        FAULT(a, "item %lld: its serial, account, kind or generation is wrong",
              (long long)row->serial);
    }
    return row;
}

/* The item that the entry names by its serial, account and kind; NULL, a fault,
 * if it is another one. */
static struct qrt_item_row *named_item(struct applying *a)
{
    char account[QRT_ID_CHARS + 1];
    char kind[QRT_WORD_BYTES];
    uint64_t serial = 0;
    (void)qrt_entry_u64(a->entry, "serial", &serial);
    qrt_apply_text(a, "account", account, sizeof account);
    qrt_apply_text(a, "kind", kind, sizeof kind);
    if (serial == 0 || serial > a->state->items.len) {
        FAULT(a, "there is no item %llu", (unsigned long long)serial);
        return NULL;
    }
    struct qrt_item_row *item = QRT_ROW(a->state, items, qrt_item_row, serial - 1);
    if (strcmp(item->account, account) != 0 || strcmp(item->kind, kind) != 0) {
        FAULT(a, "item %llu is another one", (unsigned long long)serial);
        return NULL;
    }
    return item;
}

/* Who decides on a deposit: two people, in an opening that has its quorum. */
static bool may_decide(struct applying *a)
{
    const struct qrt_ceremony *ceremony = qrt_state_unfinished(a->state);
    a->state->epoch.badges = 2;
    return ceremony != NULL && strcmp(ceremony->name, "open") == 0 &&
           qrt_apply_has_quorum(a->state);
}

/* Another item of that account and kind is not the latest any more. */
static bool supersede(struct applying *a, const struct qrt_item_row *by)
{
    const struct qrt_item_row *former = qrt_state_item(a->state, by->account, by->kind);
    uint64_t said = 0;
    bool named = qrt_entry_u64(a->entry, "supersedes", &said);
    if (former == NULL || !named) {
        return former == NULL && !named;
    }
    if (said != (uint64_t)former->serial) {
        return false;
    }
    struct qrt_item_row *row = QRT_ROW(a->state, items, qrt_item_row, said - 1);
    row->superseded = by->serial;
    row->dirty = true;
    return true;
}

/* A deposit becomes the item whose serial it has. */
static void adopt(struct applying *a)
{
    const struct qrt_key_row *key = qrt_state_key(a->state);
    struct qrt_item_row *row = named_item(a);
    bool right = may_decide(a);
    if (row == NULL) {
        return;
    }
    if (!right || !qrt_item_waits(row) || row->deposited != qrt_apply_number(a, "deposit") ||
        key == NULL || row->generation != key->generation ||
        qrt_apply_number(a, "generation") != row->generation || !supersede(a, row)) {
        FAULT(a, "item %lld: a deposit that is not adopted so", (long long)row->serial);
        return;
    }
    drop_document(a, row);
    hold_document(a, row, "item");
    row->sealed = qrt_apply_place(a);
    row->dirty = true;
}

/* A re-key seals each item of the key in force again, once, under the new one. */
static void carry_on(struct applying *a, struct qrt_item_row *row)
{
    const struct qrt_key_row *key = qrt_state_key(a->state);
    uint64_t said = 0;
    struct qrt_item_row *from = NULL;
    if (qrt_entry_u64(a->entry, "supersedes", &said) && said >= 1 && said < a->state->items.len) {
        from = QRT_ROW(a->state, items, qrt_item_row, said - 1);
    }
    if (from == NULL || key == NULL || !qrt_item_is_kept(from, key->generation) ||
        from->carried != 0 || strcmp(from->account, row->account) != 0 ||
        strcmp(from->kind, row->kind) != 0) {
        FAULT(a, "item %lld carries no item on that the key in force has sealed",
              (long long)row->serial);
        return;
    }
    from->carried = row->serial;
    row->carries = from->serial;
}

void qrt_apply_item_sealed(struct applying *a)
{
    struct qrt_span ignored;
    if (qrt_entry_get(a->entry, "deposit", &ignored)) {
        adopt(a);
        return;
    }
    const struct qrt_key_row *key = qrt_apply_created_key(a);
    struct qrt_item_row *row = new_item(a, key != NULL ? key : qrt_state_key(a->state));
    if (row == NULL) {
        return;
    }
    row->sealed = qrt_apply_place(a);
    hold_document(a, row, "item");
    if (key == NULL) {
        FAULT(a, "item %lld: nothing gives the right to seal it", (long long)row->serial);
    } else if (key->began == QRT_NEVER) {
        carry_on(a, row);
    } else {
        qrt_apply_refuse(a, "supersedes");
    }
}

void qrt_apply_item_deposited(struct applying *a)
{
    struct qrt_item_row *row = new_item(a, qrt_state_key(a->state));
    if (row == NULL) {
        return;
    }
    if (qrt_state_pending_key(a->state) != NULL) {
        FAULT(a, "item %lld: nothing is deposited while a re-key is pending",
              (long long)row->serial);
    }
    row->deposited = qrt_apply_place(a);
    hold_document(a, row, "deposit");
    const struct qrt_account *account = qrt_state_account(a->state, row->account);
    if (account != NULL && account->closed != QRT_NEVER) {
        FAULT(a, "item %lld: its account is closed", (long long)row->serial);
    }
}

void qrt_apply_deposit_refused(struct applying *a)
{
    int64_t deposit = qrt_apply_number(a, "deposit");
    struct qrt_item_row *row = NULL;
    for (size_t i = 0; i < a->state->items.len; i++) {
        struct qrt_item_row *item = QRT_ROW(a->state, items, qrt_item_row, i);
        row = item->deposited == deposit ? item : row;
    }
    if (!may_decide(a) || row == NULL || !qrt_item_waits(row)) {
        FAULT(a, "no deposit waits that this could refuse");
        return;
    }
    drop_document(a, row);
    row->deleted = qrt_apply_place(a);
    row->dirty = true;
}

void qrt_apply_credential_confirmed(struct applying *a)
{
    struct qrt_item_row *item = named_item(a);
    if (item == NULL) {
        return;
    }
    const struct qrt_key_row *pending = qrt_state_pending_key(a->state);
    if (item->deleted != QRT_NEVER ||
        (pending != NULL && item->generation == pending->generation)) {
        FAULT(a, "item %lld is not there any more, or not yet", (long long)item->serial);
        return;
    }
    item->confirmed = qrt_apply_place(a);
    item->dirty = true;
}

/* Is one that came after it, at once or later, known to be in use? */
static bool has_successor(const struct qrt_state *state, const struct qrt_item_row *item)
{
    while (item->superseded != QRT_NEVER) {
        item = QRT_ROW(state, items, qrt_item_row, item->superseded - 1);
        if (item->confirmed != QRT_NEVER) {
            return true;
        }
    }
    return false;
}

void qrt_apply_item_deleted(struct applying *a)
{
    uint8_t ciphertext[QRT_HASH_BYTES] = {0};
    struct qrt_item_row *item = named_item(a);
    if (item == NULL) {
        return;
    }
    (void)qrt_entry_digest(a->entry, "ciphertext", ciphertext);
    if (item->sealed == QRT_NEVER || item->deleted != QRT_NEVER ||
        qrt_apply_number(a, "generation") != item->generation ||
        memcmp(ciphertext, item->ciphertext, sizeof ciphertext) != 0 ||
        !(has_successor(a->state, item) || qrt_apply_is_left_behind(a->state, item))) {
        FAULT(a, "item %lld: not one to be deleted", (long long)item->serial);
        return;
    }
    drop_document(a, item);
    item->deleted = qrt_apply_place(a);
    item->dirty = true;
}
