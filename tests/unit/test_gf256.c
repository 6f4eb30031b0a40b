#include "unit.h"

#include "split/gf256.h"

/* Independent of the code under test: schoolbook product, then long division. */
static uint8_t product_by_division(unsigned a, unsigned b)
{
    unsigned product = 0;
    for (unsigned i = 0; i < 8; i++) {
        if (b >> i & 1) {
            product ^= a << i;
        }
    }
    for (int degree = 14; degree >= 8; degree--) {
        if (product >> degree & 1) {
            product ^= 0x11bu << (degree - 8);
        }
    }
    return (uint8_t)product;
}

static void all_65536_products_are_those_of_long_division(void **state)
{
    (void)state;
    for (unsigned a = 0; a < 256; a++) {
        for (unsigned b = 0; b < 256; b += QRT_GF256_LANES) {
            qrt_gf256_lanes second;
            for (unsigned i = 0; i < QRT_GF256_LANES; i++) {
                second[i] = (uint8_t)(b + i);
            }
            qrt_gf256_lanes product = qrt_gf256_mul(qrt_gf256_all((uint8_t)a), second);
            for (unsigned i = 0; i < QRT_GF256_LANES; i++) {
                assert_int_equal(product[i], product_by_division(a, b + i));
            }
        }
    }
}

static void each_lane_is_multiplied_by_its_own_lane(void **state)
{
    (void)state;
    for (unsigned shift = 0; shift < 256; shift++) {
        qrt_gf256_lanes a, b;
        for (unsigned i = 0; i < QRT_GF256_LANES; i++) {
            a[i] = (uint8_t)(17 * i + shift);
            b[i] = (uint8_t)(29 * i + 3 * shift + 1);
        }
        qrt_gf256_lanes product = qrt_gf256_mul(a, b);
        for (unsigned i = 0; i < QRT_GF256_LANES; i++) {
            assert_int_equal(product[i], product_by_division(a[i], b[i]));
        }
    }
}

static void all_255_inverses_give_one_and_zero_gives_zero(void **state)
{
    (void)state;
    for (unsigned a = 0; a < 256; a++) {
        qrt_gf256_lanes inverse = qrt_gf256_inverse(qrt_gf256_all((uint8_t)a));
        for (unsigned i = 0; i < QRT_GF256_LANES; i++) {
            assert_int_equal(product_by_division(a, inverse[i]), a == 0 ? 0 : 1);
            assert_true(a != 0 || inverse[i] == 0);
        }
    }
}

static void a_short_load_leaves_the_other_lanes_zero(void **state)
{
    (void)state;
    uint8_t bytes[QRT_GF256_LANES];
    memset(bytes, 0xff, sizeof bytes);
    for (size_t len = 0; len <= QRT_GF256_LANES; len++) {
        qrt_gf256_lanes lanes = qrt_gf256_load(bytes, len);
        for (size_t i = 0; i < QRT_GF256_LANES; i++) {
            assert_int_equal(lanes[i], i < len ? 0xff : 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_65536_products_are_those_of_long_division),
        cmocka_unit_test(each_lane_is_multiplied_by_its_own_lane),
        cmocka_unit_test(all_255_inverses_give_one_and_zero_gives_zero),
        cmocka_unit_test(a_short_load_leaves_the_other_lanes_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
