#include "ceremony/people/badge.h"
#include "cli/cmd_person.h"
#include "cli/cmd_policy.h"
#include "cli/say.h"
#include "cli/ui.h"
#include <stdio.h>
#include <string.h>

const char *qrt_badge_form(const struct qrt_badge_row *badge)
{
    static const uint8_t none[QRT_HASH_BYTES];
    return memcmp(badge->stored, none, sizeof none) == 0 ? "wallet" : "passphrase";
}

json_t *qrt_badge_json(const struct qrt_badge_row *badge)
{
    return badge == NULL
               ? json_null()
               : json_pack("{s:s, s:s}", "form", qrt_badge_form(badge), "vkey", badge->vkey);
}

static enum qrt_code cmd_list(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_VAULT vault = {0};
    enum qrt_code code;
    if ((code = qrt_cli_no_more_arguments(argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK) {
        return code;
    }
    const struct qrt_state *state = &vault.state;
    json_t *rows = cli->json ? json_array() : NULL;
    for (size_t i = state->former_badges; i < state->badges.len; i++) {
        const struct qrt_badge_row *badge = QRT_ROW(state, badges, qrt_badge_row, i);
        const char *word = badge->voided == QRT_NEVER ? "in-force" : "void";
        if (cli->json) {
            json_array_append_new(rows, json_pack("{s:s, s:s, s:s, s:s}", "person", badge->person,
                                                  "state", word, "form", qrt_badge_form(badge),
                                                  "vkey", badge->vkey));
        } else {
            qrt_cli_say(stdout, "%-9s %-10s %s\n", word, qrt_badge_form(badge), badge->vkey);
        }
    }
    return cli->json ? qrt_cli_print_json(json_pack("{s:o}", "badges", rows), err)
                     : qrt_cli_flush(err);
}

/* A ceremony of one badge: new, void or printed. */
static enum qrt_code perform(struct qrt_cli *cli, int argc, char **argv,
                             struct qrt_badge_request *request, bool print, struct qrt_err *err)
{
    struct qrt_sheets sheets = {0};
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    QRT_BUF wallet = {0};
    enum qrt_code code;
    if ((code = qrt_cli_option(&request->reason, &argc, argv, "--reason", err)) != QRT_OK ||
        (code = qrt_sheets_options(&sheets, cli, &argc, argv, !print, err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (argc != 2 || (print && request->reason != NULL)) {
        return qrt_fail(err, QRT_E_USAGE, "badge %s takes one person's id", argv[0]);
    }
    request->person = argv[1];
    request->has_place = sheets.printer != NULL || sheets.folder != NULL;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_performer_init(&performer, cli, NULL, 0, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK) {
        return code;
    }
    *performer.sheets = sheets;
    performer.ui->prints = sheets.printer != NULL;
    performer.ui->paper = sheets.paper;
    code = print ? qrt_badge_print(&wallet, &vault, argv[1], performer.ui, err)
                 : qrt_badge_replace(&wallet, &vault, request, performer.ui, err);
    if (code != QRT_OK) {
        qrt_sheets_abandon(performer.sheets);
        return code;
    }
    qrt_performer_free(&performer);
    if (cli->json) {
        return qrt_cli_print_json(json_pack("{s:s, s:o, s:o}", "person", argv[1], "badge",
                                            qrt_badge_json(qrt_state_badge(&vault.state, argv[1])),
                                            "wallets", qrt_lines_json(&wallet)),
                                  err);
    }
    const struct qrt_badge_row *badge = qrt_state_badge(&vault.state, argv[1]);
    if (badge == NULL) {
        qrt_cli_say(stdout, "%s has no badge any more.\nNext: quorate badge new %s\n", argv[1],
                    argv[1]);
    } else {
        printf("The badge of %s, with its verifier key:\n  %s\n", argv[1], badge->vkey);
    }
    qrt_print_lines("Wallet card: ", &wallet);
    if (request->issue) {
        qrt_cli_say(stdout,
                    "Next: tell the auditor the new key, on paper; quorate receipt print\n");
    }
    return qrt_cli_flush(err);
}

static enum qrt_code cmd_new(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    return perform(cli, argc, argv, &(struct qrt_badge_request){.issue = true}, false, err);
}

static enum qrt_code cmd_void(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    return perform(cli, argc, argv, &(struct qrt_badge_request){.issue = false}, false, err);
}

static enum qrt_code cmd_print(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    return perform(cli, argc, argv, &(struct qrt_badge_request){.issue = false}, true, err);
}

static enum qrt_code cmd_check(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    enum qrt_code code;
    if ((code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (argc != 2) {
        return qrt_fail(err, QRT_E_USAGE, "badge check takes one person's id");
    }
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_performer_init(&performer, cli, NULL, 0, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK ||
        (code = qrt_badge_check(&vault, argv[1], performer.ui, err)) != QRT_OK) {
        return code;
    }
    qrt_performer_free(&performer);
    const struct qrt_badge_row *badge = qrt_state_badge(&vault.state, argv[1]);
    if (cli->json) {
        return qrt_cli_print_json(
            json_pack("{s:s, s:o}", "person", argv[1], "badge", qrt_badge_json(badge)), err);
    }
    qrt_cli_say(stdout, "That is the badge of %s, and it is in force. Nothing was written.\n",
                argv[1]);
    return qrt_cli_flush(err);
}

enum qrt_code qrt_cmd_badge(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    static const struct qrt_verb verbs[] = {{"list", cmd_list},
                                            {"new", cmd_new},
                                            {"print", cmd_print},
                                            {"check", cmd_check},
                                            {"void", cmd_void}};
    return qrt_cli_verb(cli, argc, argv, verbs, sizeof verbs / sizeof verbs[0], err);
}
