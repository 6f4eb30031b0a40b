#include "card/typed.h"

#include "card/rows.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define TOKENS_MAX (QRT_ROWS_WORDS + QRT_ROWS)

/* A piece of the text between white space. */
struct token {
    const char *text;
    size_t len_chars;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* How many there are; the first TOKENS_MAX are kept. */
static size_t find_tokens(struct token tokens[static TOKENS_MAX], const char *text,
                          size_t len_chars)
{
    size_t count = 0;
    for (size_t i = 0; i < len_chars;) {
        if (is_space(text[i])) {
            i++;
            continue;
        }
        size_t start = i;
        while (i < len_chars && !is_space(text[i])) {
            i++;
        }
        if (count < TOKENS_MAX) {
            tokens[count] = (struct token){text + start, i - start};
        }
        count++;
    }
    return count;
}

/* The row that a letter names, or -1 for what is no row letter. */
static int row_of(const struct token *token)
{
    char upper = (char)(token->text[0] & ~0x20);
    bool alone =
        token->len_chars == 1 ||
        (token->len_chars == 2 && strchr(".:)", token->text[1]) != NULL && token->text[1] != '\0');
    return alone && upper >= 'A' && upper < 'A' + QRT_ROWS ? upper - 'A' : -1;
}

static enum qrt_code fail_word(struct qrt_err *err, size_t at, size_t row_words)
{
    char row = (char)('A' + at / row_words);
    size_t in_row = at % row_words;
    if (in_row == QRT_ROW_WORDS) {
        return qrt_fail(err, QRT_E_REFUSED, "row %c: its check word is not in the word list", row);
    }
    return qrt_fail(err, QRT_E_REFUSED, "row %c, word %zu is not in the word list", row,
                    at / row_words * QRT_ROW_WORDS + in_row + 1);
}

/* Leaves the words and drops the row letters, each of which must stand where
 * its row begins. */
static enum qrt_code drop_letters(struct token *tokens, size_t *count, struct qrt_err *err)
{
    size_t letters = 0;
    for (size_t i = 0; i < *count; i++) {
        letters += row_of(&tokens[i]) >= 0;
    }
    size_t words = *count - letters;
    if (words != QRT_SLIP39_CARD_WORDS && words != QRT_ROWS_WORDS) {
        return qrt_fail(err, QRT_E_REFUSED, "%zu words, not %d, or %d with the check words", words,
                        QRT_SLIP39_CARD_WORDS, QRT_ROWS_WORDS);
    }
    size_t row_words = words / QRT_ROWS;
    size_t kept = 0;
    bool after_letter = false;
    for (size_t i = 0; i < *count; i++) {
        int row = row_of(&tokens[i]);
        if (row < 0) {
            tokens[kept++] = tokens[i];
        } else if (after_letter || kept != (size_t)row * row_words) {
            return qrt_fail(err, QRT_E_REFUSED, "a row letter stands out of place, at row %c",
                            (int)('A' + kept / row_words % QRT_ROWS));
        }
        after_letter = row >= 0;
    }
    *count = words;
    return QRT_OK;
}

static enum qrt_code check_rows(uint16_t words[static QRT_SLIP39_CARD_WORDS],
                                const uint16_t rows[static QRT_ROWS_WORDS], struct qrt_err *err)
{
    unsigned wrong = qrt_rows_strip(words, rows);
    if (wrong == 0) {
        return QRT_OK;
    }
    char names[3 * QRT_ROWS + 1] = "";
    size_t len = 0;
    for (unsigned row = 0; row < QRT_ROWS; row++) {
        if ((wrong >> row & 1) != 0) {
            len += (size_t)snprintf(names + len, sizeof names - len, "%s%c", len > 0 ? ", " : "",
                                    (int)('A' + row));
        }
    }
    return qrt_fail(err, QRT_E_REFUSED, "row %s: words and check word do not fit", names);
}

static enum qrt_code parse(uint16_t words[static QRT_SLIP39_CARD_WORDS],
                           enum qrt_card_reason *reason, uint16_t found[static QRT_ROWS_WORDS],
                           const char *text, size_t len_chars, struct qrt_err *err)
{
    struct token tokens[TOKENS_MAX];
    size_t count = find_tokens(tokens, text, len_chars);
    if (count > TOKENS_MAX) {
        return qrt_fail(err, QRT_E_REFUSED, "%zu words, more than any card has", count);
    }
    enum qrt_code code = drop_letters(tokens, &count, err);
    if (code != QRT_OK) {
        return code;
    }
    for (size_t i = 0; i < count; i++) {
        if (!qrt_slip39_word_find(&found[i], tokens[i].text, tokens[i].len_chars)) {
            *reason = QRT_CARD_UNKNOWN_WORD;
            return fail_word(err, i, count / QRT_ROWS);
        }
    }
    if (count == QRT_ROWS_WORDS) {
        return check_rows(words, found, err);
    }
    memcpy(words, found, QRT_SLIP39_CARD_WORDS * sizeof words[0]);
    return QRT_OK;
}

enum qrt_code qrt_typed_parse(uint16_t words[static QRT_SLIP39_CARD_WORDS],
                              enum qrt_card_reason *reason, const char *text, size_t len_chars,
                              struct qrt_err *err)
{
    uint16_t found[QRT_ROWS_WORDS] = {0};
    *reason = QRT_CARD_UNREADABLE;
    enum qrt_code code = parse(words, reason, found, text, len_chars, err);
    sodium_memzero(found, sizeof found);
    if (code == QRT_OK) {
        *reason = QRT_CARD_FINE;
    } else {
        sodium_memzero(words, QRT_SLIP39_CARD_WORDS * sizeof words[0]);
    }
    return code;
}
