/* Cards that count no more and are not known to be destroyed, or may have been
 * read by others: what strangers could put together. */
#ifndef QRT_AUDIT_OUTSTANDING_H
#define QRT_AUDIT_OUTSTANDING_H

#include "vault/state.h"

/* Of one edition. Cards of one edition go together, and those of two never. */
struct qrt_outstanding {
    const struct qrt_edition *edition;
    unsigned indices; /* distinct ones that are out of hand … */
    unsigned known;   /* … those that are so even when every card is destroyed … */
    unsigned cards;   /* … on so many cards … */
    unsigned needed;  /* … of which so many rebuild the group's half of the key */
};

/* Out of hand is a card that is void (or of a former edition) and not destroyed,
 * one of somebody who left, likewise, and one whose bag was ever found otherwise
 * than whole. */
void qrt_outstanding_count(struct qrt_outstanding *out, const struct qrt_state *state,
                           const struct qrt_edition *edition);
/* Has somebody of that id left? */
bool qrt_has_left(const struct qrt_state *state, const char *person);
/* Was it handed to somebody who has left, and nobody has seen it destroyed? */
bool qrt_card_is_of_leaver(const struct qrt_state *state, const struct qrt_card_row *card);
/* Is it void, perhaps on paper, and nobody has seen it destroyed? */
bool qrt_card_is_outstanding(const struct qrt_state *state, const struct qrt_card_row *card);

#endif
