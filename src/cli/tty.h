/* The terminal that a person sits before: keys in, text out, by read(2) and
 * write(2), so that no library keeps a copy of what passes. */
#ifndef QRT_CLI_TTY_H
#define QRT_CLI_TTY_H

#include "cli/key.h"
#include <quorate/err.h>
#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

/* A zeroed struct is a closed one. */
struct qrt_tty {
    bool open;
    int fd;
    struct termios former;
    bool plain;   /* no cursor can be moved, nothing wiped: TERM=dumb, or none */
    bool colours; /* may be used: not plain, and no NO_COLOR */
};

/* Takes /dev/tty: keys come one by one, nothing is echoed, no key stops or
 * suspends the process. QRT_E_NOT_FOUND if there is none; QRT_E_IO. */
enum qrt_code qrt_tty_open(struct qrt_tty *tty, struct qrt_err *err) QRT_MUST_USE;

/* Gives it back as it was. */
void qrt_tty_close(struct qrt_tty *tty);

/* The next key (may be secret; what a terminal sends for any but those of
 * cli/key.h is left out), or QRT_KEY_NONE after timeout_ms (-1: for
 * ever). QRT_E_INTERRUPTED by a signal, or when the terminal is gone. */
enum qrt_code qrt_tty_key(int *key, struct qrt_tty *tty, int timeout_ms,
                          struct qrt_err *err) QRT_MUST_USE;

/* Forgets what was typed before it was asked for. */
void qrt_tty_forget_input(struct qrt_tty *tty);

/* Writes bytes (may be secret). A terminal that is gone takes nothing; the
 * next key says so. */
void qrt_tty_write(struct qrt_tty *tty, const void *bytes, size_t len_bytes);
void qrt_tty_text(struct qrt_tty *tty, const char *text);
void qrt_tty_printf(struct qrt_tty *tty, const char *format, ...) QRT_PRINTF(2, 3); /* public */

/* Its size now, at least 20 columns and 5 rows; 80 and 24 if it has none. */
void qrt_tty_size(const struct qrt_tty *tty, unsigned *columns, unsigned *rows);

/* Empties the screen and what has scrolled off it: cells first, since some
 * terminals keep what is cleared. */
void qrt_tty_clear(struct qrt_tty *tty);

/* What else sees this screen ("tmux", "script", a login over a network), or
 * NULL: words for a warning. */
const char *qrt_tty_watcher(void);

#endif
