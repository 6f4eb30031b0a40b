/* Every state of the files that a command may find, with the steps that the
 * model takes from there and where they end: what the code is held against. */
#ifndef MODEL_STATES_H
#define MODEL_STATES_H

/* Prints a line for each state and command, tab-separated:
 *   files, command, verdict, steps, files afterwards
 * Files are `key=HEAD.RECORD.TEXT.MARK tmp=… db=PAGE/PAGE jnl=HEADER/RECORDS/BEFORE>AFTER`,
 * or `-` where there is none. A text is called by its way from the first commit:
 * `a`, then `aa`; `ab` is another one behind `a`; `aA` a cosignature of `a`; `0`
 * is the empty log. */
#include <stdbool.h>

void states_print(bool with_cosignatures);

#endif
