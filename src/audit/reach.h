/* Who reaches which card and which channel, as far as one question asks. */
#ifndef QRT_AUDIT_REACH_H
#define QRT_AUDIT_REACH_H

#include "audit/facts.h"

#define QRT_REACH_GROUP(group)  (1U << (group))
#define QRT_REACH_CHANNEL(kind) (4U << (kind))
/* For a loss: only cards that are known to be there, and people who have not left. */
#define QRT_REACH_THERE 64U

struct qrt_reach {
    const struct qrt_facts *facts;
    unsigned wanted;                    /* groups and kinds of channels, and so on */
    uint64_t of_group[QRT_GROUPS];      /* the cards of a group */
    uint64_t holds[QRT_MEMBERS_MAX];    /* cards of which a person is the custodian */
    uint64_t opens[QRT_MEMBERS_MAX];    /* … that lie in a safe they can open */
    uint64_t unlocked;                  /* … in no safe of which that is known */
    unsigned channels[QRT_MEMBERS_MAX]; /* QRT_REACH_CHANNEL bits */
};

void qrt_reach_make(struct qrt_reach *reach, const struct qrt_facts *facts, unsigned wanted);

/* Does that person reach anything wanted? */
bool qrt_reach_any(const struct qrt_reach *reach, size_t person);
/* Does nothing change in who reaches what if the two, with their cards, are
 * exchanged? (That it does is sometimes said of people with several cards.) */
bool qrt_reach_alike(const struct qrt_reach *reach, size_t a, size_t b);

#endif
