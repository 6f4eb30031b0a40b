#include "crypto/hash.h"

#include <string.h>

void qrt_blake2b_start(struct qrt_blake2b *hash, const char *tag)
{
    crypto_generichash_init(&hash->state, NULL, 0, QRT_HASH_BYTES);
    crypto_generichash_update(&hash->state, (const unsigned char *)tag, strlen(tag));
}

void qrt_blake2b_add(struct qrt_blake2b *hash, const void *bytes, size_t len_bytes)
{
    crypto_generichash_update(&hash->state, bytes, len_bytes);
}

void qrt_blake2b_end(struct qrt_blake2b *hash, uint8_t out[static QRT_HASH_BYTES])
{
    crypto_generichash_final(&hash->state, out, QRT_HASH_BYTES);
    sodium_memzero(&hash->state, sizeof hash->state);
}

void qrt_sha256(uint8_t out[static QRT_HASH_BYTES], const void *bytes, size_t len_bytes)
{
    struct sha256_ctx ctx;
    sha256_init(&ctx);
    sha256_update(&ctx, len_bytes, bytes);
    sha256_digest(&ctx, QRT_HASH_BYTES, out);
}

void qrt_sha256_start(struct qrt_sha256 *hash)
{
    sha256_init(&hash->ctx);
}

void qrt_sha256_add(struct qrt_sha256 *hash, const void *bytes, size_t len_bytes)
{
    sha256_update(&hash->ctx, len_bytes, bytes);
}

void qrt_sha256_end(struct qrt_sha256 *hash, uint8_t out[static QRT_HASH_BYTES])
{
    sha256_digest(&hash->ctx, QRT_HASH_BYTES, out);
}

void qrt_sha256_prefixed(uint8_t out[static QRT_HASH_BYTES], uint8_t prefix, const void *bytes,
                         size_t len_bytes)
{
    struct sha256_ctx ctx;
    sha256_init(&ctx);
    sha256_update(&ctx, 1, &prefix);
    sha256_update(&ctx, len_bytes, bytes);
    sha256_digest(&ctx, QRT_HASH_BYTES, out);
}
