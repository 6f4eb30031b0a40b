#include "cli/cli.h"

#include "base/clock.h"
#include "base/text.h"
#include "ceremony/review/register.h"
#include "cli/register_json.h"
#include "cli/say.h"
#include "cli/ui.h"
#include <stdio.h>
#include <string.h>

#define COLUMNS     80
#define KEY_COLUMNS 16

static void print_row(const struct qrt_register_row *row)
{
    const struct qrt_register *reg = qrt_register_find(row->reg);
    char time[QRT_TIME_CHARS + 1];
    qrt_clock_format(time, row->time_unix_s);
    printf("%s %s\n    %-*s%.10s\n", row->reg, row->name, KEY_COLUMNS - 4, "changed", time);
    for (size_t k = 0; k < reg->keys_len; k++) {
        struct qrt_span value;
        size_t at = 0;
        while (qrt_register_next(row, reg->keys[k].name, &at, &value)) {
            QRT_BUF text = {0};
            QRT_BUF laid = {0};
            qrt_text_escape(&text, value.data, value.len_bytes);
            qrt_screen_wrap(&laid, qrt_buf_str(&text), COLUMNS, KEY_COLUMNS);
            printf("    %-*s%s\n", KEY_COLUMNS - 4, reg->keys[k].name, qrt_buf_str(&laid));
        }
    }
}

static bool is_wanted(const struct qrt_register_row *row, const char *only)
{
    return row->value[0] != '\0' && (only == NULL || strcmp(row->reg, only) == 0);
}

static enum qrt_code list(const struct qrt_cli *cli, const struct qrt_vault *vault,
                          const char *only, struct qrt_err *err)
{
    json_t *rows = cli->json ? json_array() : NULL;
    size_t count = 0;
    for (size_t r = 0; r < QRT_REGISTERS; r++) {
        for (size_t i = 0; i < vault->state.registers.len; i++) {
            const struct qrt_register_row *row =
                QRT_ROW(&vault->state, registers, qrt_register_row, i);
            if (strcmp(row->reg, qrt_register_at(r)->name) != 0 || !is_wanted(row, only)) {
                continue;
            }
            count++;
            if (cli->json) {
                json_array_append_new(rows, qrt_register_json(row));
            } else {
                print_row(row);
            }
        }
    }
    if (cli->json) {
        return qrt_cli_print_json(json_pack("{s:o}", "register", rows), err);
    }
    if (count == 0) {
        puts("Nothing is registered. The registers:");
        for (size_t r = 0; r < QRT_REGISTERS; r++) {
            printf("    %s\n", qrt_register_at(r)->name);
        }
        qrt_cli_say(stdout,
                    "Next: quorate register set mailbox root-mail address=root@example.com\n");
    }
    return qrt_cli_flush(err);
}

static enum qrt_code change(struct qrt_cli *cli, struct qrt_vault *vault, int argc, char **argv,
                            bool take_away, struct qrt_err *err)
{
    QRT_PERFORMER performer = {0};
    struct qrt_register_change to = {.reg = argv[2],
                                     .name = argv[3],
                                     .values = argv + 4,
                                     .values_len = (size_t)argc - 4,
                                     .take_away = take_away};
    enum qrt_code code;
    if ((code = qrt_performer_init(&performer, cli, NULL, 0, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(vault, cli, err)) != QRT_OK ||
        (code = qrt_register_change(vault, performer.ui, &to, err)) != QRT_OK) {
        return code;
    }
    qrt_performer_free(&performer);
    const struct qrt_register_row *row = qrt_register_row(&vault->state, to.reg, to.name);
    if (cli->json) {
        return qrt_cli_print_json(qrt_register_json(row), err);
    }
    qrt_cli_say(stdout,
                "%s: %s %s, entry %lld of the log.\nNext: quorate status tells what is due or in "
                "conflict.\n",
                take_away ? "Taken away" : "Registered", row->reg, row->name,
                (long long)(row->changed - (int64_t)vault->state.former_entries));
    return qrt_cli_flush(err);
}

enum qrt_code qrt_cmd_register(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_VAULT vault = {0};
    enum qrt_code code;
    const char *verb = argc > 1 ? argv[1] : "";
    bool listing = strcmp(verb, "list") == 0 && argc <= 3;
    bool drop = strcmp(verb, "drop") == 0 && argc == 4;
    bool set = strcmp(verb, "set") == 0 && argc >= 4;
    if (!listing && !drop && !set) {
        return qrt_fail(err, QRT_E_USAGE,
                        "register takes list [REGISTER], set REGISTER NAME [KEY=VALUE...] or drop "
                        "REGISTER NAME");
    }
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK) {
        return code;
    }
    const char *only = argc == 3 ? argv[2] : NULL;
    if (listing && only != NULL && qrt_register_find(only) == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "register list: there is no such register");
    }
    if (!listing) {
        return change(cli, &vault, argc, argv, drop, err);
    }
    code = qrt_cli_open_vault(&vault, cli, err);
    return code == QRT_OK ? list(cli, &vault, only, err) : code;
}
