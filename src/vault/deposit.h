/* Deposits: a secret sealed for an item while no quorum is there
 * (docs/formats/deposit.md). */
#ifndef QRT_VAULT_DEPOSIT_H
#define QRT_VAULT_DEPOSIT_H

#include "base/bytes.h"
#include "vault/item.h"

/* Appends a box of the padded plaintext (secret) for that place, which only
 * the vault key opens. QRT_E_RANGE for a plaintext too long; QRT_E_FAILED for
 * a deposit key that is none. */
enum qrt_code qrt_deposit_seal(struct qrt_buf *out, const struct qrt_item_place *place,
                               const uint8_t *plaintext, size_t len_bytes,
                               const uint8_t deposit_key[static 32],
                               struct qrt_err *err) QRT_MUST_USE;

/* Opens a box with the key pair of its generation (private_key secret);
 * *plaintext (secret) is inited here. QRT_E_REFUSED, and the error says why in
 * a few words, for one that is not of this key and place, or not whole. */
enum qrt_code qrt_deposit_open(struct qrt_secret *plaintext, const struct qrt_item_place *place,
                               const uint8_t *box, size_t len_bytes,
                               const uint8_t deposit_key[static 32],
                               const uint8_t private_key[static 32],
                               struct qrt_err *err) QRT_MUST_USE;

#endif
