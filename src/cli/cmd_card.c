#include "cli/cli.h"

#include "audit/outstanding.h"
#include "base/clock.h"
#include "ceremony/cards/prove.h"
#include "ceremony/session/rekey_pending.h"
#include "cli/cards_json.h"
#include "cli/no_quorum.h"
#include "cli/say.h"
#include "cli/screen.h"
#include "cli/ui.h"
#include <stdio.h>
#include <string.h>

#define COLUMNS 80

static json_t *row_json(const struct qrt_state *state, const struct qrt_card_row *card,
                        const struct qrt_bag *bag)
{
    char proved[QRT_TIME_CHARS + 1];
    qrt_clock_format(proved, card->proved_unix_s);
    return json_pack("{s:I, s:s, s:s, s:I, s:I, s:s, s:s?, s:s?, s:s?, s:s?}", "serial",
                     (json_int_t)card->serial, "group", card->group_name, "custodian",
                     card->custodian, "generation", (json_int_t)card->generation, "edition",
                     (json_int_t)card->edition, "state", qrt_card_state_word(state, card), "proved",
                     card->proved == QRT_NEVER ? NULL : proved, "bag",
                     bag == NULL ? NULL : bag->bag, "site", bag == NULL ? NULL : bag->site, "safe",
                     bag == NULL ? NULL : bag->safe);
}

static void print_row(const struct qrt_state *state, const struct qrt_card_row *card,
                      const struct qrt_bag *bag)
{
    char time[QRT_TIME_CHARS + 1];
    qrt_clock_format(time, card->proved_unix_s);
    printf("%4lld  %-8s  %-9s  %s, generation %lld, edition %lld\n      ", (long long)card->serial,
           card->group_name, qrt_card_state_word(state, card), card->custodian,
           (long long)card->generation, (long long)card->edition);
    if (card->proved == QRT_NEVER) {
        printf("not proved");
    } else {
        printf("proved %.10s", time);
    }
    if (bag == NULL) {
        puts("; in no bag");
    } else {
        printf("; bag %s, %s/%s%s\n", bag->bag, bag->site, bag->safe,
               bag->opened != QRT_NEVER ? ", opened" : "");
    }
}

static enum qrt_code list(const struct qrt_cli *cli, const struct qrt_vault *vault,
                          bool outstanding, struct qrt_err *err)
{
    const struct qrt_state *state = &vault->state;
    json_t *rows = json_array();
    size_t count = 0;
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        const struct qrt_bag *bag = qrt_state_bag_of_card(state, card->serial);
        if (outstanding && !qrt_card_is_outstanding(state, card)) {
            continue;
        }
        count++;
        if (cli->json) {
            json_array_append_new(rows, row_json(state, card, bag));
        } else {
            print_row(state, card, bag);
        }
    }
    if (cli->json) {
        return qrt_cli_print_json(json_pack("{s:o}", "cards", rows), err);
    }
    json_decref(rows);
    if (outstanding) {
        qrt_cli_say(stdout, "%s\n",
                    count == 0
                        ? "Every card that is void was destroyed."
                        : "Next: quorate card destroy SERIAL --witness ID, for each that is here.");
    }
    return qrt_cli_flush(err);
}

static void print_judged(const struct qrt_gather *gather, bool prove, bool good)
{
    if (!good) {
        qrt_cli_say(stdout, prove
                                ? "The accepted cards are proved and logged, the others are not:\n"
                                : "The cards:\n");
        qrt_cli_print_judged(gather);
    } else if (prove) {
        qrt_cli_say(stdout, "Every card is proved and logged.\nNext: each card into its bag, with "
                            "quorate bag seal BAG --card SERIAL.\n");
    } else {
        qrt_cli_say(stdout, "Every card is good.\n");
    }
}

/* The re-key is over; what it was made for is still to be done. */
static void print_in_force(int64_t generation)
{
    QRT_BUF words = {0};
    QRT_BUF laid = {0};
    qrt_rekey_in_force_words(&words, generation);
    qrt_screen_wrap(&laid, qrt_buf_str(&words), COLUMNS, 0);
    qrt_cli_say(stdout, "%s\n", qrt_buf_str(&laid));
}

static enum qrt_code judge(const struct qrt_cli *cli, struct qrt_vault *vault,
                           struct qrt_performer *performer, bool prove, struct qrt_err *err)
{
    QRT_GATHER gather = {0};
    int64_t pending = qrt_rekey_pending(&vault->state);
    enum qrt_code code = prove ? qrt_card_prove(&gather, vault, performer->ui, err)
                               : qrt_card_check(&gather, vault, performer->ui, err);
    bool judged = code == QRT_OK || (code == QRT_E_REFUSED && gather.judged_len > 0);
    /* The page goes before what came of it is told. */
    qrt_performer_free(performer);
    if (!judged) {
        return code;
    }
    struct qrt_err why = {0};
    enum qrt_code printed;
    int64_t in_force = pending != 0 && qrt_rekey_pending(&vault->state) == 0 ? pending : 0;
    if (cli->json) {
        json_t *said = json_pack("{s:o}", "cards", qrt_cards_json(&gather));
        if (prove) {
            json_object_set_new(said, "in_force",
                                in_force == 0 ? json_null() : json_integer(in_force));
        }
        printed = qrt_cli_print_json(said, &why);
    } else {
        print_judged(&gather, prove, code == QRT_OK);
        if (in_force != 0) {
            print_in_force(in_force);
        }
        printed = qrt_cli_flush(&why);
    }
    if (printed != QRT_OK) {
        *err = why;
        return printed;
    }
    return code;
}

static enum qrt_code list_cards(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_VAULT vault = {0};
    enum qrt_code code;
    bool outstanding = qrt_cli_flag(&argc, argv, "--outstanding");
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_no_more_arguments(argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK) {
        return code;
    }
    return list(cli, &vault, outstanding, err);
}

/* argv[0] is `check` or `prove`. */
static enum qrt_code judge_cards(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    enum qrt_code code;
    bool prove = strcmp(argv[0], "prove") == 0;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK ||
        (code = qrt_performer_init(&performer, cli, argv + 1, (size_t)argc - 1, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK) {
        return code;
    }
    return judge(cli, &vault, &performer, prove, err);
}

enum qrt_code qrt_cmd_card(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    static const struct qrt_verb verbs[] = {
        {"list", list_cards},        {"check", judge_cards},
        {"prove", judge_cards},      {"replace", qrt_cmd_card_replace},
        {"void", qrt_cmd_card_void}, {"destroy", qrt_cmd_card_destroy}};
    return qrt_cli_verb(cli, argc, argv, verbs, sizeof verbs / sizeof verbs[0], err);
}
