/* The re-issue (docs/ceremonies/reissue.md): one group's half split anew, on new
 * cards; the other group, the vault key and every item stay as they are. */
#ifndef QRT_CEREMONY_RENEW_REISSUE_H
#define QRT_CEREMONY_RENEW_REISSUE_H

#include "ceremony/renew/remake.h"

/* Rebuilds a group's half from its quorum's cards, checks it against what the
 * log published, splits it anew by that policy and proves every subset that
 * must open. *shares (secret), a qrt_slip39_share for each custodian, is inited
 * here. Those of qrt_gather_half. */
enum qrt_code qrt_reissue_split(struct qrt_secret *shares, const struct qrt_gather *gather,
                                const struct qrt_policy *policy, enum qrt_group group,
                                struct qrt_err *err) QRT_MUST_USE;

struct qrt_reissue_request {
    enum qrt_group group;
    const char *reason;
    const struct qrt_buf *policy; /* the JSON of one with another group; NULL: it stays */
};

/* Does the re-issue; a new policy is in force with the new cards, by two badges.
 * QRT_E_USAGE for a group of threshold 1, of which it would revoke nothing;
 * otherwise as qrt_regroup_read and qrt_remake_run. */
enum qrt_code qrt_reissue(struct qrt_remade *remade, struct qrt_vault *vault,
                          const struct qrt_reissue_request *request, const struct qrt_ui *ui,
                          struct qrt_err *err) QRT_MUST_USE;

#endif
