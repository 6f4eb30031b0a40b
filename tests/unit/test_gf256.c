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
    uint8_t all[256];
    uint8_t products[256];
    for (unsigned b = 0; b < 256; b++) {
        all[b] = (uint8_t)b;
    }
    for (unsigned a = 0; a < 256; a++) {
        qrt_gf256_sum(products, (const uint8_t *[1]){all}, &(uint8_t){(uint8_t)a}, 1, sizeof all);
        for (unsigned b = 0; b < 256; b++) {
            assert_int_equal(products[b], product_by_division(a, b));
        }
    }
}

static void sums_of_any_length_and_number_are_those_of_their_products(void **state)
{
    (void)state;
    enum { LONGEST = 130 };
    uint8_t values[QRT_GF256_TERMS_MAX][LONGEST];
    const uint8_t *terms[QRT_GF256_TERMS_MAX];
    uint8_t coefficients[QRT_GF256_TERMS_MAX];
    for (unsigned j = 0; j < QRT_GF256_TERMS_MAX; j++) {
        terms[j] = values[j];
        coefficients[j] = (uint8_t)(29 * j + 3);
        for (unsigned i = 0; i < LONGEST; i++) {
            values[j][i] = (uint8_t)(17 * i + 91 * j + i * j);
        }
    }
    for (size_t count = 1; count <= QRT_GF256_TERMS_MAX; count++) {
        for (size_t len = 0; len <= LONGEST; len++) {
            uint8_t sum[LONGEST + 1];
            memset(sum, 0x5a, sizeof sum);
            qrt_gf256_sum(sum, terms, coefficients, count, len);
            assert_int_equal(sum[len], 0x5a);
            for (size_t i = 0; i < len; i++) {
                uint8_t wanted = 0;
                for (size_t j = 0; j < count; j++) {
                    wanted ^= product_by_division(coefficients[j], values[j][i]);
                }
                assert_int_equal(sum[i], wanted);
            }
        }
    }
}

/* Through (0, 0) and (b, 1) goes x / b. */
static void all_65280_quotients_times_their_divisor_are_the_dividend(void **state)
{
    (void)state;
    for (unsigned a = 0; a < 256; a++) {
        for (unsigned b = 1; b < 256; b++) {
            uint8_t coefficients[2];
            qrt_gf256_lagrange(coefficients, (uint8_t)a, (const uint8_t[2]){0, (uint8_t)b}, 2);
            assert_int_equal(product_by_division(b, coefficients[1]), a);
        }
    }
}

/* A polynomial of degree 15 at 16 points, found again everywhere. */
static void sixteen_points_are_enough_for_sixteen_coefficients(void **state)
{
    (void)state;
    uint8_t polynomial[256];
    for (unsigned x = 0; x < 256; x++) {
        uint8_t value = 0;
        for (unsigned k = 0; k < 16; k++) {
            value = product_by_division(value, x) ^ (uint8_t)(37 * k + 11);
        }
        polynomial[x] = value;
    }
    uint8_t x[QRT_GF256_TERMS_MAX];
    const uint8_t *y[QRT_GF256_TERMS_MAX];
    for (unsigned i = 0; i < QRT_GF256_TERMS_MAX; i++) {
        x[i] = (uint8_t)(255 - 13 * i);
        y[i] = &polynomial[x[i]];
    }
    for (unsigned at = 0; at < 256; at++) {
        uint8_t coefficients[QRT_GF256_TERMS_MAX];
        uint8_t value;
        qrt_gf256_lagrange(coefficients, (uint8_t)at, x, QRT_GF256_TERMS_MAX);
        qrt_gf256_sum(&value, y, coefficients, QRT_GF256_TERMS_MAX, 1);
        assert_int_equal(value, polynomial[at]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_65536_products_are_those_of_long_division),
        cmocka_unit_test(sums_of_any_length_and_number_are_those_of_their_products),
        cmocka_unit_test(all_65280_quotients_times_their_divisor_are_the_dividend),
        cmocka_unit_test(sixteen_points_are_enough_for_sixteen_coefficients),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
