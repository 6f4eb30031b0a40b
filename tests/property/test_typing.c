/* Promise: typing errors are caught and placed, and nothing is ever mended
 * unasked. A typist's slips, all of them where that can be done, against the
 * entry of words; the first argument seeds what is random. */
#include "unit/unit.h"

#include "cli/words_entry.h"
#include "split/words.h"

#define CHECK_WORDS QRT_ROWS_WORDS

static uint64_t seed = 6;

static unsigned draw(unsigned below)
{
    seed = seed * UINT64_C(6364136223846793005) + 1;
    return (unsigned)(seed >> 33) % below;
}

/* A card whose checksum and check words are right. */
static void draw_card(uint16_t rows[static QRT_ROWS_WORDS])
{
    uint16_t words[QRT_SLIP39_CARD_WORDS];
    for (size_t i = 0; i < QRT_SLIP39_CARD_WORDS; i++) {
        words[i] = (uint16_t)draw(1024);
    }
    words[1] |= 16;
    qrt_rs1024_append(words, QRT_SLIP39_CARD_WORDS - QRT_RS1024_WORDS, true);
    qrt_rows_add(rows, words);
}

static bool share_holds(const uint16_t rows[static QRT_ROWS_WORDS])
{
    uint16_t words[QRT_SLIP39_CARD_WORDS];
    (void)qrt_rows_strip(words, rows);
    return qrt_rs1024_holds(words, QRT_SLIP39_CARD_WORDS, true);
}

static unsigned wrong_rows(const uint16_t rows[static QRT_ROWS_WORDS])
{
    uint16_t words[QRT_SLIP39_CARD_WORDS];
    return qrt_rows_strip(words, rows);
}

static enum qrt_words_state type_word(struct qrt_words_entry *entry, uint16_t word)
{
    for (size_t i = 0; i < 4; i++) {
        (void)qrt_words_entry_key(entry, qrt_words_list[word][i]);
    }
    return qrt_words_entry_key(entry, QRT_KEY_ENTER);
}

static enum qrt_words_state type_words(struct qrt_words_entry *entry, const uint16_t *words,
                                       size_t count)
{
    enum qrt_words_state state = QRT_WORDS_TYPING;
    for (size_t i = 0; i < count; i++) {
        state = type_word(entry, words[i]);
    }
    return state;
}

static void assert_row_wrong(const struct qrt_words_entry *entry, unsigned row)
{
    struct qrt_words_view view;
    char said[64];
    qrt_words_entry_view(&view, entry);
    snprintf(said, sizeof said, "row %c does not agree with its check word", (int)('A' + row));
    if (view.state != QRT_WORDS_ROW_WRONG || view.row != row ||
        strncmp(view.message, said, strlen(said)) != 0) {
        fail_msg("row %u: state %d, row %u, %s", row, view.state, view.row, view.message);
    }
}

/* All 44 places, each with all 1,023 other words: the row says so itself. */
static void every_wrong_word_is_named_by_its_row(void **state)
{
    (void)state;
    uint16_t rows[QRT_ROWS_WORDS];
    QRT_WORDS_ENTRY entry = {0};
    unsigned tried = 0;
    draw_card(rows);
    assert_int_equal(qrt_words_entry_init(&entry, NULL), QRT_OK);
    for (unsigned row = 0; row < QRT_ROWS; row++) {
        uint16_t *first = rows + (size_t)row * 4;
        for (unsigned at = 0; at < 4; at++) {
            for (unsigned change = 1; change < 1024; change++) {
                uint16_t wrong = first[at] ^ (uint16_t)change;
                if (change == 1 && at == 0) {
                    type_word(&entry, wrong);
                    type_words(&entry, first + 1, 3);
                } else {
                    (void)qrt_words_entry_key(&entry, (int)('1' + at));
                    type_word(&entry, wrong);
                }
                assert_row_wrong(&entry, row);
                tried++;
            }
            if (at < 3) {
                /* The next place gets its wrong word while this one still has. */
                (void)qrt_words_entry_key(&entry, (int)('2' + at));
                type_word(&entry, first[at + 1] ^ 1);
                (void)qrt_words_entry_key(&entry, (int)('1' + at));
                type_word(&entry, first[at]);
                assert_row_wrong(&entry, row);
            }
        }
        (void)qrt_words_entry_key(&entry, '4');
        assert_int_equal(type_word(&entry, first[3]),
                         row + 1 < QRT_ROWS ? QRT_WORDS_TYPING : QRT_WORDS_DONE);
    }
    assert_int_equal(tried, 44 * 1023);
}

static void swap(uint16_t *a, uint16_t *b)
{
    uint16_t held = *a;
    *a = *b;
    *b = held;
}

static void every_swap_in_a_row_is_named_by_it(void **state)
{
    (void)state;
    uint16_t rows[QRT_ROWS_WORDS];
    QRT_WORDS_ENTRY entry = {0};
    unsigned tried = 0;
    assert_int_equal(qrt_words_entry_init(&entry, NULL), QRT_OK);
    for (unsigned round = 0; round < 50; round++) {
        draw_card(rows);
        for (unsigned at = 0; at + 1 < QRT_ROWS_WORDS; at++) {
            if (at % 4 == 3 || rows[at] == rows[at + 1]) {
                continue;
            }
            unsigned row = at / 4;
            qrt_words_entry_restart(&entry);
            swap(&rows[at], &rows[at + 1]);
            type_words(&entry, rows, 4 * (size_t)row + 4);
            swap(&rows[at], &rows[at + 1]);
            assert_row_wrong(&entry, row);
            tried++;
        }
    }
    assert_true(tried > 1600);
}

static void two_rows_exchanged_are_named_with_the_other(void **state)
{
    (void)state;
    uint16_t rows[QRT_ROWS_WORDS];
    QRT_WORDS_ENTRY entry = {0};
    draw_card(rows);
    assert_int_equal(qrt_words_entry_init(&entry, NULL), QRT_OK);
    for (unsigned a = 0; a < QRT_ROWS; a++) {
        for (unsigned b = a + 1; b < QRT_ROWS; b++) {
            struct qrt_words_view view;
            char other[32];
            qrt_words_entry_restart(&entry);
            type_words(&entry, rows, 4 * (size_t)a);
            type_words(&entry, rows + 4 * (size_t)b, 4);
            assert_row_wrong(&entry, a);
            qrt_words_entry_view(&view, &entry);
            snprintf(other, sizeof other, "agree as row %c", (int)('A' + b));
            assert_non_null(strstr(view.message, other));
            (void)qrt_words_entry_key(&entry, 'r');
            assert_int_equal(type_words(&entry, rows + 4 * (size_t)a, 44 - 4 * (size_t)a),
                             QRT_WORDS_DONE);
        }
    }
}

/* Two wrong words anywhere: rows and checksum together let none pass. */
static void no_pair_of_wrong_words_passes(void **state)
{
    (void)state;
    uint16_t rows[QRT_ROWS_WORDS];
    unsigned by_checksum = 0;
    draw_card(rows);
    for (unsigned i = 0; i < 1000000; i++) {
        unsigned a = draw(CHECK_WORDS);
        unsigned b = draw(CHECK_WORDS);
        uint16_t in_a = (uint16_t)(1 + draw(1023));
        uint16_t in_b = (uint16_t)(1 + draw(1023));
        if (a == b) {
            continue;
        }
        rows[a] ^= in_a;
        rows[b] ^= in_b;
        bool seen_by_rows = wrong_rows(rows) != 0;
        if (!seen_by_rows && share_holds(rows)) {
            fail_msg("places %u and %u, changed by %u and %u", a, b, in_a, in_b);
        }
        by_checksum += !seen_by_rows;
        rows[a] ^= in_a;
        rows[b] ^= in_b;
    }
    /* Control: the rows alone would let some pass. */
    assert_true(by_checksum > 0);
}

/* And as a typist sees it: the card does not end while a word is wrong. */
static void no_pair_of_wrong_words_ends_a_card(void **state)
{
    (void)state;
    uint16_t rows[QRT_ROWS_WORDS];
    QRT_WORDS_ENTRY entry = {0};
    assert_int_equal(qrt_words_entry_init(&entry, NULL), QRT_OK);
    for (unsigned i = 0; i < 500; i++) {
        draw_card(rows);
        unsigned a = draw(CHECK_WORDS);
        unsigned b = draw(CHECK_WORDS);
        rows[a] ^= (uint16_t)(1 + draw(1023));
        rows[b] ^= a == b ? 0 : (uint16_t)(1 + draw(1023));
        qrt_words_entry_restart(&entry);
        for (unsigned row = 0; row < QRT_ROWS; row++) {
            if (type_words(&entry, rows + 4 * (size_t)row, 4) == QRT_WORDS_ROW_WRONG) {
                assert_true(row == a / 4 || row == b / 4);
                /* A stubborn typist says that the check word cannot be read. */
                (void)qrt_words_entry_key(&entry, '?');
            }
        }
        struct qrt_words_view view;
        qrt_words_entry_view(&view, &entry);
        bool only_checks = a % 4 == 3 && b % 4 == 3;
        assert_int_equal(view.state, only_checks ? QRT_WORDS_DONE : QRT_WORDS_SHARE_WRONG);
    }
}

static void without_check_words_up_to_three_wrong_ones_are_seen(void **state)
{
    (void)state;
    uint16_t rows[QRT_ROWS_WORDS];
    draw_card(rows);
    for (unsigned at = 0; at < CHECK_WORDS; at++) {
        for (unsigned change = 1; change < 1024 && at % 4 != 3; change++) {
            rows[at] ^= (uint16_t)change;
            assert_false(share_holds(rows));
            rows[at] ^= (uint16_t)change;
        }
    }
    for (unsigned i = 0; i < 300000; i++) {
        uint16_t wrong[QRT_ROWS_WORDS];
        memcpy(wrong, rows, sizeof wrong);
        for (unsigned j = 0; j < 3; j++) {
            unsigned at = draw(QRT_SLIP39_CARD_WORDS);
            wrong[at / 3 * 4 + at % 3] = (uint16_t)draw(1024);
        }
        bool same = memcmp(wrong, rows, sizeof wrong) == 0;
        assert_true(share_holds(wrong) == same);
    }
}

struct slips {
    unsigned tried;
    unsigned into_words; /* that are in the list as well */
    unsigned unknown;
    unsigned unnamed; /* unknown, and the word that was meant is not among the near */
};

static void judge_slip(struct slips *slips, uint16_t meant, const char *letters, size_t len)
{
    uint16_t found;
    uint16_t near[QRT_NEAR_MAX];
    slips->tried++;
    if (qrt_slip39_word_complete(&found, letters, len)) {
        slips->into_words += found != meant;
        return;
    }
    slips->unknown++;
    bool named = false;
    size_t near_len = qrt_words_near(near, letters, len);
    for (size_t i = 0; i < near_len; i++) {
        named |= near[i] == meant;
    }
    slips->unnamed += !named;
    /* Crowded out, never overlooked. */
    assert_true(named || near_len == QRT_NEAR_MAX);
}

/* Every slip in the letters of every word: either it gives no word, and the
 * one that was meant is named; or it gives another, which its row tells. */
static void the_word_that_was_meant_is_named(void **state)
{
    (void)state;
    struct slips slips = {0};
    for (uint16_t word = 0; word < 1024; word++) {
        size_t len = strnlen(qrt_words_list[word], 8);
        for (size_t at = 0; at < len; at++) {
            char letters[10] = "";
            for (char c = 'a'; c <= 'z'; c++) {
                memcpy(letters, qrt_words_list[word], len);
                letters[at] = c;
                if (at < 4 && c != qrt_words_list[word][at]) {
                    judge_slip(&slips, word, letters, 4);
                }
            }
            if (at + 1 < len) {
                memcpy(letters, qrt_words_list[word], len);
                letters[at] = qrt_words_list[word][at + 1];
                letters[at + 1] = qrt_words_list[word][at];
                judge_slip(&slips, word, letters, len);
            }
            memcpy(letters, qrt_words_list[word], at);
            memcpy(letters + at, qrt_words_list[word] + at + 1, len - at - 1);
            if (len > 4) {
                judge_slip(&slips, word, letters, len - 1);
            }
            memcpy(letters + at + 1, qrt_words_list[word] + at, len - at);
            letters[at] = 'e';
            judge_slip(&slips, word, letters, len + 1);
        }
    }
    print_message("%u slips: %u give another word, %u none; of these %u do not name the word\n",
                  slips.tried, slips.into_words, slips.unknown, slips.unnamed);
    assert_true(slips.tried > 100000);
    assert_true(slips.into_words > 1000);
    assert_true(slips.unnamed * 40 < slips.unknown);
}

/* What the typist saw whole when he confirmed it, place by place. */
struct witness {
    char words[QRT_ROWS_WORDS][9];
};

static enum qrt_words_state press(struct qrt_words_entry *entry, struct witness *witness, int key)
{
    struct qrt_words_view view;
    qrt_words_entry_view(&view, entry);
    bool confirms = view.state == QRT_WORDS_CONFIRM &&
                    (key == QRT_KEY_ENTER || key == QRT_KEY_TAB || key == ' ');
    if (confirms) {
        snprintf(witness->words[4 * view.row + view.position], 9, "%s", view.completion);
    }
    return qrt_words_entry_key(entry, key);
}

/* One key of somebody who wants this card typed and often slips. */
static int typist_key(const struct qrt_words_view *view, const uint16_t rows[static QRT_ROWS_WORDS])
{
    static const int slips[] = {QRT_KEY_ENTER,
                                QRT_KEY_TAB,
                                QRT_KEY_BACKSPACE,
                                QRT_KEY_ESCAPE,
                                QRT_KEY_UP,
                                ' ',
                                '<',
                                'r',
                                'x',
                                'e',
                                '1',
                                '2',
                                '3',
                                '4',
                                'a',
                                'K',
                                QRT_KEY_ENTER,
                                QRT_KEY_ESCAPE,
                                's',
                                '-'};
    const char *word = qrt_words_list[rows[4 * view->row + view->position]];
    if (draw(25) == 0) {
        return slips[draw(sizeof slips / sizeof slips[0])];
    }
    switch (view->state) {
    case QRT_WORDS_LINE:
        return QRT_KEY_ESCAPE;
    case QRT_WORDS_ROW_WRONG:
    case QRT_WORDS_ROW_SHOWN:
        for (unsigned i = 0; i < 4; i++) {
            if (strncmp(view->words[i], qrt_words_list[rows[4 * view->row + i]], 8) != 0) {
                return (int)('1' + i);
            }
        }
        return (int)('A' + draw(QRT_ROWS));
    case QRT_WORDS_SHARE_WRONG:
        return (int)('A' + draw(QRT_ROWS));
    case QRT_WORDS_CONFIRM:
        return strncmp(view->completion, word, 8) == 0 ? QRT_KEY_ENTER : QRT_KEY_BACKSPACE;
    default:
        return view->typed_len_bytes < 4 && strncmp(view->typed, word, view->typed_len_bytes) == 0
                   ? word[view->typed_len_bytes]
                   : QRT_KEY_BACKSPACE;
    }
}

static void assert_text_is_what_was_confirmed(const struct qrt_words_entry *entry,
                                              const struct witness *witness)
{
    QRT_SECRET text = {0};
    char confirmed[QRT_ROWS_WORDS * 9] = "";
    assert_int_equal(qrt_secret_init(&text, 512, NULL), QRT_OK);
    assert_int_equal(qrt_words_entry_text(&text, entry, NULL), QRT_OK);
    for (size_t i = 0; i < QRT_ROWS_WORDS; i++) {
        if (i % 4 != 3) {
            strcat(confirmed, witness->words[i]);
            strcat(confirmed, i == 42 ? "" : " ");
        }
    }
    assert_int_equal(text.len_bytes, strlen(confirmed));
    assert_memory_equal(text.data, confirmed, text.len_bytes);
}

static void what_comes_out_was_seen_and_confirmed(void **state)
{
    (void)state;
    QRT_WORDS_ENTRY entry = {0};
    unsigned long keys = 0;
    unsigned lines = 0;
    assert_int_equal(qrt_words_entry_init(&entry, NULL), QRT_OK);
    for (unsigned card = 0; card < 300; card++) {
        uint16_t rows[QRT_ROWS_WORDS];
        struct witness witness = {0};
        struct qrt_words_view view;
        draw_card(rows);
        qrt_words_entry_restart(&entry);
        qrt_words_entry_view(&view, &entry);
        while (view.state != QRT_WORDS_DONE) {
            press(&entry, &witness, typist_key(&view, rows));
            qrt_words_entry_view(&view, &entry);
            if (view.state == QRT_WORDS_LINE_DONE) {
                qrt_words_entry_restart(&entry);
                qrt_words_entry_view(&view, &entry);
                lines++;
            }
            keys++;
            assert_true(keys < 10000000);
        }
        assert_text_is_what_was_confirmed(&entry, &witness);
    }
    print_message("300 cards, %lu keys, %u times nothing but Enter\n", keys, lines);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        seed = strtoull(argv[1], NULL, 10);
    }
    print_message("seed %llu\n", (unsigned long long)seed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_wrong_word_is_named_by_its_row),
        cmocka_unit_test(every_swap_in_a_row_is_named_by_it),
        cmocka_unit_test(two_rows_exchanged_are_named_with_the_other),
        cmocka_unit_test(no_pair_of_wrong_words_passes),
        cmocka_unit_test(no_pair_of_wrong_words_ends_a_card),
        cmocka_unit_test(without_check_words_up_to_three_wrong_ones_are_seen),
        cmocka_unit_test(the_word_that_was_meant_is_named),
        cmocka_unit_test(what_comes_out_was_seen_and_confirmed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
