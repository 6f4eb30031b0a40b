/* GF(256) modulo x^8 + x^4 + x^3 + x + 1 (SLIP-0039, "Shamir's secret
 * sharing"). What is secret is computed without tables and without branches:
 * the same instructions whatever the values are. */
#ifndef QRT_SPLIT_GF256_H
#define QRT_SPLIT_GF256_H

#include <stddef.h>
#include <stdint.h>

#define QRT_GF256_TERMS_MAX 16

/* out = the sum of values[j] * coefficients[j] over all j, byte by byte. Values
 * of len_bytes and coefficients may be secret; 1 to 16 of them. `out` may not
 * overlap a value. */
void qrt_gf256_sum(uint8_t *out, const uint8_t *const *values, const uint8_t *coefficients,
                   size_t count, size_t len_bytes);

/* Lagrange's coefficients: the polynomial of least degree through points at
 * x[0], x[1], … has at `at` the sum of their values, each times its
 * coefficient. Coordinates are public, distinct, 1 to 16 of them: this looks
 * them up in tables. */
void qrt_gf256_lagrange(uint8_t *coefficients, uint8_t at, const uint8_t *x, size_t count);

#endif
