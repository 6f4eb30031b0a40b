#include "cli/cmd_policy.h"
#include "cli/say.h"

#include "base/file.h"
#include "base/text.h"
#include "ceremony/people/policy_change.h"
#include "cli/ui.h"
#include "vault/policy_compare.h"
#include "vault/policy_in_force.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

static void print_people(const struct qrt_policy *policy)
{
    for (size_t i = 0; i < policy->people_count; i++) {
        const struct qrt_policy_person *person = &policy->people[i];
        QRT_BUF name = {0};
        QRT_BUF roles = {0};
        qrt_text_escape(&name, person->name, strlen(person->name));
        qrt_policy_tell_roles(&roles, person->roles);
        qrt_cli_say(stdout, "  %s: %s (%s)%s%s\n", person->id, qrt_buf_str(&name),
                    qrt_buf_str(&roles), person->site != NULL ? ", at " : "",
                    person->site != NULL ? person->site : "");
    }
}

static void print_rules(const struct qrt_policy *policy)
{
    for (unsigned g = 0; g < QRT_GROUPS; g++) {
        const struct qrt_policy_group *group = &policy->groups[g];
        qrt_cli_say(stdout, "The %s group: any %u of", qrt_group_words(g), group->threshold);
        for (unsigned i = 0; i < group->count; i++) {
            qrt_cli_say(stdout, " %s", group->custodians[i]);
        }
        qrt_cli_say(stdout, "\n");
    }
    qrt_cli_say(stdout,
                "Cosignatures of a close: %u. A second person in each session: %s.\n"
                "A drill every %u days. After an opening: %s.\n",
                policy->cosignatures, policy->second_person ? "yes" : "no", policy->drill_days,
                policy->reissue_after_opening ? "re-issue" : "re-seal");
    if (policy->sites_count > 0) {
        qrt_cli_say(stdout, "Sites:");
        for (size_t i = 0; i < policy->sites_count; i++) {
            qrt_cli_say(stdout, " %s", policy->sites[i].id);
        }
        qrt_cli_say(stdout, "\n");
    }
    if (policy->machine_exceptions_count > 0) {
        qrt_cli_say(stdout, "Taken of the machine:");
        for (size_t i = 0; i < policy->machine_exceptions_count; i++) {
            qrt_cli_say(stdout, " %s", policy->machine_exceptions[i]);
        }
        qrt_cli_say(stdout, "\n");
    }
}

static enum qrt_code cmd_show(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_VAULT vault = {0};
    QRT_JSON json = NULL;
    QRT_BUF text = {0};
    QRT_BUF name = {0};
    enum qrt_code code;
    if ((code = qrt_cli_no_more_arguments(argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK) {
        return code;
    }
    const struct qrt_policy *policy = &vault.policy;
    if (vault.state.logs == 0) {
        return qrt_fail(err, QRT_E_NOT_FOUND, "the vault has no policy yet");
    }
    if (cli->json) {
        if ((code = qrt_policy_in_force(&json, &vault, err)) != QRT_OK ||
            (code = qrt_json_write(&text, json_incref(json), JSON_INDENT(2), err)) != QRT_OK) {
            return code;
        }
        fputs(qrt_buf_str(&text), stdout);
        return qrt_cli_flush(err);
    }
    qrt_text_escape(&name, policy->organization, strlen(policy->organization));
    qrt_cli_say(stdout, "%s: vault %s%s\n", qrt_buf_str(&name), policy->origin,
                policy->practice ? ", for PRACTICE" : "");
    print_people(policy);
    print_rules(policy);
    qrt_cli_say(
        stdout,
        "Next: `quorate --json policy show > policy.json`, edit it, and `quorate policy change "
        "policy.json`.\n");
    return qrt_cli_flush(err);
}

enum qrt_code qrt_policy_perform(struct qrt_cli *cli, struct qrt_vault *vault,
                                 struct qrt_policy_request *request, struct qrt_sheets *sheets,
                                 struct qrt_err *err)
{
    QRT_PERFORMER performer = {0};
    QRT_POLICY_CHANGED changed = {0};
    enum qrt_code code = qrt_performer_init(&performer, cli, NULL, 0, err);
    if (code != QRT_OK) {
        return code;
    }
    *performer.sheets = *sheets;
    performer.ui->prints = sheets->printer != NULL;
    performer.ui->paper = sheets->paper;
    request->has_place = sheets->printer != NULL || sheets->folder != NULL;
    code = qrt_policy_change(&changed, vault, request, performer.ui, err);
    if (code != QRT_OK) {
        qrt_sheets_abandon(performer.sheets);
        return code;
    }
    qrt_performer_free(&performer);
    if (cli->json) {
        return qrt_cli_print_json(json_pack("{s:o, s:o}", "changes", qrt_lines_json(&changed.told),
                                            "wallets", qrt_lines_json(&changed.wallets)),
                                  err);
    }
    qrt_cli_say(stdout, "The policy is changed:\n%s", qrt_buf_str(&changed.told));
    qrt_print_lines("Wallet card: ", &changed.wallets);
    qrt_cli_say(
        stdout,
        "Next: `quorate status` tells what the change makes due; `quorate receipt print` gives "
        "everyone a new receipt.\n");
    return qrt_cli_flush(err);
}

enum qrt_code qrt_cli_read_policy(struct qrt_buf *bytes, const char *path, struct qrt_err *err)
{
    enum qrt_code code = qrt_file_read(bytes, AT_FDCWD, path, QRT_POLICY_BYTES_MAX, err);
    return code == QRT_E_NOT_FOUND ? qrt_fail(err, QRT_E_USAGE, "the policy: no such file") : code;
}

static enum qrt_code cmd_change(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    struct qrt_policy_request request = {0};
    struct qrt_sheets sheets = {0};
    QRT_BUF bytes = {0};
    QRT_VAULT vault = {0};
    enum qrt_code code;
    if ((code = qrt_cli_option(&request.confirm, &argc, argv, "--confirm", err)) != QRT_OK ||
        (code = qrt_sheets_options(&sheets, cli, &argc, argv, true, err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (argc != 2) {
        return qrt_fail(err, QRT_E_USAGE, "policy change takes FILE");
    }
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK) {
        return code;
    }
    if ((code = qrt_cli_read_policy(&bytes, argv[1], err)) != QRT_OK) {
        return code;
    }
    request.policy = &bytes;
    code = qrt_cli_open_vault(&vault, cli, err);
    return code == QRT_OK ? qrt_policy_perform(cli, &vault, &request, &sheets, err) : code;
}

enum qrt_code qrt_cmd_policy(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    static const struct qrt_verb verbs[] = {{"show", cmd_show}, {"change", cmd_change}};
    return qrt_cli_verb(cli, argc, argv, verbs, sizeof verbs / sizeof verbs[0], err);
}
