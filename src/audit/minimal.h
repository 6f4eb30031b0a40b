/* The minimal sets that bring something about: every set from which nobody can
 * be left out. Members who are alike are counted and not told apart, so that
 * "any 5 of these 9" is one answer and not 126. */
#ifndef QRT_AUDIT_MINIMAL_H
#define QRT_AUDIT_MINIMAL_H

#include "audit/facts.h"

#define QRT_MINIMAL_SETS_MAX 64

/* The question. `reached` must be monotone: with more members it stays true.
 * Members who are alike can be exchanged for one another without changing what
 * `reached` says of any set; it is an equivalence. */
struct qrt_question_of_sets {
    const void *ctx;
    size_t members_len;                         /* members are 0 … members_len - 1 */
    bool (*matters)(const void *ctx, size_t m); /* can m bring anything about? */
    bool (*alike)(const void *ctx, size_t a, size_t b);
    bool (*reached)(const void *ctx, const struct qrt_members *set);
};

struct qrt_minimal {
    struct qrt_members kinds[QRT_MEMBERS_MAX]; /* those who are alike */
    size_t kinds_len;
    /* Sets in ascending size: so many of each kind. */
    struct {
        unsigned size;
        uint16_t of_kind[QRT_MEMBERS_MAX];
    } sets[QRT_MINIMAL_SETS_MAX];
    size_t sets_len;
    unsigned complete; /* all sets up to this size were found … */
    bool all;          /* … and there is no larger one */
};

/* Finds them, the smallest first, up to `size_max` members. Where there are more
 * than QRT_MINIMAL_SETS_MAX answers, or the search would take too long, it ends
 * early: `complete` says what is certain. */
void qrt_minimal_find(struct qrt_minimal *found, const struct qrt_question_of_sets *question,
                      unsigned size_max);

#endif
