/* Secrets that somebody typed as arguments, kept out of what is said of them. */
#ifndef QRT_CLI_UNSAID_H
#define QRT_CLI_UNSAID_H

#include <quorate/err.h>

/* In err->what, puts what it looks like for each of the arguments (at most
 * `count`) that looks like a secret and is quoted there, whole or its beginning.
 * A guess, as vault/leak.h; accounts and dates are numbers, so these are quoted. */
void qrt_cli_unsay(struct qrt_err *err, int count, char *const *arguments);

#endif
