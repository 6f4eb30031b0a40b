#include "ceremony/open/reuse.h"

#include "crypto/sign.h"
#include "vault/item.h"
#include <stdlib.h>
#include <string.h>

#define TAG       "quorate/reuse/v1"
#define KEY_BYTES 32

struct qrt_reuse_print {
    uint8_t hash[QRT_HASH_BYTES];
    const char *account; /* borrowed from its item */
};

void qrt_reuse_wipe(struct qrt_reuse *reuse)
{
    qrt_secret_wipe(&reuse->key);
    free(reuse->list);
    *reuse = (struct qrt_reuse){0};
}

const char *qrt_reuse_add(struct qrt_reuse *reuse, const struct qrt_item_row *item,
                          const struct qrt_secret *plaintext)
{
    struct qrt_reuse_print *print = &reuse->list[reuse->len];
    struct qrt_blake2b hash;
    qrt_blake2b_start(&hash, TAG);
    qrt_blake2b_add(&hash, reuse->key.data, KEY_BYTES);
    qrt_blake2b_add(&hash, item->kind, strlen(item->kind) + 1);
    qrt_blake2b_add(&hash, plaintext->data, plaintext->len_bytes);
    qrt_blake2b_end(&hash, print->hash);
    print->account = item->account;
    for (size_t i = 0; i < reuse->len; i++) {
        if (memcmp(reuse->list[i].hash, print->hash, sizeof print->hash) == 0) {
            return reuse->list[i].account;
        }
    }
    reuse->len++;
    return NULL;
}

/* What is lost or damaged is not this one's to tell. */
static enum qrt_code add_item(struct qrt_reuse *reuse, struct qrt_vault *vault,
                              const struct qrt_item_row *item, const struct qrt_secret *item_key,
                              struct qrt_err *err)
{
    QRT_BUF sealed = {0};
    QRT_SECRET plaintext = {0};
    struct qrt_err why = {0};
    struct qrt_item_place place = {vault->log.vault_id, (unsigned)item->generation, item->account,
                                   item->kind, (uint64_t)item->serial};
    enum qrt_code code = qrt_log_document(&vault->log, item->ciphertext, &sealed, &why);
    if (code == QRT_OK) {
        code = qrt_item_unseal(&plaintext, &place, sealed.data, sealed.len_bytes, item_key->data,
                               &why);
    }
    if (code == QRT_OK) {
        (void)qrt_reuse_add(reuse, item, &plaintext);
    }
    if (code == QRT_OK || code == QRT_E_TAMPERED || code == QRT_E_NOT_FOUND) {
        return QRT_OK;
    }
    *err = why;
    return code;
}

enum qrt_code qrt_reuse_init(struct qrt_reuse *reuse, struct qrt_vault *vault, size_t more,
                             const struct qrt_secret *item_key, struct qrt_err *err)
{
    const struct qrt_state *state = &vault->state;
    enum qrt_code code = qrt_secret_init(&reuse->key, KEY_BYTES, err);
    reuse->list = calloc(state->items.len + more + 1, sizeof *reuse->list);
    if (code == QRT_OK && reuse->list == NULL) {
        code = qrt_fail(err, QRT_E_NOMEM, "the vault's items");
    }
    if (code == QRT_OK) {
        qrt_random(reuse->key.data, KEY_BYTES);
    }
    for (size_t i = 0; code == QRT_OK && i < state->items.len; i++) {
        const struct qrt_item_row *item = QRT_ROW(state, items, qrt_item_row, i);
        if (item->sealed != QRT_NEVER && item->deleted == QRT_NEVER) {
            code = add_item(reuse, vault, item, item_key, err);
        }
    }
    return code;
}
