#include "property/subsets.h"

unsigned members_max = 5;
static unsigned long subsets_tried;
unsigned long mixtures_tried;
unsigned long rebuilds_tried;

struct hand_vault hand;
static char texts[HAND_CARDS_MAX][QRT_CARD_TEXT_CHARS + 1];

void make(unsigned group, unsigned t, unsigned n)
{
    hand_make(&hand, group == 0 ? t : OTHER_T, group == 0 ? n : OTHER_N, group == 1 ? t : OTHER_T,
              group == 1 ? n : OTHER_N);
}

void write_texts(void)
{
    for (size_t i = 0; i < hand.cards_len; i++) {
        assert_int_equal(qrt_card_text(texts[i], &hand.cards[i], NULL), QRT_OK);
    }
}

void tell_tried(void)
{
    print_message("%lu subsets, %lu mixtures, %lu rebuilds\n", subsets_tried, mixtures_tried,
                  rebuilds_tried);
}

unsigned cards_of(size_t at[HAND_CARDS_MAX], unsigned group)
{
    unsigned count = 0;
    for (size_t i = 0; i < hand.cards_len; i++) {
        if (hand.cards[i].group == group) {
            at[count++] = i;
        }
    }
    return count;
}

void shares_of(struct qrt_slip39_share *shares, const size_t *at, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        enum qrt_card_reason why;
        assert_int_equal(qrt_card_get_share(&shares[i], &why, &hand.cards[at[i]], NULL), QRT_OK);
    }
}

void gather_some(struct qrt_gather *gather, const size_t *at, unsigned subset, unsigned groups)
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

void try_subsets(struct trial *trial)
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

void split_of(struct split *split, const size_t *at, unsigned t, unsigned n)
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

void mix(const struct split *old, const struct split *new)
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

void policy_of(struct qrt_policy *policy, unsigned group, unsigned t, unsigned n)
{
    *policy = (struct qrt_policy){0};
    for (unsigned g = 0; g < QRT_GROUPS; g++) {
        policy->groups[g].threshold = g == group ? t : OTHER_T;
        policy->groups[g].count = g == group ? n : OTHER_N;
    }
}
