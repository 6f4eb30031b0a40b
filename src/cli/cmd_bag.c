#include "cli/cli.h"

#include "base/clock.h"
#include "ceremony/bags/bag.h"
#include "ceremony/session/witnesses.h"
#include "cli/bags_json.h"
#include "cli/given.h"
#include "cli/say.h"
#include "cli/ui.h"
#include "vault/sitting.h"
#include <stdio.h>
#include <string.h>

static void print_row(const struct qrt_state *state, const struct qrt_bag *bag)
{
    char since[QRT_TIME_CHARS + 1];
    char checked[QRT_TIME_CHARS + 1];
    qrt_clock_format(since, bag->placed_unix_s);
    qrt_clock_format(checked, bag->checked_unix_s);
    if (bag->account[0] != '\0') {
        printf("%s  %s, the device of account %s\n", bag->bag, qrt_bag_state_word(state, bag),
               bag->account);
    } else {
        const struct qrt_card_row *card = qrt_state_card(state, (uint64_t)bag->serial);
        printf("%s  %s, card %lld of %s, %s\n", bag->bag, qrt_bag_state_word(state, bag),
               (long long)bag->serial, card->custodian, qrt_card_state_word(state, card));
    }
    printf("    %s/%s since %.10s; ", bag->site, bag->safe, since);
    if (bag->checked == QRT_NEVER) {
        puts("not checked yet");
    } else {
        printf("checked %.10s: %s\n", checked, bag->result);
    }
    const struct qrt_presence *outside = qrt_state_bag_out(state, bag);
    if (outside != NULL) {
        printf(qrt_state_bag_outside(state, bag) != NULL
                   ? "    outside now, with %s\n"
                   : "    outside with %s when its session was ended; not seen since\n",
               outside->person);
    }
}

/* Without --all, those in which something lies. */
static enum qrt_code list(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_VAULT vault = {0};
    enum qrt_code code;
    bool all = qrt_cli_flag(&argc, argv, "--all");
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_no_more_arguments(argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK) {
        return code;
    }
    const struct qrt_state *state = &vault.state;
    json_t *rows = cli->json ? json_array() : NULL;
    size_t count = 0;
    for (size_t i = 0; i < state->bags.len; i++) {
        const struct qrt_bag *bag = QRT_ROW(state, bags, qrt_bag, i);
        if (!all && !qrt_state_bag_is_last(state, bag)) {
            continue;
        }
        count++;
        if (cli->json) {
            json_array_append_new(rows, qrt_bag_json(state, bag));
        } else {
            print_row(state, bag);
        }
    }
    if (cli->json) {
        return qrt_cli_print_json(json_pack("{s:o}", "bags", rows), err);
    }
    if (count == 0) {
        qrt_cli_say(stdout, "No bag is on record.\n"
                            "Next: quorate bag seal BAG --card SERIAL --site S --safe S\n");
    }
    return qrt_cli_flush(err);
}

static enum qrt_code say(const struct qrt_cli *cli, struct qrt_performer *performer,
                         const struct qrt_vault *vault, const struct qrt_bag *bag, bool moved,
                         struct qrt_err *err)
{
    qrt_performer_free(performer);
    if (cli->json) {
        return qrt_cli_print_json(qrt_bag_json(&vault->state, bag), err);
    }
    qrt_cli_say(stdout,
                "Bag %s %s %s/%s, entry %lld of the log.\n"
                "Next: write the number and the date on the label; quorate bag list.\n",
                bag->bag, moved ? "was moved to" : "is sealed, and lies in", bag->site, bag->safe,
                (long long)(bag->placed - (int64_t)vault->state.former_entries));
    return qrt_cli_flush(err);
}

static enum qrt_code take_options(struct qrt_bag_request *request, int *argc, char **argv,
                                  struct qrt_err *err)
{
    enum qrt_code code = qrt_cli_option(&request->site, argc, argv, "--site", err);
    request->accept_overlap = qrt_cli_flag(argc, argv, "--accept-overlap");
    return code == QRT_OK ? qrt_cli_option(&request->safe, argc, argv, "--safe", err) : code;
}

static enum qrt_code seal(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    const char *witnesses[QRT_WITNESSES_MAX];
    struct qrt_bag_request request = {.witnesses = witnesses};
    const char *serial;
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = take_options(&request, &argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_option(&serial, &argc, argv, "--card", err)) != QRT_OK ||
        (code = qrt_cli_option(&request.content.account, &argc, argv, "--account", err)) !=
            QRT_OK ||
        (code = qrt_cli_options(witnesses, &request.witnesses_len, QRT_WITNESSES_MAX, &argc, argv,
                                "--witness", err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK ||
        (serial != NULL &&
         (code = qrt_given_serial(&request.content.serial, serial, err)) != QRT_OK)) {
        return code;
    }
    if (argc > 2) {
        return qrt_fail(err, QRT_E_USAGE,
                        "bag seal takes BAG, --card or --account, --site and --safe");
    }
    request.number = argc == 2 ? argv[1] : NULL;
    if ((code = qrt_performer_init(&performer, cli, NULL, 0, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK ||
        (code = qrt_bag_seal(&vault, &request, performer.ui, err)) != QRT_OK) {
        return code;
    }
    const struct qrt_bag *bag = request.content.account != NULL
                                    ? qrt_state_bag_of_device(&vault.state, request.content.account)
                                    : qrt_state_bag_of_card(&vault.state, request.content.serial);
    return say(cli, &performer, &vault, bag, false, err);
}

static enum qrt_code move(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    struct qrt_bag_request request = {0};
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = take_options(&request, &argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (argc != 2) {
        return qrt_fail(err, QRT_E_USAGE, "bag move takes BAG, --site and --safe");
    }
    request.number = argv[1];
    if ((code = qrt_performer_init(&performer, cli, NULL, 0, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK ||
        (code = qrt_bag_move(&vault, &request, performer.ui, err)) != QRT_OK) {
        return code;
    }
    return say(cli, &performer, &vault, qrt_state_bag(&vault.state, request.number), true, err);
}

enum qrt_code qrt_cmd_bag(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    static const struct qrt_verb verbs[] = {{"seal", seal}, {"move", move}, {"list", list}};
    return qrt_cli_verb(cli, argc, argv, verbs, sizeof verbs / sizeof verbs[0], err);
}
