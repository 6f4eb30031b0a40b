/* The key schedule of one generation of the vault key (docs/formats/keys.md). */
#ifndef QRT_VAULT_KEYS_H
#define QRT_VAULT_KEYS_H

#include "crypto/hash.h"
#include <quorate/err.h>
#include <quorate/group.h>
#include <quorate/secret.h>

#define QRT_VAULT_KEY_BYTES 32

/* What is published of a generation. */
struct qrt_key_public {
    uint8_t key_check[QRT_HASH_BYTES];
    uint8_t deposit_key[32];
    uint8_t recovery_key[32];
    uint8_t authority_key[32];
};

/* Derives the public parts of a vault key (secret). QRT_E_NOMEM,
 * QRT_E_LOCKED_MEMORY. */
enum qrt_code qrt_keys_public(struct qrt_key_public *out, const uint8_t vault_id[static 12],
                              unsigned generation, const uint8_t key[static QRT_VAULT_KEY_BYTES],
                              struct qrt_err *err) QRT_MUST_USE;

/* The public check of one group's half (secret, 32 bytes). */
void qrt_keys_group_check(uint8_t out[static QRT_HASH_BYTES], const uint8_t vault_id[static 12],
                          unsigned generation, enum qrt_group group,
                          const uint8_t group_share[static 32]);

/* *item_key (secret) is inited here. */
enum qrt_code qrt_keys_item(struct qrt_secret *item_key,
                            const uint8_t key[static QRT_VAULT_KEY_BYTES],
                            struct qrt_err *err) QRT_MUST_USE;

/* The private key (secret) that opens deposits, inited here, and its public
 * one, which the log has. */
enum qrt_code qrt_keys_deposit(struct qrt_secret *private_key, uint8_t public_key[static 32],
                               const uint8_t key[static QRT_VAULT_KEY_BYTES],
                               struct qrt_err *err) QRT_MUST_USE;

/* The seed (secret) of the log recovery key pair; inited here. */
enum qrt_code qrt_keys_recovery(struct qrt_secret *seed,
                                const uint8_t key[static QRT_VAULT_KEY_BYTES],
                                struct qrt_err *err) QRT_MUST_USE;

/* The signing key (secret, QRT_SIGN_KEY_BYTES) of the authority; inited here. */
enum qrt_code qrt_keys_authority(struct qrt_secret *sign_key,
                                 const uint8_t key[static QRT_VAULT_KEY_BYTES],
                                 struct qrt_err *err) QRT_MUST_USE;

#endif
