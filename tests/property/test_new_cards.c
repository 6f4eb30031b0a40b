/* Promise: whatever is done to the cards, exactly the right subsets open. All
 * thresholds and numbers of a group up to a limit (5; the first argument sets
 * another), and every subset of its cards, old and new, judged as an opening
 * judges them: after a re-issue, its threshold or number changed or not; after
 * a replacement; after a re-key. */
#include "unit/hand_vault.h"

#include "ceremony/renew/reissue.h"
#include "ceremony/renew/replace.h"
#include <quorate/slip39.h>

static unsigned members_max = 5;
static unsigned long tried;

static struct hand_vault hand;
static char texts[HAND_CARDS_MAX][QRT_CARD_TEXT_CHARS + 1];

/* Every quorum that a test gathers has the other group's first cards with it. */
#define OTHER_T 2
#define OTHER_N 2

static void make(unsigned group, unsigned t, unsigned n)
{
    hand_make(&hand, group == 0 ? t : OTHER_T, group == 0 ? n : OTHER_N, group == 1 ? t : OTHER_T,
              group == 1 ? n : OTHER_N);
}

static void write_texts(void)
{
    for (size_t i = 0; i < hand.cards_len; i++) {
        assert_int_equal(qrt_card_text(texts[i], &hand.cards[i], NULL), QRT_OK);
    }
}

/* The group's cards, in the order in which they were made. */
static unsigned cards_of(size_t at[HAND_CARDS_MAX], unsigned group)
{
    unsigned count = 0;
    for (size_t i = 0; i < hand.cards_len; i++) {
        if (hand.cards[i].group == group) {
            at[count++] = i;
        }
    }
    return count;
}

static void gather_some(struct qrt_gather *gather, const size_t *at, unsigned subset,
                        unsigned groups)
{
    struct hand_ui ui;
    hand_ui_make(&ui);
    for (unsigned i = 0; subset >> i != 0; i++) {
        if ((subset >> i & 1) != 0) {
            ui.texts[ui.len++] = texts[at[i]];
        }
    }
    assert_int_equal(qrt_gather_init(gather, &hand.vault, groups, NULL), QRT_OK);
    assert_int_equal(qrt_gather_all(gather, &ui.ui, NULL), QRT_OK);
}

/* Of a group's cards those in `subset`, with a quorum of the other group's in
 * force; `good` of its cards count, and the others are refused for `why`. */
static void try_subset(unsigned group, unsigned subset, unsigned good, enum qrt_card_reason why)
{
    size_t at[HAND_CARDS_MAX];
    size_t others[HAND_CARDS_MAX];
    unsigned count = cards_of(at, group);
    unsigned others_count = cards_of(others, 1 - group);
    unsigned expected = (unsigned)__builtin_popcount(subset & good);
    for (unsigned i = 0; i < OTHER_T; i++) { /* the last are those in force */
        at[count + i] = others[others_count - OTHER_T + i];
    }
    QRT_GATHER gather = {0};
    QRT_SECRET key = {0};
    gather_some(&gather, at, subset | ((1u << OTHER_T) - 1) << count, QRT_GATHER_BOTH);
    for (size_t i = 0; i < gather.judged_len; i++) {
        bool counts = gather.judged[i].reason == QRT_CARD_FINE;
        assert_true(counts || gather.judged[i].reason == why);
    }
    bool quorum = expected >= hand.vault.state.groups[group].threshold;
    assert_int_equal(gather.count[group], expected);
    assert_int_equal(qrt_gather_key(&key, &gather, NULL), quorum ? QRT_OK : QRT_E_QUORUM);
    assert_true(quorum ? memcmp(key.data, hand.key, 32) == 0 : key.data == NULL);
    tried++;
}

static void shares_of(struct qrt_slip39_share *shares, const size_t *at, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        enum qrt_card_reason why;
        assert_int_equal(qrt_card_get_share(&shares[i], &why, &hand.cards[at[i]], NULL), QRT_OK);
    }
}

/* Without our rules, by the shares alone: for each index none, the old or the
 * new one. The old ones make the half, the new ones do, and no mixture. */
static void mix(const struct qrt_slip39_share *old, const struct qrt_slip39_share *new, unsigned n,
                unsigned t)
{
    unsigned choices = 1;
    for (unsigned i = 0; i < n; i++) {
        choices *= 3;
    }
    for (unsigned choice = 0; choice < choices; choice++) {
        struct qrt_slip39_share given[QRT_GROUP_MEMBERS_MAX];
        unsigned count = 0;
        unsigned olds = 0;
        for (unsigned i = 0, left = choice; i < n; i++, left /= 3) {
            if (left % 3 != 0) {
                given[count++] = left % 3 == 1 ? old[i] : new[i];
                olds += left % 3 == 1;
            }
        }
        uint8_t half[32];
        if (count == t) {
            enum qrt_code code = qrt_slip39_group_combine(half, given, count, NULL);
            assert_int_equal(code, olds == 0 || olds == count ? QRT_OK : QRT_E_REFUSED);
            tried++;
        }
    }
}

/* The group split anew, by the ceremony's own function, from a random quorum. */
static void reissue(unsigned group, unsigned new_t, unsigned new_n)
{
    struct qrt_policy policy = {0};
    size_t at[HAND_CARDS_MAX];
    unsigned old_n = cards_of(at, group);
    unsigned old_t = hand.vault.state.groups[group].threshold;
    QRT_GATHER gather = {0};
    QRT_SECRET shares = {0};
    for (unsigned g = 0; g < QRT_GROUPS; g++) {
        policy.groups[g].threshold = g == group ? new_t : OTHER_T;
        policy.groups[g].count = g == group ? new_n : OTHER_N;
    }
    gather_some(&gather, at + randombytes_uniform(old_n - old_t + 1), (1u << old_t) - 1,
                1U << group);
    assert_int_equal(qrt_reissue_split(&shares, &gather, &policy, group, NULL), QRT_OK);
    hand.vault.state.groups[group].threshold = new_t;
    hand.vault.state.groups[group].count = new_n;
    const struct qrt_slip39_share *made = (const struct qrt_slip39_share *)(void *)shares.data;
    hand_add_edition(&hand, group, made, 1, 2);
    if (new_t == old_t && new_n == old_n) {
        struct qrt_slip39_share old[QRT_GROUP_MEMBERS_MAX];
        shares_of(old, at, old_n);
        mix(old, made, old_n, old_t);
    }
}

static void try_reissue(unsigned group, unsigned t, unsigned n, unsigned new_t, unsigned new_n)
{
    make(group, t, n);
    write_texts();
    reissue(group, new_t, new_n);
    write_texts();
    for (unsigned subset = 0; subset < 1u << (n + new_n); subset++) {
        try_subset(group, subset, ((1u << new_n) - 1) << n, QRT_CARD_FORMER_EDITION);
    }
    hand_free(&hand);
}

static void after_a_reissue_exactly_the_quorums_of_the_new_cards_open(void **state)
{
    (void)state;
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        for (unsigned n = 2; n <= members_max; n++) {
            for (unsigned t = 2; t <= n; t++) {
                try_reissue(group, t, n, t, n);
            }
        }
    }
    for (unsigned n = 2; n < members_max; n++) {
        for (unsigned t = 2; t <= n; t++) {
            for (unsigned new_n = 2; new_n < members_max; new_n++) {
                for (unsigned new_t = 2; new_t <= new_n; new_t++) {
                    try_reissue(QRT_GROUP_MFA, t, n, new_t, new_n);
                }
            }
        }
    }
    print_message("%lu subsets\n", tried);
}

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
            tried++;
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
    for (unsigned subset = 0; subset < 1u << (n + 1); subset++) {
        try_subset(group, subset, ~(1u << which), QRT_CARD_VOID);
    }
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
    print_message("%lu subsets\n", tried);
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

static void after_a_rekey_a_former_card_opens_nothing(void **state)
{
    (void)state;
    for (unsigned n = 2; n <= members_max; n++) {
        for (unsigned t = 2; t <= n; t++) {
            unsigned group = (n + t) % QRT_GROUPS;
            size_t at[HAND_CARDS_MAX];
            struct qrt_slip39_share old[QRT_GROUP_MEMBERS_MAX];
            struct qrt_slip39_share new[QRT_GROUP_MEMBERS_MAX];
            make(group, t, n);
            (void)cards_of(at, group);
            shares_of(old, at, n);
            hand_add_generation(&hand);
            (void)cards_of(at, group);
            shares_of(new, at + n, n);
            write_texts();
            mix(old, new, n, t);
            for (unsigned subset = 0; subset < 1u << 2 * n; subset++) {
                try_subset(group, subset, ((1u << n) - 1) << n, QRT_CARD_FORMER_GENERATION);
            }
            hand_free(&hand);
        }
    }
    print_message("%lu subsets\n", tried);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        members_max = (unsigned)atoi(argv[1]);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_a_reissue_exactly_the_quorums_of_the_new_cards_open),
        cmocka_unit_test(a_replaced_share_is_the_same_and_opens_with_the_others),
        cmocka_unit_test(a_share_that_is_not_the_one_of_the_log_is_not_rebuilt),
        cmocka_unit_test(after_a_rekey_a_former_card_opens_nothing),
    };
    return sodium_init() < 0 ? 2 : cmocka_run_group_tests(tests, NULL, NULL);
}
