#ifndef QRT_SPLIT_SHARE_H
#define QRT_SPLIT_SHARE_H

#include <quorate/slip39.h>

/* Whether the public fields are in their ranges. QRT_E_RANGE. */
enum qrt_code qrt_share_check(const struct qrt_slip39_share *share,
                              struct qrt_err *err) QRT_MUST_USE;

#endif
