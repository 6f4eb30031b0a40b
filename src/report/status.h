/* The status of a vault as JSON (schemas/status.schema.json). */
#ifndef QRT_REPORT_STATUS_H
#define QRT_REPORT_STATUS_H

#include "audit/status.h"
#include <jansson.h>

/* For the caller; NULL without memory. */
json_t *qrt_status_json(const struct qrt_status *status, const struct qrt_vault *vault,
                        int64_t now_unix_s);

#endif
