#include "unit.h"

#include "card/rows.h"

static uint32_t seed = 20;

static uint16_t draw_word(void)
{
    seed = seed * 1664525U + 1013904223U;
    return (uint16_t)(seed >> 16 & 1023);
}

/* Schoolbook multiplication in GF(2)[x] modulo x^10 + x^3 + 1. */
static unsigned multiply(unsigned a, unsigned b)
{
    unsigned product = 0;
    for (unsigned i = 0; i < 10; i++) {
        product ^= (b >> i & 1) != 0 ? a << i : 0;
    }
    for (unsigned i = 19; i >= 10; i--) {
        product ^= (product >> i & 1) != 0 ? 0x409U << (i - 10) : 0;
    }
    return product;
}

static void the_check_word_is_the_sum_that_the_format_says(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 20000; i++) {
        uint16_t w[3] = {draw_word(), draw_word(), draw_word()};
        unsigned row = i % 11;
        unsigned sum = row ^ multiply(2, w[0]) ^ multiply(4, w[1]) ^ multiply(8, w[2]);
        assert_int_equal(qrt_row_check(row, w), sum);
    }
    static const uint16_t example[3] = {1023, 512, 1};
    assert_int_equal(qrt_row_check(10, example), 999);
}

static void fill_rows(uint16_t rows[static QRT_ROWS_WORDS])
{
    uint16_t words[QRT_SLIP39_CARD_WORDS];
    for (size_t i = 0; i < QRT_SLIP39_CARD_WORDS; i++) {
        words[i] = draw_word();
    }
    qrt_rows_add(rows, words);
}

static unsigned wrong_rows(const uint16_t rows[static QRT_ROWS_WORDS])
{
    uint16_t words[QRT_SLIP39_CARD_WORDS];
    return qrt_rows_strip(words, rows);
}

static void adding_and_stripping_are_inverse(void **state)
{
    (void)state;
    uint16_t words[QRT_SLIP39_CARD_WORDS];
    for (size_t i = 0; i < QRT_SLIP39_CARD_WORDS; i++) {
        words[i] = draw_word();
    }
    uint16_t rows[QRT_ROWS_WORDS];
    uint16_t back[QRT_SLIP39_CARD_WORDS];
    qrt_rows_add(rows, words);
    assert_int_equal(qrt_rows_strip(back, rows), 0);
    assert_memory_equal(back, words, sizeof words);
    assert_int_equal(rows[3], qrt_row_check(0, words));
    assert_int_equal(rows[43], qrt_row_check(10, words + 30));
}

static void every_wrong_word_is_found_in_its_row_and_only_there(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 8; round++) {
        uint16_t rows[QRT_ROWS_WORDS];
        fill_rows(rows);
        for (unsigned at = 0; at < QRT_ROWS_WORDS; at++) {
            for (unsigned change = 1; change < 1024; change++) {
                rows[at] ^= (uint16_t)change;
                assert_int_equal(wrong_rows(rows), 1U << at / 4);
                rows[at] ^= (uint16_t)change;
            }
        }
    }
}

static void swap(uint16_t *a, uint16_t *b)
{
    uint16_t held = *a;
    *a = *b;
    *b = held;
}

static void every_swap_of_neighbours_in_a_row_is_found(void **state)
{
    (void)state;
    unsigned swaps = 0;
    for (unsigned round = 0; round < 5000; round++) {
        uint16_t rows[QRT_ROWS_WORDS];
        fill_rows(rows);
        for (unsigned at = 0; at + 1 < QRT_ROWS_WORDS; at++) {
            if (at % 4 == 3 || rows[at] == rows[at + 1]) {
                continue;
            }
            swap(&rows[at], &rows[at + 1]);
            assert_int_equal(wrong_rows(rows), 1U << at / 4);
            swap(&rows[at], &rows[at + 1]);
            swaps++;
        }
    }
    assert_true(swaps > 160000);
    /* All pairs of words, for each place. The check is linear, so the third
     * word changes nothing. */
    for (unsigned a = 0; a < 1024; a++) {
        for (unsigned b = 0; b < 1024; b++) {
            const uint16_t front[2][3] = {{(uint16_t)a, (uint16_t)b, 7},
                                          {(uint16_t)b, (uint16_t)a, 7}};
            const uint16_t back[2][3] = {{7, (uint16_t)a, (uint16_t)b},
                                         {7, (uint16_t)b, (uint16_t)a}};
            bool same = a == b;
            if ((qrt_row_check(3, front[0]) == qrt_row_check(3, front[1])) != same ||
                (qrt_row_check(3, back[0]) == qrt_row_check(3, back[1])) != same) {
                fail_msg("words %u and %u", a, b);
            }
        }
    }
}

static void rows_exchanged_are_both_found(void **state)
{
    (void)state;
    uint16_t rows[QRT_ROWS_WORDS];
    fill_rows(rows);
    for (unsigned a = 0; a < QRT_ROWS; a++) {
        for (unsigned b = a + 1; b < QRT_ROWS; b++) {
            for (unsigned i = 0; i < 4; i++) {
                swap(&rows[4 * a + i], &rows[4 * b + i]);
            }
            assert_int_equal(wrong_rows(rows), 1U << a | 1U << b);
            for (unsigned i = 0; i < 4; i++) {
                swap(&rows[4 * a + i], &rows[4 * b + i]);
            }
        }
    }
}

/* What the tests above would say of a plain sum: it sees no swap. */
static void a_sum_without_weights_would_miss_swaps(void **state)
{
    (void)state;
    const uint16_t right[3] = {17, 900, 3};
    const uint16_t swapped[3] = {900, 17, 3};
    assert_int_equal(right[0] ^ right[1] ^ right[2], swapped[0] ^ swapped[1] ^ swapped[2]);
    assert_int_not_equal(qrt_row_check(0, right), qrt_row_check(0, swapped));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_check_word_is_the_sum_that_the_format_says),
        cmocka_unit_test(adding_and_stripping_are_inverse),
        cmocka_unit_test(every_wrong_word_is_found_in_its_row_and_only_there),
        cmocka_unit_test(every_swap_of_neighbours_in_a_row_is_found),
        cmocka_unit_test(rows_exchanged_are_both_found),
        cmocka_unit_test(a_sum_without_weights_would_miss_swaps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
