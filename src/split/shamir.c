#include "split/shamir.h"

#include "split/ctime.h"
#include "split/gf256.h"
#include <nettle/hmac.h>
#include <sodium.h>
#include <string.h>

enum { X_DIGEST = 254, X_SECRET = 255 };

_Static_assert(QRT_SHAMIR_POINTS_MAX == QRT_GF256_TERMS_MAX, "one term a point");

void qrt_shamir_evaluate(uint8_t *const *y, const uint8_t *x, size_t count,
                         const struct qrt_shamir_points *points)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t coefficients[QRT_SHAMIR_POINTS_MAX];
        /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): the callers have filled x. */
        qrt_gf256_lagrange(coefficients, x[i], points->x, points->count);
        qrt_gf256_sum(y[i], points->y, coefficients, points->count, points->len_bytes);
    }
}

/* First 4 bytes of HMAC-SHA256(key R, secret). */
static void digest_of(uint8_t digest[static QRT_SHAMIR_DIGEST_BYTES], const uint8_t *key,
                      const uint8_t *secret, size_t len_bytes)
{
    struct hmac_sha256_ctx hmac;
    hmac_sha256_set_key(&hmac, len_bytes - QRT_SHAMIR_DIGEST_BYTES, key);
    hmac_sha256_update(&hmac, len_bytes, secret);
    hmac_sha256_digest(&hmac, QRT_SHAMIR_DIGEST_BYTES, digest);
    sodium_memzero(&hmac, sizeof hmac);
}

size_t qrt_shamir_random_bytes(size_t threshold, size_t len_bytes)
{
    return threshold < 2 ? 0 : (threshold - 1) * len_bytes - QRT_SHAMIR_DIGEST_BYTES;
}

void qrt_shamir_split(uint8_t *const *shares, size_t count, size_t threshold, const uint8_t *secret,
                      size_t len_bytes, const uint8_t *random)
{
    if (threshold == 1) {
        for (size_t i = 0; i < count; i++) {
            memcpy(shares[i], secret, len_bytes);
        }
        return;
    }
    struct qrt_shamir_points points = {.count = threshold, .len_bytes = len_bytes};
    size_t drawn = threshold - 2;
    for (size_t i = 0; i < drawn; i++) {
        memcpy(shares[i], random + i * len_bytes, len_bytes);
        points.x[i] = (uint8_t)i;
        points.y[i] = shares[i];
    }
    uint8_t digest[QRT_SHAMIR_VALUE_MAX];
    const uint8_t *key = random + drawn * len_bytes;
    digest_of(digest, key, secret, len_bytes);
    memcpy(digest + QRT_SHAMIR_DIGEST_BYTES, key, len_bytes - QRT_SHAMIR_DIGEST_BYTES);
    points.x[drawn] = X_DIGEST;
    points.y[drawn] = digest;
    points.x[drawn + 1] = X_SECRET;
    points.y[drawn + 1] = secret;
    uint8_t x[QRT_SHAMIR_POINTS_MAX];
    for (size_t i = drawn; i < count; i++) {
        x[i] = (uint8_t)i;
    }
    qrt_shamir_evaluate(shares + drawn, x + drawn, count - drawn, &points);
    sodium_memzero(digest, len_bytes);
}

bool qrt_shamir_combine(uint8_t *secret, const struct qrt_shamir_points *points)
{
    if (points->count == 1) {
        memcpy(secret, points->y[0], points->len_bytes);
        return true;
    }
    uint8_t digest[QRT_SHAMIR_VALUE_MAX];
    uint8_t wanted[QRT_SHAMIR_DIGEST_BYTES];
    static const uint8_t x[2] = {X_SECRET, X_DIGEST};
    qrt_shamir_evaluate((uint8_t *[2]){secret, digest}, x, 2, points);
    digest_of(wanted, digest + QRT_SHAMIR_DIGEST_BYTES, secret, points->len_bytes);
    int differs = sodium_memcmp(wanted, digest, sizeof wanted);
    QRT_PUBLIC(differs);
    sodium_memzero(digest, points->len_bytes);
    sodium_memzero(wanted, sizeof wanted);
    if (differs != 0) {
        sodium_memzero(secret, points->len_bytes);
    }
    return differs == 0;
}
