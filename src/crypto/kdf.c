#include "crypto/kdf.h"

#include <argon2.h>
#include <sodium.h>

void qrt_kdf_subkey(uint8_t subkey[static 32], enum qrt_subkey id, const uint8_t key[static 32])
{
    crypto_kdf_derive_from_key(subkey, 32, id, "quorate1", key);
}

enum qrt_code qrt_kdf_passphrase(uint8_t key[static 32], const void *passphrase,
                                 size_t passphrase_len_bytes,
                                 const uint8_t salt[static QRT_ARGON2_SALT_BYTES], unsigned tuple,
                                 struct qrt_err *err)
{
    uint32_t memory_kib, passes, lanes;
    sodium_memzero(key, 32);
    switch (tuple) {
    case QRT_KDF_STRONG:
        memory_kib = 256 * 1024;
        passes = 3;
        lanes = 4;
        break;
    case QRT_KDF_SMALL:
        memory_kib = 8 * 1024;
        passes = 1;
        lanes = 1;
        break;
    default:
        return qrt_fail(err, QRT_E_REFUSED, "unknown Argon2id parameters %u", tuple);
    }
    int rc = argon2id_hash_raw(passes, memory_kib, lanes, passphrase, passphrase_len_bytes, salt,
                               QRT_ARGON2_SALT_BYTES, key, 32);
    if (rc != ARGON2_OK) {
        sodium_memzero(key, 32);
        return qrt_fail(err, rc == ARGON2_MEMORY_ALLOCATION_ERROR ? QRT_E_NOMEM : QRT_E_FAILED,
                        "Argon2id: %s", argon2_error_message(rc));
    }
    return QRT_OK;
}
