#include "cli/cli.h"

#include "ceremony/renew/replace.h"
#include "cli/cards_json.h"
#include "cli/delivered.h"
#include "cli/given.h"
#include "cli/no_quorum.h"
#include "cli/say.h"
#include "cli/ui.h"
#include <stdio.h>

static enum qrt_code parse(struct qrt_replace_request *request, struct qrt_sheets *sheets,
                           const struct qrt_cli *cli, int *argc, char **argv, struct qrt_err *err)
{
    uint32_t serial;
    enum qrt_code code;
    request->in_hand = qrt_cli_flag(argc, argv, "--in-hand");
    if ((code = qrt_cli_option(&request->reason, argc, argv, "--reason", err)) != QRT_OK ||
        (code = qrt_sheets_options(sheets, cli, argc, argv, false, err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(*argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (*argc < 2 || request->reason == NULL) {
        return qrt_fail(err, QRT_E_USAGE,
                        "card replace takes SERIAL, --in-hand, --reason TEXT, --printer NAME or "
                        "--sheets DIR, and cards of its group");
    }
    code = qrt_given_serial(&serial, argv[1], err);
    request->serial = serial;
    return code;
}

static enum qrt_code print_replaced(const struct qrt_cli *cli,
                                    const struct qrt_replace_request *request,
                                    const struct qrt_remade *remade, bool person,
                                    struct qrt_err *err)
{
    if (cli->json) {
        return qrt_cli_print_json(
            json_pack("{s:I, s:I, s:o, s:o}", "replaced", (json_int_t)request->serial, "index",
                      (json_int_t)remade->intent, "presented", qrt_cards_json(&remade->gather),
                      "cards", qrt_delivered_json(&remade->delivered)),
            err);
    }
    QRT_BUF path = {0};
    const char *vault = qrt_cli_shown(&path, cli->vault);
    qrt_cli_say(stdout, "Card %llu is replaced, and void. The new one carries the same share:\n",
                (unsigned long long)request->serial);
    qrt_delivered_print(&remade->delivered);
    qrt_cli_say(
        stdout,
        "Next: %sdestroy the old card before a witness, and log it with `quorate --vault %s "
        "card destroy %llu --witness ID`. Its words are those of the new one.\n",
        person ? "" : "read the new card back with `card prove`, and put it in its bag; ", vault,
        (unsigned long long)request->serial);
    return qrt_cli_flush(err);
}

enum qrt_code qrt_cmd_card_replace(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    struct qrt_replace_request request = {0};
    struct qrt_sheets sheets = {0};
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    QRT_REMADE remade = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = parse(&request, &sheets, cli, &argc, argv, err)) != QRT_OK ||
        (code = qrt_performer_init(&performer, cli, argv + 2, (size_t)argc - 2, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK) {
        return code;
    }
    qrt_performer_lend(&performer, &sheets);
    code = qrt_replace(&remade, &vault, &request, performer.ui, err);
    bool person = performer.ui->person;
    if (code != QRT_OK) {
        qrt_sheets_abandon(performer.sheets);
    }
    qrt_performer_free(&performer);
    if ((code == QRT_E_QUORUM || code == QRT_E_REFUSED) && remade.gather.vault != NULL) {
        struct qrt_err ignored;
        (void)!qrt_cli_print_no_quorum(cli, &remade.gather, "No card was made.", &ignored);
    }
    return code == QRT_OK ? print_replaced(cli, &request, &remade, person, err) : code;
}
