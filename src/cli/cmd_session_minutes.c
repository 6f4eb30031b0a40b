#include "cli/cmd_session.h"

#include "base/json.h"
#include "base/text.h"
#include "ceremony/session/minutes.h"
#include "cli/say.h"
#include "cli/sheets.h"
#include <stdio.h>
#include <string.h>

#define HOUR 11 /* where it begins in a time: 2026-01-01T08:00:00Z */

static void say_what_happened(json_t *line)
{
    const char *time;
    const char *what;
    json_int_t index;
    QRT_BUF text = {0};
    if (json_unpack(line, "{s:I, s:s, s:s}", "index", &index, "time", &time, "text", &what) == 0) {
        qrt_text_escape(&text, what, strlen(what));
        qrt_cli_say(stdout, "%6lld  %.5s  %s\n", (long long)index, time + HOUR, qrt_buf_str(&text));
    }
}

/* What a person wants of them; the words are the log's own. */
static enum qrt_code say_minutes(const struct qrt_buf *bytes, struct qrt_err *err)
{
    QRT_JSON minutes = NULL;
    const char *ceremony;
    const char *result;
    const char *closed;
    json_int_t size;
    json_int_t left_out = 0;
    size_t i;
    json_t *line;
    QRT_BUF present = {0};
    enum qrt_code code =
        qrt_json_parse(&minutes, bytes->data, bytes->len_bytes, bytes->len_bytes, err);
    if (code != QRT_OK) {
        return code;
    }
    if (json_unpack(minutes, "{s:s, s:s, s:s, s:I, s?I}", "ceremony", &ceremony, "result", &result,
                    "closed", &closed, "size", &size, "left_out", &left_out) != 0) {
        return qrt_fail(err, QRT_E_FORMAT, "minutes: not as they are written");
    }
    json_array_foreach(json_object_get(minutes, "present"), i, line)
    {
        qrt_buf_printf(&present, "%s%s", i == 0 ? "" : ", ", json_string_value(line));
    }
    qrt_cli_say(stdout, "Minutes: %s, %s; closed %.10s %.5s UTC, behind %lld entries of the log.\n",
                ceremony, result, closed, closed + HOUR, (long long)size);
    qrt_cli_say(stdout, "Present: %s\n", qrt_buf_str(&present));
    json_array_foreach(json_object_get(minutes, "happened"), i, line)
    {
        say_what_happened(line);
    }
    if (left_out > 0) {
        printf("There was no room for %lld more.\n", (long long)left_out);
    }
    qrt_cli_say(stdout, "Next: print them to be signed, with --printer NAME or --sheets DIR.\n");
    return qrt_cli_flush(err);
}

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
        return say_minutes(json, err);
    }
    qrt_cli_say(stdout,
                "Sheet: %s\nNext: everyone who was there signs it; it is kept with the log's "
                "receipts.\n",
                qrt_cli_shown(&path, qrt_buf_str(where)));
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
