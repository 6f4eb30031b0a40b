/* GF(256) modulo x^8 + x^4 + x^3 + x + 1 (SLIP-0039, "Shamir's secret
 * sharing"), sixteen elements at a time, without tables and without branches:
 * a product takes the same instructions whatever the elements are. */
#ifndef QRT_SPLIT_GF256_H
#define QRT_SPLIT_GF256_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define QRT_GF256_LANES 16

/* Sixteen elements, secret or public. Addition is `^`. */
typedef uint8_t qrt_gf256_lanes __attribute__((vector_size(QRT_GF256_LANES)));
typedef int8_t qrt_gf256_signs __attribute__((vector_size(QRT_GF256_LANES)));

/* All ones in each lane whose highest bit is set. */
static inline qrt_gf256_lanes qrt_gf256_high(qrt_gf256_lanes a)
{
    return (qrt_gf256_lanes)((qrt_gf256_signs)a < (qrt_gf256_signs){0});
}

static inline qrt_gf256_lanes qrt_gf256_all(uint8_t element)
{
    return (qrt_gf256_lanes){0} + element;
}

/* Lane by lane. */
static inline qrt_gf256_lanes qrt_gf256_mul(qrt_gf256_lanes a, qrt_gf256_lanes b)
{
    const qrt_gf256_lanes modulus = qrt_gf256_all(0x1b);
    qrt_gf256_lanes product = {0};
    for (int bit = 0; bit < 8; bit++) {
        product = (product + product) ^ (qrt_gf256_high(product) & modulus);
        product ^= a & qrt_gf256_high(b);
        b += b;
    }
    return product;
}

/* 1/a lane by lane, 0 for 0. */
qrt_gf256_lanes qrt_gf256_inverse(qrt_gf256_lanes a);

/* len_bytes is at most QRT_GF256_LANES; lanes beyond it are 0. */
static inline qrt_gf256_lanes qrt_gf256_load(const uint8_t *bytes, size_t len_bytes)
{
    qrt_gf256_lanes lanes = {0};
    memcpy(&lanes, bytes, len_bytes);
    return lanes;
}

#endif
