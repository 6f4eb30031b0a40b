/* Cards judged and put together, on a state made by hand: what the command
 * cannot be brought to yet (re-issue and re-key are not in it) is made here. */
#include "unit/hand_vault.h"

#include <stdbool.h>

static struct hand_vault hand;
static char texts[HAND_CARDS_MAX][QRT_CARD_TEXT_CHARS + 1];
static char words[HAND_CARDS_MAX][QRT_SLIP39_CARD_WORDS * (QRT_SLIP39_WORD_CHARS + 1) + 1];

static int set_up(void **state)
{
    (void)state;
    hand_make(&hand, 2, 3, 2, 3);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    hand_free(&hand);
    return 0;
}

static const char *code_of(size_t at)
{
    assert_int_equal(qrt_card_text(texts[at], &hand.cards[at], NULL), QRT_OK);
    return texts[at];
}

static const char *words_of(size_t at)
{
    uint16_t indices[QRT_SLIP39_CARD_WORDS];
    assert_int_equal(qrt_slip39_words_unpack(indices, hand.cards[at].share, NULL), QRT_OK);
    words[at][0] = '\0';
    for (size_t i = 0; i < QRT_SLIP39_CARD_WORDS; i++) {
        char word[QRT_SLIP39_WORD_CHARS + 1];
        (void)qrt_slip39_word(word, indices[i]);
        strcat(words[at], word);
        strcat(words[at], " ");
    }
    return words[at];
}

/* What is said of the last of these texts (NULL ends them), and its serial. */
static enum qrt_card_reason said_of(uint32_t *serial, const char *const *list)
{
    struct hand_ui ui;
    hand_ui_make(&ui);
    for (; *list != NULL; list++) {
        ui.texts[ui.len++] = *list;
    }
    QRT_GATHER gather = {0};
    assert_int_equal(qrt_gather_init(&gather, &hand.vault, QRT_GATHER_BOTH, NULL), QRT_OK);
    assert_int_equal(qrt_gather_all(&gather, &ui.ui, NULL), QRT_OK);
    assert_int_equal(gather.judged_len, ui.len);
    *serial = gather.judged[ui.len - 1].serial;
    return gather.judged[ui.len - 1].reason;
}

static void expect(enum qrt_card_reason reason, uint32_t serial, const char *before,
                   const char *text)
{
    const char *one[] = {text, NULL};
    const char *two[] = {before, text, NULL};
    uint32_t said;
    assert_int_equal(said_of(&said, before == NULL ? one : two), reason);
    assert_int_equal(said, serial);
}

static void a_live_card_is_fine_by_code_and_by_words(void **state)
{
    (void)state;
    expect(QRT_CARD_FINE, 2, NULL, code_of(1));
    expect(QRT_CARD_FINE, 5, NULL, words_of(4));
}

static void a_card_of_a_former_generation_is_named_so(void **state)
{
    (void)state;
    hand_add_generation(&hand);
    expect(QRT_CARD_FORMER_GENERATION, 2, NULL, code_of(1));
    expect(QRT_CARD_FORMER_GENERATION, 2, NULL, words_of(1));
    expect(QRT_CARD_FINE, 8, NULL, code_of(7));
    expect(QRT_CARD_FINE, 8, NULL, words_of(7));
}

static void a_card_of_a_former_edition_is_named_so(void **state)
{
    (void)state;
    hand_reissue(&hand, QRT_GROUP_MFA);
    expect(QRT_CARD_FORMER_EDITION, 4, NULL, code_of(3));
    expect(QRT_CARD_FORMER_EDITION, 4, NULL, words_of(3));
    expect(QRT_CARD_FINE, 7, NULL, code_of(6));
    expect(QRT_CARD_FINE, 1, NULL, code_of(0)); /* the other group goes on */
}

static void a_code_names_its_card_by_that_cards_signature_alone(void **state)
{
    (void)state;
    hand_reissue(&hand, QRT_GROUP_MFA);
    hand.cards[3].signature[5] ^= 1;
    expect(QRT_CARD_FORMER_EDITION, 0, NULL, code_of(3));
    /* The serial of a card that counts does not make it that card. */
    hand.cards[4].serial = 7;
    expect(QRT_CARD_FORMER_EDITION, 0, NULL, code_of(4));
    expect(QRT_CARD_FORMER_EDITION, 6, NULL, code_of(5));
}

static void a_card_of_a_vault_put_back_is_newer_than_it(void **state)
{
    (void)state;
    hand_add_generation(&hand);
    hand.vault.state.keys.len = 1;
    hand.vault.state.cards.len = 6;
    hand.vault.state.editions.len = 2;
    expect(QRT_CARD_NEWER_THAN_VAULT, 0, NULL, code_of(7));
    expect(QRT_CARD_OTHER_VAULT, 0, NULL, words_of(7)); /* words name no vault */
    /* A replacement of the same edition, which this vault has not heard of. */
    struct qrt_card *card = &hand.cards[0];
    hand_free(&hand);
    hand_make(&hand, 2, 3, 2, 3);
    card->serial = 77;
    assert_int_equal(qrt_card_sign(card, hand.issuing[0], NULL), QRT_OK);
    expect(QRT_CARD_NEWER_THAN_VAULT, 0, NULL, code_of(0));
}

static void a_void_card_is_named_so(void **state)
{
    (void)state;
    hand_row(&hand, 0)->voided = 9;
    expect(QRT_CARD_VOID, 1, NULL, code_of(0));
    expect(QRT_CARD_VOID, 1, NULL, words_of(0));
}

static enum qrt_code answer_suspect(void *ctx, struct qrt_buf *out,
                                    const struct qrt_question *question, struct qrt_err *err)
{
    (void)ctx;
    bool first = strcmp(question->key, "accept_suspect.0") == 0;
    if (!first && strcmp(question->key, "accept_suspect.1") != 0) {
        return qrt_fail(err, QRT_E_NOT_FOUND, "no more");
    }
    qrt_buf_text(out, first ? "11" : "2");
    return QRT_OK;
}

static void a_suspect_card_is_taken_only_if_somebody_says_so(void **state)
{
    (void)state;
    hand_row(&hand, 0)->suspect = hand_row(&hand, 1)->suspect = 9;
    static const unsigned sets[] = {QRT_GATHER_SINGLY, 1U << QRT_GROUP_PASSWORD, QRT_GATHER_BOTH};
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        unsigned groups = sets[i];
        struct hand_ui ui;
        hand_ui_make(&ui);
        ui.ui.ask_line = answer_suspect;
        ui.texts[ui.len++] = code_of(0);
        ui.texts[ui.len++] = code_of(1);
        ui.texts[ui.len++] = code_of(2);
        QRT_GATHER gather = {0};
        assert_int_equal(qrt_gather_init(&gather, &hand.vault, groups, NULL), QRT_OK);
        assert_int_equal(qrt_gather_all(&gather, &ui.ui, NULL), QRT_OK);
        bool alone = groups == QRT_GATHER_SINGLY;
        assert_int_equal(gather.judged[0].reason, alone ? QRT_CARD_FINE : QRT_CARD_SUSPECT);
        assert_int_equal(gather.judged[1].reason, QRT_CARD_FINE);
        assert_true(gather.judged[1].suspect);
        assert_int_equal(gather.judged[2].reason, QRT_CARD_FINE);
        assert_false(gather.judged[2].suspect);
        assert_int_equal(gather.count[QRT_GROUP_PASSWORD], alone ? 3 : 2);
    }
}

static void of_copies_the_lowest_live_one_is_named_by_its_words(void **state)
{
    (void)state;
    hand_free(&hand);
    hand_make(&hand, 1, 3, 2, 2);
    expect(QRT_CARD_FINE, 1, NULL, words_of(2));
    hand_row(&hand, 0)->voided = 9;
    expect(QRT_CARD_FINE, 2, NULL, words_of(2));
    hand_row(&hand, 1)->voided = 9;
    hand_row(&hand, 2)->voided = 9;
    expect(QRT_CARD_VOID, 1, NULL, words_of(0));
}

static void one_person_counts_once(void **state)
{
    (void)state;
    strcpy(hand_row(&hand, 1)->custodian, hand_row(&hand, 0)->custodian);
    strcpy(hand_row(&hand, 5)->custodian, hand_row(&hand, 0)->custodian);
    expect(QRT_CARD_SAME_PERSON, 2, code_of(0), code_of(1));
    expect(QRT_CARD_SAME_PERSON, 6, code_of(0), code_of(5));
    expect(QRT_CARD_SAME_PERSON, 6, code_of(0), words_of(5));
    expect(QRT_CARD_DUPLICATE, 1, code_of(0), words_of(0));
}

static void a_signed_card_that_was_never_committed_to_is_a_mismatch(void **state)
{
    (void)state;
    struct hand_vault other = hand;
    struct qrt_slip39_share shares[QRT_GROUPS * QRT_GROUP_MEMBERS_MAX];
    uint8_t halves[QRT_GROUPS * 32];
    (void)hand_split(&other, shares, halves);
    assert_int_equal(qrt_card_put_share(&hand.cards[0], &shares[0], NULL), QRT_OK);
    expect(QRT_CARD_FORGED, 0, NULL, code_of(0));
    assert_int_equal(qrt_card_sign(&hand.cards[0], hand.issuing[0], NULL), QRT_OK);
    expect(QRT_CARD_MISMATCH, 1, NULL, code_of(0));
    expect(QRT_CARD_MISMATCH, 0, NULL, words_of(0));
}

/* The key from both groups' first two cards. */
static enum qrt_code key_from_first_two(struct qrt_secret *key)
{
    struct hand_ui ui;
    hand_ui_make(&ui);
    static const size_t cards[] = {0, 1, 3, 4};
    for (size_t i = 0; i < 4; i++) {
        ui.texts[ui.len++] = code_of(cards[i]);
    }
    QRT_GATHER gather = {0};
    assert_int_equal(qrt_gather_init(&gather, &hand.vault, QRT_GATHER_BOTH, NULL), QRT_OK);
    assert_int_equal(qrt_gather_all(&gather, &ui.ui, NULL), QRT_OK);
    return qrt_gather_key(key, &gather, NULL);
}

static void a_half_or_key_that_the_log_did_not_publish_is_tampering(void **state)
{
    (void)state;
    struct qrt_key_row *row = QRT_ROW(&hand.vault.state, keys, qrt_key_row, 0);
    QRT_SECRET key = {0};
    assert_int_equal(key_from_first_two(&key), QRT_OK);
    assert_memory_equal(key.data, hand.key, 32);
    qrt_secret_wipe(&key);
    uint8_t *checks[] = {row->key_check, row->group_check[0], row->group_check[1]};
    for (size_t i = 0; i < 3; i++) {
        checks[i][7] ^= 1;
        assert_int_equal(key_from_first_two(&key), QRT_E_TAMPERED);
        assert_null(key.data);
        checks[i][7] ^= 1;
    }
    assert_int_equal(key_from_first_two(&key), QRT_OK);
    qrt_secret_wipe(&key);
}

static void where_one_group_comes_alone_the_other_counts_for_nothing(void **state)
{
    (void)state;
    struct hand_ui ui;
    hand_ui_make(&ui);
    static const size_t cards[] = {3, 0, 1, 4};
    for (size_t i = 0; i < 4; i++) {
        ui.texts[ui.len++] = code_of(cards[i]);
    }
    QRT_GATHER gather = {0};
    uint8_t half[32];
    assert_int_equal(qrt_gather_init(&gather, &hand.vault, 1U << QRT_GROUP_PASSWORD, NULL), QRT_OK);
    assert_int_equal(qrt_gather_all(&gather, &ui.ui, NULL), QRT_OK);
    assert_int_equal(gather.judged[0].reason, QRT_CARD_OTHER_GROUP);
    assert_int_equal(gather.judged[0].serial, 4);
    assert_int_equal(gather.judged[3].reason, QRT_CARD_OTHER_GROUP);
    assert_int_equal(gather.count[QRT_GROUP_MFA], 0);
    assert_true(qrt_gather_complete(&gather));
    assert_int_equal(qrt_gather_half(half, &gather, QRT_GROUP_PASSWORD, NULL), QRT_OK);
    assert_int_equal(qrt_gather_half(half, &gather, QRT_GROUP_MFA, NULL), QRT_E_QUORUM);
}

static void a_card_that_comes_when_the_shares_are_wiped_is_judged_alone(void **state)
{
    (void)state;
    struct hand_ui ui;
    hand_ui_make(&ui);
    ui.texts[ui.len++] = code_of(2);
    ui.texts[ui.len++] = code_of(2);
    QRT_GATHER gather = {0};
    assert_int_equal(qrt_gather_init(&gather, &hand.vault, 1U << QRT_GROUP_PASSWORD, NULL), QRT_OK);
    qrt_secret_wipe(&gather.shares);
    assert_int_equal(qrt_gather_all(&gather, &ui.ui, NULL), QRT_OK);
    assert_int_equal(gather.judged[0].reason, QRT_CARD_FINE);
    assert_int_equal(gather.judged[1].reason, QRT_CARD_DUPLICATE);
    assert_null(gather.shares.data);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_live_card_is_fine_by_code_and_by_words),
        TEST(a_card_of_a_former_generation_is_named_so),
        TEST(a_card_of_a_former_edition_is_named_so),
        TEST(a_code_names_its_card_by_that_cards_signature_alone),
        TEST(a_card_of_a_vault_put_back_is_newer_than_it),
        TEST(a_void_card_is_named_so),
        TEST(a_suspect_card_is_taken_only_if_somebody_says_so),
        TEST(of_copies_the_lowest_live_one_is_named_by_its_words),
        TEST(one_person_counts_once),
        TEST(a_signed_card_that_was_never_committed_to_is_a_mismatch),
        TEST(a_half_or_key_that_the_log_did_not_publish_is_tampering),
        TEST(where_one_group_comes_alone_the_other_counts_for_nothing),
        TEST(a_card_that_comes_when_the_shares_are_wiped_is_judged_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
