/* The typing of a card: keys in, a view out. It reads and writes no terminal.
 *
 * The 33 words and the 11 check words are typed row by row. Four letters tell
 * a word; the whole word is then shown and waits for a blank, Tab or Enter. A
 * row is held against its check word as soon as it is full, the share against
 * its checksum at the end. Nothing is ever mended unasked: every word that
 * comes out was shown whole and confirmed, or typed whole.
 *
 * Instead of a word a whole line may come: a code from a scanner that types
 * (`QUORATE1:…`), or a path that begins with / . or ~ .
 *
 * What is typed is secret and stands in guarded memory only. The time that a
 * key takes depends on it; whoever could measure that hears the keyboard. */
#ifndef QRT_CLI_WORDS_ENTRY_H
#define QRT_CLI_WORDS_ENTRY_H

#include "card/rows.h"
#include "cli/key.h"
#include "cli/words_near.h"
#include <quorate/secret.h>
#include <stdbool.h>

#define QRT_WORDS_LINE_MAX 4096

enum qrt_words_state {
    QRT_WORDS_TYPING,
    /* The word is known and shown whole: blank, Tab or Enter takes it, Backspace
     * goes back to its letters, another letter must fit it. */
    QRT_WORDS_CONFIRM,
    /* The row does not fit its check word: 1-4 types that word anew, R the whole
     * row, ? leaves out a check word that cannot be read, Esc opens it. */
    QRT_WORDS_ROW_WRONG,
    /* All is typed and does not fit together: A-K shows a row. */
    QRT_WORDS_SHARE_WRONG,
    /* A row that was chosen there: 1-4, R, or A-K; Esc goes back. */
    QRT_WORDS_ROW_SHOWN,
    QRT_WORDS_DONE, /* all 33 words are in, and their checksum is right */
    QRT_WORDS_LINE, /* a line is being typed: Enter or Tab ends it, Esc drops it */
    /* The line is there. It is empty if Enter came before anything else. */
    QRT_WORDS_LINE_DONE,
};

/* All state; a zeroed struct is a valid empty one. */
struct qrt_words_entry {
    struct qrt_secret memory;
};

/* What to show. The texts stand in the entry's guarded memory and change with
 * the next key; all but `message` are secret. What is not there is "". */
struct qrt_words_view {
    enum qrt_words_state state;
    unsigned row;                         /* 0-10, for A to K */
    unsigned position;                    /* 0-2: its words; 3: its check word */
    const char *words[QRT_ROW_WORDS + 1]; /* of this row, as they were confirmed */
    const char *typed;                    /* of the present word, lower case; or the line */
    size_t typed_len_bytes;
    const char *completion;         /* the whole word, in QRT_WORDS_CONFIRM */
    const char *message;            /* what to tell; holds nothing that was typed */
    const char *near[QRT_NEAR_MAX]; /* what may have been meant */
    size_t near_len;
    unsigned unchecked_rows; /* bit r: row r's check word was left out */
};

/* Starts afresh. QRT_E_NOMEM, QRT_E_LOCKED_MEMORY. */
enum qrt_code qrt_words_entry_init(struct qrt_words_entry *entry, struct qrt_err *err) QRT_MUST_USE;
void qrt_words_entry_wipe(struct qrt_words_entry *entry);

/* Forgets all that was typed, for the next card. */
void qrt_words_entry_restart(struct qrt_words_entry *entry);

/* Takes one key. In the two states that end nothing more is taken. */
enum qrt_words_state qrt_words_entry_key(struct qrt_words_entry *entry, int key);

void qrt_words_entry_view(struct qrt_words_view *view, const struct qrt_words_entry *entry);

/* What came of it, appended to `text` (secret): the 33 words parted by blanks,
 * or the line. QRT_E_USAGE: it has not ended; QRT_E_RANGE: no room. */
enum qrt_code qrt_words_entry_text(struct qrt_secret *text, const struct qrt_words_entry *entry,
                                   struct qrt_err *err) QRT_MUST_USE;

#define QRT_WORDS_ENTRY __attribute__((cleanup(qrt_words_entry_wipe))) struct qrt_words_entry

#endif
