/* The policy: who, which groups, which accounts, which rules. Its JSON form is
 * docs/formats/policy.md; schemas/policy.schema.json says the same to others'
 * tools. Everything in it is public. */
#ifndef QRT_VAULT_POLICY_H
#define QRT_VAULT_POLICY_H

#include "base/bytes.h"
#include <quorate/err.h>
#include <quorate/group.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QRT_POLICY_BYTES_MAX        ((size_t)1 << 20)
#define QRT_POLICY_PEOPLE_MAX       256 /* so that a genesis entry holds them all */
#define QRT_POLICY_OPERATORS_MAX    63  /* each opens log.key by a wrap of their own */
#define QRT_POLICY_ACCOUNTS_MAX     4096
#define QRT_POLICY_PURPOSES_MAX     256
#define QRT_POLICY_SITES_MAX        64
#define QRT_POLICY_SAFES_MAX        64 /* of one site */
#define QRT_POLICY_EXCEPTIONS_MAX   32
#define QRT_POLICY_COSIGNATURES_MAX 63 /* a checkpoint has 64 signatures at most */
#define QRT_POLICY_DRILL_DAYS_MAX   366
#define QRT_POLICY_DRILL_DAYS       90

enum qrt_role {
    QRT_ROLE_OPERATOR = 1,
    QRT_ROLE_CUSTODIAN = 2,
    QRT_ROLE_WITNESS = 4,
    QRT_ROLE_AUDITOR = 8,
};

#define QRT_ROLES 4

struct qrt_policy_person {
    const char *id;
    const char *name;
    const char *site; /* or NULL */
    unsigned roles;   /* of enum qrt_role, at least one */
};

struct qrt_policy_group {
    const char *custodians[QRT_GROUP_MEMBERS_MAX]; /* ids, in the policy's order */
    unsigned count;
    unsigned threshold;
    bool accept_single_holder;
};

struct qrt_policy_account {
    const char *id;
    const char *name;
    const char *email;
};

struct qrt_policy_purpose {
    const char *id;
    const char *words;
};

struct qrt_policy_site {
    const char *id;
    const char *safes[QRT_POLICY_SAFES_MAX];
    size_t safes_count;
};

/* A zeroed struct is a valid empty one. It owns what it points to; every text
 * lives as long as it does. */
struct qrt_policy {
    struct json_t *json; /* where the texts stand */
    const char *origin;
    const char *organization;
    struct qrt_policy_person *people;
    size_t people_count;
    struct qrt_policy_group groups[QRT_GROUPS];
    struct qrt_policy_account *accounts;
    size_t accounts_count;
    struct qrt_policy_purpose *purposes;
    size_t purposes_count;
    struct qrt_policy_site *sites;
    size_t sites_count;
    const char *machine_exceptions[QRT_POLICY_EXCEPTIONS_MAX];
    size_t machine_exceptions_count;
    unsigned drill_days;
    unsigned cosignatures;
    bool practice;
    bool second_person;
    bool reissue_after_opening; /* "after_opening": "reissue"; else "reseal" */
};

/* Parses and checks a policy whole. An error names the path, as in
 * `groups.mfa.threshold: 4 is more than the 3 custodians`. QRT_E_FORMAT,
 * QRT_E_RANGE, QRT_E_NOMEM; *policy, whose former content is not freed, is
 * then zeroed. */
enum qrt_code qrt_policy_parse(struct qrt_policy *policy, const void *bytes, size_t len_bytes,
                               struct qrt_err *err) QRT_MUST_USE;
/* The same for the policy of a vault, which was read whole before it was
 * committed: its accounts are entries of the log now, and not read again. */
enum qrt_code qrt_policy_parse_rules(struct qrt_policy *policy, const void *bytes, size_t len_bytes,
                                     struct qrt_err *err) QRT_MUST_USE;
void qrt_policy_free(struct qrt_policy *policy); /* leaves it zeroed */
#define QRT_POLICY __attribute__((cleanup(qrt_policy_free))) struct qrt_policy

/* NULL if there is none of that id. */
const struct qrt_policy_person *qrt_policy_person(const struct qrt_policy *policy, const char *id);
const struct qrt_policy_account *qrt_policy_account(const struct qrt_policy *policy,
                                                    const char *id);
const struct qrt_policy_purpose *qrt_policy_purpose(const struct qrt_policy *policy,
                                                    const char *id);
const struct qrt_policy_site *qrt_policy_site(const struct qrt_policy *policy, const char *id);
/* Which group that person holds cards of; false, *group untouched, if none. */
bool qrt_policy_group_of(const struct qrt_policy *policy, enum qrt_group *group, const char *id);
/* Does the policy take that finding of the selftest? */
bool qrt_policy_excepts(const struct qrt_policy *policy, const char *finding);

/* "operator", "custodian", "witness", "auditor"; NULL for no single role. */
const char *qrt_role_name(enum qrt_role role);
bool qrt_role_parse(enum qrt_role *role, const char *name); /* false: no role of that name */

/* Appends a line, with its LF, for each thing allowed that may be regretted,
 * such as a group where one absence locks the vault. */
void qrt_policy_warn(struct qrt_buf *lines, const struct qrt_policy *policy);

#endif
