/* Promise: whatever is done to the cards, exactly the right subsets open. All
 * thresholds and numbers of either group up to a limit (5; the first argument
 * sets another), and every subset of its cards, old and new, judged as an opening
 * judges them: after a re-issue, its threshold or number changed or not; after
 * a replacement; while a re-key is pending, and after it. */
#include "unit/hand_vault.h"

#include "ceremony/cards/new_key.h"
#include "ceremony/renew/reissue.h"
#include "ceremony/renew/replace.h"
#include <quorate/slip39.h>

static unsigned members_max = 5;
static unsigned long subsets_tried;
static unsigned long mixtures_tried;
static unsigned long rebuilds_tried;

static struct hand_vault hand;
static char texts[HAND_CARDS_MAX][QRT_CARD_TEXT_CHARS + 1];

/* The other group, whose quorum comes with every subset. */
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

static void tell_tried(void)
{
    print_message("%lu subsets, %lu mixtures, %lu rebuilds\n", subsets_tried, mixtures_tried,
                  rebuilds_tried);
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

static void shares_of(struct qrt_slip39_share *shares, const size_t *at, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        enum qrt_card_reason why;
        assert_int_equal(qrt_card_get_share(&shares[i], &why, &hand.cards[at[i]], NULL), QRT_OK);
    }
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

/* What holds of the subsets of a group's cards. Cards are bits, in the order in
 * which they were made. */
struct trial {
    unsigned group;
    unsigned good;            /* these count … */
    enum qrt_card_reason why; /* … and the others are refused for this */
    unsigned threshold;
    unsigned first_other; /* from which on a quorum of the other group's cards comes along */
    bool others_count;
    const uint8_t *key; /* that a quorum makes */
    /* What try_subsets finds itself. */
    size_t at[HAND_CARDS_MAX];
    unsigned len;
    uint8_t halves[QRT_GROUPS][32];
};

/* Made of the shares alone, of the first `t` of those cards. */
static void find_half(uint8_t half[static 32], const size_t *at, unsigned cards, unsigned t)
{
    struct qrt_slip39_share shares[QRT_GROUP_MEMBERS_MAX];
    unsigned count = 0;
    for (unsigned i = 0; count < t; i++) {
        if ((cards >> i & 1) != 0) {
            shares_of(&shares[count++], &at[i], 1);
        }
    }
    assert_int_equal(qrt_slip39_group_combine(half, shares, count, NULL), QRT_OK);
}

static void present(struct qrt_gather *gather, size_t card, enum qrt_card_reason verdict)
{
    struct hand_ui ui;
    hand_ui_make(&ui);
    ui.texts[ui.len++] = texts[card];
    assert_int_equal(qrt_gather_all(gather, &ui.ui, NULL), QRT_OK);
    assert_int_equal(gather->judged[gather->judged_len - 1].reason, verdict);
}

static void present_own(const struct trial *trial, struct qrt_gather *gather, unsigned i)
{
    bool counts = (trial->good >> i & 1) != 0;
    present(gather, trial->at[i], counts ? QRT_CARD_FINE : trial->why);
}

static void try_subset(const struct trial *trial, const struct qrt_gather *gather, unsigned subset)
{
    unsigned expected[QRT_GROUPS];
    bool quorum = true;
    expected[trial->group] = (unsigned)__builtin_popcount(subset & trial->good);
    expected[1 - trial->group] = trial->others_count ? OTHER_T : 0;
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        uint8_t half[32];
        bool whole = expected[group] >= (group == trial->group ? trial->threshold : OTHER_T);
        assert_int_equal(gather->count[group], expected[group]);
        assert_int_equal(qrt_gather_half(half, gather, group, NULL), whole ? QRT_OK : QRT_E_QUORUM);
        assert_true(!whole || memcmp(half, trial->halves[group], sizeof half) == 0);
        quorum = quorum && whole;
    }
    /* From the halves to the key it is slow, and the same whoever was refused:
     * with nobody refused, and with everybody who is. */
    unsigned bad = ((1u << trial->len) - 1) & ~trial->good;
    if (!quorum || (subset & bad) == 0 || (subset & bad) == bad) {
        QRT_SECRET key = {0};
        assert_int_equal(qrt_gather_key(&key, gather, NULL), quorum ? QRT_OK : QRT_E_QUORUM);
        assert_true(quorum ? memcmp(key.data, trial->key, 32) == 0 : key.data == NULL);
    }
    subsets_tried++;
}

/* The first card that makes, with that subset, one that was not tried. */
static unsigned next_card(const struct trial *trial, const bool *done, unsigned subset)
{
    unsigned next = 0;
    while (next < trial->len && done[subset | 1u << next]) {
        next++;
    }
    return next;
}

/* That subset, and in the same gathering what grows of it card by card: as long
 * as it is one that was not tried. */
static void try_from(const struct trial *trial, bool *done, unsigned subset)
{
    size_t others[HAND_CARDS_MAX];
    QRT_GATHER gather = {0};
    (void)cards_of(others, 1 - trial->group);
    assert_int_equal(qrt_gather_init(&gather, &hand.vault, QRT_GATHER_BOTH, NULL), QRT_OK);
    for (unsigned i = 0; i < OTHER_T; i++) {
        present(&gather, others[trial->first_other + i],
                trial->others_count ? QRT_CARD_FINE : trial->why);
    }
    for (unsigned i = 0; i < trial->len; i++) {
        if ((subset >> i & 1) != 0) {
            present_own(trial, &gather, i);
        }
    }
    try_subset(trial, &gather, subset);
    done[subset] = true;
    for (unsigned i; (i = next_card(trial, done, subset)) < trial->len;) {
        present_own(trial, &gather, i);
        subset |= 1u << i;
        try_subset(trial, &gather, subset);
        done[subset] = true;
    }
}

static void try_subsets(struct trial *trial)
{
    size_t others[HAND_CARDS_MAX];
    trial->len = cards_of(trial->at, trial->group);
    (void)cards_of(others, 1 - trial->group);
    find_half(trial->halves[trial->group], trial->at, trial->good, trial->threshold);
    find_half(trial->halves[1 - trial->group], others + trial->first_other, ~0u, OTHER_T);
    bool *done = calloc(1u << trial->len, sizeof *done);
    assert_non_null(done);
    for (unsigned size = 0; size <= trial->len; size++) {
        for (unsigned subset = 0; subset < 1u << trial->len; subset++) {
            if ((unsigned)__builtin_popcount(subset) == size && !done[subset]) {
                try_from(trial, done, subset);
            }
        }
    }
    free(done);
}

/* The shares of one split: of a threshold of one it is one. */
struct split {
    struct qrt_slip39_share shares[QRT_GROUP_MEMBERS_MAX];
    unsigned t;
    unsigned n;
    uint8_t half[32];
};

/* Of these cards, which one group has of one edition. */
static void split_of(struct split *split, const size_t *at, unsigned t, unsigned n)
{
    *split = (struct split){.t = t, .n = t == 1 ? 1 : n};
    shares_of(split->shares, at, split->n);
    find_half(split->half, at, ~0u, t);
}

/* The old ones make the half, the new ones do, and no mixture: not as they are,
 * nor with all that is not secret made alike. */
static void try_mixture(const struct split *old, const struct split *new,
                        struct qrt_slip39_share *given, unsigned count, unsigned olds)
{
    uint8_t half[32];
    const struct split *whole = olds == 0 ? new : old;
    bool mixed = olds != 0 && olds != count;
    bool opens = !mixed && count >= whole->t;
    enum qrt_code code = qrt_slip39_group_combine(half, given, count, NULL);
    if (mixed) {
        bool few = count < old->t || count < new->t;
        assert_true(code == QRT_E_REFUSED || (few && code == QRT_E_QUORUM));
    } else {
        assert_int_equal(code, opens ? QRT_OK : QRT_E_QUORUM);
    }
    assert_true(!opens || memcmp(half, whole->half, sizeof half) == 0);
    for (unsigned i = 0; i < count; i++) {
        given[i].identifier = given[0].identifier;
        given[i].member_threshold = (uint8_t)count;
    }
    code = qrt_slip39_group_combine(half, given, count, NULL);
    assert_true(opens == (code == QRT_OK && (memcmp(half, old->half, sizeof half) == 0 ||
                                             memcmp(half, new->half, sizeof half) == 0)));
    mixtures_tried++;
}

/* Without our rules, by the shares alone: for each index none, the old or the
 * new one. */
static void mix(const struct split *old, const struct split *new)
{
    unsigned n = old->n > new->n ? old->n : new->n;
    unsigned choices = 1;
    for (unsigned i = 0; i < n; i++) {
        choices *= 3;
    }
    for (unsigned choice = 1; choice < choices; choice++) {
        struct qrt_slip39_share given[QRT_GROUP_MEMBERS_MAX];
        unsigned count = 0;
        unsigned olds = 0;
        unsigned lacking = 0;
        for (unsigned i = 0, left = choice; i < n; i++, left /= 3) {
            const struct split *from = left % 3 == 1 ? old : new;
            if (left % 3 != 0 && i < from->n) {
                given[count++] = from->shares[i];
                olds += from == old;
            } else {
                lacking += left % 3 != 0;
            }
        }
        if (lacking == 0) {
            try_mixture(old, new, given, count, olds);
        }
    }
}

static void policy_of(struct qrt_policy *policy, unsigned group, unsigned t, unsigned n)
{
    *policy = (struct qrt_policy){0};
    for (unsigned g = 0; g < QRT_GROUPS; g++) {
        policy->groups[g].threshold = g == group ? t : OTHER_T;
        policy->groups[g].count = g == group ? n : OTHER_N;
    }
}

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
    for (unsigned n = 1; n < members_max; n++) {
        for (unsigned t = 1; t <= n; t++) {
            for (unsigned new_n = 1; new_n < members_max; new_n++) {
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
    if (argc > 1) {
        members_max = (unsigned)atoi(argv[1]);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_a_reissue_exactly_the_quorums_of_the_new_cards_open),
        cmocka_unit_test(a_group_of_threshold_1_is_not_reissued),
        cmocka_unit_test(a_replaced_share_is_the_same_and_opens_with_the_others),
        cmocka_unit_test(a_share_that_is_not_the_one_of_the_log_is_not_rebuilt),
        cmocka_unit_test(a_rekey_brings_its_quorums_and_leaves_the_former_ones_nothing),
        cmocka_unit_test(a_rekey_to_another_shape_does_likewise),
    };
    return sodium_init() < 0 ? 2 : cmocka_run_group_tests(tests, NULL, NULL);
}
