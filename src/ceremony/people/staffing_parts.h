/* What the files of a change of people share. */
#ifndef QRT_CEREMONY_PEOPLE_STAFFING_PARTS_H
#define QRT_CEREMONY_PEOPLE_STAFFING_PARTS_H

#include "ceremony/people/staffing.h"

/* What becomes of somebody; NULL: nothing. */
const struct qrt_staff_change *qrt_staffing_change_of(const struct qrt_staffing *staffing,
                                                      const char *id);

/* Is somebody's badge of now void at the end of it? They cannot agree to it then. */
bool qrt_staffing_loses_badge(const struct qrt_staff_change *change);

bool qrt_staffing_is_operator_after(const struct qrt_staffing *staffing, const char *id);

/* Everything in one commit: the policy, people, badges, and whom log.key opens
 * to from then on. */
enum qrt_code qrt_staffing_commit(struct qrt_staffing *staffing, struct qrt_err *err) QRT_MUST_USE;

#endif
