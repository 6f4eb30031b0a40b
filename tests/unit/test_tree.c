#include "unit.h"

#include "base/text.h"
#include "log/tree.h"

#define SIZES 300

static uint8_t leaves[SIZES][QRT_HASH_BYTES];

/* RFC 6962, section 2.1, as it is written: split at the largest power of two
 * below n. With libsodium's SHA-256, where the code under test has nettle's. */
static void root_by_the_rfc(uint8_t out[static 32], size_t first, size_t n)
{
    if (n == 0) {
        crypto_hash_sha256(out, (const uint8_t *)"", 0);
        return;
    }
    if (n == 1) {
        memcpy(out, leaves[first], 32);
        return;
    }
    size_t k = 1;
    while (k * 2 < n) {
        k *= 2;
    }
    uint8_t node[65] = {1};
    root_by_the_rfc(node + 1, first, k);
    root_by_the_rfc(node + 33, first + k, n - k);
    crypto_hash_sha256(out, node, sizeof node);
}

static void make_leaves(void)
{
    for (size_t i = 0; i < SIZES; i++) {
        char text[32];
        int n = snprintf(text, sizeof text, "leaf %zu", i);
        qrt_tree_leaf(leaves[i], text, (size_t)n);
    }
}

static void a_leaf_is_hashed_behind_a_zero_byte(void **state)
{
    (void)state;
    uint8_t prefixed[] = {0, 'a', 'b', 'c'};
    uint8_t expected[32];
    uint8_t got[32];
    crypto_hash_sha256(expected, prefixed, sizeof prefixed);
    qrt_tree_leaf(got, "abc", 3);
    assert_memory_equal(got, expected, 32);
}

static void every_size_to_300_has_the_root_of_the_rfc(void **state)
{
    (void)state;
    make_leaves();
    struct qrt_frontier frontier = {0};
    for (size_t n = 0; n <= SIZES; n++) {
        uint8_t expected[32];
        uint8_t got[32];
        root_by_the_rfc(expected, 0, n);
        qrt_frontier_root(&frontier, got);
        assert_int_equal(frontier.size, n);
        assert_memory_equal(got, expected, 32);
        if (n < SIZES) {
            qrt_frontier_add(&frontier, leaves[n]);
        }
    }
}

static void two_orders_of_the_same_leaves_have_different_roots(void **state)
{
    (void)state;
    make_leaves();
    struct qrt_frontier a = {0};
    struct qrt_frontier b = {0};
    uint8_t roots[2][32];
    qrt_frontier_add(&a, leaves[0]);
    qrt_frontier_add(&a, leaves[1]);
    qrt_frontier_add(&b, leaves[1]);
    qrt_frontier_add(&b, leaves[0]);
    qrt_frontier_root(&a, roots[0]);
    qrt_frontier_root(&b, roots[1]);
    assert_memory_not_equal(roots[0], roots[1], 32);
}

static void a_frontier_can_be_kept_and_gone_on_with(void **state)
{
    (void)state;
    make_leaves();
    struct qrt_frontier frontier = {0};
    for (size_t i = 0; i < 77; i++) {
        qrt_frontier_add(&frontier, leaves[i]);
    }
    struct qrt_frontier kept = {.size = frontier.size};
    /* Only the roots of the perfect subtrees are needed: 77 = 64 + 8 + 4 + 1. */
    memcpy(kept.nodes, frontier.nodes, 4 * 32);
    for (size_t i = 77; i < SIZES; i++) {
        qrt_frontier_add(&frontier, leaves[i]);
        qrt_frontier_add(&kept, leaves[i]);
    }
    uint8_t roots[2][32];
    qrt_frontier_root(&frontier, roots[0]);
    qrt_frontier_root(&kept, roots[1]);
    assert_memory_equal(roots[0], roots[1], 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_leaf_is_hashed_behind_a_zero_byte),
        cmocka_unit_test(every_size_to_300_has_the_root_of_the_rfc),
        cmocka_unit_test(two_orders_of_the_same_leaves_have_different_roots),
        cmocka_unit_test(a_frontier_can_be_kept_and_gone_on_with),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
