#include "ceremony/renew/rekey.h"
#include "ceremony/session/rekey_pending.h"

#include "cli/cards_json.h"
#include "cli/cli.h"
#include "cli/cmd_policy.h"
#include "cli/delivered.h"
#include "cli/no_quorum.h"
#include "cli/say.h"
#include "cli/ui.h"
#include <stdio.h>
#include <string.h>

static enum qrt_code print_rekeyed(const struct qrt_cli *cli, const struct qrt_vault *vault,
                                   const struct qrt_rekeyed *done, struct qrt_err *err)
{
    size_t unproved = qrt_rekey_unproved(&vault->state);
    if (cli->json) {
        return qrt_cli_print_json(
            json_pack("{s:I, s:I, s:I, s:b, s:I, s:o, s:o, s:o, s:s}", "index",
                      (json_int_t)done->intent, "generation", (json_int_t)done->generation, "items",
                      (json_int_t)done->items, "in_force", done->in_force, "unproved",
                      (json_int_t)unproved, "cards", qrt_delivered_json(&done->delivered), "former",
                      qrt_cards_json(&done->gather), "changes", qrt_lines_json(&done->told),
                      "checkpoint", qrt_buf_str(&vault->log.note)),
            err);
    }
    QRT_BUF path = {0};
    const char *shown = qrt_cli_shown(&path, cli->vault);
    qrt_cli_say(
        stdout,
        "Generation %lld of %s is made; the log has it from entry %llu on. Items sealed anew: "
        "%zu.\n",
        (long long)done->generation, vault->log.origin, (unsigned long long)done->intent,
        done->items);
    if (done->told.len_bytes > 0) {
        qrt_cli_say(stdout, "The policy is changed:\n%s", qrt_buf_str(&done->told));
    }
    qrt_delivered_print(&done->delivered);
    if (done->in_force) {
        qrt_cli_say(
            stdout,
            "It is in force, and the old cards are void: destroy them and the old sealed sheets "
            "under witness.\nNext: change every password and MFA device at AWS, each with "
            "`quorate --vault %s deposit ACCOUNT --kind K`.\n",
            shown);
    } else {
        qrt_cli_say(
            stdout,
            "It is not in force yet: the old cards count until every new one is proved. Not "
            "proved: %zu.\nNext: `quorate --vault %s card prove` for each of them, or give the "
            "re-key up with `rekey abandon`.\n",
            unproved, shown);
    }
    return qrt_cli_flush(err);
}

static enum qrt_code run(struct qrt_cli *cli, struct qrt_performer *performer,
                         const struct qrt_rekey_request *request, struct qrt_err *err)
{
    QRT_VAULT vault = {0};
    QRT_REKEYED done = {0};
    enum qrt_code code = qrt_cli_open_vault(&vault, cli, err);
    if (code == QRT_OK) {
        code = qrt_rekey(&done, &vault, request, performer->ui, err);
    }
    if (code != QRT_OK && done.delivered.len == 0) {
        qrt_sheets_abandon(performer->sheets);
    }
    qrt_performer_free(performer);
    if ((code == QRT_E_QUORUM || code == QRT_E_REFUSED) && done.gather.judged_len > 0) {
        struct qrt_err ignored;
        (void)!qrt_cli_print_no_quorum(cli, &done.gather, "There was no re-key.", &ignored);
    }
    return code == QRT_OK ? print_rekeyed(cli, &vault, &done, err) : code;
}

static enum qrt_code abandon(struct qrt_cli *cli, struct qrt_performer *performer,
                             const struct qrt_rekey_request *request, struct qrt_err *err)
{
    QRT_VAULT vault = {0};
    int64_t generation = 0;
    enum qrt_code code = qrt_cli_open_vault(&vault, cli, err);
    if (code == QRT_OK) {
        code = qrt_rekey_abandon(&generation, &vault, request, performer->ui, err);
    }
    qrt_performer_free(performer);
    if (code != QRT_OK) {
        return code;
    }
    if (cli->json) {
        return qrt_cli_print_json(json_pack("{s:I}", "abandoned", (json_int_t)generation), err);
    }
    qrt_cli_say(
        stdout,
        "The re-key is given up: the cards of generation %lld are void, and the old ones count "
        "as before.\nNext: destroy its cards and sealed sheets under witness.\n",
        (long long)generation);
    return qrt_cli_flush(err);
}

enum qrt_code qrt_cmd_rekey(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    struct qrt_rekey_request request = {0};
    struct qrt_sheets sheets = {0};
    QRT_PERFORMER performer = {0};
    QRT_BUF policy = {0};
    const char *file = NULL;
    bool abandons = argc > 1 && strcmp(argv[1], "abandon") == 0;
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_option(&request.reason, &argc, argv, "--reason", err)) != QRT_OK ||
        (code = qrt_cli_option(&request.confirm, &argc, argv, "--confirm", err)) != QRT_OK ||
        (!abandons &&
         ((code = qrt_cli_option(&file, &argc, argv, "--policy", err)) != QRT_OK ||
          (code = qrt_sheets_options(&sheets, cli, &argc, argv, false, err)) != QRT_OK)) ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (request.reason == NULL || (abandons && argc != 2)) {
        return qrt_fail(err, QRT_E_USAGE,
                        "rekey takes --reason TEXT, and --printer NAME or --sheets DIR; rekey "
                        "abandon takes --reason TEXT");
    }
    if (file != NULL) {
        if ((code = qrt_cli_read_policy(&policy, file, err)) != QRT_OK) {
            return code;
        }
        request.policy = &policy;
    }
    code = abandons ? qrt_performer_init(&performer, cli, NULL, 0, err)
                    : qrt_performer_init(&performer, cli, argv + 1, (size_t)argc - 1, err);
    if (code != QRT_OK || abandons) {
        return code == QRT_OK ? abandon(cli, &performer, &request, err) : code;
    }
    *performer.sheets = sheets;
    performer.ui->prints = sheets.printer != NULL;
    performer.ui->paper = sheets.paper;
    return run(cli, &performer, &request, err);
}
