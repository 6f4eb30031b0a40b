/* What is typed of a card so far, and which word or row comes next. Used by
 * words_entry.c, which turns keys into these calls. Everything in it is secret
 * and stands in guarded memory. */
#ifndef QRT_CLI_WORDS_TYPING_H
#define QRT_CLI_WORDS_TYPING_H

#include "cli/words_entry.h"

#define QRT_TYPING_ROW         (QRT_ROW_WORDS + 1)
#define QRT_TYPING_CHECK       QRT_ROW_WORDS /* the check word's place in its row */
#define QRT_TYPING_LETTERS_MAX 16            /* beyond the longest word, so that a slip shows */
#define QRT_TYPING_WORD_BYTES  (QRT_SLIP39_WORD_CHARS + 1)

/* Words are counted from 0 to 43, check words included. Those being typed are
 * [start, until): a row, or one word of a full row; `at` is the present one. */
struct qrt_typing {
    enum qrt_words_state state;
    bool begun;    /* a word or a row's letter came */
    bool lettered; /* the row's letter was typed */
    bool too_long; /* the line */
    unsigned start;
    unsigned at;
    unsigned until;
    unsigned full;      /* rows, from A on, that were full and right */
    unsigned unchecked; /* bit r: row r has no check word */
    uint64_t held;      /* bit i: word i was taken */
    uint16_t rows[QRT_ROWS_WORDS];
    uint16_t found;                           /* the word that the letters tell */
    char letters[QRT_TYPING_LETTERS_MAX + 1]; /* of the present word, lower case */
    size_t letters_len;
    char line[QRT_WORDS_LINE_MAX + 1]; /* a line, or the letters as they were typed */
    size_t line_len;
    /* What the view points to. */
    char shown[QRT_TYPING_ROW][QRT_TYPING_WORD_BYTES];
    char completion[QRT_TYPING_WORD_BYTES];
    char near[QRT_NEAR_MAX][QRT_TYPING_WORD_BYTES];
    size_t near_len;
    char message[160];
};

/* Sets the message (public). */
void qrt_typing_say(struct qrt_typing *t, const char *message);

/* Was this word taken? */
bool qrt_typing_holds(const struct qrt_typing *t, unsigned at);

/* Forgets the letters and the line. */
void qrt_typing_drop(struct qrt_typing *t);

/* Begins one word of a full row, or a row. */
void qrt_typing_word(struct qrt_typing *t, unsigned at);
void qrt_typing_row(struct qrt_typing *t, unsigned row);

/* Opens a full row's check word again. */
void qrt_typing_open_check(struct qrt_typing *t, unsigned row);

/* Takes the word that was found, or leaves the row's check word out, and goes
 * on: to the next word, the next row, the end, or what does not fit. */
void qrt_typing_take(struct qrt_typing *t);
void qrt_typing_leave_check_out(struct qrt_typing *t);

/* Goes one word back, and shows it with its letters. */
void qrt_typing_back(struct qrt_typing *t);

/* The three states in which no word is typed. */
void qrt_typing_show_row(struct qrt_typing *t, unsigned row, enum qrt_words_state state);
void qrt_typing_row_wrong(struct qrt_typing *t, unsigned row);
void qrt_typing_share_wrong(struct qrt_typing *t);

#endif
