/* Drills and actions as JSON (docs/formats/drill.md). */
#ifndef QRT_REPORT_DRILL_JSON_H
#define QRT_REPORT_DRILL_JSON_H

#include "audit/coverage.h"
#include <jansson.h>

/* For the caller; NULL without memory. */
json_t *qrt_drill_json(const struct qrt_state *state, const struct qrt_drill *drill);
json_t *qrt_action_json(const struct qrt_action *action, int64_t now_unix_s);

/* {"coverage_drills","due","overdue","cards","people","bags"}: the picking list. */
json_t *qrt_coverage_json(const struct qrt_coverage *coverage, int64_t due_unix_s,
                          int64_t now_unix_s);

/* "open", "overdue", "closed". */
const char *qrt_action_word(const struct qrt_action *action, int64_t now_unix_s);

#endif
