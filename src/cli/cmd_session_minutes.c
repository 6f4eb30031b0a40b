#include "cli/cmd_session.h"

#include "ceremony/session/minutes.h"
#include "cli/sheets.h"
#include <stdio.h>

/* The JSON is the log's own, so that its digest can be compared. */
static enum qrt_code print_result(const struct qrt_cli *cli, const struct qrt_buf *json,
                                  const struct qrt_buf *where, struct qrt_err *err)
{
    if (cli->json) {
        fputs(qrt_buf_str(json), stdout);
        return qrt_cli_flush(err);
    }
    QRT_BUF path = {0};
    if (where->len_bytes == 0) {
        fputs(qrt_buf_str(json), stdout);
        puts("Next: print them to be signed, with --printer NAME or --sheets DIR.");
    } else {
        printf("Sheet: %s\nNext: everyone who was there signs it; it is kept with the log's "
               "receipts.\n",
               qrt_cli_shown(&path, qrt_buf_str(where)));
    }
    return qrt_cli_flush(err);
}

enum qrt_code qrt_cmd_session_minutes(struct qrt_cli *cli, int argc, char **argv,
                                      struct qrt_err *err)
{
    QRT_SHEETS sheets = {0};
    QRT_VAULT vault = {0};
    QRT_SECRET description = {0};
    QRT_BUF json = {0};
    QRT_BUF where = {0};
    uint64_t size = 0;
    enum qrt_code code;
    if ((code = qrt_sheets_options(&sheets, cli, &argc, argv, true, err)) != QRT_OK ||
        (code = qrt_cli_no_more_arguments(argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK ||
        (code = qrt_minutes_of_last(&description, &json, &size, &vault, sheets.paper, err)) !=
            QRT_OK) {
        return code;
    }
    if (sheets.folder != NULL || sheets.printer != NULL) {
        char name[48];
        snprintf(name, sizeof name, "minutes-%llu.pdf", (unsigned long long)size);
        if ((code = qrt_sheets_put(&where, &sheets, name, &description, err)) != QRT_OK) {
            return code;
        }
    }
    return print_result(cli, &json, &where, err);
}
