/* The page before a person: what is to be done, what has been told since, and
 * a line to type on. Everything here is public but the line. */
#ifndef QRT_CLI_SCREEN_H
#define QRT_CLI_SCREEN_H

#include "base/bytes.h"
#include "ceremony/ui.h"
#include "cli/tty.h"

/* A zeroed struct with an open tty is an empty page. */
struct qrt_screen {
    struct qrt_tty tty;
    struct qrt_buf head;      /* of the page: "Founding, step 2 of 8" */
    struct qrt_buf body;      /* lines "Label\ttext" */
    struct qrt_buf notes;     /* lines told since the page was turned, or unread then */
    size_t read_bytes;        /* of them, that stood beside a question */
    struct qrt_buf complaint; /* what was wrong with the last answer, or empty */
    bool complained;          /* and no question was asked since */
    struct qrt_buf asked;     /* what is asked now */
    unsigned below;           /* lines that the answer takes */
    bool practice;
    unsigned columns; /* as it was drawn */
    unsigned rows;
};

void qrt_screen_close(struct qrt_screen *screen);

/* Turns to a page: the screen is emptied, the page drawn. What was told and
 * stood beside no question yet stays. A plain terminal gets the lines one after
 * another. */
void qrt_screen_turn(struct qrt_screen *screen, const struct qrt_page *page);

/* Tells a line, or several, below the page. */
void qrt_screen_note(struct qrt_screen *screen, const char *lines);

/* Says what was wrong with an answer. It stands beside the next question, and is
 * gone with the one after that. */
void qrt_screen_complain(struct qrt_screen *screen, const char *line);

/* Asks something: the page is drawn anew with the question at its end, and
 * `below` lines are left for the answer, the cursor at their beginning. What
 * was asked before is gone. */
void qrt_screen_ask(struct qrt_screen *screen, const char *text, unsigned below);

/* Draws all of it anew. Where there is no room for everything, the question
 * stands whole, then the last of the notes, then the page from its beginning. */
void qrt_screen_draw(struct qrt_screen *screen);

/* Empties the screen of all but what was told and stood beside no question:
 * that is what is to be known at the end. A plain terminal has it already. */
void qrt_screen_leave(struct qrt_screen *screen);

/* Has the terminal's size changed since it was drawn? */
bool qrt_screen_resized(const struct qrt_screen *screen);

/* Appends `text` broken at blanks into lines of `columns`, all but the first
 * indented. A word that is wider than a line is broken anywhere. */
void qrt_screen_wrap(struct qrt_buf *out, const char *text, unsigned columns, unsigned indent);

#endif
