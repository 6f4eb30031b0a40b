/* The script: a ceremony performed with answers from a descriptor. */
#ifndef QRT_CLI_UI_SCRIPT_H
#define QRT_CLI_UI_SCRIPT_H

#include "ceremony/ui.h"
#include "cli/cli.h"
#include "cli/sheets.h"
#include "worker/worker.h"
#include <jansson.h>

struct qrt_script {
    struct qrt_ui ui;
    const struct qrt_cli *cli; /* borrowed */
    json_t *answers;
    char **files; /* the cards to present; borrowed */
    size_t files_len;
    size_t files_at;
    struct qrt_sheets sheets; /* set by who has some to deliver */
    struct qrt_worker scanner;
};

/* Reads the answers, if a descriptor was given; only keys of some command are
 * taken. QRT_E_USAGE (a file that is not there among them), QRT_E_FORMAT,
 * QRT_E_RANGE, QRT_E_IO. */
enum qrt_code qrt_script_init(struct qrt_script *script, const struct qrt_cli *cli, char **files,
                              size_t files_len, struct qrt_err *err) QRT_MUST_USE;

void qrt_script_free(struct qrt_script *script);
#define QRT_SCRIPT __attribute__((cleanup(qrt_script_free))) struct qrt_script

#endif
