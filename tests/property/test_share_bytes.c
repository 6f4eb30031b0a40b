/* Promise: fewer shares than the threshold say nothing. Over many splits of one
 * secret (100,000; the first argument sets another number) each byte of each
 * share takes every value, zero included, equally often: chi-square over 256
 * values, p > 0.001 for the whole table of bytes. One honest
 * run in a thousand falls below: so a low p must come twice running to fail. */
#include "unit/unit.h"

#include <math.h>
#include <quorate/slip39.h>
#include <sodium.h>

enum { VALUE_BYTES = 32, MEMBERS = 5, VALUES = 256 };

static unsigned long splits = 100000;

static const struct qrt_slip39_plan plan = {
    .identifier = 1,
    .extendable = true,
    .group_threshold = 2,
    .group_count = 2,
    .groups = {{3, MEMBERS}, {2, 2}},
};

/* How often each byte of each share took each value. */
struct counts {
    uint32_t seen[MEMBERS][VALUE_BYTES][VALUES];
};

/* The probability that a chi-square of that many degrees of freedom is as large
 * (Wilson and Hilferty's cube root; good to 1e-4 from 100 degrees on). */
static double p_value(double chi_square, double degrees)
{
    double scale = 2 / (9 * degrees);
    double z = (cbrt(chi_square / degrees) - (1 - scale)) / sqrt(scale);
    return erfc(z / sqrt(2)) / 2;
}

/* The smallest p of all bytes, corrected for their number (Bonferroni). */
static double worst_p(const struct counts *counts)
{
    double worst = 1;
    for (size_t member = 0; member < MEMBERS; member++) {
        for (size_t byte = 0; byte < VALUE_BYTES; byte++) {
            double expected = (double)splits / VALUES;
            double chi_square = 0;
            for (size_t value = 0; value < VALUES; value++) {
                double off = counts->seen[member][byte][value] - expected;
                chi_square += off * off / expected;
            }
            worst = fmin(worst, p_value(chi_square, VALUES - 1));
        }
    }
    return fmin(1, worst * MEMBERS * VALUE_BYTES);
}

static void count(struct counts *counts, const struct qrt_slip39_share shares[static MEMBERS])
{
    for (size_t member = 0; member < MEMBERS; member++) {
        for (size_t byte = 0; byte < VALUE_BYTES; byte++) {
            counts->seen[member][byte][shares[member].value[byte]]++;
        }
    }
}

typedef void draw_fn(struct qrt_slip39_share *shares);

static void draw_split(struct qrt_slip39_share *shares)
{
    uint8_t secret[VALUE_BYTES] = {0}, group_shares[2 * VALUE_BYTES];
    assert_int_equal(
        qrt_slip39_split_encrypted(shares, group_shares, &plan, secret, VALUE_BYTES, NULL), QRT_OK);
}

static void draw_edition(struct qrt_slip39_share *shares)
{
    uint8_t group_share[VALUE_BYTES] = {0};
    assert_int_equal(qrt_slip39_group_split(shares, &plan, 0, group_share, VALUE_BYTES, NULL),
                     QRT_OK);
}

/* The control: a generator that draws no zeros. */
static void draw_without_zeros(struct qrt_slip39_share *shares)
{
    draw_edition(shares);
    for (size_t byte = 0; byte < VALUE_BYTES; byte++) {
        uint8_t *drawn = &shares[0].value[byte];
        *drawn = *drawn == 0 ? (uint8_t)(1 + randombytes_uniform(255)) : *drawn;
    }
}

static double p_of(draw_fn *draw)
{
    struct counts *counts = calloc(1, sizeof *counts);
    struct qrt_slip39_share shares[MEMBERS + 2];
    for (unsigned long i = 0; i < splits; i++) {
        draw(shares);
        count(counts, shares);
    }
    double p = worst_p(counts);
    print_message("p = %.4f over %lu splits\n", p, splits);
    free(counts);
    return p;
}

static void share_bytes_are_uniform_over_splits_of_one_secret(void **state)
{
    (void)state;
    assert_true(p_of(draw_split) > 0.001 || p_of(draw_split) > 0.001);
}

static void share_bytes_are_uniform_over_new_editions_of_one_group(void **state)
{
    (void)state;
    assert_true(p_of(draw_edition) > 0.001 || p_of(draw_edition) > 0.001);
}

static void shares_without_zeros_are_found_out(void **state)
{
    (void)state;
    assert_false(p_of(draw_without_zeros) > 0.001 || p_of(draw_without_zeros) > 0.001);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(share_bytes_are_uniform_over_splits_of_one_secret),
        cmocka_unit_test(share_bytes_are_uniform_over_new_editions_of_one_group),
        cmocka_unit_test(shares_without_zeros_are_found_out),
    };
    if (argc > 1) {
        splits = strtoul(argv[1], NULL, 10);
    }
    if (sodium_init() < 0 || splits < 10000) {
        return 2;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
