/* What `log takeover` and `log continue` take from the command line alike. */
#ifndef QRT_CLI_SUCCESSION_OPTIONS_H
#define QRT_CLI_SUCCESSION_OPTIONS_H

#include "ceremony/succession/succession.h"
#include "cli/cli.h"

/* Takes every `--operator ID`, and `--confirm NAME`. QRT_E_USAGE. */
enum qrt_code qrt_succession_options(struct qrt_succession_request *request, int *argc, char **argv,
                                     struct qrt_err *err) QRT_MUST_USE;

#endif
