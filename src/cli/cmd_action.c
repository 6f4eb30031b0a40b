#include "cli/cli.h"

#include "base/clock.h"
#include "base/text.h"
#include "ceremony/drill/action.h"
#include "cli/say.h"
#include "cli/screen.h"
#include "cli/ui.h"
#include "report/drill_json.h"
#include "vault/drill.h"
#include <stdio.h>
#include <string.h>

#define COLUMNS      80
#define TEXT_COLUMNS 32

static enum qrt_code print_one(const struct qrt_cli *cli, const struct qrt_vault *vault,
                               uint64_t number, struct qrt_err *err)
{
    const struct qrt_action *action = qrt_state_action(&vault->state, number);
    int64_t now_unix_s = qrt_clock_unix_s();
    if (cli->json) {
        return qrt_cli_print_json(qrt_action_json(action, now_unix_s), err);
    }
    qrt_cli_say(
        stdout, "Action %lld of %s, due %s, is %s.\nNext: quorate action list tells of all.\n",
        (long long)action->number, action->owner, action->due, qrt_action_word(action, now_unix_s));
    return qrt_cli_flush(err);
}

static enum qrt_code open_action(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    const char *owner;
    const char *due;
    const char *text;
    uint64_t number;
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_option(&owner, &argc, argv, "--owner", err)) != QRT_OK ||
        (code = qrt_cli_option(&due, &argc, argv, "--due", err)) != QRT_OK ||
        (code = qrt_cli_option(&text, &argc, argv, "--text", err)) != QRT_OK ||
        (code = qrt_cli_no_more_arguments(argc, argv, err)) != QRT_OK ||
        (code = qrt_performer_init(&performer, cli, NULL, 0, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK ||
        (code = qrt_action_open(&number, &vault, owner, due, text, performer.ui, err)) != QRT_OK) {
        return code;
    }
    qrt_performer_free(&performer);
    return print_one(cli, &vault, number, err);
}

static enum qrt_code close_action(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    const char *text;
    uint64_t number = 0;
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_option(&text, &argc, argv, "--text", err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (argc != 2 || !qrt_text_u64(argv[1], strlen(argv[1]), UINT32_MAX, &number) || number == 0) {
        return qrt_fail(err, QRT_E_USAGE, "action close takes the action's NUMBER and --text TEXT");
    }
    if ((code = qrt_performer_init(&performer, cli, NULL, 0, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK ||
        (code = qrt_action_close(&vault, number, text, performer.ui, err)) != QRT_OK) {
        return code;
    }
    qrt_performer_free(&performer);
    return print_one(cli, &vault, number, err);
}

static void print_row(const struct qrt_action *action, int64_t now_unix_s)
{
    QRT_BUF text = {0};
    QRT_BUF laid = {0};
    qrt_text_escape(&text, action->text, strlen(action->text));
    if (action->done[0] != '\0') {
        qrt_buf_text(&text, " - done: ");
        qrt_text_escape(&text, action->done, strlen(action->done));
    }
    qrt_screen_wrap(&laid, qrt_buf_str(&text), COLUMNS, 4);
    printf("%4lld  due %s  %-7s  %s\n    %s\n", (long long)action->number, action->due,
           qrt_action_word(action, now_unix_s), action->owner, qrt_buf_str(&laid));
}

static enum qrt_code list(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_VAULT vault = {0};
    int64_t now_unix_s = qrt_clock_unix_s();
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_no_more_arguments(argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK) {
        return code;
    }
    json_t *rows = cli->json ? json_array() : NULL;
    for (size_t i = 0; i < vault.state.actions.len; i++) {
        const struct qrt_action *action = QRT_ROW(&vault.state, actions, qrt_action, i);
        if (cli->json) {
            json_array_append_new(rows, qrt_action_json(action, now_unix_s));
        } else {
            print_row(action, now_unix_s);
        }
    }
    size_t open = qrt_state_actions_open(&vault.state);
    if (cli->json) {
        return qrt_cli_print_json(
            json_pack("{s:o, s:I}", "actions", rows, "open", (json_int_t)open), err);
    }
    qrt_cli_say(stdout, "%zu open. %s\n", open,
                open > 0 ? "Next: quorate action close NUMBER --text TEXT, when it is done."
                         : "Next: quorate drill list.");
    return qrt_cli_flush(err);
}

enum qrt_code qrt_cmd_action(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    static const struct qrt_verb verbs[] = {
        {"open", open_action}, {"close", close_action}, {"list", list}};
    return qrt_cli_verb(cli, argc, argv, verbs, sizeof verbs / sizeof verbs[0], err);
}
