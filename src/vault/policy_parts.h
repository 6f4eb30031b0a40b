/* The parts of a policy, each read by a function of its own, and what those
 * have in common. Errors name the path, as qrt_policy_parse says. */
#ifndef QRT_VAULT_POLICY_PARTS_H
#define QRT_VAULT_POLICY_PARTS_H

#include "base/json.h"
#include "vault/policy.h"

#define QRT_POLICY_NAME_CHARS_MAX 100

/* Reads one value of the policy's JSON into *policy. QRT_E_FORMAT,
 * QRT_E_RANGE, QRT_E_NOMEM. */
typedef enum qrt_code qrt_policy_part(struct qrt_policy *policy, const struct qrt_json *at,
                                      struct qrt_err *err);

/* The sites come before the people, the people before the groups. */
qrt_policy_part qrt_policy_parse_people;
qrt_policy_part qrt_policy_parse_groups;
qrt_policy_part qrt_policy_parse_accounts;

/* Each item of an array; `rows` is what qrt_policy_alloc_rows gave for them. */
enum qrt_code qrt_policy_parse_rows(struct qrt_policy *policy, const struct qrt_json *at,
                                    const void *rows, qrt_policy_part *parse_row,
                                    struct qrt_err *err) QRT_MUST_USE;
/* Zeroed rows, one more than the array has items; NULL without memory. */
void *qrt_policy_alloc_rows(const struct qrt_json *at, size_t size_bytes);

enum qrt_code qrt_policy_get_id(const char **out, const struct qrt_json *at,
                                struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_policy_fail_twice(struct qrt_err *err, const struct qrt_json *at, const char *id);

#endif
