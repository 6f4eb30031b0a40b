/* Authenticated encryption: XChaCha20-Poly1305 (IETF), and libsodium's sealed
 * box for what only a private key may open. */
#ifndef QRT_CRYPTO_SEAL_H
#define QRT_CRYPTO_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QRT_KEY_BYTES        32
#define QRT_NONCE_BYTES      24
#define QRT_TAG_BYTES        16
#define QRT_BOX_PUBLIC_BYTES 32
#define QRT_BOX_KEY_BYTES    32
#define QRT_BOX_EXTRA_BYTES  48 /* crypto_box_SEALBYTES */

/* Writes len_bytes + QRT_TAG_BYTES to ciphertext. Plaintext and key secret,
 * nonce and additional data public. */
void qrt_seal(uint8_t *ciphertext, const uint8_t *plaintext, size_t len_bytes, const void *ad,
              size_t ad_len_bytes, const uint8_t nonce[static QRT_NONCE_BYTES],
              const uint8_t key[static QRT_KEY_BYTES]);

/* Writes len_bytes - QRT_TAG_BYTES to plaintext (secret). False, and plaintext
 * zeroed, if the ciphertext is not of this key, nonce and additional data. */
bool qrt_unseal(uint8_t *plaintext, const uint8_t *ciphertext, size_t len_bytes, const void *ad,
                size_t ad_len_bytes, const uint8_t nonce[static QRT_NONCE_BYTES],
                const uint8_t key[static QRT_KEY_BYTES]);

/* A box key pair from a 32-byte seed (secret). */
void qrt_box_keypair(uint8_t public_key[static QRT_BOX_PUBLIC_BYTES],
                     uint8_t key[static QRT_BOX_KEY_BYTES], const uint8_t seed[static 32]);

/* The X25519 form of an Ed25519 key. False for a point of small order. */
bool qrt_box_public_from_sign(uint8_t public_key[static QRT_BOX_PUBLIC_BYTES],
                              const uint8_t sign_public[static 32]);
void qrt_box_key_from_sign(uint8_t key[static QRT_BOX_KEY_BYTES],
                           const uint8_t sign_key[static 64]);

/* Writes len_bytes + QRT_BOX_EXTRA_BYTES. False for an unusable public key. */
bool qrt_box_seal(uint8_t *ciphertext, const uint8_t *plaintext, size_t len_bytes,
                  const uint8_t public_key[static QRT_BOX_PUBLIC_BYTES]);

/* Writes len_bytes - QRT_BOX_EXTRA_BYTES (secret); false if it does not open. */
bool qrt_box_open(uint8_t *plaintext, const uint8_t *ciphertext, size_t len_bytes,
                  const uint8_t public_key[static QRT_BOX_PUBLIC_BYTES],
                  const uint8_t key[static QRT_BOX_KEY_BYTES]);

#endif
