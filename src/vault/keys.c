#include "vault/keys.h"

#include "crypto/kdf.h"
#include "crypto/seal.h"
#include "crypto/sign.h"
#include <string.h>

static void add_u16(struct qrt_blake2b *hash, unsigned value)
{
    uint8_t be[2] = {(uint8_t)(value >> 8), (uint8_t)value};
    qrt_blake2b_add(hash, be, sizeof be);
}

enum qrt_code qrt_keys_public(struct qrt_key_public *out, const uint8_t vault_id[static 12],
                              unsigned generation, const uint8_t key[static QRT_VAULT_KEY_BYTES],
                              struct qrt_err *err)
{
    QRT_SECRET work = {0}; /* a subkey, then the private key made of it */
    enum qrt_code code = qrt_secret_init(&work, 32 + QRT_SIGN_KEY_BYTES, err);
    if (code != QRT_OK) {
        return code;
    }
    uint8_t *subkey = work.data;
    uint8_t *private_key = work.data + 32;
    struct qrt_blake2b hash;

    qrt_kdf_subkey(subkey, QRT_SUBKEY_CHECK, key);
    qrt_blake2b_start(&hash, "quorate/key-check/v1");
    qrt_blake2b_add(&hash, vault_id, 12);
    add_u16(&hash, generation);
    qrt_blake2b_add(&hash, subkey, 32);
    qrt_blake2b_end(&hash, out->key_check);

    qrt_kdf_subkey(subkey, QRT_SUBKEY_DEPOSIT, key);
    qrt_box_keypair(out->deposit_key, private_key, subkey);
    qrt_kdf_subkey(subkey, QRT_SUBKEY_RECOVERY, key);
    qrt_box_keypair(out->recovery_key, private_key, subkey);
    qrt_kdf_subkey(subkey, QRT_SUBKEY_AUTHORITY, key);
    qrt_sign_key(private_key, subkey);
    memcpy(out->authority_key, qrt_sign_public(private_key), sizeof out->authority_key);
    return QRT_OK;
}

void qrt_keys_group_check(uint8_t out[static QRT_HASH_BYTES], const uint8_t vault_id[static 12],
                          unsigned generation, enum qrt_group group,
                          const uint8_t group_share[static 32])
{
    struct qrt_blake2b hash;
    uint8_t index = (uint8_t)group;
    qrt_blake2b_start(&hash, "quorate/group-check/v1");
    qrt_blake2b_add(&hash, vault_id, 12);
    add_u16(&hash, generation);
    qrt_blake2b_add(&hash, &index, 1);
    qrt_blake2b_add(&hash, group_share, 32);
    qrt_blake2b_end(&hash, out);
}

static enum qrt_code derive(struct qrt_secret *subkey, enum qrt_subkey id,
                            const uint8_t key[static QRT_VAULT_KEY_BYTES], struct qrt_err *err)
{
    enum qrt_code code = qrt_secret_init(subkey, QRT_KEY_BYTES, err);
    if (code == QRT_OK) {
        qrt_kdf_subkey(subkey->data, id, key);
        subkey->len_bytes = QRT_KEY_BYTES;
    }
    return code;
}

enum qrt_code qrt_keys_item(struct qrt_secret *item_key,
                            const uint8_t key[static QRT_VAULT_KEY_BYTES], struct qrt_err *err)
{
    return derive(item_key, QRT_SUBKEY_ITEM, key, err);
}

enum qrt_code qrt_keys_deposit(struct qrt_secret *private_key, uint8_t public_key[static 32],
                               const uint8_t key[static QRT_VAULT_KEY_BYTES], struct qrt_err *err)
{
    QRT_SECRET seed = {0};
    enum qrt_code code = derive(&seed, QRT_SUBKEY_DEPOSIT, key, err);
    if (code == QRT_OK) {
        code = qrt_secret_init(private_key, QRT_BOX_KEY_BYTES, err);
    }
    if (code == QRT_OK) {
        qrt_box_keypair(public_key, private_key->data, seed.data);
        private_key->len_bytes = QRT_BOX_KEY_BYTES;
    }
    return code;
}

enum qrt_code qrt_keys_recovery(struct qrt_secret *seed,
                                const uint8_t key[static QRT_VAULT_KEY_BYTES], struct qrt_err *err)
{
    return derive(seed, QRT_SUBKEY_RECOVERY, key, err);
}

enum qrt_code qrt_keys_authority(struct qrt_secret *sign_key,
                                 const uint8_t key[static QRT_VAULT_KEY_BYTES], struct qrt_err *err)
{
    QRT_SECRET seed = {0};
    enum qrt_code code = derive(&seed, QRT_SUBKEY_AUTHORITY, key, err);
    if (code == QRT_OK) {
        code = qrt_secret_init(sign_key, QRT_SIGN_KEY_BYTES, err);
    }
    if (code == QRT_OK) {
        qrt_sign_key(sign_key->data, seed.data);
        sign_key->len_bytes = QRT_SIGN_KEY_BYTES;
    }
    return code;
}
