#include "vault/policy_parts.h"

#include "base/text.h"
#include <stdlib.h>
#include <string.h>

#define ID_CHARS_MAX     32
#define ORIGIN_CHARS_MAX 60
#define WORDS_CHARS_MAX  200

enum qrt_code qrt_policy_get_id(const char **out, const struct qrt_json *at, struct qrt_err *err)
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

enum qrt_code qrt_policy_fail_twice(struct qrt_err *err, const struct qrt_json *at, const char *id)
{
    return qrt_json_fail(err, QRT_E_FORMAT, at, "%s stands twice", id);
}

enum qrt_code qrt_policy_parse_rows(struct qrt_policy *policy, const struct qrt_json *at,
                                    const void *rows, qrt_policy_part *parse_row,
                                    struct qrt_err *err)
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

void *qrt_policy_alloc_rows(const struct qrt_json *at, size_t size_bytes)
{
    return calloc(qrt_json_count(at) + 1, size_bytes);
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
        (code = qrt_policy_get_id(&purpose->id, &id, err)) != QRT_OK ||
        (code = qrt_json_text(&purpose->words, &words, 1, WORDS_CHARS_MAX, err)) != QRT_OK) {
        return code;
    }
    if (qrt_policy_purpose(policy, purpose->id) != NULL) {
        return qrt_policy_fail_twice(err, &id, purpose->id);
    }
    policy->purposes_count++;
    return QRT_OK;
}

static enum qrt_code parse_purposes(struct qrt_policy *policy, const struct qrt_json *at,
                                    struct qrt_err *err)
{
    enum qrt_code code = qrt_json_array(at, 0, QRT_POLICY_PURPOSES_MAX, err);
    if (code == QRT_OK) {
        policy->purposes = qrt_policy_alloc_rows(at, sizeof *policy->purposes);
        code = qrt_policy_parse_rows(policy, at, policy->purposes, parse_purpose, err);
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
        code = qrt_policy_get_id(&ids[i], &item, err);
        for (size_t j = 0; code == QRT_OK && j < i; j++) {
            if (strcmp(ids[i], ids[j]) == 0) {
                code = qrt_policy_fail_twice(err, &item, ids[i]);
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
        (code = qrt_policy_get_id(&site->id, &id, err)) != QRT_OK ||
        (code = parse_ids(site->safes, &site->safes_count, QRT_POLICY_SAFES_MAX, &safes, err)) !=
            QRT_OK) {
        return code;
    }
    if (qrt_policy_site(policy, site->id) != NULL) {
        return qrt_policy_fail_twice(err, &id, site->id);
    }
    policy->sites_count++;
    return QRT_OK;
}

static enum qrt_code parse_sites(struct qrt_policy *policy, const struct qrt_json *at,
                                 struct qrt_err *err)
{
    enum qrt_code code = qrt_json_array(at, 1, QRT_POLICY_SITES_MAX, err);
    if (code == QRT_OK) {
        policy->sites = qrt_policy_alloc_rows(at, sizeof *policy->sites);
        code = qrt_policy_parse_rows(policy, at, policy->sites, parse_site, err);
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
    qrt_policy_part *parse;
    bool required;
} parts[] = {{"practice", parse_practice, false},
             {"sites", parse_sites, false},
             {"people", qrt_policy_parse_people, true},
             {"groups", qrt_policy_parse_groups, true},
             {"accounts", qrt_policy_parse_accounts, false},
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
        (code = qrt_json_text(&policy->organization, &organization, 1, QRT_POLICY_NAME_CHARS_MAX,
                              err)) != QRT_OK) {
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
