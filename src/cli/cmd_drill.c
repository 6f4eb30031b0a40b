#include "cli/cmd_drill.h"

#include "base/clock.h"
#include "ceremony/drill/drill.h"
#include "cli/cards_json.h"
#include "cli/no_quorum.h"
#include "cli/say.h"
#include "cli/seals_json.h"
#include "cli/ui.h"
#include "report/drill_json.h"
#include "vault/drill.h"
#include <stdio.h>
#include <string.h>

static enum qrt_code print_drilled(const struct qrt_cli *cli, const struct qrt_vault *vault,
                                   const struct qrt_drilled *drilled, struct qrt_err *err)
{
    const struct qrt_drill *drill = qrt_state_drill(&vault->state, drilled->intent);
    bool clean = qrt_drill_is_clean(&vault->state, drill);
    if (cli->json) {
        json_t *json = qrt_drill_json(&vault->state, drill);
        if (json != NULL) {
            json_object_set_new(json, "presented", qrt_cards_json(&drilled->gather));
        }
        return qrt_cli_print_json(json, err);
    }
    QRT_BUF path = {0};
    int64_t seconds = qrt_drill_quorum_s(drill);
    qrt_cli_say(
        stdout,
        "The drill is done%s. Time to quorum: %lld min %lld s.\nNext: each card goes into a new "
        "bag; `quorate --vault %s drill list` tells of all drills.\n",
        clean ? ", and it was clean" : ", with something to improve", (long long)(seconds / 60),
        (long long)(seconds % 60), qrt_cli_shown(&path, cli->vault));
    return qrt_cli_flush(err);
}

static enum qrt_code drill(struct qrt_cli *cli, struct qrt_drill_request *request, int argc,
                           char **argv, struct qrt_err *err)
{
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    QRT_DRILLED drilled = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK ||
        (code = qrt_performer_init(&performer, cli, argv + 1, (size_t)argc - 1, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK) {
        return code;
    }
    code = qrt_drill(&drilled, &vault, request, performer.ui, err);
    qrt_performer_free(&performer);
    if ((code == QRT_E_QUORUM || code == QRT_E_REFUSED) && drilled.gather.vault != NULL) {
        struct qrt_err ignored;
        (void)!qrt_cli_print_no_quorum(cli, &drilled.gather, "The drill has no quorum.", &ignored);
    }
    return code == QRT_OK ? print_drilled(cli, &vault, &drilled, err) : code;
}

static enum qrt_code drill_full(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    return drill(cli, &(struct qrt_drill_request){.level = "full"}, argc, argv, err);
}

static enum qrt_code drill_group(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    struct qrt_drill_request request = {.level = "group"};
    enum qrt_group ignored;
    enum qrt_code code = qrt_cli_option(&request.group, &argc, argv, "--group", err);
    if (code == QRT_OK && (request.group == NULL || !qrt_group_parse(&ignored, request.group))) {
        code = qrt_fail(err, QRT_E_USAGE, "--group: password or mfa");
    }
    return code == QRT_OK ? drill(cli, &request, argc, argv, err) : code;
}

static void print_row(const struct qrt_state *state, const struct qrt_drill *drill, size_t number)
{
    char time[QRT_TIME_CHARS + 1];
    int64_t seconds = qrt_drill_quorum_s(drill);
    const struct qrt_ceremony *ceremony = qrt_drill_ceremony(state, drill);
    qrt_clock_format(time, drill->begun_unix_s);
    printf("%4zu  %.10s  %-5s  %-8s  %-9s", number, time, drill->level, drill->group_name,
           ceremony->outcome == QRT_NEVER ? "under way" : ceremony->result);
    if (seconds != QRT_NEVER) {
        printf("  quorum after %lld min %lld s", (long long)(seconds / 60),
               (long long)(seconds % 60));
    }
    puts(qrt_drill_is_clean(state, drill) ? "  clean" : "");
}

static enum qrt_code list(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_VAULT vault = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_no_more_arguments(argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK) {
        return code;
    }
    json_t *rows = cli->json ? json_array() : NULL;
    for (size_t i = 0; i < vault.state.drills.len; i++) {
        const struct qrt_drill *drill = QRT_ROW(&vault.state, drills, qrt_drill, i);
        if (cli->json) {
            json_array_append_new(rows, qrt_drill_json(&vault.state, drill));
        } else {
            print_row(&vault.state, drill, i + 1);
        }
    }
    if (cli->json) {
        return qrt_cli_print_json(json_pack("{s:o}", "drills", rows), err);
    }
    qrt_cli_say(stdout, "%s\n",
                vault.state.drills.len == 0
                    ? "There was no drill yet.\nNext: quorate drill full, or a drill "
                      "of each group."
                    : "Next: quorate status tells when the next one is due.");
    return qrt_cli_flush(err);
}

/* Those of the drill, and what was seen of each bag. */
static enum qrt_code print_seals(const struct qrt_cli *cli, const struct qrt_vault *vault,
                                 const struct qrt_drilled *drilled, const struct qrt_seals *seals,
                                 struct qrt_err *err)
{
    const struct qrt_state *state = &vault->state;
    const struct qrt_drill *drill = qrt_state_drill(state, drilled->intent);
    if (cli->json) {
        json_t *json = qrt_drill_json(state, drill);
        if (json != NULL) {
            json_object_set_new(json, "seals", qrt_seals_json(seals, state));
        }
        return qrt_cli_print_json(json, err);
    }
    QRT_BUF path = {0};
    bool suspect = qrt_seals_print(seals, state);
    qrt_cli_say(
        stdout,
        "The drill is done%s.\n%sNext: `quorate --vault %s drill report` for the auditor.\n",
        qrt_drill_is_clean(state, drill) ? ", and it was clean" : ", with something to improve",
        suspect ? "Cards whose bag is not whole are suspect: a quorum takes one only if somebody "
                  "says so; their group needs a re-issue.\n"
                : "",
        qrt_cli_shown(&path, cli->vault));
    return qrt_cli_flush(err);
}

static enum qrt_code drill_seals(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    QRT_DRILLED drilled = {0};
    QRT_SEALS seals = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_no_more_arguments(argc, argv, err)) != QRT_OK ||
        (code = qrt_performer_init(&performer, cli, NULL, 0, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK) {
        return code;
    }
    code = qrt_drill_seals(&drilled, &seals, &vault, performer.ui, err);
    qrt_performer_free(&performer);
    if (seals.logged) {
        struct qrt_err ignored = {0};
        enum qrt_code printed =
            print_seals(cli, &vault, &drilled, &seals, code == QRT_OK ? err : &ignored);
        return code == QRT_OK ? printed : code;
    }
    return code;
}

enum qrt_code qrt_cmd_drill(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    static const struct qrt_verb verbs[] = {
        {"seals", drill_seals},       {"group", drill_group}, {"full", drill_full},
        {"next", qrt_cmd_drill_next}, {"list", list},         {"report", qrt_cmd_drill_report}};
    return qrt_cli_verb(cli, argc, argv, verbs, sizeof verbs / sizeof verbs[0], err);
}
