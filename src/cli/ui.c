#include "cli/ui.h"

enum qrt_code qrt_performer_init(struct qrt_performer *performer, const struct qrt_cli *cli,
                                 char **files, size_t files_len, struct qrt_err *err)
{
    struct qrt_err why = {0};
    *performer = (struct qrt_performer){0};
    if (cli->answers_fd < 0 && !cli->no_input && !cli->json) {
        enum qrt_code code = qrt_terminal_init(&performer->terminal, cli, files, files_len, &why);
        if (code == QRT_OK) {
            performer->ui = &performer->terminal.ui;
            performer->sheets = &performer->terminal.sheets;
            return QRT_OK;
        }
        if (code != QRT_E_NOT_FOUND) {
            *err = why;
            return code;
        }
    }
    performer->ui = &performer->script.ui;
    performer->sheets = &performer->script.sheets;
    return qrt_script_init(&performer->script, cli, files, files_len, err);
}

void qrt_performer_lend(struct qrt_performer *performer, const struct qrt_sheets *sheets)
{
    *performer->sheets = *sheets;
    performer->ui->prints = sheets->printer != NULL;
    performer->ui->paper = sheets->paper;
}

void qrt_performer_free(struct qrt_performer *performer)
{
    qrt_script_free(&performer->script);
    qrt_terminal_free(&performer->terminal);
    *performer = (struct qrt_performer){0};
}
