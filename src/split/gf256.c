#include "split/gf256.h"

/* a^254, since a^255 = 1 for every a but 0. */
qrt_gf256_lanes qrt_gf256_inverse(qrt_gf256_lanes a)
{
    qrt_gf256_lanes a2 = qrt_gf256_mul(a, a);
    qrt_gf256_lanes a3 = qrt_gf256_mul(a2, a);
    qrt_gf256_lanes a6 = qrt_gf256_mul(a3, a3);
    qrt_gf256_lanes a12 = qrt_gf256_mul(a6, a6);
    qrt_gf256_lanes a15 = qrt_gf256_mul(a12, a3);
    qrt_gf256_lanes a240 = a15;
    for (int i = 0; i < 4; i++) {
        a240 = qrt_gf256_mul(a240, a240);
    }
    return qrt_gf256_mul(qrt_gf256_mul(a240, a12), a2);
}
