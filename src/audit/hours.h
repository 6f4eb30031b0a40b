/* The hours of the week in which no quorum can be reached. */
#ifndef QRT_AUDIT_HOURS_H
#define QRT_AUDIT_HOURS_H

#include "audit/facts.h"

#define QRT_DAY_MIN  1440
#define QRT_WEEK_MIN 10080

/* Adds to somebody's week the time from one minute of a local day (0: Monday)
 * to another of the same, where the clock is `offset_min` ahead of UTC. All
 * three are multiples of QRT_SLOT_MIN, 0 <= from < to <= 1440. */
void qrt_week_add(uint64_t week[static QRT_WEEK_WORDS], unsigned day, unsigned from_min,
                  unsigned to_min, int offset_min);
bool qrt_week_has(const uint64_t week[static QRT_WEEK_WORDS], size_t slot);

/* The slots in which fewer custodians with a live card can be reached than the
 * group's threshold. Whoever is not on the roster counts as never reached. */
void qrt_hours_without(uint64_t week[static QRT_WEEK_WORDS], const struct qrt_facts *facts,
                       enum qrt_group group);

/* Steps through a week's stretches: from *slot on, the next one's first slot
 * and the one behind its last. False behind the last one; *slot begins at 0. */
bool qrt_week_stretch(const uint64_t week[static QRT_WEEK_WORDS], size_t *slot, size_t *from,
                      size_t *to);

#endif
