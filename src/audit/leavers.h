/* What people who left, and cards that nobody may hold any more, mean for a
 * group: which shares are out of hand, and whether they reach a quorum. */
#ifndef QRT_AUDIT_LEAVERS_H
#define QRT_AUDIT_LEAVERS_H

#include "vault/state.h"

/* Who of a group's line has left. */
unsigned qrt_leavers_of(const struct qrt_state *state, enum qrt_group group);

/* Does that card of the key in force still carry a share into somebody's hand
 * that should not have it: void, of a former edition, or of someone who left,
 * and not destroyed? */
bool qrt_card_is_astray(const struct qrt_state *state, const struct qrt_card_row *card);

/* The distinct shares of that edition that are astray. */
unsigned qrt_shares_astray(const struct qrt_state *state, const struct qrt_edition *edition);

#endif
