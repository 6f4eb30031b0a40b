/* The command `quorate slip39`. */
#ifndef QRT_CLI_CMD_SLIP39_H
#define QRT_CLI_CMD_SLIP39_H

#include <quorate/err.h>

struct qrt_cli;

/* argv[0] is "slip39", argv[1] the verb. QRT_E_USAGE, QRT_E_FORMAT,
 * QRT_E_RANGE: the command line, passphrase or hex; QRT_E_QUORUM: too few
 * shares; QRT_E_REFUSED: a share, named by its number and word. On failure
 * nothing was written, save where writing failed. */
enum qrt_code qrt_cmd_slip39(struct qrt_cli *cli, int argc, char **argv,
                             struct qrt_err *err) QRT_MUST_USE;

#endif
