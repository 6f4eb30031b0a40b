/* A policy that comes with new cards: who is in the groups, and how many of them
 * it takes. */
#ifndef QRT_CEREMONY_RENEW_REGROUP_H
#define QRT_CEREMONY_RENEW_REGROUP_H

#include "ceremony/session/session.h"
#include "vault/policy.h"

struct qrt_regroup {
    const struct qrt_buf *bytes; /* the new policy's JSON, borrowed; NULL: it stays */
    struct qrt_policy policy;
    struct qrt_buf told; /* a line for each difference */
};

void qrt_regroup_free(struct qrt_regroup *regroup);

/* Reads it, and holds it against the one in force: of these groups (a set of
 * bits, 1 << group) the members or the threshold are others, and nothing else
 * is. Whoever comes was added before, whoever goes has left before or stays
 * without a group. QRT_E_FORMAT, QRT_E_RANGE; QRT_E_REFUSED, with the command
 * that comes first, or as qrt_namesake_check; QRT_E_USAGE: it is the same. */
enum qrt_code qrt_regroup_read(struct qrt_regroup *regroup, struct qrt_vault *vault,
                               unsigned groups, struct qrt_err *err) QRT_MUST_USE;

/* Nobody of these groups has left, by that policy: each gets a card. QRT_E_REFUSED. */
enum qrt_code qrt_regroup_check_members(const struct qrt_policy *policy,
                                        const struct qrt_state *state, unsigned groups,
                                        struct qrt_err *err) QRT_MUST_USE;

/* Drafts its policy-changed, if there is one: in the commit of the new cards,
 * which two badges sign then. QRT_E_NOMEM. */
enum qrt_code qrt_regroup_draft(const struct qrt_regroup *regroup, struct qrt_session *session,
                                struct qrt_err *err) QRT_MUST_USE;

#endif
