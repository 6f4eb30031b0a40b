/* One level of SLIP-0039's sharing: polynomials over GF(256), byte by byte,
 * with the secret at x = 255 and its digest at x = 254. Values are secret,
 * coordinates x, thresholds and lengths are public. */
#ifndef QRT_SPLIT_SHAMIR_H
#define QRT_SPLIT_SHAMIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QRT_SHAMIR_POINTS_MAX   16
#define QRT_SHAMIR_VALUE_MAX    128
#define QRT_SHAMIR_DIGEST_BYTES 4

/* Values at distinct coordinates: y[i] of len_bytes at x[i]. */
struct qrt_shamir_points {
    size_t count; /* 1-16 */
    size_t len_bytes;
    uint8_t x[QRT_SHAMIR_POINTS_MAX];
    const uint8_t *y[QRT_SHAMIR_POINTS_MAX];
};

/* Writes to y[i] the value at x[i] of the polynomial of least degree through
 * the points. An output may not overlap a point's value. */
void qrt_shamir_evaluate(uint8_t *const *y, const uint8_t *x, size_t count,
                         const struct qrt_shamir_points *points);

/* How many random bytes qrt_shamir_split takes. */
size_t qrt_shamir_random_bytes(size_t threshold, size_t len_bytes);

/* Writes shares[0] to shares[count - 1], the values at 0 to count - 1.
 * 1 <= threshold <= count <= 16. `random` is uniform and used for nothing
 * else: the first threshold - 2 shares, then the digest's key. */
void qrt_shamir_split(uint8_t *const *shares, size_t count, size_t threshold, const uint8_t *secret,
                      size_t len_bytes, const uint8_t *random);

/* Recovers the secret from exactly the threshold of points. False, and secret
 * zeroed, if the digest is not the secret's. */
bool qrt_shamir_combine(uint8_t *secret, const struct qrt_shamir_points *points);

#endif
