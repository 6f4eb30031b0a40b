#include "cli/cli.h"

#include "ceremony/bags/seals.h"
#include "cli/say.h"
#include "cli/seals_json.h"
#include "cli/ui.h"
#include <stdio.h>
#include <string.h>

static enum qrt_code print(const struct qrt_cli *cli, const struct qrt_vault *vault,
                           const struct qrt_seals *seals, struct qrt_err *err)
{
    const struct qrt_state *state = &vault->state;
    if (cli->json) {
        return qrt_cli_print_json(json_pack("{s:o}", "seals", qrt_seals_json(seals, state)), err);
    }
    qrt_cli_say(stdout, "%s\n",
                qrt_seals_print(seals, state)
                    ? "Cards whose bag is not whole are suspect: a quorum takes one only if "
                      "somebody says so.\n"
                      "Next: a re-issue of the group; quorate status tells how many may be known "
                      "to others."
                    : "Next: quorate bag list tells when each seal was checked last.");
    return qrt_cli_flush(err);
}

static enum qrt_code take_options(struct qrt_seal_sight *sight, int *argc, char **argv,
                                  struct qrt_err *err)
{
    enum qrt_code code;
    if ((code = qrt_cli_option(&sight->card, argc, argv, "--card", err)) != QRT_OK ||
        (code = qrt_cli_option(&sight->account, argc, argv, "--account", err)) != QRT_OK ||
        (code = qrt_cli_option(&sight->bag, argc, argv, "--bag", err)) != QRT_OK ||
        (code = qrt_cli_option(&sight->found, argc, argv, "--result", err)) != QRT_OK ||
        (code = qrt_cli_option(&sight->person, argc, argv, "--person", err)) != QRT_OK) {
        return code;
    }
    return qrt_cli_no_more_arguments(*argc, argv, err);
}

static enum qrt_code check(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    struct qrt_seal_sight sight = {0};
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    QRT_SEALS seals = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = take_options(&sight, &argc, argv, err)) != QRT_OK) {
        return code;
    }
    bool one = sight.card != NULL || sight.account != NULL || sight.bag != NULL;
    if (!one && (sight.found != NULL || sight.person != NULL)) {
        return qrt_fail(err, QRT_E_USAGE,
                        "seal check: --result and --person go with --card, --account or --bag");
    }
    if ((code = qrt_performer_init(&performer, cli, NULL, 0, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK ||
        (one && (code = qrt_seals_add(&seals, &vault, &sight, err)) != QRT_OK)) {
        return code;
    }
    code = qrt_seals_check(&seals, &vault, performer.ui, err);
    qrt_performer_free(&performer);
    if (seals.logged) {
        struct qrt_err ignored = {0};
        enum qrt_code printed = print(cli, &vault, &seals, code == QRT_OK ? err : &ignored);
        return code == QRT_OK ? printed : code;
    }
    return code;
}

enum qrt_code qrt_cmd_seal(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    static const struct qrt_verb verbs[] = {{"check", check}};
    return qrt_cli_verb(cli, argc, argv, verbs, sizeof verbs / sizeof verbs[0], err);
}
