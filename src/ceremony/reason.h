/* Why something is done, in somebody's words, as --reason takes it. Public. */
#ifndef QRT_CEREMONY_REASON_H
#define QRT_CEREMONY_REASON_H

#include <quorate/err.h>

#define QRT_REASON_MAX_BYTES 1000

/* QRT_E_USAGE unless it is 1 to QRT_REASON_MAX_BYTES bytes of clean text without
 * spaces at its ends. */
enum qrt_code qrt_reason_check(const char *reason, struct qrt_err *err) QRT_MUST_USE;

#endif
