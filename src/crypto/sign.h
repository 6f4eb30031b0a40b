/* Ed25519 (RFC 8032), and the random bytes keys are made of. */
#ifndef QRT_CRYPTO_SIGN_H
#define QRT_CRYPTO_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QRT_SEED_BYTES      32
#define QRT_PUBLIC_BYTES    32
#define QRT_SIGN_KEY_BYTES  64 /* seed || public key: secret */
#define QRT_SIGNATURE_BYTES 64

/* Bytes from the kernel's generator; out is usually secret. Never fails (the
 * process ends if the kernel has none). */
void qrt_random(void *out, size_t len_bytes);

/* Expands a seed (secret) to a signing key (secret, guarded memory). */
void qrt_sign_key(uint8_t key[static QRT_SIGN_KEY_BYTES],
                  const uint8_t seed[static QRT_SEED_BYTES]);

/* The public half of a signing key. */
const uint8_t *qrt_sign_public(const uint8_t key[static QRT_SIGN_KEY_BYTES]);

/* The message is public. */
void qrt_sign(uint8_t signature[static QRT_SIGNATURE_BYTES], const void *message, size_t len_bytes,
              const uint8_t key[static QRT_SIGN_KEY_BYTES]);
bool qrt_sign_verify(const uint8_t signature[static QRT_SIGNATURE_BYTES], const void *message,
                     size_t len_bytes, const uint8_t public_key[static QRT_PUBLIC_BYTES]);

#endif
