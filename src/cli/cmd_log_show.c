#include "cli/cmd_log.h"

#include "base/clock.h"
#include "cli/log_filter.h"
#include "cli/log_table.h"
#include "log/entry_json.h"
#include "log/inspect.h"
#include "vault/vault.h"
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct showing {
    struct qrt_log_filter filter;
    unsigned columns; /* 0: one line each */
    uint64_t shown;
    bool failed;  /* out of memory */
    json_t *list; /* NULL: as a table */
};

/* On a terminal the table keeps to its width; what is piped depends on none. */
static unsigned terminal_columns(void)
{
    struct winsize size;
    if (isatty(STDOUT_FILENO) != 1) {
        return 0;
    }
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

static bool show_entry(void *ctx, const struct qrt_entry *entry)
{
    struct showing *showing = ctx;
    if (!qrt_log_filter_match(&showing->filter, entry)) {
        return true;
    }
    showing->shown++;
    if (showing->list != NULL) {
        json_array_append_new(showing->list, qrt_entry_json(entry));
        return true;
    }
    QRT_BUF text = {0};
    if (showing->shown == 1) {
        qrt_log_table_head(&text, showing->columns);
    }
    qrt_log_table_add(&text, entry, showing->columns);
    showing->failed = text.failed;
    fputs(qrt_buf_str(&text), stdout);
    return !showing->failed;
}

static enum qrt_code show(struct showing *showing, struct qrt_vault *vault, struct qrt_err *err)
{
    enum qrt_code code = qrt_log_filter_begin(&showing->filter, &vault->log, &vault->state, err);
    if (code == QRT_OK) {
        code = qrt_log_each_entry(&vault->log, show_entry, showing, err);
    }
    return code == QRT_OK && showing->failed ? qrt_fail(err, QRT_E_NOMEM, "showing the log") : code;
}

enum qrt_code qrt_cmd_log_show(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_VAULT vault = {0};
    struct showing showing = {.columns = terminal_columns()};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_log_filter_take(&showing.filter, &argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_no_more_arguments(argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK) {
        return code;
    }
    if (!cli->quiet && vault.log.predecessor != NULL) {
        fprintf(stderr,
                "quorate: note: this log continues %s, whose entries (%llu) are not shown here\n",
                vault.log.predecessor->origin,
                (unsigned long long)vault.log.predecessor->head.size);
    }
    showing.list = cli->json ? json_array() : NULL;
    code = show(&showing, &vault, err);
    if (code != QRT_OK) {
        json_decref(showing.list);
        return code;
    }
    if (cli->json) {
        return qrt_cli_print_json(json_pack("{s:o}", "entries", showing.list), err);
    }
    if (showing.shown == 0) {
        printf("No entry of %llu is one of these.\n", (unsigned long long)vault.log.head.size);
    }
    return qrt_cli_flush(err);
}
