/* The terminal: a ceremony performed by a person, page by page. */
#ifndef QRT_CLI_UI_TERMINAL_H
#define QRT_CLI_UI_TERMINAL_H

#include "ceremony/ui.h"
#include "cli/cli.h"
#include "cli/screen.h"
#include "cli/sheets.h"
#include "worker/worker.h"

struct qrt_terminal {
    struct qrt_ui ui;
    const struct qrt_cli *cli; /* borrowed */
    struct qrt_screen screen;
    struct qrt_sheets sheets; /* set by who has some to deliver */
    struct qrt_worker scanner;
    char **files; /* cards named on the command line come first; borrowed */
    size_t files_len;
    size_t files_at;
    struct qrt_buf card_name; /* of the card presented last */
    unsigned cards;           /* presented so far */
};

/* Takes the terminal. QRT_E_NOT_FOUND if there is none. */
enum qrt_code qrt_terminal_init(struct qrt_terminal *terminal, const struct qrt_cli *cli,
                                char **files, size_t files_len, struct qrt_err *err) QRT_MUST_USE;

/* Empties the screen and gives the terminal back. */
void qrt_terminal_free(struct qrt_terminal *terminal);
#define QRT_TERMINAL __attribute__((cleanup(qrt_terminal_free))) struct qrt_terminal

/* What its files share. */

enum qrt_echo {
    QRT_ECHO_TEXT,
    QRT_ECHO_STARS,
};

/* A line from the person, in guarded memory with room for a NUL behind it;
 * *line is inited here. QRT_E_INTERRUPTED, by a signal or by Ctrl-C and the
 * word that confirms it. */
enum qrt_code qrt_terminal_line(struct qrt_terminal *terminal, struct qrt_secret *line,
                                const char *prompt, enum qrt_echo echo,
                                struct qrt_err *err) QRT_MUST_USE;

/* Ctrl-C was pressed: QRT_E_INTERRUPTED if the person means it. */
enum qrt_code qrt_terminal_stop(struct qrt_terminal *terminal, struct qrt_err *err) QRT_MUST_USE;

/* Reads a card or another code from a file, its path as it was typed (~ is the
 * home folder). */
enum qrt_code qrt_terminal_read_file(struct qrt_terminal *terminal, struct qrt_presented *card,
                                     const char *path, struct qrt_err *err) QRT_MUST_USE;

/* Their parts of the seam, in files of their own. */
enum qrt_code qrt_terminal_next_card(void *ctx, struct qrt_presented *card, bool enough,
                                     struct qrt_err *err) QRT_MUST_USE;
void qrt_terminal_answer_card(void *ctx, const struct qrt_verdict *verdict);
enum qrt_code qrt_terminal_release(void *ctx, uint64_t *shown_s, const struct qrt_handout *handouts,
                                   size_t handouts_len, struct qrt_err *err) QRT_MUST_USE;

#endif
