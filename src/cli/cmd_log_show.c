#include "cli/cmd_log.h"

#include "base/clock.h"
#include "base/text.h"
#include "log/entry_json.h"
#include "log/inspect.h"
#include "vault/vault.h"
#include <stdio.h>
#include <string.h>

struct showing {
    json_t *list; /* NULL: as a table */
};

static void escape_value(struct qrt_buf *out, struct qrt_span value)
{
    QRT_BUF text = {0};
    qrt_span_unescape(&text, value);
    qrt_text_escape(out, qrt_buf_str(&text), text.len_bytes);
}

static void show_row(const struct qrt_entry *entry)
{
    struct qrt_entry_cursor cursor = {0};
    char time[QRT_TIME_CHARS + 1];
    QRT_BUF line = {0};
    qrt_clock_format(time, entry->time_unix_s);
    qrt_buf_printf(&line, "%6llu  %s  %-20s %.*s", (unsigned long long)entry->index, time,
                   entry->event->name, (int)entry->actor.len_bytes, entry->actor.data);
    while (qrt_entry_next(entry, &cursor)) {
        qrt_buf_printf(&line, "  %.*s=", (int)cursor.key.len_bytes, cursor.key.data);
        escape_value(&line, cursor.value);
    }
    puts(qrt_buf_str(&line));
}

static bool show_entry(void *ctx, const struct qrt_entry *entry)
{
    struct showing *showing = ctx;
    if (showing->list == NULL) {
        show_row(entry);
    } else {
        json_array_append_new(showing->list, qrt_entry_json(entry));
    }
    return true;
}

enum qrt_code qrt_cmd_log_show(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_VAULT vault = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_no_more_arguments(argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK) {
        return code;
    }
    struct showing showing = {.list = cli->json ? json_array() : NULL};
    code = qrt_log_each_entry(&vault.log, show_entry, &showing, err);
    if (code != QRT_OK || !cli->json) {
        json_decref(showing.list);
        return code == QRT_OK ? qrt_cli_flush(err) : code;
    }
    return qrt_cli_print_json(json_pack("{s:o}", "entries", showing.list), err);
}
