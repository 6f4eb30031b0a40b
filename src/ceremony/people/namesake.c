#include "ceremony/people/namesake.h"

#include "audit/outstanding.h"
#include "base/json.h"
#include "base/text.h"
#include <string.h>

struct searching {
    const struct qrt_vault *vault;
    const struct qrt_policy *policy; /* the new one */
    enum qrt_code code;
    struct qrt_err *err;
};

static const struct qrt_card_row *card_left(const struct qrt_state *state, const char *person,
                                            enum qrt_group group)
{
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        if (strcmp(card->custodian, person) == 0 && qrt_card_is_of_leaver(state, card) &&
            strcmp(card->group_name, qrt_group_name(group)) == 0) {
            return card;
        }
    }
    return NULL;
}

/* Does the policy in force have them there already, under that name? */
static bool is_there(const struct searching *search, const struct qrt_policy_person *person,
                     enum qrt_group group)
{
    const struct qrt_policy *now = &search->vault->policy;
    const struct qrt_policy_person *before = qrt_policy_person(now, person->id);
    enum qrt_group then;
    return before != NULL && qrt_policy_group_of(now, &then, person->id) && then == group &&
           qrt_text_same_name(before->name, person->name);
}

static void check_group(struct searching *search, enum qrt_group group, const char *name,
                        const struct qrt_card_row *card)
{
    const struct qrt_policy_group *members = &search->policy->groups[group];
    for (unsigned i = 0; search->code == QRT_OK && i < members->count; i++) {
        const struct qrt_policy_person *person =
            qrt_policy_person(search->policy, members->custodians[i]);
        if (strcmp(person->id, card->custodian) != 0 && qrt_text_same_name(person->name, name) &&
            !is_there(search, person, group)) {
            search->code = qrt_fail(search->err, QRT_E_REFUSED,
                                    "groups.%s: %s has the name of %s, who left, and whose card "
                                    "%lld of the %s group is not destroyed; that comes first",
                                    qrt_group_name(group), person->id, card->custodian,
                                    (long long)card->serial, qrt_group_words_of(card->group_name));
        }
    }
}

/* A policy of the log: what were the names of those who left? */
static bool check_names(void *ctx, const uint8_t *data, size_t len_bytes)
{
    struct searching *search = ctx;
    QRT_JSON json = NULL;
    search->code = qrt_json_parse_without(&json, data, len_bytes, QRT_POLICY_BYTES_MAX, "accounts",
                                          search->err);
    const json_t *people = json_object_get(json, "people");
    for (size_t i = 0; search->code == QRT_OK && i < json_array_size(people); i++) {
        const json_t *row = json_array_get(people, i);
        const char *id = json_string_value(json_object_get(row, "id"));
        const char *name = json_string_value(json_object_get(row, "name"));
        for (enum qrt_group g = 0; id != NULL && name != NULL && g < QRT_GROUPS; g++) {
            const struct qrt_card_row *card = card_left(&search->vault->state, id, g);
            if (card != NULL && search->code == QRT_OK) {
                check_group(search, g == QRT_GROUP_MFA ? QRT_GROUP_PASSWORD : QRT_GROUP_MFA, name,
                            card);
            }
        }
    }
    return search->code == QRT_OK;
}

enum qrt_code qrt_namesake_check(struct qrt_vault *vault, const struct qrt_policy *policy,
                                 struct qrt_err *err)
{
    struct searching search = {.vault = vault, .policy = policy, .err = err};
    enum qrt_code code = qrt_log_each_document(&vault->log, "policy", check_names, &search, err);
    return code == QRT_OK ? search.code : code;
}
