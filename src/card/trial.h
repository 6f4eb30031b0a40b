/* The trial sheet: printed before a ceremony, to see that the printer prints. */
#ifndef QRT_CARD_TRIAL_H
#define QRT_CARD_TRIAL_H

#include "worker/description.h"
#include <quorate/err.h>
#include <quorate/secret.h>
#include <stdint.h>

/* All of it is public. */
struct qrt_sheet_trial {
    const char *printer; /* its name */
    int64_t made_unix_s;
    enum qrt_paper paper;
};

/* Describes its one page in *description (replaced). QRT_E_RANGE, QRT_E_NOMEM,
 * QRT_E_LOCKED_MEMORY. */
enum qrt_code qrt_sheet_trial_describe(struct qrt_secret *description,
                                       const struct qrt_sheet_trial *trial,
                                       struct qrt_err *err) QRT_MUST_USE;

#endif
