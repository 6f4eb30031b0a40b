/* The minutes of the last session, as the log tells it. */
#ifndef QRT_CEREMONY_SESSION_MINUTES_H
#define QRT_CEREMONY_SESSION_MINUTES_H

#include "report/minutes.h"
#include "vault/vault.h"

/* Describes the sheet in *description (replaced), for qrt_print_pdf, and puts
 * the minutes' JSON, as it stands in the log, into *json. *size is the log's at
 * the session's close. QRT_E_NOT_FOUND: no session was closed. */
enum qrt_code qrt_minutes_of_last(struct qrt_secret *description, struct qrt_buf *json,
                                  uint64_t *size, struct qrt_vault *vault, enum qrt_paper paper,
                                  struct qrt_err *err) QRT_MUST_USE;

#endif
