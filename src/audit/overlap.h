/* What must not lie in one safe: cards of both groups, a phone with a card, the
 * second factor with a card of the password group. */
#ifndef QRT_AUDIT_OVERLAP_H
#define QRT_AUDIT_OVERLAP_H

#include "base/bytes.h"
#include "vault/state.h"

/* What is to lie there. */
struct qrt_bag_content {
    uint32_t serial;     /* of a card; 0: … */
    const char *account; /* … the device of this account */
};

/* Is there something in that safe, by the bags on record and the register, from
 * which it is to be kept apart? Appends what it is, in words. */
bool qrt_overlap_find(struct qrt_buf *why, const struct qrt_state *state, const char *site,
                      const char *safe, const struct qrt_bag_content *content);

#endif
