#include "cli/cli.h"

#include "audit/outstanding.h"
#include "ceremony/renew/reissue.h"
#include "cli/cards_json.h"
#include "cli/cmd_policy.h"
#include "cli/delivered.h"
#include "cli/no_quorum.h"
#include "cli/say.h"
#include "cli/ui.h"
#include <stdio.h>
#include <string.h>

struct request {
    struct qrt_reissue_request asked;
    struct qrt_buf policy;
    struct qrt_sheets sheets;
};

static void request_free(struct request *request)
{
    qrt_buf_free(&request->policy);
}

static enum qrt_code parse(struct request *request, const struct qrt_cli *cli, int *argc,
                           char **argv, struct qrt_err *err)
{
    struct qrt_reissue_request *asked = &request->asked;
    const char *group;
    const char *policy;
    enum qrt_code code;
    if ((code = qrt_cli_option(&group, argc, argv, "--group", err)) != QRT_OK ||
        (code = qrt_cli_option(&asked->reason, argc, argv, "--reason", err)) != QRT_OK ||
        (code = qrt_cli_option(&policy, argc, argv, "--policy", err)) != QRT_OK ||
        (code = qrt_sheets_options(&request->sheets, cli, argc, argv, false, err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(*argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (group == NULL || !qrt_group_parse(&asked->group, group) || asked->reason == NULL) {
        return qrt_fail(err, QRT_E_USAGE,
                        "reissue takes --group password or mfa, --reason TEXT, --printer NAME or "
                        "--sheets DIR, and the group's cards; --policy FILE if it is another "
                        "group then");
    }
    if (policy != NULL) {
        code = qrt_cli_read_policy(&request->policy, policy, err);
        asked->policy = &request->policy;
    }
    return code;
}

/* The next edition of the group's key that has cards out of hand. */
static bool next_outstanding(struct qrt_outstanding *out, size_t *at, const struct qrt_state *state,
                             enum qrt_group group)
{
    while (*at < state->editions.len) {
        const struct qrt_edition *edition = QRT_ROW(state, editions, qrt_edition, (*at)++);
        if (strcmp(edition->group_name, qrt_group_name(group)) == 0 &&
            edition->generation == qrt_state_key(state)->generation) {
            qrt_outstanding_count(out, state, edition);
            if (out->indices > 0) {
                return true;
            }
        }
    }
    return false;
}

static json_t *former_json(const struct qrt_state *state, enum qrt_group group)
{
    json_t *list = json_array();
    struct qrt_outstanding out;
    for (size_t at = 0; next_outstanding(&out, &at, state, group);) {
        json_array_append_new(
            list, json_pack("{s:I, s:I, s:I, s:b}", "edition", (json_int_t)out.edition->edition,
                            "not_destroyed", (json_int_t)out.indices, "threshold",
                            (json_int_t)out.needed, "enough", (int)(out.indices >= out.needed)));
    }
    return list;
}

static void print_former(const struct qrt_state *state, enum qrt_group group)
{
    struct qrt_outstanding out;
    for (size_t at = 0; next_outstanding(&out, &at, state, group);) {
        qrt_cli_say(
            stdout,
            out.indices >= out.needed
                ? "Warning: of edition %lld, not destroyed: %u; enough for the group's half: %u. "
                  "Collect and destroy them; what is lost for good asks for a re-key.\n"
                : "Of edition %lld, not destroyed: %u; enough for the group's half: %u.\n",
            (long long)out.edition->edition, out.indices, out.needed);
    }
}

static enum qrt_code print_reissued(const struct qrt_cli *cli, const struct qrt_vault *vault,
                                    enum qrt_group group, const struct qrt_remade *remade,
                                    bool person, struct qrt_err *err)
{
    const struct qrt_edition *edition = qrt_state_edition(&vault->state, group);
    if (cli->json) {
        return qrt_cli_print_json(
            json_pack("{s:s, s:I, s:I, s:I, s:o, s:o, s:o, s:o}", "group", qrt_group_name(group),
                      "generation", (json_int_t)edition->generation, "edition",
                      (json_int_t)edition->edition, "index", (json_int_t)remade->intent,
                      "presented", qrt_cards_json(&remade->gather), "cards",
                      qrt_delivered_json(&remade->delivered), "former",
                      former_json(&vault->state, group), "changes", qrt_lines_json(&remade->told)),
            err);
    }
    QRT_BUF path = {0};
    qrt_cli_say(stdout, "The %s group has new cards: edition %lld. Its old ones count no more.\n",
                qrt_group_words(group), (long long)edition->edition);
    if (remade->told.len_bytes > 0) {
        qrt_cli_say(stdout, "The policy is changed:\n%s", qrt_buf_str(&remade->told));
    }
    qrt_delivered_print(&remade->delivered);
    qrt_cli_say(
        stdout,
        "The group's half is the same as before: the old cards open as much as they did, with a "
        "quorum of the other group, until they are destroyed, or the vault is re-keyed.\n");
    print_former(&vault->state, group);
    qrt_cli_say(
        stdout,
        "Next: %s`quorate --vault %s card list --outstanding` names the old cards that are not "
        "destroyed.\n",
        person ? "" : "read each new card back with `card prove`, and put it in its bag; ",
        qrt_cli_shown(&path, cli->vault));
    return qrt_cli_flush(err);
}

enum qrt_code qrt_cmd_reissue(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    __attribute__((cleanup(request_free))) struct request request = {0};
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    QRT_REMADE remade = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = parse(&request, cli, &argc, argv, err)) != QRT_OK ||
        (code = qrt_performer_init(&performer, cli, argv + 1, (size_t)argc - 1, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK) {
        return code;
    }
    qrt_performer_lend(&performer, &request.sheets);
    code = qrt_reissue(&remade, &vault, &request.asked, performer.ui, err);
    bool person = performer.ui->person;
    if (code != QRT_OK) {
        qrt_sheets_abandon(performer.sheets);
    }
    qrt_performer_free(&performer);
    if ((code == QRT_E_QUORUM || code == QRT_E_REFUSED) && remade.gather.vault != NULL) {
        struct qrt_err ignored;
        (void)!qrt_cli_print_no_quorum(cli, &remade.gather, "No card was made.", &ignored);
    }
    return code == QRT_OK ? print_reissued(cli, &vault, request.asked.group, &remade, person, err)
                          : code;
}
