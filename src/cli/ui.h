/* Who performs a command's ceremony: a script where answers are given or no
 * question may be asked, else the person at the terminal. */
#ifndef QRT_CLI_UI_H
#define QRT_CLI_UI_H

#include "cli/ui_script.h"
#include "cli/ui_terminal.h"

struct qrt_performer {
    struct qrt_script script;
    struct qrt_terminal terminal;
    struct qrt_ui *ui;         /* of one of the two */
    struct qrt_sheets *sheets; /* of the same */
};

/* Takes the cards that were named as files. QRT_E_USAGE, QRT_E_IO and those of
 * the answers. */
enum qrt_code qrt_performer_init(struct qrt_performer *performer, const struct qrt_cli *cli,
                                 char **files, size_t files_len, struct qrt_err *err) QRT_MUST_USE;

/* Where finished sheets go, copied; it is closed with the performer. */
void qrt_performer_lend(struct qrt_performer *performer, const struct qrt_sheets *sheets);

/* Empties the screen, if there was one; done before a result is printed. */
void qrt_performer_free(struct qrt_performer *performer);
#define QRT_PERFORMER __attribute__((cleanup(qrt_performer_free))) struct qrt_performer

#endif
