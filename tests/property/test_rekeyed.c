/* Exactly the quorums open while a re-key is pending, and after it, to the same shapes and to
 * others: property/subsets.h. */
#include "property/subsets.h"

#include "ceremony/cards/new_key.h"

static unsigned shapes_max = 4; /* of a re-key to another shape; the second argument sets another */

/* A new key and new cards for everyone, drawn, split and proved by the ceremony's
 * own function. What the log says of them is written by hand. */
static void rekey(unsigned group, unsigned new_t, unsigned new_n)
{
    struct qrt_policy policy;
    QRT_SECRET block = {0};
    policy_of(&policy, group, new_t, new_n);
    assert_int_equal(qrt_new_key_draw(&block, &policy, &hand.vault.state, NULL), QRT_OK);
    const struct qrt_new_key *made = qrt_new_key_in(&block);
    assert_int_not_equal(made->plan.identifier, hand.identifier);
    assert_memory_not_equal(made->key, hand.key, sizeof hand.key);
    hand.identifier = made->plan.identifier;
    memcpy(hand.key, made->key, sizeof hand.key);
    hand.vault.state.groups[group].threshold = new_t;
    hand.vault.state.groups[group].count = new_n;
    hand_add_key(&hand, made->halves[0],
                 (const struct qrt_slip39_share *[]){qrt_new_key_shares(made, 0),
                                                     qrt_new_key_shares(made, 1)});
}

/* A group's half of the one key and the other group's of the other. */
static void mix_halves(const struct split old[QRT_GROUPS], const struct split new[QRT_GROUPS])
{
    static const uint8_t indices[QRT_GROUPS] = {QRT_GROUP_PASSWORD, QRT_GROUP_MFA};
    for (unsigned choice = 0; choice < 4; choice++) {
        uint8_t halves[QRT_GROUPS][32];
        uint8_t out[32];
        memcpy(halves[0], ((choice & 1) == 0 ? old : new)[0].half, 32);
        memcpy(halves[1], ((choice & 2) == 0 ? old : new)[1].half, 32);
        assert_int_equal(
            qrt_slip39_groups_combine(out, halves[0], indices, QRT_GROUPS, 32, QRT_GROUPS, NULL),
            choice == 0 || choice == 3 ? QRT_OK : QRT_E_REFUSED);
        mixtures_tried++;
    }
}

static void mix_generations(unsigned group, unsigned t, unsigned n, unsigned new_t, unsigned new_n)
{
    struct split old[QRT_GROUPS];
    struct split new[QRT_GROUPS];
    for (unsigned g = 0; g < QRT_GROUPS; g++) {
        size_t at[HAND_CARDS_MAX];
        unsigned old_n = g == group ? n : OTHER_N;
        (void)cards_of(at, g);
        split_of(&old[g], at, g == group ? t : OTHER_T, old_n);
        split_of(&new[g], at + old_n, g == group ? new_t : OTHER_T, g == group ? new_n : OTHER_N);
        assert_memory_not_equal(old[g].half, new[g].half, sizeof old[g].half);
        mix(&old[g], &new[g]);
    }
    mix_halves(old, new);
}

/* Before the key is in force, and then; with the quorum of the other group that
 * counts, and with the one that does not. */
static void try_rekey(unsigned group, unsigned t, unsigned n, unsigned new_t, unsigned new_n)
{
    uint8_t former_key[32];
    make(group, t, n);
    memcpy(former_key, hand.key, sizeof former_key);
    rekey(group, new_t, new_n);
    write_texts();
    mix_generations(group, t, n, new_t, new_n);
    struct qrt_key_row *row = QRT_ROW(&hand.vault.state, keys, qrt_key_row, 1);
    row->ended = QRT_NEVER;
    for (unsigned over = 0; over < 2; over++) {
        struct trial trial = {.group = group,
                              .good = over ? ((1u << new_n) - 1) << n : (1u << n) - 1,
                              .why = over ? QRT_CARD_FORMER_GENERATION : QRT_CARD_PENDING,
                              .threshold = over ? new_t : t,
                              .key = over ? hand.key : former_key};
        row->began = over ? 1 : QRT_NEVER;
        for (unsigned others = 0; others < 2; others++) {
            trial.first_other = others * OTHER_N;
            trial.others_count = others == over;
            if (trial.others_count || (t == new_t && n == new_n)) {
                try_subsets(&trial);
            }
        }
    }
    hand_free(&hand);
}

static void a_rekey_brings_its_quorums_and_leaves_the_former_ones_nothing(void **state)
{
    (void)state;
    for (unsigned n = 1; n <= members_max; n++) {
        for (unsigned t = 1; t <= n; t++) {
            try_rekey(QRT_GROUP_PASSWORD, t, n, t, n);
            try_rekey(QRT_GROUP_MFA, t, n, t, n);
        }
    }
    tell_tried();
}

/* With a policy that comes into force with the new cards. */
static void a_rekey_to_another_shape_does_likewise(void **state)
{
    (void)state;
    for (unsigned n = 1; n <= shapes_max; n++) {
        for (unsigned t = 1; t <= n; t++) {
            for (unsigned new_n = 1; new_n <= shapes_max; new_n++) {
                for (unsigned new_t = 1; new_t <= new_n; new_t++) {
                    if (new_t != t || new_n != n) {
                        try_rekey(QRT_GROUP_PASSWORD, t, n, new_t, new_n);
                        try_rekey(QRT_GROUP_MFA, t, n, new_t, new_n);
                    }
                }
            }
        }
    }
    tell_tried();
}

int main(int argc, char **argv)
{
    members_max = argc > 1 ? (unsigned)atoi(argv[1]) : members_max;
    shapes_max = argc > 2 ? (unsigned)atoi(argv[2]) : shapes_max;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rekey_brings_its_quorums_and_leaves_the_former_ones_nothing),
        cmocka_unit_test(a_rekey_to_another_shape_does_likewise),
    };
    return sodium_init() < 0 ? 2 : cmocka_run_group_tests(tests, NULL, NULL);
}
