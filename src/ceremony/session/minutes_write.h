/* The minutes of the session at hand, as the log keeps them (docs/formats/minutes.md). */
#ifndef QRT_CEREMONY_SESSION_MINUTES_WRITE_H
#define QRT_CEREMONY_SESSION_MINUTES_WRITE_H

#include "ceremony/session/session.h"

/* Appends them, one object and an LF. Of a session that lasts they tell all that
 * happened in it, what is drafted included. QRT_E_NOMEM, QRT_E_IO. */
enum qrt_code qrt_minutes_write(struct qrt_buf *out, const struct qrt_session *session,
                                const char *ceremony, const char *result,
                                struct qrt_err *err) QRT_MUST_USE;

#endif
