/* Promise: exactly the quorums open. All thresholds and sizes of two groups up
 * to a limit (4; the first argument sets another), every subset of the shares. */
#include "unit/unit.h"

#include <quorate/slip39.h>
#include <sodium.h>

static uint8_t members_max = 4;

/* Shares whose bit is set in `subset`, combined. */
static bool opens(const struct qrt_slip39_share *shares, size_t count, unsigned subset,
                  const uint8_t secret[static 32])
{
    struct qrt_slip39_share given[2 * QRT_SLIP39_MEMBERS_MAX];
    size_t given_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (subset >> i & 1) {
            given[given_count++] = shares[i];
        }
    }
    uint8_t found[32];
    size_t len;
    enum qrt_code code =
        qrt_slip39_combine_encrypted(found, sizeof found, &len, given, given_count, NULL);
    assert_true(code == QRT_OK || code == QRT_E_QUORUM);
    assert_int_equal(len, code == QRT_OK ? 32 : 0);
    assert_true(code != QRT_OK || memcmp(found, secret, 32) == 0);
    assert_true(code == QRT_OK || sodium_is_zero(found, sizeof found));
    return code == QRT_OK;
}

static unsigned bits_set(unsigned word)
{
    return (unsigned)__builtin_popcount(word);
}

static void every_subset_of(const struct qrt_slip39_plan *plan)
{
    uint8_t secret[32], group_shares[64];
    struct qrt_slip39_share shares[2 * QRT_SLIP39_MEMBERS_MAX];
    randombytes_buf(secret, sizeof secret);
    assert_int_equal(qrt_slip39_split_encrypted(shares, group_shares, plan, secret, 32, NULL),
                     QRT_OK);
    unsigned first = plan->groups[0].member_count;
    unsigned count = first + plan->groups[1].member_count;
    for (unsigned subset = 0; subset < 1u << count; subset++) {
        bool quorum = bits_set(subset & ((1u << first) - 1)) >= plan->groups[0].member_threshold &&
                      bits_set(subset >> first) >= plan->groups[1].member_threshold;
        assert_int_equal(opens(shares, count, subset, secret), quorum);
    }
}

static void exactly_the_quorums_of_both_groups_open(void **state)
{
    (void)state;
    unsigned plans = 0;
    struct qrt_slip39_plan plan = {.extendable = true, .group_threshold = 2, .group_count = 2};
    for (uint8_t n0 = 1; n0 <= members_max; n0++) {
        for (uint8_t t0 = n0 == 1 ? 1 : 2; t0 <= n0; t0++) {
            for (uint8_t n1 = 1; n1 <= members_max; n1++) {
                for (uint8_t t1 = n1 == 1 ? 1 : 2; t1 <= n1; t1++) {
                    plan.identifier = (uint16_t)randombytes_uniform(0x8000);
                    plan.groups[0].member_threshold = t0;
                    plan.groups[0].member_count = n0;
                    plan.groups[1].member_threshold = t1;
                    plan.groups[1].member_count = n1;
                    every_subset_of(&plan);
                    plans++;
                }
            }
        }
    }
    unsigned choices = 1 + members_max * (members_max - 1u) / 2;
    assert_int_equal(plans, choices * choices);
}

/* Beyond the exhaustive limit: random plans and random subsets. */
static void random_plans_open_to_exactly_their_quorums(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 300; round++) {
        struct qrt_slip39_plan plan = {.extendable = true, .group_threshold = 2, .group_count = 2};
        for (unsigned g = 0; g < 2; g++) {
            uint8_t count = (uint8_t)(2 + randombytes_uniform(15));
            plan.groups[g].member_count = count;
            plan.groups[g].member_threshold = (uint8_t)(2 + randombytes_uniform(count - 1u));
        }
        uint8_t secret[32], group_shares[64];
        struct qrt_slip39_share shares[32];
        randombytes_buf(secret, sizeof secret);
        assert_int_equal(qrt_slip39_split_encrypted(shares, group_shares, &plan, secret, 32, NULL),
                         QRT_OK);
        unsigned first = plan.groups[0].member_count;
        unsigned count = first + plan.groups[1].member_count;
        unsigned all = count == 32 ? UINT32_MAX : (1u << count) - 1;
        for (unsigned i = 0; i < 100; i++) {
            unsigned subset = randombytes_random() & all;
            bool quorum =
                bits_set(subset & ((1u << first) - 1)) >= plan.groups[0].member_threshold &&
                bits_set(subset >> first) >= plan.groups[1].member_threshold;
            assert_int_equal(opens(shares, count, subset, secret), quorum);
        }
    }
}

/* Other group thresholds than a vault's two of two. */
static void any_group_threshold_needs_as_many_whole_groups(void **state)
{
    (void)state;
    for (uint8_t groups = 1; groups <= 4; groups++) {
        for (uint8_t threshold = 1; threshold <= groups; threshold++) {
            struct qrt_slip39_plan plan = {.group_threshold = threshold, .group_count = groups};
            for (unsigned g = 0; g < groups; g++) {
                plan.groups[g].member_threshold = plan.groups[g].member_count =
                    (uint8_t)(1 + g % 2);
            }
            uint8_t secret[32], group_shares[4 * 32];
            struct qrt_slip39_share shares[8];
            randombytes_buf(secret, sizeof secret);
            assert_int_equal(
                qrt_slip39_split_encrypted(shares, group_shares, &plan, secret, 32, NULL), QRT_OK);
            size_t count = qrt_slip39_plan_shares(&plan);
            for (unsigned subset = 0; subset < 1u << count; subset++) {
                unsigned whole = 0;
                for (unsigned g = 0, at = 0; g < groups; g++) {
                    unsigned members = plan.groups[g].member_count;
                    whole += (subset >> at & ((1u << members) - 1)) == (1u << members) - 1;
                    at += members;
                }
                assert_int_equal(opens(shares, count, subset, secret), whole >= threshold);
            }
        }
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exactly_the_quorums_of_both_groups_open),
        cmocka_unit_test(random_plans_open_to_exactly_their_quorums),
        cmocka_unit_test(any_group_threshold_needs_as_many_whole_groups),
    };
    if (argc > 1) {
        members_max = (uint8_t)strtoul(argv[1], NULL, 10);
    }
    if (sodium_init() < 0 || members_max < 1 || members_max > 8) {
        return 2;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
