/* The command `quorate policy`, and what other commands share with it. */
#ifndef QRT_CLI_CMD_POLICY_H
#define QRT_CLI_CMD_POLICY_H

#include "ceremony/people/policy_change.h"
#include "cli/cli.h"
#include "cli/sheets.h"

/* Performs a change of the policy, wallet cards to `sheets` (zeroed: nowhere),
 * and prints the result. */
enum qrt_code qrt_policy_perform(struct qrt_cli *cli, struct qrt_vault *vault,
                                 struct qrt_policy_request *request, struct qrt_sheets *sheets,
                                 struct qrt_err *err) QRT_MUST_USE;

/* Reads a policy's file. QRT_E_USAGE: there is none. */
enum qrt_code qrt_cli_read_policy(struct qrt_buf *bytes, const char *path,
                                  struct qrt_err *err) QRT_MUST_USE;

/* Lines as an array of texts; and printed, escaped, each behind a word. */
json_t *qrt_lines_json(const struct qrt_buf *lines);
void qrt_print_lines(const char *word, const struct qrt_buf *lines);

#endif
