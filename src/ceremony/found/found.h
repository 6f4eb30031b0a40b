/* The founding ceremony (docs/ceremonies/founding.md). */
#ifndef QRT_CEREMONY_FOUND_FOUND_H
#define QRT_CEREMONY_FOUND_FOUND_H

#include "ceremony/cards/cards.h"

/* Founds a vault at `path` from a policy's bytes. Everything that is asked is
 * asked, and checked, before the first byte is written. QRT_E_FORMAT and
 * QRT_E_RANGE for the policy and credentials, QRT_E_USAGE for answers that are
 * missing, QRT_E_REFUSED for wrong codes. On success *vault is open; on
 * failure it is closed, and a founding that had begun is told to be abandoned
 * at the next opening. */
enum qrt_code qrt_found(struct qrt_delivered *delivered, struct qrt_vault *vault, const char *path,
                        const struct qrt_buf *policy_json, const struct qrt_ui *ui,
                        struct qrt_err *err) QRT_MUST_USE;

#endif
