/* The verbs of `account`. argv[0] is the verb. */
#ifndef QRT_CLI_CMD_ACCOUNT_H
#define QRT_CLI_CMD_ACCOUNT_H

#include "cli/cli.h"

enum qrt_code qrt_cmd_account_list(struct qrt_cli *cli, int argc, char **argv,
                                   struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_account_add(struct qrt_cli *cli, int argc, char **argv,
                                  struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_account_change(struct qrt_cli *cli, int argc, char **argv,
                                     struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_account_close(struct qrt_cli *cli, int argc, char **argv,
                                    struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_account_import(struct qrt_cli *cli, int argc, char **argv,
                                     struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_account_confirm(struct qrt_cli *cli, int argc, char **argv,
                                      struct qrt_err *err) QRT_MUST_USE;

#endif
