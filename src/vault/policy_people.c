#include "vault/policy_parts.h"

#include "base/text.h"

static enum qrt_code parse_roles(unsigned *out, const struct qrt_json *at, struct qrt_err *err)
{
    enum qrt_code code = qrt_json_array(at, 1, QRT_ROLES, err);
    *out = 0;
    for (size_t i = 0; code == QRT_OK && i < qrt_json_count(at); i++) {
        struct qrt_json item = qrt_json_at(at, i);
        const char *name;
        code = qrt_policy_get_id(&name, &item, err);
        if (code != QRT_OK) {
            return code;
        }
        enum qrt_role role;
        if (!qrt_role_parse(&role, name)) {
            return qrt_json_fail(err, QRT_E_FORMAT, &item,
                                 "is none of operator, custodian, witness, auditor");
        }
        if ((*out & role) != 0) {
            return qrt_policy_fail_twice(err, &item, name);
        }
        *out |= role;
    }
    return code;
}

static enum qrt_code parse_person(struct qrt_policy *policy, const struct qrt_json *at,
                                  struct qrt_err *err)
{
    static const char *const keys[] = {"id", "name", "roles", "site", NULL};
    struct qrt_policy_person *person = &policy->people[policy->people_count];
    struct qrt_json id = qrt_json_get(at, "id");
    struct qrt_json name = qrt_json_get(at, "name");
    struct qrt_json held = qrt_json_get(at, "roles");
    struct qrt_json site = qrt_json_get(at, "site");
    enum qrt_code code;
    if ((code = qrt_json_object(at, keys, err)) != QRT_OK ||
        (code = qrt_policy_get_id(&person->id, &id, err)) != QRT_OK ||
        (code = qrt_json_text(&person->name, &name, 1, QRT_POLICY_NAME_CHARS_MAX, err)) != QRT_OK ||
        (code = parse_roles(&person->roles, &held, err)) != QRT_OK ||
        (qrt_json_is(&site) && (code = qrt_policy_get_id(&person->site, &site, err)) != QRT_OK)) {
        return code;
    }
    if (!qrt_text_is_seen(person->name)) {
        return qrt_json_fail(err, QRT_E_FORMAT, &name, "shows nothing");
    }
    if (qrt_policy_person(policy, person->id) != NULL) {
        return qrt_policy_fail_twice(err, &id, person->id);
    }
    for (size_t i = 0; i < policy->people_count; i++) {
        if (qrt_text_same_name(policy->people[i].name, person->name)) {
            return qrt_json_fail(err, QRT_E_FORMAT, &name, "%s and %s have one name: one person?",
                                 policy->people[i].id, person->id);
        }
    }
    if (person->site != NULL && policy->sites_count > 0 &&
        qrt_policy_site(policy, person->site) == NULL) {
        return qrt_json_fail(err, QRT_E_FORMAT, &site, "%s is not among the sites", person->site);
    }
    policy->people_count++;
    return QRT_OK;
}

enum qrt_code qrt_policy_parse_people(struct qrt_policy *policy, const struct qrt_json *at,
                                      struct qrt_err *err)
{
    enum qrt_code code = qrt_json_array(at, 1, QRT_POLICY_PEOPLE_MAX, err);
    if (code == QRT_OK) {
        policy->people = qrt_policy_alloc_rows(at, sizeof *policy->people);
        code = qrt_policy_parse_rows(policy, at, policy->people, parse_person, err);
    }
    size_t operators = 0;
    for (size_t i = 0; code == QRT_OK && i < policy->people_count; i++) {
        operators += (policy->people[i].roles & QRT_ROLE_OPERATOR) != 0;
    }
    if (code == QRT_OK && operators == 0) {
        code = qrt_json_fail(err, QRT_E_FORMAT, at, "nobody is an operator");
    }
    return code == QRT_OK && operators > QRT_POLICY_OPERATORS_MAX
               ? qrt_json_fail(err, QRT_E_RANGE, at, "%zu operators, not %d at most", operators,
                               QRT_POLICY_OPERATORS_MAX)
               : code;
}

static enum qrt_code add_custodian(struct qrt_policy *policy, enum qrt_group group,
                                   const struct qrt_json *at, struct qrt_err *err)
{
    const char *id;
    enum qrt_code code = qrt_policy_get_id(&id, at, err);
    if (code != QRT_OK) {
        return code;
    }
    const struct qrt_policy_person *person = qrt_policy_person(policy, id);
    if (person == NULL) {
        return qrt_json_fail(err, QRT_E_FORMAT, at, "%s is not among the people", id);
    }
    if ((person->roles & QRT_ROLE_CUSTODIAN) == 0) {
        return qrt_json_fail(err, QRT_E_FORMAT, at, "%s has not the role custodian", id);
    }
    enum qrt_group other;
    if (qrt_policy_group_of(policy, &other, id)) {
        return other == group
                   ? qrt_policy_fail_twice(err, at, id)
                   : qrt_json_fail(err, QRT_E_FORMAT, at,
                                   "%s is in the %s group already; nobody may be in both", id,
                                   qrt_group_words(other));
    }
    struct qrt_policy_group *to = &policy->groups[group];
    to->custodians[to->count++] = person->id;
    return QRT_OK;
}

static enum qrt_code check_threshold(const struct qrt_policy_group *group,
                                     const struct qrt_json *at, struct qrt_err *err)
{
    if (group->threshold > group->count) {
        return qrt_json_fail(err, QRT_E_RANGE, at, "%u is more than the %u custodian%s",
                             group->threshold, group->count, group->count == 1 ? "" : "s");
    }
    if (group->threshold == 1 && !group->accept_single_holder) {
        return qrt_json_fail(err, QRT_E_RANGE, at,
                             "1 lets one holder stand for the group; it needs "
                             "\"accept_single_holder\": true beside it");
    }
    return QRT_OK;
}

static enum qrt_code parse_group(struct qrt_policy *policy, enum qrt_group group,
                                 const struct qrt_json *groups, struct qrt_err *err)
{
    static const char *const keys[] = {"threshold", "custodians", "accept_single_holder", NULL};
    struct qrt_policy_group *to = &policy->groups[group];
    struct qrt_json at = qrt_json_get(groups, qrt_group_name(group));
    struct qrt_json threshold = qrt_json_get(&at, "threshold");
    struct qrt_json custodians = qrt_json_get(&at, "custodians");
    struct qrt_json single = qrt_json_get(&at, "accept_single_holder");
    int64_t number = 0;
    enum qrt_code code;
    if ((code = qrt_json_object(&at, keys, err)) != QRT_OK ||
        (code = qrt_json_array(&custodians, 1, QRT_GROUP_MEMBERS_MAX, err)) != QRT_OK ||
        (code = qrt_json_integer(&number, &threshold, 1, QRT_GROUP_MEMBERS_MAX, err)) != QRT_OK ||
        (qrt_json_is(&single) &&
         (code = qrt_json_boolean(&to->accept_single_holder, &single, err)) != QRT_OK)) {
        return code;
    }
    to->threshold = (unsigned)number;
    for (size_t i = 0; code == QRT_OK && i < qrt_json_count(&custodians); i++) {
        struct qrt_json item = qrt_json_at(&custodians, i);
        code = add_custodian(policy, group, &item, err);
    }
    return code != QRT_OK ? code : check_threshold(to, &threshold, err);
}

enum qrt_code qrt_policy_parse_groups(struct qrt_policy *policy, const struct qrt_json *at,
                                      struct qrt_err *err)
{
    static const char *const keys[] = {"password", "mfa", NULL};
    enum qrt_code code = qrt_json_object(at, keys, err);
    for (unsigned g = 0; code == QRT_OK && g < QRT_GROUPS; g++) {
        code = parse_group(policy, g, at, err);
    }
    return code;
}
