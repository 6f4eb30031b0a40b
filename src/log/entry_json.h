/* An entry as JSON, for machines (docs/formats/answers.md). Public. */
#ifndef QRT_LOG_ENTRY_JSON_H
#define QRT_LOG_ENTRY_JSON_H

#include "log/entry.h"
#include <jansson.h>

/* `index`, `epoch`, `time`, `event`, `actor` and `values`, where a repeated
 * key is a list whatever number of values it has. To be freed by the caller;
 * NULL if there is no memory. */
json_t *qrt_entry_json(const struct qrt_entry *entry);

/* Appends the same as one line of ASCII. QRT_E_NOMEM. */
enum qrt_code qrt_entry_json_line(struct qrt_buf *out, const struct qrt_entry *entry,
                                  struct qrt_err *err) QRT_MUST_USE;

#endif
