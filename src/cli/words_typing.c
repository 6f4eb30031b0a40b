#include "cli/words_typing.h"

#include "split/words.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

void qrt_typing_say(struct qrt_typing *t, const char *message)
{
    snprintf(t->message, sizeof t->message, "%s", message);
}

void qrt_typing_drop(struct qrt_typing *t)
{
    sodium_memzero(t->letters, sizeof t->letters);
    sodium_memzero(t->line, sizeof t->line);
    t->letters_len = 0;
    t->line_len = 0;
    t->too_long = false;
}

static void type_from(struct qrt_typing *t, unsigned start, unsigned at, unsigned until)
{
    qrt_typing_drop(t);
    t->start = start;
    t->at = at;
    t->until = until;
    t->lettered = false;
    t->state = QRT_WORDS_TYPING;
}

bool qrt_typing_holds(const struct qrt_typing *t, unsigned at)
{
    return (t->held >> at & 1) != 0;
}

/* In a row that was never right, what stood behind a word that is typed anew is
 * typed anew as well. */
static void forget_behind(struct qrt_typing *t, unsigned at)
{
    if (t->full <= at / QRT_TYPING_ROW) {
        t->held &= (UINT64_C(1) << at) - 1;
    }
}

void qrt_typing_word(struct qrt_typing *t, unsigned at)
{
    type_from(t, at, at, at + 1);
}

void qrt_typing_row(struct qrt_typing *t, unsigned row)
{
    type_from(t, row * QRT_TYPING_ROW, row * QRT_TYPING_ROW, (row + 1) * QRT_TYPING_ROW);
    forget_behind(t, t->start);
}

static void reopen(struct qrt_typing *t, unsigned start, unsigned at, unsigned until)
{
    type_from(t, start, at, until);
    if (qrt_typing_holds(t, at)) {
        t->found = t->rows[at];
        t->line_len = t->letters_len = qrt_slip39_word(t->letters, t->found);
        memcpy(t->line, t->letters, t->letters_len);
        t->state = QRT_WORDS_CONFIRM;
    }
    forget_behind(t, at);
}

void qrt_typing_open_check(struct qrt_typing *t, unsigned row)
{
    unsigned start = row * QRT_TYPING_ROW;
    reopen(t, start, start + QRT_TYPING_CHECK, start + QRT_TYPING_ROW);
}

void qrt_typing_show_row(struct qrt_typing *t, unsigned row, enum qrt_words_state state)
{
    qrt_typing_drop(t);
    t->start = t->at = row * QRT_TYPING_ROW;
    t->until = t->start + QRT_TYPING_ROW;
    t->state = state;
}

void qrt_typing_share_wrong(struct qrt_typing *t)
{
    qrt_typing_show_row(t, 0, QRT_WORDS_SHARE_WRONG);
    qrt_typing_say(
        t, t->unchecked != 0
               ? "the words do not fit together: look first at the rows without a check word"
               : "each row agrees with its check word, but the rows do not fit together");
}

static void check_share(struct qrt_typing *t)
{
    uint16_t words[QRT_SLIP39_CARD_WORDS];
    (void)qrt_rows_strip(words, t->rows);
    /* Which of SLIP-0039's two checksums it is stands in word 2. */
    bool holds = qrt_rs1024_holds(words, QRT_SLIP39_CARD_WORDS, (words[1] >> 4 & 1) != 0);
    sodium_memzero(words, sizeof words);
    if (holds) {
        qrt_typing_drop(t);
        t->state = QRT_WORDS_DONE;
    } else {
        qrt_typing_share_wrong(t);
    }
}

void qrt_typing_row_wrong(struct qrt_typing *t, unsigned row)
{
    const uint16_t *words = t->rows + (size_t)row * QRT_TYPING_ROW;
    /* People slip by a row: the one that these words would fit. */
    unsigned other = (unsigned)(words[QRT_TYPING_CHECK] ^ qrt_row_check(0, words));
    qrt_typing_show_row(t, row, QRT_WORDS_ROW_WRONG);
    if (other < QRT_ROWS) {
        snprintf(t->message, sizeof t->message,
                 "row %c does not agree with its check word; these words would agree as row %c",
                 (int)('A' + row), (int)('A' + other));
    } else {
        snprintf(t->message, sizeof t->message, "row %c does not agree with its check word",
                 (int)('A' + row));
    }
}

static void row_is_full(struct qrt_typing *t)
{
    unsigned row = t->start / QRT_TYPING_ROW;
    const uint16_t *words = t->rows + (size_t)row * QRT_TYPING_ROW;
    if ((t->unchecked >> row & 1) == 0 && qrt_row_check(row, words) != words[QRT_TYPING_CHECK]) {
        qrt_typing_row_wrong(t, row);
        return;
    }
    if (t->full <= row) {
        t->full = row + 1;
    }
    if (t->full == QRT_ROWS) {
        check_share(t);
    } else {
        qrt_typing_row(t, t->full);
    }
}

static void next_word(struct qrt_typing *t)
{
    bool lettered = t->lettered;
    if (t->at + 1 == t->until) {
        row_is_full(t);
    } else {
        type_from(t, t->start, t->at + 1, t->until);
        t->lettered = lettered;
    }
}

void qrt_typing_take(struct qrt_typing *t)
{
    t->begun = true;
    t->rows[t->at] = t->found;
    t->held |= UINT64_C(1) << t->at;
    if (t->at % QRT_TYPING_ROW == QRT_TYPING_CHECK) {
        t->unchecked &= ~(1U << t->at / QRT_TYPING_ROW);
    }
    next_word(t);
}

void qrt_typing_leave_check_out(struct qrt_typing *t)
{
    unsigned row = t->start / QRT_TYPING_ROW;
    t->unchecked |= 1U << row;
    t->held &= ~(UINT64_C(1) << (row * QRT_TYPING_ROW + QRT_TYPING_CHECK));
    row_is_full(t);
}

void qrt_typing_back(struct qrt_typing *t)
{
    unsigned row = t->start / QRT_TYPING_ROW;
    bool was_full = t->full > row || t->until - t->start < QRT_TYPING_ROW;
    if (t->at > t->start) {
        reopen(t, t->start, t->at - 1, t->until);
    } else if (was_full) {
        row_is_full(t);
    } else if (row > 0) {
        t->full = row - 1;
        qrt_typing_open_check(t, row - 1);
    } else {
        qrt_typing_row(t, 0);
        qrt_typing_say(t, "this is the first word");
    }
}
