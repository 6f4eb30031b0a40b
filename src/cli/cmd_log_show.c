#include "cli/cmd_log.h"

#include "base/clock.h"
#include "cli/log_filter.h"
#include "cli/log_table.h"
#include "cli/say.h"
#include "log/entry_json.h"
#include "log/inspect.h"
#include "log/predecessor.h"
#include "vault/vault.h"
#include <stdio.h>

struct showing {
    struct qrt_log_filter filter;
    unsigned columns; /* 0: one line each */
    uint64_t shown;
    bool failed;  /* out of memory */
    json_t *list; /* NULL: as a table */
};

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

/* The folder of the log that this one continues, within the vault's or an export's. */
static void go_deeper(struct qrt_buf *folder)
{
    qrt_buf_printf(folder, "%s%s", folder->len_bytes > 0 ? "/" : "", QRT_PREDECESSOR_DIR);
}

/* The entries of the logs before it are not shown: where they are is. */
static void tell_predecessors(const struct qrt_log *log)
{
    QRT_BUF folder = {0};
    for (log = log->predecessor; log != NULL; log = log->predecessor) {
        go_deeper(&folder);
        qrt_cli_say(stderr,
                    "quorate: note: this log continues %s, whose entries (%llu) are not shown "
                    "here: they are in %s/" QRT_DB_FILE
                    " of the vault, and `quorate log export DIR` writes them into DIR/%s\n",
                    log->origin, (unsigned long long)log->head.size, qrt_buf_str(&folder),
                    qrt_buf_str(&folder));
    }
}

static json_t *predecessors_json(const struct qrt_log *log)
{
    QRT_BUF folder = {0};
    json_t *list = json_array();
    for (log = log->predecessor; log != NULL; log = log->predecessor) {
        go_deeper(&folder);
        json_array_append_new(list, json_pack("{s:s, s:I, s:s}", "origin", log->origin, "size",
                                              (json_int_t)log->head.size, "folder",
                                              qrt_buf_str(&folder)));
    }
    return list;
}

enum qrt_code qrt_cmd_log_show(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_VAULT vault = {0};
    struct showing showing = {.columns = qrt_cli_columns(stdout)};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_log_filter_take(&showing.filter, &argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_no_more_arguments(argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK) {
        return code;
    }
    if (!cli->quiet) {
        tell_predecessors(&vault.log);
    }
    showing.list = cli->json ? json_array() : NULL;
    code = show(&showing, &vault, err);
    if (code != QRT_OK) {
        json_decref(showing.list);
        return code;
    }
    if (cli->json) {
        json_t *json = json_pack("{s:o}", "entries", showing.list);
        if (json != NULL && vault.log.predecessor != NULL) {
            json_object_set_new(json, "predecessors", predecessors_json(&vault.log));
        }
        return qrt_cli_print_json(json, err);
    }
    if (showing.shown == 0) {
        printf("No entry of %llu is one of these.\n", (unsigned long long)vault.log.head.size);
    }
    return qrt_cli_flush(err);
}
