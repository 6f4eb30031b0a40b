/* Exactly the quorums open after a replacement, whose share is the same: property/subsets.h. */
#include "property/subsets.h"

#include "ceremony/renew/replace.h"

/* The share of each card, from every subset of them that is a quorum. */
static void rebuild_each(unsigned group, unsigned t, unsigned n)
{
    struct qrt_slip39_share shares[QRT_GROUP_MEMBERS_MAX];
    size_t at[HAND_CARDS_MAX];
    assert_int_equal(cards_of(at, group), n);
    shares_of(shares, at, n);
    for (unsigned subset = 1; subset < 1u << n; subset++) {
        QRT_GATHER gather = {0};
        gather_some(&gather, at, subset, 1U << group);
        for (unsigned i = 0; i < n; i++) {
            QRT_SECRET rebuilt = {0};
            enum qrt_code code =
                qrt_replace_rebuild(&rebuilt, &gather, hand_row(&hand, at[i]), NULL);
            bool quorum = (unsigned)__builtin_popcount(subset) >= t;
            assert_int_equal(code, quorum ? QRT_OK : QRT_E_QUORUM);
            assert_true(!quorum || memcmp(rebuilt.data, &shares[i], sizeof shares[i]) == 0);
            rebuilds_tried++;
        }
    }
}

/* One card replaced; the old one is void, and opens nothing by its code. */
static void try_replacement(unsigned group, unsigned t, unsigned n, unsigned which)
{
    size_t at[HAND_CARDS_MAX];
    struct qrt_slip39_share shares[QRT_GROUP_MEMBERS_MAX];
    make(group, t, n);
    write_texts();
    assert_int_equal(cards_of(at, group), n);
    shares_of(shares, at, n);
    hand_add_card(&hand, &shares[which], 1, 1, which);
    hand_row(&hand, at[which])->voided = 1;
    hand_row(&hand, hand.cards_len - 1)->replaces = hand_row(&hand, at[which])->serial;
    write_texts();
    struct trial trial = {.group = group,
                          .good = ((1u << (n + 1)) - 1) & ~(1u << which),
                          .why = QRT_CARD_VOID,
                          .threshold = t,
                          .others_count = true,
                          .key = hand.key};
    try_subsets(&trial);
    hand_free(&hand);
}

static void a_replaced_share_is_the_same_and_opens_with_the_others(void **state)
{
    (void)state;
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        for (unsigned n = 1; n <= members_max; n++) {
            for (unsigned t = 1; t <= n; t++) {
                make(group, t, n);
                write_texts();
                rebuild_each(group, t, n);
                hand_free(&hand);
                for (unsigned which = 0; which < n; which++) {
                    try_replacement(group, t, n, which);
                }
            }
        }
    }
    tell_tried();
}

static void a_share_that_is_not_the_one_of_the_log_is_not_rebuilt(void **state)
{
    (void)state;
    size_t at[HAND_CARDS_MAX];
    QRT_GATHER gather = {0};
    QRT_SECRET share = {0};
    make(QRT_GROUP_MFA, 2, 3);
    write_texts();
    (void)cards_of(at, QRT_GROUP_MFA);
    gather_some(&gather, at, 3, 1U << QRT_GROUP_MFA);
    hand_row(&hand, at[2])->commitment[31] ^= 1;
    assert_int_equal(qrt_replace_rebuild(&share, &gather, hand_row(&hand, at[2]), NULL),
                     QRT_E_TAMPERED);
    assert_null(share.data);
    hand_free(&hand);
}

int main(int argc, char **argv)
{
    members_max = argc > 1 ? (unsigned)atoi(argv[1]) : members_max;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_replaced_share_is_the_same_and_opens_with_the_others),
        cmocka_unit_test(a_share_that_is_not_the_one_of_the_log_is_not_rebuilt),
    };
    return sodium_init() < 0 ? 2 : cmocka_run_group_tests(tests, NULL, NULL);
}
