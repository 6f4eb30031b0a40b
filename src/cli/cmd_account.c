#include "cli/cmd_account.h"

#include "ceremony/accounts/account.h"
#include "cli/say.h"
#include "cli/ui.h"
#include <stdio.h>
#include <string.h>

enum qrt_code qrt_cmd_account(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    static const struct qrt_verb verbs[] = {
        {"list", qrt_cmd_account_list},     {"add", qrt_cmd_account_add},
        {"change", qrt_cmd_account_change}, {"close", qrt_cmd_account_close},
        {"import", qrt_cmd_account_import}, {"confirm", qrt_cmd_account_confirm},
    };
    return qrt_cli_verb(cli, argc, argv, verbs, sizeof verbs / sizeof verbs[0], err);
}

static enum qrt_code say(const struct qrt_cli *cli, struct qrt_performer *performer, const char *id,
                         const char *words, struct qrt_err *err)
{
    qrt_performer_free(performer);
    if (cli->json) {
        return qrt_cli_print_json(json_pack("{s:s}", "account", id), err);
    }
    qrt_cli_say(stdout, "Account %s %s\n", id, words);
    return qrt_cli_flush(err);
}

/* ID, and the options that add and change have. */
static enum qrt_code read_request(struct qrt_account_request *request, int argc, char **argv,
                                  struct qrt_err *err)
{
    enum qrt_code code;
    if ((code = qrt_cli_option(&request->name, &argc, argv, "--name", err)) != QRT_OK ||
        (code = qrt_cli_option(&request->email, &argc, argv, "--email", err)) != QRT_OK ||
        (code = qrt_cli_option(&request->strategy, &argc, argv, "--strategy", err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK) {
        return code;
    }
    request->id = argc == 2 ? argv[1] : NULL;
    return QRT_OK;
}

enum qrt_code qrt_cmd_account_add(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    struct qrt_account_request request = {0};
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = read_request(&request, argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (request.id == NULL || request.name == NULL || request.email == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "account add takes ID, --name and --email");
    }
    if ((code = qrt_performer_init(&performer, cli, NULL, 0, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK ||
        (code = qrt_account_add(&vault, &request, performer.ui, err)) != QRT_OK) {
        return code;
    }
    return say(cli, &performer, request.id,
               "is added. Next: `quorate deposit` seals a credential of it, for the next opening.",
               err);
}

enum qrt_code qrt_cmd_account_change(struct qrt_cli *cli, int argc, char **argv,
                                     struct qrt_err *err)
{
    struct qrt_account_request request = {0};
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = read_request(&request, argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (request.id == NULL) {
        return qrt_fail(err, QRT_E_USAGE,
                        "account change takes ID, and --name, --email or --strategy");
    }
    if ((code = qrt_performer_init(&performer, cli, NULL, 0, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK ||
        (code = qrt_account_change(&vault, &request, performer.ui, err)) != QRT_OK) {
        return code;
    }
    return say(cli, &performer, request.id, "is changed; `quorate account list` shows it.", err);
}

enum qrt_code qrt_cmd_account_close(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    const char *reason;
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_option(&reason, &argc, argv, "--reason", err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (argc != 2 || reason == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "account close takes ID and --reason");
    }
    if ((code = qrt_performer_init(&performer, cli, NULL, 0, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK ||
        (code = qrt_account_close(&vault, argv[1], reason, performer.ui, err)) != QRT_OK) {
        return code;
    }
    return say(cli, &performer, argv[1],
               "is marked closed. What is in custody of it stays; `quorate account list` shows it.",
               err);
}

enum qrt_code qrt_cmd_account_confirm(struct qrt_cli *cli, int argc, char **argv,
                                      struct qrt_err *err)
{
    const char *kind;
    const char *how;
    size_t deleted = 0;
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_option(&kind, &argc, argv, "--kind", err)) != QRT_OK ||
        (code = qrt_cli_option(&how, &argc, argv, "--how", err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (argc != 2 || kind == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "account confirm takes ID and --kind KIND");
    }
    how = how == NULL ? "console" : how;
    if ((code = qrt_performer_init(&performer, cli, NULL, 0, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK ||
        (code = qrt_account_confirm(&deleted, &vault, argv[1], kind, how, performer.ui, err)) !=
            QRT_OK) {
        return code;
    }
    qrt_performer_free(&performer);
    if (cli->json) {
        return qrt_cli_print_json(json_pack("{s:s, s:s, s:I}", "account", argv[1], "kind", kind,
                                            "deleted", (json_int_t)deleted),
                                  err);
    }
    qrt_cli_say(stdout, "The %s of account %s is confirmed; former items deleted: %zu.\n", kind,
                argv[1], deleted);
    if (deleted > 0) {
        qrt_cli_say(stdout,
                    "Sealed sheets that hold them are stale: the custodians destroy those.\n");
    }
    return qrt_cli_flush(err);
}
