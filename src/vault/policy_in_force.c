#include "vault/policy_in_force.h"

#include <string.h>

static json_t *roles_json(unsigned roles)
{
    json_t *list = json_array();
    for (unsigned bit = 0; bit < QRT_ROLES; bit++) {
        if ((roles & 1U << bit) != 0) {
            json_array_append_new(list, json_string(qrt_role_name(1U << bit)));
        }
    }
    return list;
}

/* Have they left, and does no group wait for new shares without them? */
static bool is_done_with(const struct qrt_state *state, const char *id)
{
    const struct qrt_person *person = qrt_state_person(state, id);
    bool waits = false;
    for (unsigned g = 0; g < QRT_GROUPS; g++) {
        for (unsigned i = 0; i < state->groups[g].count; i++) {
            waits = waits || strcmp(state->groups[g].ids[i], id) == 0;
        }
    }
    return person != NULL && person->gone != QRT_NEVER && !waits;
}

enum qrt_code qrt_policy_in_force(json_t **json, struct qrt_vault *vault, struct qrt_err *err)
{
    QRT_BUF bytes = {0};
    *json = NULL;
    enum qrt_code code = qrt_log_document(&vault->log, vault->state.policy_digest, &bytes, err);
    if (code == QRT_OK) {
        code = qrt_json_parse_without(json, bytes.data, bytes.len_bytes, QRT_POLICY_BYTES_MAX,
                                      "accounts", err);
    }
    if (code != QRT_OK) {
        return qrt_err_prefix(err, "the vault's policy");
    }
    (void)json_object_del(*json, "accounts");
    json_t *people = json_object_get(*json, "people");
    for (size_t i = json_array_size(people); i-- > 0;) {
        json_t *person = json_array_get(people, i);
        const char *id = json_string_value(json_object_get(person, "id"));
        const struct qrt_policy_person *said = qrt_policy_person(&vault->policy, id);
        if (said == NULL || is_done_with(&vault->state, id)) {
            json_array_remove(people, i);
        } else {
            json_object_set_new(person, "roles", roles_json(said->roles));
        }
    }
    return QRT_OK;
}

enum qrt_code qrt_policy_with_person(struct qrt_buf *text, struct qrt_vault *vault,
                                     const struct qrt_policy_person *person, struct qrt_err *err)
{
    QRT_JSON json = NULL;
    enum qrt_code code = qrt_policy_in_force(&json, vault, err);
    if (code != QRT_OK) {
        return code;
    }
    for (size_t i = 0; i < vault->policy.people_count; i++) {
        const struct qrt_policy_person *said = &vault->policy.people[i];
        if (said->roles == 0 && !is_done_with(&vault->state, said->id)) {
            return qrt_fail(err, QRT_E_REFUSED,
                            "people: %s has had no role since the log was taken over, and leaves, "
                            "or gets one by another policy, first",
                            said->id);
        }
    }
    json_t *row = json_pack("{s:s, s:s, s:o}", "id", person->id, "name", person->name, "roles",
                            roles_json(person->roles));
    if (row != NULL && person->site != NULL) {
        json_object_set_new(row, "site", json_string(person->site));
    }
    if (json_array_append_new(json_object_get(json, "people"), row) != 0) {
        return qrt_fail(err, QRT_E_USAGE, "the name: not UTF-8");
    }
    return qrt_json_write(text, json_incref(json), JSON_INDENT(2), err);
}
