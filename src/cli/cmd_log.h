/* The verbs of `quorate log`; argv[0] is the verb. */
#ifndef QRT_CLI_CMD_LOG_H
#define QRT_CLI_CMD_LOG_H

#include "cli/cli.h"

enum qrt_code qrt_cmd_log_continue(struct qrt_cli *cli, int argc, char **argv,
                                   struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_log_cosign(struct qrt_cli *cli, int argc, char **argv,
                                 struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_log_show(struct qrt_cli *cli, int argc, char **argv,
                               struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_log_takeover(struct qrt_cli *cli, int argc, char **argv,
                                   struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_log_verify(struct qrt_cli *cli, int argc, char **argv,
                                 struct qrt_err *err) QRT_MUST_USE;

enum qrt_code qrt_cmd_log_prove(struct qrt_cli *cli, int argc, char **argv,
                                struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_log_export(struct qrt_cli *cli, int argc, char **argv,
                                 struct qrt_err *err) QRT_MUST_USE;

#endif
