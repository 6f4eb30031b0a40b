/* Lines for people, as wide as their terminal. */
#ifndef QRT_CLI_SAY_H
#define QRT_CLI_SAY_H

#include <quorate/err.h>
#include <stdio.h>

/* How wide the terminal is to which it goes; 0 if it goes to none. */
unsigned qrt_cli_columns(FILE *to);

/* Prints as fprintf does. On a terminal a line that is wider is broken at a
 * blank, so that no word is cut in two; piped, nothing is. The text is public,
 * and what is foreign in it is escaped already. */
void qrt_cli_say(FILE *to, const char *format, ...) QRT_PRINTF(2, 3);

#endif
