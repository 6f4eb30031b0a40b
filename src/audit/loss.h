/* Whose loss ends a quorum: no person should be indispensable, and no site. */
#ifndef QRT_AUDIT_LOSS_H
#define QRT_AUDIT_LOSS_H

#include "audit/minimal.h"

#define QRT_LOSS_OF(group) (1U << (group))
#define QRT_LOSS_OF_EITHER 3U /* then the vault does not open */

/* The minimal sets of people who, gone, leave too few cards of a group (of one
 * of `groups`); the empty set, if too few are there already. Whoever has left is
 * gone, and a card that is missing is lost. A card is lost with its custodian, and with the last
 * who has the combination of the safe in which it lies, where that is known. */
void qrt_loss_of_people(struct qrt_minimal *found, const struct qrt_facts *facts, unsigned groups,
                        unsigned size_max);

/* The same for sites, with all cards that lie there. */
void qrt_loss_of_sites(struct qrt_minimal *found, const struct qrt_facts *facts, unsigned groups,
                       unsigned size_max);

/* Is every card of the group that is there needed (T = N)? One absence then locks
 * the vault; or too few are there already. */
bool qrt_loss_none_to_spare(const struct qrt_facts *facts, enum qrt_group group);

#endif
