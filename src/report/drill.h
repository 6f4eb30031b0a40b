/* The report of a drill: as JSON (docs/formats/drill.md), and as a sheet made
 * of that same JSON, to be signed and kept for auditors. */
#ifndef QRT_REPORT_DRILL_H
#define QRT_REPORT_DRILL_H

#include "vault/vault.h"
#include "worker/description.h"
#include <jansson.h>

/* What the log says of the drill of that number, and of coverage and actions as
 * they stand now. *report is the caller's; NULL on failure. QRT_E_NOT_FOUND
 * (there is no such drill), QRT_E_IO, QRT_E_NOMEM. */
enum qrt_code qrt_drill_report(json_t **report, struct qrt_vault *vault, size_t number,
                               int64_t now_unix_s, struct qrt_err *err) QRT_MUST_USE;

/* Describes its pages in *description (replaced), for qrt_print_pdf. QRT_E_RANGE
 * (too much for QRT_SHEET_PAGES_MAX pages), QRT_E_NOMEM, QRT_E_LOCKED_MEMORY. */
enum qrt_code qrt_sheet_drill_describe(struct qrt_secret *description, const json_t *report,
                                       enum qrt_paper paper, struct qrt_err *err) QRT_MUST_USE;

#endif
