#include "crypto/seal.h"

#include <sodium.h>

_Static_assert(QRT_BOX_EXTRA_BYTES == crypto_box_SEALBYTES, "box");
_Static_assert(QRT_TAG_BYTES == crypto_aead_xchacha20poly1305_ietf_ABYTES, "tag");

void qrt_seal(uint8_t *ciphertext, const uint8_t *plaintext, size_t len_bytes, const void *ad,
              size_t ad_len_bytes, const uint8_t nonce[static QRT_NONCE_BYTES],
              const uint8_t key[static QRT_KEY_BYTES])
{
    crypto_aead_xchacha20poly1305_ietf_encrypt(ciphertext, NULL, plaintext, len_bytes, ad,
                                               ad_len_bytes, NULL, nonce, key);
}

bool qrt_unseal(uint8_t *plaintext, const uint8_t *ciphertext, size_t len_bytes, const void *ad,
                size_t ad_len_bytes, const uint8_t nonce[static QRT_NONCE_BYTES],
                const uint8_t key[static QRT_KEY_BYTES])
{
    if (len_bytes < QRT_TAG_BYTES) {
        return false;
    }
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(plaintext, NULL, NULL, ciphertext, len_bytes, ad,
                                                   ad_len_bytes, nonce, key) != 0) {
        sodium_memzero(plaintext, len_bytes - QRT_TAG_BYTES);
        return false;
    }
    return true;
}

void qrt_box_keypair(uint8_t public_key[static QRT_BOX_PUBLIC_BYTES],
                     uint8_t key[static QRT_BOX_KEY_BYTES], const uint8_t seed[static 32])
{
    crypto_box_seed_keypair(public_key, key, seed);
}

bool qrt_box_public_from_sign(uint8_t public_key[static QRT_BOX_PUBLIC_BYTES],
                              const uint8_t sign_public[static 32])
{
    return crypto_sign_ed25519_pk_to_curve25519(public_key, sign_public) == 0;
}

void qrt_box_key_from_sign(uint8_t key[static QRT_BOX_KEY_BYTES], const uint8_t sign_key[static 64])
{
    crypto_sign_ed25519_sk_to_curve25519(key, sign_key);
}

bool qrt_box_seal(uint8_t *ciphertext, const uint8_t *plaintext, size_t len_bytes,
                  const uint8_t public_key[static QRT_BOX_PUBLIC_BYTES])
{
    return crypto_box_seal(ciphertext, plaintext, len_bytes, public_key) == 0;
}

bool qrt_box_open(uint8_t *plaintext, const uint8_t *ciphertext, size_t len_bytes,
                  const uint8_t public_key[static QRT_BOX_PUBLIC_BYTES],
                  const uint8_t key[static QRT_BOX_KEY_BYTES])
{
    return len_bytes >= QRT_BOX_EXTRA_BYTES &&
           crypto_box_seal_open(plaintext, ciphertext, len_bytes, public_key, key) == 0;
}
