#include "cli/cmd_person.h"

#include "audit/outstanding.h"
#include "base/text.h"
#include "ceremony/people/policy_change.h"
#include "ceremony/session/rekey_pending.h"
#include "cli/cmd_policy.h"
#include "cli/say.h"
#include "cli/ui.h"
#include "vault/policy_compare.h"
#include "vault/policy_in_force.h"
#include <stdio.h>
#include <string.h>

static json_t *cards_json(const struct qrt_state *state, const char *person, bool of_leaver)
{
    json_t *list = json_array();
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        if (strcmp(card->custodian, person) == 0 && card->destroyed == QRT_NEVER &&
            (!of_leaver || qrt_card_is_of_leaver(state, card))) {
            json_array_append_new(list, json_integer((json_int_t)card->serial));
        }
    }
    return list;
}

static bool group_of(const struct qrt_state *state, enum qrt_group *group, const char *person)
{
    for (unsigned g = 0; g < QRT_GROUPS; g++) {
        for (unsigned i = 0; i < state->groups[g].count; i++) {
            if (strcmp(state->groups[g].ids[i], person) == 0) {
                *group = g;
                return true;
            }
        }
    }
    return false;
}

static json_t *roles_json(const struct qrt_person *person)
{
    json_t *list = json_array();
    for (unsigned bit = 0; bit < QRT_ROLES; bit++) {
        if ((qrt_state_roles(person) & 1U << bit) != 0) {
            json_array_append_new(list, json_string(qrt_role_name(1U << bit)));
        }
    }
    return list;
}

static json_t *person_json(const struct qrt_vault *vault, const struct qrt_person *person)
{
    const struct qrt_policy_person *said = qrt_policy_person(&vault->policy, person->id);
    enum qrt_group group;
    json_t *row = json_pack("{s:s, s:o, s:b, s:o, s:o}", "id", person->id, "roles",
                            roles_json(person), "left", person->gone != QRT_NEVER, "badge",
                            qrt_badge_json(qrt_state_badge(&vault->state, person->id)), "cards",
                            cards_json(&vault->state, person->id, false));
    if (row != NULL && said != NULL) {
        json_object_set_new(row, "name", json_string(said->name));
    }
    if (row != NULL && group_of(&vault->state, &group, person->id)) {
        json_object_set_new(row, "group", json_string(qrt_group_name(group)));
    }
    return row;
}

static void print_person(const struct qrt_vault *vault, const struct qrt_person *person)
{
    const struct qrt_state *state = &vault->state;
    const struct qrt_policy_person *said = qrt_policy_person(&vault->policy, person->id);
    const struct qrt_badge_row *badge = qrt_state_badge(state, person->id);
    enum qrt_group group;
    QRT_BUF name = {0};
    QRT_BUF roles = {0};
    if (said != NULL) {
        qrt_text_escape(&name, said->name, strlen(said->name));
    }
    qrt_policy_tell_roles(&roles, qrt_state_roles(person));
    qrt_cli_say(stdout, "%s: %s%s%s%s\n", person->id, qrt_buf_str(&name),
                name.len_bytes > 0 ? " (" : "", qrt_buf_str(&roles), name.len_bytes > 0 ? ")" : "");
    qrt_cli_say(stdout, "    badge: %s\n", badge == NULL ? "none" : qrt_badge_form(badge));
    if (group_of(state, &group, person->id)) {
        qrt_cli_say(stdout, "    group: %s%s\n", qrt_group_name(group),
                    person->gone != QRT_NEVER ? ", until its shares are made anew" : "");
    }
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        if (strcmp(card->custodian, person->id) == 0 && card->destroyed == QRT_NEVER) {
            qrt_cli_say(stdout, "    card %lld\n", (long long)card->serial);
        }
    }
    if (person->gone != QRT_NEVER) {
        qrt_cli_say(stdout, "    has left\n");
    }
}

static enum qrt_code cmd_list(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_VAULT vault = {0};
    enum qrt_code code;
    if ((code = qrt_cli_no_more_arguments(argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK) {
        return code;
    }
    json_t *rows = cli->json ? json_array() : NULL;
    for (size_t i = 0; i < vault.state.people.len; i++) {
        const struct qrt_person *person = QRT_ROW(&vault.state, people, qrt_person, i);
        if (cli->json) {
            json_array_append_new(rows, person_json(&vault, person));
        } else {
            print_person(&vault, person);
        }
    }
    return cli->json ? qrt_cli_print_json(json_pack("{s:o}", "people", rows), err)
                     : qrt_cli_flush(err);
}

/* Takes every `--role R`. */
static enum qrt_code take_roles(unsigned *roles, int *argc, char **argv, struct qrt_err *err)
{
    int kept = 0;
    for (int i = 0; i < *argc; i++) {
        enum qrt_role role;
        if (strcmp(argv[i], "--role") != 0) {
            argv[kept++] = argv[i];
            continue;
        }
        if (i + 1 >= *argc || !qrt_role_parse(&role, argv[++i])) {
            return qrt_fail(err, QRT_E_USAGE,
                            "--role: needs operator, custodian, witness or auditor");
        }
        *roles |= role;
    }
    argv[kept] = NULL;
    *argc = kept;
    return QRT_OK;
}

static enum qrt_code cmd_add(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    struct qrt_policy_request request = {0};
    struct qrt_policy_person person = {0};
    struct qrt_sheets sheets = {0};
    QRT_BUF bytes = {0};
    QRT_VAULT vault = {0};
    enum qrt_code code;
    if ((code = take_roles(&person.roles, &argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_option(&person.name, &argc, argv, "--name", err)) != QRT_OK ||
        (code = qrt_cli_option(&person.site, &argc, argv, "--site", err)) != QRT_OK ||
        (code = qrt_cli_option(&request.confirm, &argc, argv, "--confirm", err)) != QRT_OK ||
        (code = qrt_sheets_options(&sheets, cli, &argc, argv, true, err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (argc != 2 || person.name == NULL || person.roles == 0) {
        return qrt_fail(err, QRT_E_USAGE,
                        "person add takes ID, --name NAME and --role R, once or more");
    }
    person.id = argv[1];
    request.policy = &bytes;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK ||
        (code = qrt_policy_with_person(&bytes, &vault, &person, err)) != QRT_OK) {
        return code;
    }
    return qrt_policy_perform(cli, &vault, &request, &sheets, err);
}

/* What is to be done about the cards that they held. */
static void print_consequences(const struct qrt_state *state, const char *person)
{
    enum qrt_group group;
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        if (strcmp(card->custodian, person) == 0 && qrt_card_is_of_leaver(state, card)) {
            qrt_cli_say(stdout, "Card %lld is out: collect it, and destroy it before a witness.\n",
                        (long long)card->serial);
        }
    }
    if (!group_of(state, &group, person)) {
        qrt_cli_say(stdout, "Next: quorate status\n");
        return;
    }
    const struct qrt_edition *edition = qrt_state_edition(state, group);
    struct qrt_outstanding out = {0};
    if (edition != NULL) {
        qrt_outstanding_count(&out, state, edition);
    }
    bool reached = edition != NULL && out.indices >= out.needed;
    if (reached) {
        qrt_cli_say(stdout, "Shares of the %s group out of hand: %u; %u make a quorum.\n",
                    qrt_group_words(group), out.indices, out.needed);
    }
    if (qrt_rekey_pending(state) != 0) {
        qrt_cli_say(stdout, "A re-key is pending, and the group gets no new shares meanwhile.\n"
                            "Next: finish it, with quorate card prove, or give it up, with quorate "
                            "rekey abandon; quorate status tells what follows\n");
    } else if (reached || out.needed == 1) {
        qrt_cli_say(stdout, "Next: re-key the vault: quorate rekey\n");
    } else {
        qrt_cli_say(
            stdout,
            "Next: give the group new shares by a policy without them: quorate reissue --group "
            "%s --policy FILE\n",
            qrt_group_name(group));
    }
}

static enum qrt_code cmd_leave(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    const char *reason;
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_option(&reason, &argc, argv, "--reason", err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (argc != 2 || reason == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "person leave takes ID and --reason");
    }
    if ((code = qrt_performer_init(&performer, cli, NULL, 0, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK ||
        (code = qrt_person_leave(&vault, argv[1], reason, performer.ui, err)) != QRT_OK) {
        return code;
    }
    qrt_performer_free(&performer);
    if (cli->json) {
        return qrt_cli_print_json(json_pack("{s:s, s:o}", "person", argv[1], "cards",
                                            cards_json(&vault.state, argv[1], true)),
                                  err);
    }
    qrt_cli_say(stdout, "%s has left; their badge counts no more.\n", argv[1]);
    print_consequences(&vault.state, argv[1]);
    return qrt_cli_flush(err);
}

enum qrt_code qrt_cmd_person(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    static const struct qrt_verb verbs[] = {
        {"list", cmd_list}, {"add", cmd_add}, {"leave", cmd_leave}};
    return qrt_cli_verb(cli, argc, argv, verbs, sizeof verbs / sizeof verbs[0], err);
}
