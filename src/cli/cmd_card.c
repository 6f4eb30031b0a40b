#include "cli/cli.h"

#include "ceremony/prove.h"
#include "cli/cards_json.h"
#include "cli/ui.h"
#include <stdio.h>
#include <string.h>

/* What a card is worth now. */
static const char *state_of(const struct qrt_vault *vault, const struct qrt_card_row *card)
{
    if (card->destroyed != QRT_NEVER) {
        return "destroyed";
    }
    if (card->voided != QRT_NEVER) {
        return "void";
    }
    if (qrt_state_card_is_former(&vault->state, card)) {
        return "former";
    }
    if (card->proved != QRT_NEVER) {
        return "proved";
    }
    return card->issued != QRT_NEVER ? "issued" : "created";
}

static enum qrt_code list(const struct qrt_cli *cli, const struct qrt_vault *vault,
                          struct qrt_err *err)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < vault->state.cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(&vault->state, cards, qrt_card_row, i);
        if (cli->json) {
            json_array_append_new(rows, json_pack("{s:I, s:s, s:s, s:I, s:I, s:s}", "serial",
                                                  (json_int_t)card->serial, "group",
                                                  card->group_name, "custodian", card->custodian,
                                                  "generation", (json_int_t)card->generation,
                                                  "edition", (json_int_t)card->edition, "state",
                                                  state_of(vault, card)));
        } else {
            printf("%4lld  %-8s  generation %lld, edition %lld  %-9s  %s\n",
                   (long long)card->serial, card->group_name, (long long)card->generation,
                   (long long)card->edition, state_of(vault, card), card->custodian);
        }
    }
    if (!cli->json) {
        json_decref(rows);
        return qrt_cli_flush(err);
    }
    return qrt_cli_print_json(json_pack("{s:o}", "cards", rows), err);
}

static enum qrt_code judge(const struct qrt_cli *cli, struct qrt_vault *vault,
                           struct qrt_performer *performer, bool prove, struct qrt_err *err)
{
    QRT_GATHER gather = {0};
    enum qrt_code code = prove ? qrt_card_prove(&gather, vault, performer->ui, err)
                               : qrt_card_check(&gather, vault, performer->ui, err);
    if (cli->json && (code == QRT_OK || (code == QRT_E_REFUSED && gather.judged_len > 0))) {
        enum qrt_code printed =
            qrt_cli_print_json(json_pack("{s:o}", "cards", qrt_cards_json(&gather)), err);
        return printed == QRT_OK ? code : printed;
    }
    if (code == QRT_OK) {
        puts(prove ? "Every card is proved and logged." : "Every card is good.");
        return qrt_cli_flush(err);
    }
    return code;
}

enum qrt_code qrt_cmd_card(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    enum qrt_code code;
    const char *verb = argc > 1 ? argv[1] : "";
    bool prove = strcmp(verb, "prove") == 0;
    bool listing = strcmp(verb, "list") == 0;
    if ((!prove && !listing && strcmp(verb, "check") != 0) || (listing && argc != 2)) {
        return qrt_fail(err, QRT_E_USAGE, "card takes list, check FILE... or prove FILE...");
    }
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK ||
        (code = qrt_performer_init(&performer, cli, argv + 2, (size_t)argc - 2, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK) {
        return code;
    }
    return listing ? list(cli, &vault, err) : judge(cli, &vault, &performer, prove, err);
}
