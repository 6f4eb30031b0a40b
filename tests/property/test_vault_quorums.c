/* Promise: only a quorum of both groups opens. All thresholds and numbers of
 * two groups up to a limit (4; the first argument sets another), copies of a
 * threshold of one included; every subset of the cards, judged as an opening
 * judges them: exactly the quorums form the vault's key. */
#include "unit/hand_vault.h"

#include <stdbool.h>

static unsigned members_max = 4;
static unsigned long subsets_tried;
static unsigned long quorums_opened;

static void try_subset(struct hand_vault *hand, char (*texts)[QRT_CARD_TEXT_CHARS + 1],
                       unsigned subset)
{
    const struct qrt_group_rule *rules = hand->vault.state.groups;
    struct hand_ui ui;
    unsigned count[QRT_GROUPS] = {0};
    hand_ui_make(&ui);
    for (unsigned i = 0; i < hand->cards_len; i++) {
        if ((subset >> i & 1) != 0) {
            ui.texts[ui.len++] = texts[i];
            count[hand->cards[i].group]++;
        }
    }
    QRT_GATHER gather = {0};
    QRT_SECRET key = {0};
    assert_int_equal(qrt_gather_init(&gather, &hand->vault, QRT_GATHER_BOTH, NULL), QRT_OK);
    assert_int_equal(qrt_gather_all(&gather, &ui.ui, NULL), QRT_OK);
    assert_false(qrt_gather_any_refused(&gather));
    bool quorum = true;
    for (unsigned g = 0; g < QRT_GROUPS; g++) {
        uint8_t half[32];
        bool whole = count[g] >= rules[g].threshold;
        assert_int_equal(qrt_gather_missing(&gather, g), whole ? 0 : rules[g].threshold - count[g]);
        assert_int_equal(qrt_gather_half(half, &gather, g, NULL), whole ? QRT_OK : QRT_E_QUORUM);
        quorum = quorum && whole;
    }
    assert_int_equal(qrt_gather_key(&key, &gather, NULL), quorum ? QRT_OK : QRT_E_QUORUM);
    assert_true(quorum ? memcmp(key.data, hand->key, 32) == 0 : key.data == NULL);
    subsets_tried++;
    quorums_opened += quorum;
}

static void exactly_the_quorums_form_the_key(void **state)
{
    (void)state;
    static struct hand_vault hand;
    static char texts[HAND_CARDS_MAX][QRT_CARD_TEXT_CHARS + 1];
    for (unsigned n0 = 1; n0 <= members_max; n0++) {
        for (unsigned t0 = 1; t0 <= n0; t0++) {
            for (unsigned n1 = 1; n1 <= members_max; n1++) {
                for (unsigned t1 = 1; t1 <= n1; t1++) {
                    hand_make(&hand, t0, n0, t1, n1);
                    for (size_t i = 0; i < hand.cards_len; i++) {
                        assert_int_equal(qrt_card_text(texts[i], &hand.cards[i], NULL), QRT_OK);
                    }
                    for (unsigned subset = 0; subset < 1u << (n0 + n1); subset++) {
                        try_subset(&hand, texts, subset);
                    }
                    hand_free(&hand);
                }
            }
        }
    }
    print_message("%lu subsets, %lu of them quorums\n", subsets_tried, quorums_opened);
    assert_true(quorums_opened > 0);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        members_max = (unsigned)atoi(argv[1]);
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(exactly_the_quorums_form_the_key)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
