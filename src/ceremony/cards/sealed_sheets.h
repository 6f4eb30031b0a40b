/* What a vault keeps, as ciphertext on paper (docs/formats/sealed.md). */
#ifndef QRT_CEREMONY_CARDS_SEALED_SHEETS_H
#define QRT_CEREMONY_CARDS_SEALED_SHEETS_H

#include "ceremony/session/session.h"

struct qrt_sealed_sheets {
    struct qrt_session *session;     /* borrowed */
    const struct qrt_policy *policy; /* borrowed */
    const struct qrt_key_row *key;   /* borrowed: under which they are sealed */
    const char *ceremony;            /* its name on pages */
    unsigned step;
    unsigned of;
};

/* Hands over each group's items, latest ones only, in sheets of at most 24; the
 * pages of a group are numbered through. */
enum qrt_code qrt_sealed_sheets_deliver(const struct qrt_sealed_sheets *sealed,
                                        struct qrt_err *err) QRT_MUST_USE;

#endif
