/* The policy changes; people come, change and leave with it, or leave at once. */
#ifndef QRT_CEREMONY_PEOPLE_POLICY_CHANGE_H
#define QRT_CEREMONY_PEOPLE_POLICY_CHANGE_H

#include "ceremony/ui.h"
#include "vault/vault.h"

/* Public. */
struct qrt_policy_request {
    const struct qrt_buf *policy; /* the new policy's JSON */
    const char *confirm;          /* the vault's name; NULL: it is asked for */
    bool has_place;               /* where wallet cards go */
};

struct qrt_policy_changed {
    struct qrt_buf told;    /* a line for each difference */
    struct qrt_buf wallets; /* a line for each wallet card: where it went */
};

void qrt_policy_changed_free(struct qrt_policy_changed *changed);
#define QRT_POLICY_CHANGED                                                                         \
    __attribute__((cleanup(qrt_policy_changed_free))) struct qrt_policy_changed

/* Tells the differences, asks for two badges, for a new badge of each who joins
 * and for a reason of each who leaves, and commits. QRT_E_FORMAT and
 * QRT_E_RANGE: the policy is none, or cannot follow the one in force;
 * QRT_E_REFUSED: it needs new shares, or leaves no operator; QRT_E_USAGE: it is
 * the same; and those of qrt_staffing_run. */
enum qrt_code qrt_policy_change(struct qrt_policy_changed *changed, struct qrt_vault *vault,
                                const struct qrt_policy_request *request, const struct qrt_ui *ui,
                                struct qrt_err *err) QRT_MUST_USE;

/* Somebody leaves at once, while the policy still names them: their badge is
 * void. A custodian stays in the group's line until its shares are made anew.
 * QRT_E_USAGE, QRT_E_REFUSED and those of qrt_staffing_run. */
enum qrt_code qrt_person_leave(struct qrt_vault *vault, const char *person, const char *reason,
                               const struct qrt_ui *ui, struct qrt_err *err) QRT_MUST_USE;

#endif
