/* Walking a runbook: each step as it was done, in the log. */
#ifndef QRT_CEREMONY_REVIEW_WALK_H
#define QRT_CEREMONY_REVIEW_WALK_H

#include "ceremony/review/runbook.h"
#include "ceremony/ui.h"
#include "vault/vault.h"

struct qrt_walk_request {
    const char *runbook;
    const char *account; /* that it is about, or NULL */
    const char *case_id; /* of AWS Support, recorded with each step; or NULL */
    const char *end;     /* why the walk is given up; NULL: it goes on */
    bool anew;           /* it begins at step 1, though one before went to its end */
};

struct qrt_walked {
    unsigned step; /* that was recorded last */
    unsigned steps;
    unsigned recorded; /* now */
    bool ended;        /* nothing of it is left to be done */
};

/* Goes on with the walk through that runbook for that account that has not
 * ended, or begins one. A person is taken from page to page, and may leave
 * after each; a script records as many steps as its answers have (`steps`), and
 * begins again after a walk that went to its end only if the request says so.
 * Each step is a commit of its own, so that its time is when it was told.
 * QRT_E_USAGE: no such runbook or account, a value of another form, or one
 * that looks like a secret (it is not quoted), nothing to be recorded, more
 * steps than are left, begun anew while one is under way;
 * QRT_E_REFUSED: the walk was begun with another text of the runbook, and can
 * only be ended. */
enum qrt_code qrt_walk(struct qrt_walked *walked, struct qrt_vault *vault,
                       const struct qrt_walk_request *request, const struct qrt_ui *ui,
                       struct qrt_err *err) QRT_MUST_USE;

#endif
