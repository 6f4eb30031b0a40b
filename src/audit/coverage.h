/* Coverage of drills: when each card, person and bag was seen last, and which
 * are next (docs/formats/drill.md). */
#ifndef QRT_AUDIT_COVERAGE_H
#define QRT_AUDIT_COVERAGE_H

#include "vault/drill.h"
#include <quorate/err.h>

/* Each card, person and bag at least once in so many drills. */
#define QRT_COVERAGE_DRILLS 4

/* A card in force, a person, or a bag in a safe; the texts are the state's. */
struct qrt_coverage_row {
    int64_t serial;            /* of the card, or of that in the bag; 0: none */
    const char *person;        /* the card's custodian, or the person; "" for none */
    const char *group;         /* of the card, or of a person's card; "" for none */
    const struct qrt_bag *bag; /* the bag; of a card: where it lay last; or NULL */
    int64_t last;              /* the entry that shows it or them last, or QRT_NEVER */
    int64_t last_unix_s;
    size_t missed; /* drills that were done since: of its group; of a bag, any */
    bool covered;  /* it missed fewer than QRT_COVERAGE_DRILLS */
    bool picked;   /* it is to come to the next drill, or to be looked at in it */
};

/* Cards in the order in which they are best drilled: who missed most first. */
struct qrt_coverage {
    struct qrt_coverage_row *cards;
    size_t cards_len;
    struct qrt_coverage_row *people;
    size_t people_len;
    struct qrt_coverage_row *bags; /* those not opened, in the order of the tour */
    size_t bags_len;
};

/* A card is shown by a grade `good` or `damaged` in a drill that is done, or by
 * a proof; a person by any grade but `absent`, or by a proof of their card.
 * Picked are, of each group, as many cards as its threshold, and every card
 * that would be covered no more if it missed one drill more; never a suspect
 * card, or that of somebody who has left. A bag is seen when
 * it is sealed, moved or checked; picked are whole safes: each with a bag that
 * would be covered no more, or that of the bag that missed most. QRT_E_NOMEM. */
enum qrt_code qrt_coverage_make(struct qrt_coverage *coverage, const struct qrt_state *state,
                                struct qrt_err *err) QRT_MUST_USE;

void qrt_coverage_free(struct qrt_coverage *coverage);
#define QRT_COVERAGE __attribute__((cleanup(qrt_coverage_free))) struct qrt_coverage

/* When the last drill for that group was done, or the founding. One of seals
 * tests no access, and is for none. */
int64_t qrt_coverage_drilled_unix_s(const struct qrt_state *state, enum qrt_group group);
/* When the next drill is due: the policy's interval after that, of the group for
 * which it is longer ago. */
int64_t qrt_coverage_due_unix_s(const struct qrt_state *state, unsigned drill_days);

#endif
