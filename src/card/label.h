/* The outer label of a bag: not secret, and enough for a drill. */
#ifndef QRT_CARD_LABEL_H
#define QRT_CARD_LABEL_H

#include "worker/description.h"
#include <quorate/err.h>
#include <quorate/secret.h>
#include <stdbool.h>
#include <stdint.h>

#define QRT_SHEET_LABEL_CHARS 96 /* QUORATE1:B: and the Base32 of 53 bytes */

/* What a label says. All of it is public. */
struct qrt_sheet_label {
    const char *vault_id; /* 24 hex digits */
    unsigned generation;
    unsigned edition;
    uint32_t serial;
    const char *role; /* the holder's, UTF-8 */
    int64_t issued_unix_s;
    const char *payload; /* QUORATE1:B:… */
    enum qrt_paper paper;
    bool practice;
};

/* Describes the label's page in *description (replaced), as
 * qrt_sheet_card_describe does, with its codes. */
enum qrt_code qrt_sheet_label_describe(struct qrt_secret *description,
                                       const struct qrt_sheet_label *label,
                                       struct qrt_err *err) QRT_MUST_USE;

#endif
