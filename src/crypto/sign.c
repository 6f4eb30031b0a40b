#include "crypto/sign.h"

#include <sodium.h>

void qrt_random(void *out, size_t len_bytes)
{
    randombytes_buf(out, len_bytes);
}

void qrt_sign_key(uint8_t key[static QRT_SIGN_KEY_BYTES], const uint8_t seed[static QRT_SEED_BYTES])
{
    uint8_t public_key[QRT_PUBLIC_BYTES];
    crypto_sign_seed_keypair(public_key, key, seed);
}

const uint8_t *qrt_sign_public(const uint8_t key[static QRT_SIGN_KEY_BYTES])
{
    return key + QRT_SEED_BYTES;
}

void qrt_sign(uint8_t signature[static QRT_SIGNATURE_BYTES], const void *message, size_t len_bytes,
              const uint8_t key[static QRT_SIGN_KEY_BYTES])
{
    crypto_sign_detached(signature, NULL, message, len_bytes, key);
}

bool qrt_sign_verify(const uint8_t signature[static QRT_SIGNATURE_BYTES], const void *message,
                     size_t len_bytes, const uint8_t public_key[static QRT_PUBLIC_BYTES])
{
    return crypto_sign_verify_detached(signature, message, len_bytes, public_key) == 0;
}
