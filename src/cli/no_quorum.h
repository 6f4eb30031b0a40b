/* What a ceremony says that found no quorum. */
#ifndef QRT_CLI_NO_QUORUM_H
#define QRT_CLI_NO_QUORUM_H

#include "ceremony/cards/gather.h"
#include "cli/cli.h"

/* Prints what did not happen, in words, what lacks, and each card's verdict.
 * QRT_E_IO, QRT_E_NOMEM. */
enum qrt_code qrt_cli_print_no_quorum(const struct qrt_cli *cli, const struct qrt_gather *gather,
                                      const char *what, struct qrt_err *err) QRT_MUST_USE;

/* A line for each card, as it was named, and what was said of it. */
void qrt_cli_print_judged(const struct qrt_gather *gather);

#endif
