#include "unit.h"

#include "card/typed.h"
#include "cli/words_entry.h"
#include "split/words.h"

struct fixture {
    uint16_t words[QRT_SLIP39_CARD_WORDS];
    uint16_t rows[QRT_ROWS_WORDS];
    struct qrt_words_entry entry;
    struct qrt_words_view view;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    static const struct qrt_slip39_plan plan = {.identifier = 4711,
                                                .extendable = true,
                                                .group_threshold = 2,
                                                .group_count = 2,
                                                .groups = {{2, 3}, {2, 2}}};
    static const uint8_t secret[32] = "0123456789abcdef0123456789abcde";
    struct qrt_slip39_share shares[5] = {0};
    uint8_t group_shares[64];
    uint16_t words[QRT_SLIP39_WORDS_MAX];
    size_t count;
    assert_int_equal(
        qrt_slip39_split(shares, group_shares, &plan, secret, sizeof secret, NULL, 0, NULL),
        QRT_OK);
    assert_int_equal(qrt_slip39_share_encode(words, &count, &shares[4], NULL), QRT_OK);
    memcpy(f->words, words, sizeof f->words);
    qrt_rows_add(f->rows, f->words);
    assert_int_equal(qrt_words_entry_init(&f->entry, NULL), QRT_OK);
    qrt_words_entry_view(&f->view, &f->entry);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    qrt_words_entry_wipe(&f->entry);
    free(f);
    return 0;
}

static enum qrt_words_state press(struct fixture *f, int key)
{
    enum qrt_words_state state = qrt_words_entry_key(&f->entry, key);
    qrt_words_entry_view(&f->view, &f->entry);
    assert_int_equal(f->view.state, state);
    return state;
}

static enum qrt_words_state type(struct fixture *f, const char *text)
{
    for (; *text != '\0'; text++) {
        press(f, (unsigned char)*text);
    }
    return f->view.state;
}

/* Four letters and Enter. */
static enum qrt_words_state type_word(struct fixture *f, uint16_t word)
{
    for (size_t i = 0; i < 4; i++) {
        press(f, qrt_words_list[word][i]);
    }
    assert_int_equal(f->view.state, QRT_WORDS_CONFIRM);
    assert_int_equal(strncmp(f->view.completion, qrt_words_list[word], 8), 0);
    return press(f, QRT_KEY_ENTER);
}

static enum qrt_words_state type_words(struct fixture *f, const uint16_t *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        type_word(f, words[i]);
    }
    return f->view.state;
}

static void assert_at(const struct fixture *f, char row, unsigned position)
{
    assert_int_equal(f->view.row, row - 'A');
    assert_int_equal(f->view.position, position);
}

/* A word that stands nowhere else in the row. */
static uint16_t another(uint16_t word)
{
    return (uint16_t)((word + 333) % 1024);
}

static void assert_result(struct fixture *f, const uint16_t words[static QRT_SLIP39_CARD_WORDS])
{
    QRT_SECRET text = {0};
    uint16_t read[QRT_SLIP39_CARD_WORDS];
    enum qrt_card_reason reason;
    assert_int_equal(f->view.state, QRT_WORDS_DONE);
    assert_int_equal(qrt_secret_init(&text, 1024, NULL), QRT_OK);
    assert_int_equal(qrt_words_entry_text(&text, &f->entry, NULL), QRT_OK);
    assert_int_equal(qrt_typed_parse(read, &reason, (const char *)text.data, text.len_bytes, NULL),
                     QRT_OK);
    assert_memory_equal(read, words, sizeof read);
}

static void assert_line(struct fixture *f, const char *line)
{
    QRT_SECRET text = {0};
    assert_int_equal(f->view.state, QRT_WORDS_LINE_DONE);
    assert_int_equal(qrt_secret_init(&text, QRT_WORDS_LINE_MAX, NULL), QRT_OK);
    assert_int_equal(qrt_words_entry_text(&text, &f->entry, NULL), QRT_OK);
    assert_int_equal(text.len_bytes, strlen(line));
    assert_memory_equal(text.data, line, text.len_bytes);
}

static void a_card_is_typed_with_four_letters_a_word(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < QRT_ROWS_WORDS; i++) {
        assert_at(f, (char)('A' + i / 4), i % 4);
        assert_string_equal(f->view.message, "");
        type_word(f, f->rows[i]);
    }
    assert_result(f, f->words);
    assert_int_equal(f->view.unchecked_rows, 0);
}

static void a_card_is_typed_whole_with_row_letters_in_either_case(void **state)
{
    struct fixture *f = *state;
    static const char *const ends[] = {" ", ": ", ".", ")  ", "\t"};
    for (size_t i = 0; i < QRT_ROWS_WORDS; i++) {
        char word[9] = "";
        memcpy(word, qrt_words_list[f->rows[i]], 8);
        word[0] = (char)(word[0] & ~0x20);
        if (i % 4 == 0 && i % 3 != 0) {
            press(f, (int)('A' + i / 4) | (i % 8 == 0 ? 0x20 : 0));
            type(f, ends[i % 5]);
            assert_string_equal(f->view.message, "");
        }
        type(f, word);
        type(f, i % 2 == 0 ? " " : "\r");
    }
    assert_result(f, f->words);
}

static void a_word_waits_shown_whole_until_it_is_confirmed(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(type(f, "aca"), QRT_WORDS_TYPING);
    assert_string_equal(f->view.completion, "");
    assert_int_equal(type(f, "d"), QRT_WORDS_CONFIRM);
    assert_string_equal(f->view.completion, "academic");
    assert_string_equal(f->view.typed, "acad");
    assert_string_equal(f->view.words[0], "");
    assert_int_equal(press(f, QRT_KEY_BACKSPACE), QRT_WORDS_TYPING);
    assert_string_equal(f->view.completion, "");
    assert_int_equal(type(f, "de"), QRT_WORDS_CONFIRM);
    assert_int_equal(type(f, "x"), QRT_WORDS_TYPING);
    assert_string_equal(f->view.message, "row A, word 1 is not in the word list");
    assert_int_equal(press(f, QRT_KEY_ENTER), QRT_WORDS_TYPING);
    assert_at(f, 'A', 0);
    press(f, QRT_KEY_BACKSPACE);
    assert_int_equal(press(f, ' '), QRT_WORDS_TYPING);
    assert_at(f, 'A', 1);
    assert_string_equal(f->view.words[0], "academic");
}

static void an_unknown_word_is_placed_and_near_words_are_named(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *typed;
        const char *meant;
    } slips[] = {
        {"acdaemic", "academic"},  /* exchanged */
        {"academc", "academic"},   /* too few */
        {"acadexmic", "academic"}, /* too many */
        {"acedemic", "academic"},  /* another */
        {"acda", "academic"},      /* its first four, exchanged */
        {"zeor", "zero"},
    };
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++) {
        bool named = false;
        qrt_words_entry_restart(&f->entry);
        type_words(f, f->rows, 4);
        type(f, slips[i].typed);
        assert_int_equal(press(f, QRT_KEY_ENTER), QRT_WORDS_TYPING);
        assert_string_equal(f->view.message, "row B, word 4 is not in the word list");
        assert_string_equal(f->view.typed, slips[i].typed);
        assert_in_range(f->view.near_len, 1, QRT_NEAR_MAX);
        for (size_t j = 0; j < f->view.near_len; j++) {
            named |= strcmp(f->view.near[j], slips[i].meant) == 0;
        }
        assert_true(named);
    }
    qrt_words_entry_restart(&f->entry);
    type_words(f, f->rows, 3);
    type(f, "qzqz");
    assert_string_equal(f->view.message, "row A: its check word is not in the word list");
    assert_int_equal(f->view.near_len, 0);
    press(f, QRT_KEY_BACKSPACE);
    assert_string_equal(f->view.message, "");
}

static void one_wrong_word_is_mended_without_the_rest(void **state)
{
    struct fixture *f = *state;
    type_words(f, f->rows, 12);
    type_word(f, f->rows[12]);
    type_word(f, another(f->rows[13]));
    type_word(f, f->rows[14]);
    assert_int_equal(type_word(f, f->rows[15]), QRT_WORDS_ROW_WRONG);
    assert_at(f, 'D', 0);
    assert_string_equal(f->view.message, "row D does not agree with its check word");
    assert_int_equal(strncmp(f->view.words[1], qrt_words_list[another(f->rows[13])], 8), 0);
    assert_int_equal(press(f, 'x'), QRT_WORDS_ROW_WRONG);
    assert_string_equal(f->view.message, "row D does not agree with its check word");
    assert_int_equal(press(f, '2'), QRT_WORDS_TYPING);
    assert_at(f, 'D', 1);
    assert_string_equal(f->view.words[1], "");
    assert_int_equal(strncmp(f->view.words[3], qrt_words_list[f->rows[15]], 8), 0);
    type_word(f, f->rows[13]);
    assert_at(f, 'E', 0);
    type_words(f, f->rows + 16, QRT_ROWS_WORDS - 16);
    assert_result(f, f->words);
}

static void a_wrong_row_is_left_by_its_own_doors_only(void **state)
{
    struct fixture *f = *state;
    type_words(f, f->rows, 3);
    assert_int_equal(type_word(f, another(f->rows[3])), QRT_WORDS_ROW_WRONG);
    press(f, '1');
    type_word(f, f->rows[0]);
    assert_int_equal(f->view.state, QRT_WORDS_ROW_WRONG);
    press(f, '4');
    press(f, QRT_KEY_ESCAPE);
    assert_int_equal(f->view.state, QRT_WORDS_ROW_WRONG);
    assert_int_equal(press(f, QRT_KEY_ESCAPE), QRT_WORDS_CONFIRM);
    assert_at(f, 'A', 3);
    assert_int_equal(press(f, QRT_KEY_ENTER), QRT_WORDS_ROW_WRONG);
    press(f, 'R');
    assert_at(f, 'A', 0);
    assert_string_equal(f->view.words[3], "");
    type_words(f, f->rows, QRT_ROWS_WORDS);
    assert_result(f, f->words);
}

static void a_slip_by_a_row_is_named(void **state)
{
    struct fixture *f = *state;
    type_words(f, f->rows, 4);
    assert_int_equal(type_words(f, f->rows + 8, 4), QRT_WORDS_ROW_WRONG);
    assert_string_equal(
        f->view.message,
        "row B does not agree with its check word; these words would agree as row C");
    press(f, 'r');
    type_words(f, f->rows + 4, QRT_ROWS_WORDS - 4);
    assert_result(f, f->words);
}

static void going_back_opens_words_one_by_one(void **state)
{
    struct fixture *f = *state;
    press(f, QRT_KEY_UP);
    assert_string_equal(f->view.message, "this is the first word");
    type_words(f, f->rows, 5);
    type(f, "ac");
    press(f, QRT_KEY_ESCAPE);
    assert_at(f, 'B', 0);
    assert_int_equal(f->view.state, QRT_WORDS_CONFIRM);
    assert_int_equal(strncmp(f->view.typed, qrt_words_list[f->rows[4]], 8), 0);
    press(f, QRT_KEY_UP);
    press(f, '<');
    assert_at(f, 'A', 2);
    assert_string_equal(f->view.words[3], "");
    while (f->view.typed_len_bytes > 0) {
        press(f, QRT_KEY_BACKSPACE);
    }
    press(f, QRT_KEY_BACKSPACE);
    assert_at(f, 'A', 2);
    type_words(f, f->rows + 2, QRT_ROWS_WORDS - 2);
    assert_result(f, f->words);
}

static void a_check_word_that_cannot_be_read_is_left_out(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < QRT_ROWS_WORDS; i++) {
        if (i % 4 == 3) {
            press(f, '?');
        } else {
            type_word(f, f->rows[i]);
        }
    }
    assert_result(f, f->words);
    assert_int_equal(f->view.unchecked_rows, 0x7ff);
    qrt_words_entry_restart(&f->entry);
    type(f, "?");
    assert_string_equal(f->view.message, "words have letters only");
}

static void what_no_row_shows_the_whole_shows_and_any_row_is_mended(void **state)
{
    struct fixture *f = *state;
    type_words(f, f->rows, 8);
    type_word(f, another(f->rows[8]));
    type_words(f, f->rows + 9, 2);
    press(f, '?');
    assert_int_equal(type_words(f, f->rows + 12, QRT_ROWS_WORDS - 12), QRT_WORDS_SHARE_WRONG);
    assert_int_equal(f->view.unchecked_rows, 1U << 2);
    assert_non_null(strstr(f->view.message, "without a check word"));
    assert_int_equal(press(f, QRT_KEY_ENTER), QRT_WORDS_SHARE_WRONG);
    assert_int_equal(press(f, 'e'), QRT_WORDS_ROW_SHOWN);
    assert_at(f, 'E', 0);
    assert_int_equal(press(f, 'C'), QRT_WORDS_ROW_SHOWN);
    assert_string_equal(f->view.words[3], "");
    press(f, '4');
    assert_int_equal(type_word(f, f->rows[11]), QRT_WORDS_ROW_WRONG);
    assert_at(f, 'C', 0);
    press(f, '1');
    type_word(f, f->rows[8]);
    assert_result(f, f->words);
    assert_int_equal(f->view.unchecked_rows, 0);
}

/* Two wrong words that one check word does not tell: α·a = α²·b. */
static void rows_that_agree_by_chance_do_not_pass(void **state)
{
    struct fixture *f = *state;
    f->rows[20] ^= 2;
    f->rows[21] ^= 1;
    assert_int_equal(type_words(f, f->rows, QRT_ROWS_WORDS), QRT_WORDS_SHARE_WRONG);
    assert_non_null(strstr(f->view.message, "each row agrees"));
    press(f, 'f');
    press(f, 'r');
    assert_at(f, 'F', 0);
    press(f, QRT_KEY_ESCAPE);
    assert_int_equal(f->view.state, QRT_WORDS_SHARE_WRONG);
    press(f, 'f');
    assert_int_equal(press(f, QRT_KEY_ESCAPE), QRT_WORDS_SHARE_WRONG);
    press(f, 'f');
    press(f, 'r');
    f->rows[20] ^= 2;
    f->rows[21] ^= 1;
    type_words(f, f->rows + 20, 4);
    assert_result(f, f->words);
}

static void a_row_letter_stands_at_its_rows_start_only(void **state)
{
    struct fixture *f = *state;
    type(f, "b ");
    assert_string_equal(f->view.message, "this is row A");
    assert_string_equal(f->view.typed, "");
    type(f, "a: a ");
    assert_string_equal(f->view.message, "each word has four letters or more");
    press(f, QRT_KEY_BACKSPACE);
    type_word(f, f->rows[0]);
    type(f, "a ");
    assert_string_equal(f->view.message, "each word has four letters or more");
    assert_at(f, 'A', 1);
}

static void a_scanner_that_types_gives_a_line(void **state)
{
    struct fixture *f = *state;
    static const char *const lines[] = {"QUORATE1:S:ABC234",    "QUORATE1:K:MZXW6",
                                        "/media/a b.png",       "./card 3.png",
                                        "~/scans/\xc3\xa9.jpg", "quorate1:s:abc"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        qrt_words_entry_restart(&f->entry);
        assert_int_equal(type(f, lines[i]), QRT_WORDS_LINE);
        assert_string_equal(f->view.typed, lines[i]);
        press(f, i % 2 == 0 ? QRT_KEY_ENTER : QRT_KEY_TAB);
        assert_line(f, lines[i]);
        press(f, 'x');
        assert_line(f, lines[i]);
    }
    qrt_words_entry_restart(&f->entry);
    type_words(f, f->rows, 6);
    type(f, "QUORATE1:S:ABC234\n");
    assert_line(f, "QUORATE1:S:ABC234");
}

static void a_line_can_be_left(void **state)
{
    struct fixture *f = *state;
    type(f, "./x");
    press(f, QRT_KEY_BACKSPACE);
    press(f, QRT_KEY_BACKSPACE);
    assert_int_equal(press(f, QRT_KEY_BACKSPACE), QRT_WORDS_TYPING);
    type(f, "QUORATE1:S:");
    assert_int_equal(press(f, QRT_KEY_ESCAPE), QRT_WORDS_TYPING);
    type(f, "quor\n");
    assert_string_equal(f->view.message, "row A, word 1 is not in the word list");
    for (unsigned i = 0; i < 4; i++) {
        press(f, QRT_KEY_BACKSPACE);
    }
    press(f, '/');
    for (unsigned i = 0; i < QRT_WORDS_LINE_MAX; i++) {
        press(f, 'x');
    }
    assert_int_equal(f->view.typed_len_bytes, QRT_WORDS_LINE_MAX);
    assert_int_equal(press(f, QRT_KEY_ENTER), QRT_WORDS_TYPING);
    assert_string_equal(f->view.message, "that was more than any code or path has");
    type_words(f, f->rows, QRT_ROWS_WORDS);
    assert_result(f, f->words);
}

static void enter_before_anything_else_is_an_empty_line(void **state)
{
    struct fixture *f = *state;
    type(f, " \t");
    assert_int_equal(f->view.state, QRT_WORDS_TYPING);
    press(f, QRT_KEY_ENTER);
    assert_line(f, "");
    qrt_words_entry_restart(&f->entry);
    type_word(f, f->rows[0]);
    assert_int_equal(press(f, QRT_KEY_ENTER), QRT_WORDS_TYPING);
}

static void nothing_comes_out_before_the_end(void **state)
{
    struct fixture *f = *state;
    QRT_SECRET text = {0};
    assert_int_equal(qrt_secret_init(&text, 16, NULL), QRT_OK);
    type_words(f, f->rows, QRT_ROWS_WORDS - 1);
    assert_int_equal(qrt_words_entry_text(&text, &f->entry, NULL), QRT_E_USAGE);
    type_word(f, f->rows[QRT_ROWS_WORDS - 1]);
    assert_int_equal(qrt_words_entry_text(&text, &f->entry, NULL), QRT_E_RANGE);
    assert_int_equal(text.len_bytes, 0);
    qrt_words_entry_wipe(&f->entry);
    qrt_words_entry_wipe(&f->entry);
}

int main(void)
{
#define ENTRY_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        ENTRY_TEST(a_card_is_typed_with_four_letters_a_word),
        ENTRY_TEST(a_card_is_typed_whole_with_row_letters_in_either_case),
        ENTRY_TEST(a_word_waits_shown_whole_until_it_is_confirmed),
        ENTRY_TEST(an_unknown_word_is_placed_and_near_words_are_named),
        ENTRY_TEST(one_wrong_word_is_mended_without_the_rest),
        ENTRY_TEST(a_wrong_row_is_left_by_its_own_doors_only),
        ENTRY_TEST(a_slip_by_a_row_is_named),
        ENTRY_TEST(going_back_opens_words_one_by_one),
        ENTRY_TEST(a_check_word_that_cannot_be_read_is_left_out),
        ENTRY_TEST(what_no_row_shows_the_whole_shows_and_any_row_is_mended),
        ENTRY_TEST(rows_that_agree_by_chance_do_not_pass),
        ENTRY_TEST(a_row_letter_stands_at_its_rows_start_only),
        ENTRY_TEST(a_scanner_that_types_gives_a_line),
        ENTRY_TEST(a_line_can_be_left),
        ENTRY_TEST(enter_before_anything_else_is_an_empty_line),
        ENTRY_TEST(nothing_comes_out_before_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
