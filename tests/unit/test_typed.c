#include "unit.h"

#include "card/rows.h"
#include "card/typed.h"

#define TEXT_BYTES 2048

struct fixture {
    struct qrt_slip39_share share;
    uint16_t words[QRT_SLIP39_CARD_WORDS];
    uint16_t rows[QRT_ROWS_WORDS];
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
    f->share = shares[4];
    assert_int_equal(qrt_slip39_share_encode(words, &count, &f->share, NULL), QRT_OK);
    assert_int_equal(count, QRT_SLIP39_CARD_WORDS);
    memcpy(f->words, words, sizeof f->words);
    qrt_rows_add(f->rows, f->words);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    free(*state);
    return 0;
}

/* Words with `letters` before each row ("%c " for A to K, "" for none) and
 * `gap` between them. */
static void write_text(char text[static TEXT_BYTES], const uint16_t *words, size_t count,
                       const char *letter_end, const char *gap)
{
    size_t len = 0;
    text[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        char word[QRT_SLIP39_WORD_CHARS + 1];
        qrt_slip39_word(word, words[i]);
        if (letter_end != NULL && i % (count / 11) == 0) {
            len += (size_t)snprintf(text + len, TEXT_BYTES - len, "%c%s",
                                    (int)('A' + i / (count / 11)), letter_end);
        }
        len += (size_t)snprintf(text + len, TEXT_BYTES - len, "%s%s", word, gap);
    }
}

static enum qrt_card_reason read_text(const struct fixture *f, const char *text,
                                      struct qrt_err *err)
{
    struct qrt_card card;
    struct qrt_slip39_share share;
    enum qrt_card_reason reason;
    enum qrt_code code = qrt_card_read(&card, &share, &reason, text, strlen(text), err);
    assert_int_equal(code, reason == QRT_CARD_FINE ? QRT_OK : QRT_E_REFUSED);
    if (code == QRT_OK) {
        assert_memory_equal(&share, &f->share, sizeof share);
        assert_int_equal(card.serial, 0);
        assert_int_equal(card.group, QRT_GROUP_MFA);
        assert_int_equal(card.member_index, 1);
        assert_int_equal(card.member_threshold, 2);
        uint16_t words[QRT_SLIP39_CARD_WORDS];
        assert_int_equal(qrt_slip39_words_unpack(words, card.share, NULL), QRT_OK);
        assert_memory_equal(words, f->words, sizeof words);
    }
    return reason;
}

static void words_are_read_in_every_form_that_people_write(void **state)
{
    struct fixture *f = *state;
    static const char *const letters[] = {NULL, " ", ". ", ": ", ")\t", "\n"};
    static const char *const gaps[] = {" ", "\n", "  \t", "\r\n"};
    for (size_t i = 0; i < 6; i++) {
        for (size_t j = 0; j < 4; j++) {
            char text[TEXT_BYTES];
            write_text(text, f->words, 33, letters[i], gaps[j]);
            assert_int_equal(read_text(f, text, NULL), QRT_CARD_FINE);
            for (char *c = text; *c != '\0'; c++) {
                *c = (char)(*c >= 'a' && *c <= 'z' && j % 2 == 0 ? *c - 32 : *c);
            }
            assert_int_equal(read_text(f, text, NULL), QRT_CARD_FINE);
            write_text(text, f->rows, 44, letters[i], gaps[j]);
            assert_int_equal(read_text(f, text, NULL), QRT_CARD_FINE);
        }
    }
}

static void some_row_letters_may_stand_but_each_in_its_place(void **state)
{
    struct fixture *f = *state;
    char text[TEXT_BYTES];
    char changed[2 * TEXT_BYTES];
    struct qrt_err err;
    write_text(text, f->rows, 44, NULL, " ");
    snprintf(changed, sizeof changed, "a. %s", text);
    assert_int_equal(read_text(f, changed, NULL), QRT_CARD_FINE);
    snprintf(changed, sizeof changed, "B %s", text);
    assert_int_equal(read_text(f, changed, &err), QRT_CARD_UNREADABLE);
    assert_string_equal(err.what, "a row letter stands out of place, at row A");
    snprintf(changed, sizeof changed, "A A %s", text);
    assert_int_equal(read_text(f, changed, &err), QRT_CARD_UNREADABLE);
    snprintf(changed, sizeof changed, "%s K", text);
    assert_int_equal(read_text(f, changed, &err), QRT_CARD_UNREADABLE);
    static const char *const no_letters[] = {"L ", "A, ", "A.. ", "1 ", ". ", "- "};
    for (size_t i = 0; i < 6; i++) {
        snprintf(changed, sizeof changed, "%s%s", no_letters[i], text);
        assert_int_equal(read_text(f, changed, &err), QRT_CARD_UNREADABLE);
        assert_string_equal(err.what, "45 words, not 33, or 44 with the check words");
    }
}

static void an_unknown_word_is_placed_and_never_quoted(void **state)
{
    struct fixture *f = *state;
    static const struct {
        size_t count, at;
        const char *error;
    } rows[] = {{33, 0, "row A, word 1 is not in the word list"},
                {33, 10, "row D, word 11 is not in the word list"},
                {33, 32, "row K, word 33 is not in the word list"},
                {44, 13, "row D, word 11 is not in the word list"},
                {44, 15, "row D: its check word is not in the word list"},
                {44, 42, "row K, word 33 is not in the word list"}};
    static const char *const wrong[] = {"hunter", "acad", "academica", "acade\xc3\xa9", "a\x1b[2J"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t j = 0; j < sizeof wrong / sizeof wrong[0]; j++) {
            const uint16_t *words = rows[i].count == 33 ? f->words : f->rows;
            char text[3 * TEXT_BYTES];
            char before[TEXT_BYTES];
            char after[TEXT_BYTES] = "";
            write_text(before, words, rows[i].count, NULL, " ");
            char *cut = before;
            for (size_t k = 0; k < rows[i].at; k++) {
                cut = strchr(cut, ' ') + 1;
            }
            snprintf(after, sizeof after, "%s", strchr(cut, ' '));
            *cut = '\0';
            snprintf(text, sizeof text, "%s%s%s", before, wrong[j], after);
            struct qrt_err err;
            assert_int_equal(read_text(f, text, &err), QRT_CARD_UNKNOWN_WORD);
            assert_string_equal(err.what, rows[i].error);
        }
    }
}

static void other_numbers_of_words_are_refused(void **state)
{
    struct fixture *f = *state;
    for (size_t count = 0; count <= 44; count++) {
        char text[TEXT_BYTES];
        struct qrt_err err;
        write_text(text, f->rows, count, NULL, " ");
        if (count != 33 && count != 44) {
            assert_int_equal(read_text(f, text, &err), QRT_CARD_UNREADABLE);
        }
    }
    char many[4200];
    for (size_t i = 0; i < sizeof many; i++) {
        many[i] = i % 2 == 0 ? 'x' : ' ';
    }
    many[4000] = '\0';
    struct qrt_err err;
    assert_int_equal(read_text(f, many, &err), QRT_CARD_UNREADABLE);
    assert_string_equal(err.what, "2000 words, more than any card has");
    memset(many, ' ', sizeof many);
    many[sizeof many - 1] = '\0';
    assert_int_equal(read_text(f, many, &err), QRT_CARD_UNREADABLE);
    assert_string_equal(err.what, "more text than any card has");
}

/* Each place, each other word: with check words by its row, without them by
 * the checksum of the whole. */
static void every_wrong_word_is_seen_and_placed_where_it_can_be(void **state)
{
    struct fixture *f = *state;
    for (size_t at = 0; at < 44; at++) {
        for (unsigned word = 0; word < 1024; word += 37) {
            uint16_t held = f->rows[at];
            if (word == held) {
                continue;
            }
            char text[TEXT_BYTES];
            char expected[64];
            struct qrt_err err;
            f->rows[at] = (uint16_t)word;
            write_text(text, f->rows, 44, ". ", "\n");
            f->rows[at] = held;
            snprintf(expected, sizeof expected, "row %c: words and check word do not fit",
                     (int)('A' + at / 4));
            assert_int_equal(read_text(f, text, &err), QRT_CARD_UNREADABLE);
            assert_string_equal(err.what, expected);
        }
    }
    for (size_t at = 0; at < 33; at++) {
        for (unsigned word = 0; word < 1024; word += 37) {
            uint16_t held = f->words[at];
            char text[TEXT_BYTES];
            f->words[at] = (uint16_t)word;
            write_text(text, f->words, 33, NULL, " ");
            f->words[at] = held;
            assert_int_equal(read_text(f, text, NULL),
                             word == held ? QRT_CARD_FINE : QRT_CARD_UNREADABLE);
        }
    }
}

static void all_wrong_rows_are_named(void **state)
{
    struct fixture *f = *state;
    char text[TEXT_BYTES];
    struct qrt_err err;
    f->rows[0] ^= 1;
    f->rows[13] ^= 1;
    f->rows[43] ^= 1;
    write_text(text, f->rows, 44, NULL, " ");
    assert_int_equal(read_text(f, text, &err), QRT_CARD_UNREADABLE);
    assert_string_equal(err.what, "row A, D, K: words and check word do not fit");
    for (size_t i = 0; i < 44; i++) {
        f->rows[i] ^= i % 4 == 3 ? 512 : 0;
    }
    write_text(text, f->rows, 44, NULL, " ");
    assert_int_equal(read_text(f, text, &err), QRT_CARD_UNREADABLE);
    assert_string_equal(err.what,
                        "row A, B, C, D, E, F, G, H, I, J, K: words and check word do not fit");
}

static void words_of_another_profile_are_a_mismatch(void **state)
{
    struct fixture *f = *state;
    struct qrt_slip39_share share = f->share;
    uint16_t words[QRT_SLIP39_WORDS_MAX];
    size_t count;
    char text[TEXT_BYTES];
    share.group_count = 3;
    assert_int_equal(qrt_slip39_share_encode(words, &count, &share, NULL), QRT_OK);
    write_text(text, words, count, NULL, " ");
    assert_int_equal(read_text(f, text, NULL), QRT_CARD_MISMATCH);
}

int main(void)
{
#define TYPED_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TYPED_TEST(words_are_read_in_every_form_that_people_write),
        TYPED_TEST(some_row_letters_may_stand_but_each_in_its_place),
        TYPED_TEST(an_unknown_word_is_placed_and_never_quoted),
        TYPED_TEST(other_numbers_of_words_are_refused),
        TYPED_TEST(every_wrong_word_is_seen_and_placed_where_it_can_be),
        TYPED_TEST(all_wrong_rows_are_named),
        TYPED_TEST(words_of_another_profile_are_a_mismatch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
