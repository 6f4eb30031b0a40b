#include "ceremony/succession/takeover.h"
#include "cli/cards_json.h"
#include "cli/cmd_log.h"
#include "cli/no_quorum.h"
#include "cli/say.h"
#include "cli/succession_options.h"
#include "cli/ui.h"
#include <stdio.h>

static json_t *operators_json(const struct qrt_state *state)
{
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < state->people.len; i++) {
        const char *id = QRT_ROW(state, people, qrt_person, i)->id;
        if (qrt_state_has_role(state, id, "operator")) {
            json_array_append_new(
                list, json_pack("{s:s, s:s}", "id", id, "vkey", qrt_state_badge(state, id)->vkey));
        }
    }
    return list;
}

static enum qrt_code print_taken_over(const struct qrt_cli *cli, const struct qrt_vault *vault,
                                      const struct qrt_taken_over *taken_over, struct qrt_err *err)
{
    const struct qrt_state *state = &vault->state;
    if (cli->json) {
        return qrt_cli_print_json(
            json_pack("{s:s, s:I, s:o, s:o, s:s}", "origin", vault->log.origin, "index",
                      (json_int_t)taken_over->intent, "operators", operators_json(state), "cards",
                      qrt_cards_json(&taken_over->gather), "checkpoint",
                      qrt_buf_str(&vault->log.note)),
            err);
    }
    QRT_BUF path = {0};
    const char *shown = qrt_cli_shown(&path, cli->vault);
    printf("The log of %s was taken over by both quorums; it has this from entry %llu on.\n"
           "Every former operator's badge is void. The operators, with their new verifier keys:\n",
           vault->log.origin, (unsigned long long)taken_over->intent);
    for (size_t i = 0; i < state->people.len; i++) {
        const char *id = QRT_ROW(state, people, qrt_person, i)->id;
        if (qrt_state_has_role(state, id, "operator")) {
            printf("  %s\n", qrt_state_badge(state, id)->vkey);
        }
    }
    qrt_cli_say(
        stdout,
        "Next: seal the cards in new bags; give everyone a new receipt, `quorate --vault %s "
        "receipt print`; tell the auditor, with these keys on paper.\n",
        shown);
    return qrt_cli_flush(err);
}

enum qrt_code qrt_cmd_log_takeover(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    struct qrt_succession_request request = {0};
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    QRT_TAKEN_OVER taken_over = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_succession_options(&request, &argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (request.operators_len == 0) {
        return qrt_fail(err, QRT_E_USAGE, "log takeover takes --operator ID, once or more");
    }
    if ((code = qrt_performer_init(&performer, cli, argv + 1, (size_t)argc - 1, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK) {
        return code;
    }
    code = qrt_take_over(&taken_over, &vault, &request, performer.ui, err);
    qrt_performer_free(&performer);
    if ((code == QRT_E_QUORUM || code == QRT_E_REFUSED) && taken_over.gather.judged_len > 0) {
        struct qrt_err ignored;
        (void)!qrt_cli_print_no_quorum(cli, &taken_over.gather, "The log was not taken over.",
                                       &ignored);
    }
    return code == QRT_OK ? print_taken_over(cli, &vault, &taken_over, err) : code;
}
