/* Keys from keys, and keys from passphrases. */
#ifndef QRT_CRYPTO_KDF_H
#define QRT_CRYPTO_KDF_H

#include <quorate/err.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QRT_ARGON2_SALT_BYTES 16

/* Subkeys of the vault key (docs/formats/keys.md). */
enum qrt_subkey {
    QRT_SUBKEY_ITEM = 1,
    QRT_SUBKEY_DEPOSIT = 2,
    QRT_SUBKEY_CHECK = 3,
    QRT_SUBKEY_RECOVERY = 4,
    QRT_SUBKEY_AUTHORITY = 5,
};

/* subkey (secret) = keyed BLAKE2b-256 of nothing, salt = id as a
 * little-endian u64, personal = "quorate1", key = the vault key (secret). */
void qrt_kdf_subkey(uint8_t subkey[static 32], enum qrt_subkey id, const uint8_t key[static 32]);

/* The Argon2id parameters that a badge may name, and no others. */
enum qrt_kdf_tuple {
    QRT_KDF_NONE = 0,   /* no passphrase at all: a wallet card */
    QRT_KDF_STRONG = 1, /* 256 MiB, 3 passes, 4 lanes */
    QRT_KDF_SMALL = 2,  /* 8 MiB, 1 pass, 1 lane: practice vaults only */
};

/* key (secret, 32 bytes) = Argon2id v1.3 of the passphrase (secret). The tuple
 * is checked before anything is derived: QRT_E_REFUSED for an unknown one.
 * QRT_E_NOMEM. On failure key is zeroed. */
enum qrt_code qrt_kdf_passphrase(uint8_t key[static 32], const void *passphrase,
                                 size_t passphrase_len_bytes,
                                 const uint8_t salt[static QRT_ARGON2_SALT_BYTES], unsigned tuple,
                                 struct qrt_err *err) QRT_MUST_USE;

#endif
