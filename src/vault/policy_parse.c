#include "vault/policy.h"

#include "base/json.h"
#include "base/text.h"
#include <stdlib.h>
#include <string.h>

#define ID_CHARS_MAX           32
#define ORIGIN_CHARS_MAX       60
#define NAME_CHARS_MAX         100
#define WORDS_CHARS_MAX        200
#define ACCOUNT_NAME_CHARS_MAX 50
#define EMAIL_CHARS_MIN        6
#define EMAIL_CHARS_MAX        64

static enum qrt_code get_id(const char **out, const struct qrt_json *at, struct qrt_err *err)
{
    enum qrt_code code = qrt_json_text(out, at, 1, ID_CHARS_MAX, err);
    if (code == QRT_OK && !qrt_text_is_id(*out)) {
        return qrt_json_fail(err, QRT_E_FORMAT, at,
                             "is not an id (a-z and 0-9, then also . _ - inside)");
    }
    return code;
}

static enum qrt_code get_origin(const char **out, const struct qrt_json *at, struct qrt_err *err)
{
    enum qrt_code code = qrt_json_text(out, at, 1, ORIGIN_CHARS_MAX, err);
    if (code == QRT_OK && !qrt_text_is_origin(*out)) {
        return qrt_json_fail(err, QRT_E_FORMAT, at,
                             "is not a vault's name (a-z and 0-9, then also . / - inside)");
    }
    return code;
}

/* One @, something before it, a dot inside what follows; printable ASCII. */
static bool is_email(const char *text)
{
    const char *at = strchr(text, '@');
    if (at == NULL || at == text || strchr(at + 1, '@') != NULL) {
        return false;
    }
    for (const char *p = text; *p != '\0'; p++) {
        if (*p <= ' ' || *p > '~') {
            return false;
        }
    }
    size_t len = strlen(at + 1);
    return len >= 3 && memchr(at + 2, '.', len - 2) != NULL;
}

static enum qrt_code fail_twice(struct qrt_err *err, const struct qrt_json *at, const char *id)
{
    return qrt_json_fail(err, QRT_E_FORMAT, at, "%s stands twice", id);
}

typedef enum qrt_code parse_fn(struct qrt_policy *policy, const struct qrt_json *at,
                               struct qrt_err *err);

/* Each item of an array; `rows` is what was allocated for them. */
static enum qrt_code parse_rows(struct qrt_policy *policy, const struct qrt_json *at,
                                const void *rows, parse_fn *parse_row, struct qrt_err *err)
{
    if (rows == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "no memory for the policy");
    }
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK && i < qrt_json_count(at); i++) {
        struct qrt_json item = qrt_json_at(at, i);
        code = parse_row(policy, &item, err);
    }
    return code;
}

static void *alloc_rows(const struct qrt_json *at, size_t size_bytes)
{
    return calloc(qrt_json_count(at) + 1, size_bytes);
}

static enum qrt_code parse_roles(unsigned *out, const struct qrt_json *at, struct qrt_err *err)
{
    enum qrt_code code = qrt_json_array(at, 1, QRT_ROLES, err);
    *out = 0;
    for (size_t i = 0; code == QRT_OK && i < qrt_json_count(at); i++) {
        struct qrt_json item = qrt_json_at(at, i);
        const char *name;
        code = get_id(&name, &item, err);
        if (code != QRT_OK) {
            return code;
        }
        enum qrt_role role;
        if (!qrt_role_parse(&role, name)) {
            return qrt_json_fail(err, QRT_E_FORMAT, &item,
                                 "is none of operator, custodian, witness, auditor");
        }
        if ((*out & role) != 0) {
            return fail_twice(err, &item, name);
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
        (code = get_id(&person->id, &id, err)) != QRT_OK ||
        (code = qrt_json_text(&person->name, &name, 1, NAME_CHARS_MAX, err)) != QRT_OK ||
        (code = parse_roles(&person->roles, &held, err)) != QRT_OK ||
        (qrt_json_is(&site) && (code = get_id(&person->site, &site, err)) != QRT_OK)) {
        return code;
    }
    if (qrt_policy_person(policy, person->id) != NULL) {
        return fail_twice(err, &id, person->id);
    }
    for (size_t i = 0; i < policy->people_count; i++) {
        if (qrt_text_same_person(policy->people[i].name, person->name)) {
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

static enum qrt_code parse_people(struct qrt_policy *policy, const struct qrt_json *at,
                                  struct qrt_err *err)
{
    enum qrt_code code = qrt_json_array(at, 1, QRT_POLICY_PEOPLE_MAX, err);
    if (code == QRT_OK) {
        policy->people = alloc_rows(at, sizeof *policy->people);
        code = parse_rows(policy, at, policy->people, parse_person, err);
    }
    for (size_t i = 0; code == QRT_OK && i < policy->people_count; i++) {
        if ((policy->people[i].roles & QRT_ROLE_OPERATOR) != 0) {
            return QRT_OK;
        }
    }
    return code != QRT_OK ? code : qrt_json_fail(err, QRT_E_FORMAT, at, "nobody is an operator");
}

static enum qrt_code add_custodian(struct qrt_policy *policy, enum qrt_group group,
                                   const struct qrt_json *at, struct qrt_err *err)
{
    const char *id;
    enum qrt_code code = get_id(&id, at, err);
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
                   ? fail_twice(err, at, id)
                   : qrt_json_fail(err, QRT_E_FORMAT, at,
                                   "%s is in the %s group already; nobody may be in both", id,
                                   qrt_group_name(other));
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

static enum qrt_code parse_groups(struct qrt_policy *policy, const struct qrt_json *at,
                                  struct qrt_err *err)
{
    static const char *const keys[] = {"password", "mfa", NULL};
    enum qrt_code code = qrt_json_object(at, keys, err);
    for (unsigned g = 0; code == QRT_OK && g < QRT_GROUPS; g++) {
        code = parse_group(policy, g, at, err);
    }
    return code;
}

static enum qrt_code parse_account(struct qrt_policy *policy, const struct qrt_json *at,
                                   struct qrt_err *err)
{
    static const char *const keys[] = {"id", "name", "email", NULL};
    struct qrt_policy_account *account = &policy->accounts[policy->accounts_count];
    struct qrt_json id = qrt_json_get(at, "id");
    struct qrt_json name = qrt_json_get(at, "name");
    struct qrt_json email = qrt_json_get(at, "email");
    enum qrt_code code;
    if ((code = qrt_json_object(at, keys, err)) != QRT_OK ||
        (code = get_id(&account->id, &id, err)) != QRT_OK ||
        (code = qrt_json_text(&account->name, &name, 1, ACCOUNT_NAME_CHARS_MAX, err)) != QRT_OK ||
        (code = qrt_json_text(&account->email, &email, EMAIL_CHARS_MIN, EMAIL_CHARS_MAX, err)) !=
            QRT_OK) {
        return code;
    }
    if (!is_email(account->email)) {
        return qrt_json_fail(err, QRT_E_FORMAT, &email, "is not an e-mail address");
    }
    policy->accounts_count++;
    return QRT_OK;
}

/* By id, and equal ids in the order of the file. */
static int compare_accounts(const void *a, const void *b)
{
    const struct qrt_policy_account *one = *(const struct qrt_policy_account *const *)a;
    const struct qrt_policy_account *other = *(const struct qrt_policy_account *const *)b;
    int order = strcmp(one->id, other->id);
    return order != 0 ? order : (one > other) - (one < other);
}

/* Sorted, because every opening reads the policy, and there may be thousands. */
static enum qrt_code check_account_ids(const struct qrt_policy *policy, const struct qrt_json *at,
                                       struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    size_t n = policy->accounts_count;
    const struct qrt_policy_account **sorted = calloc(n + 1, sizeof *sorted);
    if (sorted == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "no memory for the policy");
    }
    for (size_t i = 0; i < n; i++) {
        sorted[i] = &policy->accounts[i];
    }
    qsort(sorted, n, sizeof(struct qrt_policy_account *), compare_accounts);
    for (size_t i = 1; code == QRT_OK && i < n; i++) {
        if (strcmp(sorted[i - 1]->id, sorted[i]->id) == 0) {
            struct qrt_json item = qrt_json_at(at, (size_t)(sorted[i] - policy->accounts));
            struct qrt_json id = qrt_json_get(&item, "id");
            code = fail_twice(err, &id, sorted[i]->id);
        }
    }
    free(sorted);
    return code;
}

static enum qrt_code parse_accounts(struct qrt_policy *policy, const struct qrt_json *at,
                                    struct qrt_err *err)
{
    enum qrt_code code = qrt_json_array(at, 0, QRT_POLICY_ACCOUNTS_MAX, err);
    if (code == QRT_OK) {
        policy->accounts = alloc_rows(at, sizeof *policy->accounts);
        code = parse_rows(policy, at, policy->accounts, parse_account, err);
    }
    return code == QRT_OK ? check_account_ids(policy, at, err) : code;
}

static enum qrt_code parse_purpose(struct qrt_policy *policy, const struct qrt_json *at,
                                   struct qrt_err *err)
{
    static const char *const keys[] = {"id", "words", NULL};
    struct qrt_policy_purpose *purpose = &policy->purposes[policy->purposes_count];
    struct qrt_json id = qrt_json_get(at, "id");
    struct qrt_json words = qrt_json_get(at, "words");
    enum qrt_code code;
    if ((code = qrt_json_object(at, keys, err)) != QRT_OK ||
        (code = get_id(&purpose->id, &id, err)) != QRT_OK ||
        (code = qrt_json_text(&purpose->words, &words, 1, WORDS_CHARS_MAX, err)) != QRT_OK) {
        return code;
    }
    if (qrt_policy_purpose(policy, purpose->id) != NULL) {
        return fail_twice(err, &id, purpose->id);
    }
    policy->purposes_count++;
    return QRT_OK;
}

static enum qrt_code parse_purposes(struct qrt_policy *policy, const struct qrt_json *at,
                                    struct qrt_err *err)
{
    enum qrt_code code = qrt_json_array(at, 0, QRT_POLICY_PURPOSES_MAX, err);
    if (code == QRT_OK) {
        policy->purposes = alloc_rows(at, sizeof *policy->purposes);
        code = parse_rows(policy, at, policy->purposes, parse_purpose, err);
    }
    return code;
}

/* Ids in an array, each once. */
static enum qrt_code parse_ids(const char **ids, size_t *count, size_t max_count,
                               const struct qrt_json *at, struct qrt_err *err)
{
    enum qrt_code code = qrt_json_array(at, 0, max_count, err);
    *count = 0;
    for (size_t i = 0; code == QRT_OK && i < qrt_json_count(at); i++) {
        struct qrt_json item = qrt_json_at(at, i);
        code = get_id(&ids[i], &item, err);
        for (size_t j = 0; code == QRT_OK && j < i; j++) {
            if (strcmp(ids[i], ids[j]) == 0) {
                code = fail_twice(err, &item, ids[i]);
            }
        }
        *count = i + 1;
    }
    return code;
}

static enum qrt_code parse_site(struct qrt_policy *policy, const struct qrt_json *at,
                                struct qrt_err *err)
{
    static const char *const keys[] = {"id", "safes", NULL};
    struct qrt_policy_site *site = &policy->sites[policy->sites_count];
    struct qrt_json id = qrt_json_get(at, "id");
    struct qrt_json safes = qrt_json_get(at, "safes");
    enum qrt_code code;
    if ((code = qrt_json_object(at, keys, err)) != QRT_OK ||
        (code = get_id(&site->id, &id, err)) != QRT_OK ||
        (code = parse_ids(site->safes, &site->safes_count, QRT_POLICY_SAFES_MAX, &safes, err)) !=
            QRT_OK) {
        return code;
    }
    if (qrt_policy_site(policy, site->id) != NULL) {
        return fail_twice(err, &id, site->id);
    }
    policy->sites_count++;
    return QRT_OK;
}

static enum qrt_code parse_sites(struct qrt_policy *policy, const struct qrt_json *at,
                                 struct qrt_err *err)
{
    enum qrt_code code = qrt_json_array(at, 1, QRT_POLICY_SITES_MAX, err);
    if (code == QRT_OK) {
        policy->sites = alloc_rows(at, sizeof *policy->sites);
        code = parse_rows(policy, at, policy->sites, parse_site, err);
    }
    return code;
}

static enum qrt_code parse_after_opening(struct qrt_policy *policy, const struct qrt_json *at,
                                         struct qrt_err *err)
{
    const char *word;
    enum qrt_code code = qrt_json_text(&word, at, 1, ID_CHARS_MAX, err);
    if (code != QRT_OK) {
        return code;
    }
    policy->reissue_after_opening = strcmp(word, "reissue") == 0;
    return policy->reissue_after_opening || strcmp(word, "reseal") == 0
               ? QRT_OK
               : qrt_json_fail(err, QRT_E_FORMAT, at, "is neither reseal nor reissue");
}

static enum qrt_code parse_exceptions(struct qrt_policy *policy, const struct qrt_json *at,
                                      struct qrt_err *err)
{
    return parse_ids(policy->machine_exceptions, &policy->machine_exceptions_count,
                     QRT_POLICY_EXCEPTIONS_MAX, at, err);
}

static enum qrt_code parse_number(unsigned *out, const struct qrt_json *at, size_t max,
                                  struct qrt_err *err)
{
    int64_t number;
    enum qrt_code code = qrt_json_integer(&number, at, 1, (int64_t)max, err);
    *out = code == QRT_OK ? (unsigned)number : 0;
    return code;
}

static enum qrt_code parse_drill_days(struct qrt_policy *policy, const struct qrt_json *at,
                                      struct qrt_err *err)
{
    return parse_number(&policy->drill_days, at, QRT_POLICY_DRILL_DAYS_MAX, err);
}

static enum qrt_code parse_cosignatures(struct qrt_policy *policy, const struct qrt_json *at,
                                        struct qrt_err *err)
{
    size_t max = policy->people_count;
    return parse_number(&policy->cosignatures, at,
                        max < QRT_POLICY_COSIGNATURES_MAX ? max : QRT_POLICY_COSIGNATURES_MAX, err);
}

static enum qrt_code parse_practice(struct qrt_policy *policy, const struct qrt_json *at,
                                    struct qrt_err *err)
{
    return qrt_json_boolean(&policy->practice, at, err);
}

static enum qrt_code parse_second(struct qrt_policy *policy, const struct qrt_json *at,
                                  struct qrt_err *err)
{
    return qrt_json_boolean(&policy->second_person, at, err);
}

/* In the order in which they refer to one another. */
static const struct {
    const char *key;
    parse_fn *parse;
    bool required;
} parts[] = {{"practice", parse_practice, false},
             {"sites", parse_sites, false},
             {"people", parse_people, true},
             {"groups", parse_groups, true},
             {"accounts", parse_accounts, false},
             {"drill_days", parse_drill_days, false},
             {"cosignatures", parse_cosignatures, false},
             {"second_person", parse_second, false},
             {"purposes", parse_purposes, false},
             {"after_opening", parse_after_opening, false},
             {"machine_exceptions", parse_exceptions, false}};

#define PARTS_COUNT (sizeof parts / sizeof parts[0])

static enum qrt_code parse_parts(struct qrt_policy *policy, struct qrt_err *err)
{
    static const char *const keys[] = {"vault",
                                       "organization",
                                       "practice",
                                       "people",
                                       "groups",
                                       "accounts",
                                       "drill_days",
                                       "cosignatures",
                                       "second_person",
                                       "purposes",
                                       "after_opening",
                                       "sites",
                                       "machine_exceptions",
                                       NULL};
    struct qrt_json top = qrt_json_top(policy->json, false);
    struct qrt_json origin = qrt_json_get(&top, "vault");
    struct qrt_json organization = qrt_json_get(&top, "organization");
    enum qrt_code code;
    if ((code = qrt_json_object(&top, keys, err)) != QRT_OK ||
        (code = get_origin(&policy->origin, &origin, err)) != QRT_OK ||
        (code = qrt_json_text(&policy->organization, &organization, 1, NAME_CHARS_MAX, err)) !=
            QRT_OK) {
        return code;
    }
    policy->drill_days = QRT_POLICY_DRILL_DAYS;
    policy->cosignatures = 1;
    for (size_t i = 0; code == QRT_OK && i < PARTS_COUNT; i++) {
        struct qrt_json at = qrt_json_get(&top, parts[i].key);
        if (parts[i].required || qrt_json_is(&at)) {
            code = parts[i].parse(policy, &at, err);
        }
    }
    return code;
}

static enum qrt_code parse(struct qrt_policy *policy, const void *bytes, size_t len_bytes,
                           const char *unread, struct qrt_err *err)
{
    *policy = (struct qrt_policy){0};
    enum qrt_code code =
        qrt_json_parse_without(&policy->json, bytes, len_bytes, QRT_POLICY_BYTES_MAX, unread, err);
    if (code != QRT_OK) {
        qrt_err_prefix(err, "policy");
    } else {
        code = parse_parts(policy, err);
    }
    if (code != QRT_OK) {
        qrt_policy_free(policy);
    }
    return code;
}

enum qrt_code qrt_policy_parse(struct qrt_policy *policy, const void *bytes, size_t len_bytes,
                               struct qrt_err *err)
{
    return parse(policy, bytes, len_bytes, NULL, err);
}

enum qrt_code qrt_policy_parse_rules(struct qrt_policy *policy, const void *bytes, size_t len_bytes,
                                     struct qrt_err *err)
{
    return parse(policy, bytes, len_bytes, "accounts", err);
}
