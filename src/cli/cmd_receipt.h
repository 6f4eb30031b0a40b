/* The verbs of `quorate receipt`; argv[0] is the verb. */
#ifndef QRT_CLI_CMD_RECEIPT_H
#define QRT_CLI_CMD_RECEIPT_H

#include "cli/cli.h"

enum qrt_code qrt_cmd_receipt_check(struct qrt_cli *cli, int argc, char **argv,
                                    struct qrt_err *err) QRT_MUST_USE;

#endif
