/* How a policy differs from the one in force: what a person reads before they
 * agree to it, and what a commit has to say. All of it is public. */
#ifndef QRT_VAULT_POLICY_COMPARE_H
#define QRT_VAULT_POLICY_COMPARE_H

#include "vault/policy.h"

struct qrt_policy_changes {
    const struct qrt_policy *from; /* borrowed … */
    const struct qrt_policy *to;   /* … both */
    /* People, in the order of the policy that has them. */
    const struct qrt_policy_person *joined[QRT_POLICY_PEOPLE_MAX]; /* of `to` */
    size_t joined_len;
    const struct qrt_policy_person *left[QRT_POLICY_PEOPLE_MAX]; /* of `from` */
    size_t left_len;
    /* Of `to`: whose name, site or roles are others. */
    const struct qrt_policy_person *changed[QRT_POLICY_PEOPLE_MAX];
    size_t changed_len;
    /* Who is in the group, in whatever order; and how many of them it takes. */
    bool members[QRT_GROUPS];
    bool threshold[QRT_GROUPS];
    bool cosignatures;
    bool second_person;
    bool rest; /* of the rules: organization, sites, purposes, days, … */
};

/* Compares. QRT_E_FORMAT, nothing filled, where `to` cannot follow `from`: of
 * another vault, practice on one side only, or somebody with the name that
 * another id has in `from`, names being compared as within one policy. Accounts are entries of the
 * log, and not compared. */
enum qrt_code qrt_policy_compare(struct qrt_policy_changes *changes, const struct qrt_policy *from,
                                 const struct qrt_policy *to, struct qrt_err *err) QRT_MUST_USE;

/* Does a group have other members, or another threshold? That needs new shares. */
bool qrt_policy_changes_group(const struct qrt_policy_changes *changes, enum qrt_group group);
bool qrt_policy_changes_anything(const struct qrt_policy_changes *changes);

/* Appends a line, with its LF, for each difference; names are escaped. */
void qrt_policy_tell_changes(struct qrt_buf *lines, const struct qrt_policy_changes *changes);

/* Appends the names of the roles, with ", " between. */
void qrt_policy_tell_roles(struct qrt_buf *text, unsigned roles);

#endif
