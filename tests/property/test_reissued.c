/* Exactly the quorums of those in force open after a re-issue, its threshold or number
 * changed or not: property/subsets.h. */
#include "property/subsets.h"

#include "ceremony/renew/reissue.h"

/* The group split anew, by the ceremony's own function, from a random quorum. */
static void reissue(unsigned group, unsigned new_t, unsigned new_n)
{
    struct qrt_policy policy;
    size_t at[HAND_CARDS_MAX];
    unsigned old_n = cards_of(at, group);
    unsigned old_t = hand.vault.state.groups[group].threshold;
    QRT_GATHER gather = {0};
    QRT_SECRET shares = {0};
    policy_of(&policy, group, new_t, new_n);
    gather_some(&gather, at + randombytes_uniform(old_n - old_t + 1), (1u << old_t) - 1,
                1U << group);
    assert_int_equal(qrt_reissue_split(&shares, &gather, &policy, group, NULL), QRT_OK);
    hand.vault.state.groups[group].threshold = new_t;
    hand.vault.state.groups[group].count = new_n;
    hand_add_edition(&hand, group, (const struct qrt_slip39_share *)(void *)shares.data, 1, 2);
}

static void try_reissue(unsigned group, unsigned t, unsigned n, unsigned new_t, unsigned new_n)
{
    size_t at[HAND_CARDS_MAX];
    struct split old;
    struct split new;
    make(group, t, n);
    write_texts();
    reissue(group, new_t, new_n);
    write_texts();
    assert_int_equal(cards_of(at, group), n + new_n);
    split_of(&old, at, t, n);
    split_of(&new, at + n, new_t, new_n);
    assert_memory_equal(old.half, new.half, sizeof old.half);
    mix(&old, &new);
    struct trial trial = {.group = group,
                          .good = ((1u << new_n) - 1) << n,
                          .why = QRT_CARD_FORMER_EDITION,
                          .threshold = new_t,
                          .others_count = true,
                          .key = hand.key};
    try_subsets(&trial);
    hand_free(&hand);
}

static void after_a_reissue_exactly_the_quorums_of_the_new_cards_open(void **state)
{
    (void)state;
    for (unsigned n = 2; n <= members_max; n++) {
        for (unsigned t = 2; t <= n; t++) {
            for (unsigned new_n = 2; new_n <= members_max; new_n++) {
                for (unsigned new_t = 2; new_t <= new_n; new_t++) {
                    try_reissue(QRT_GROUP_PASSWORD, t, n, new_t, new_n);
                    try_reissue(QRT_GROUP_MFA, t, n, new_t, new_n);
                }
            }
        }
    }
    tell_tried();
}

/* One card of it is the half: new ones would revoke nothing. */
static void a_group_of_threshold_1_is_not_reissued(void **state)
{
    (void)state;
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        for (unsigned n = 1; n <= members_max; n++) {
            struct qrt_remade remade = {0};
            struct qrt_err err = {0};
            struct hand_ui ui;
            const struct qrt_reissue_request request = {.group = group, .reason = "lost"};
            hand_ui_make(&ui);
            make(group, 1, n);
            struct qrt_ceremony *founding =
                qrt_state_add_row(&hand.vault.state.ceremonies, sizeof *founding);
            assert_non_null(founding);
            snprintf(founding->result, sizeof founding->result, "done");
            assert_int_equal(qrt_reissue(&remade, &hand.vault, &request, &ui.ui, &err),
                             QRT_E_USAGE);
            assert_non_null(strstr(err.what, "re-key the vault instead"));
            hand_free(&hand);
        }
    }
}

int main(int argc, char **argv)
{
    members_max = argc > 1 ? (unsigned)atoi(argv[1]) : members_max;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_a_reissue_exactly_the_quorums_of_the_new_cards_open),
        cmocka_unit_test(a_group_of_threshold_1_is_not_reissued),
    };
    return sodium_init() < 0 ? 2 : cmocka_run_group_tests(tests, NULL, NULL);
}
