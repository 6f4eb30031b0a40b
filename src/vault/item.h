/* Items: one sealed secret of an account (docs/formats/item.md). */
#ifndef QRT_VAULT_ITEM_H
#define QRT_VAULT_ITEM_H

#include "base/bytes.h"
#include <quorate/err.h>
#include <quorate/secret.h>

#define QRT_ITEM_PAD_BYTES 160
#define QRT_ITEM_MAX_BYTES 2048 /* of a plaintext */

/* What an item is bound to: its additional data. */
struct qrt_item_place {
    const uint8_t *vault_id; /* 12 bytes */
    unsigned generation;
    const char *account;
    const char *kind;
    uint64_t serial;
};

/* Appends the additional data of that place. */
void qrt_item_additional_data(struct qrt_buf *ad, const struct qrt_item_place *place);

/* Appends nonce and ciphertext of the padded plaintext (secret) under the item
 * key (secret). QRT_E_RANGE for a plaintext too long. */
enum qrt_code qrt_item_seal(struct qrt_buf *out, const struct qrt_item_place *place,
                            const uint8_t *plaintext, size_t len_bytes,
                            const uint8_t item_key[static 32], struct qrt_err *err) QRT_MUST_USE;

/* Opens one; *plaintext (secret) is inited here. QRT_E_TAMPERED if it is not
 * of this place and key. */
enum qrt_code qrt_item_unseal(struct qrt_secret *plaintext, const struct qrt_item_place *place,
                              const uint8_t *sealed, size_t len_bytes,
                              const uint8_t item_key[static 32], struct qrt_err *err) QRT_MUST_USE;

#endif
