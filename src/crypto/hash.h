/* Hashes under their names here. */
#ifndef QRT_CRYPTO_HASH_H
#define QRT_CRYPTO_HASH_H

#include <nettle/sha2.h>
#include <sodium.h>
#include <stddef.h>
#include <stdint.h>

#define QRT_HASH_BYTES 32

/* BLAKE2b-256 over an ASCII tag `quorate/<use>/v1` and what is added to it
 * (docs/formats/keys.md). The state may hold secrets; `end` wipes it. */
struct qrt_blake2b {
    crypto_generichash_state state;
};

void qrt_blake2b_start(struct qrt_blake2b *hash, const char *tag);
void qrt_blake2b_add(struct qrt_blake2b *hash, const void *bytes, size_t len_bytes);
void qrt_blake2b_end(struct qrt_blake2b *hash, uint8_t out[static QRT_HASH_BYTES]);

/* SHA-256 of public bytes. */
void qrt_sha256(uint8_t out[static QRT_HASH_BYTES], const void *bytes, size_t len_bytes);

/* The same of bytes that come in parts. `end` leaves it as after `start`. */
struct qrt_sha256 {
    struct sha256_ctx ctx;
};

void qrt_sha256_start(struct qrt_sha256 *hash);
void qrt_sha256_add(struct qrt_sha256 *hash, const void *bytes, size_t len_bytes);
void qrt_sha256_end(struct qrt_sha256 *hash, uint8_t out[static QRT_HASH_BYTES]);

/* SHA-256 of one prefix byte and then the bytes: the leaves (0) and nodes (1)
 * of RFC 6962, section 2.1. */
void qrt_sha256_prefixed(uint8_t out[static QRT_HASH_BYTES], uint8_t prefix, const void *bytes,
                         size_t len_bytes);

#endif
