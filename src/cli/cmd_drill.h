/* What the files of `quorate drill` share. */
#ifndef QRT_CLI_CMD_DRILL_H
#define QRT_CLI_CMD_DRILL_H

#include "cli/cli.h"

enum qrt_code qrt_cmd_drill_next(struct qrt_cli *cli, int argc, char **argv,
                                 struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_drill_report(struct qrt_cli *cli, int argc, char **argv,
                                   struct qrt_err *err) QRT_MUST_USE;

#endif
