/* The verbs of `quorate session`. */
#ifndef QRT_CLI_CMD_SESSION_H
#define QRT_CLI_CMD_SESSION_H

#include "cli/cli.h"
#include "vault/vault.h"

enum qrt_code qrt_cmd_session_minutes(struct qrt_cli *cli, int argc, char **argv,
                                      struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_session_show(struct qrt_cli *cli, int argc, char **argv,
                                   struct qrt_err *err) QRT_MUST_USE;

/* Prints who and what is where in the session that lasts, or that none does. */
enum qrt_code qrt_session_print(const struct qrt_cli *cli, const struct qrt_vault *vault,
                                struct qrt_err *err) QRT_MUST_USE;

#endif
