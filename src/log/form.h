/* The forms of an entry's values (docs/formats/log.md). Public. */
#ifndef QRT_LOG_FORM_H
#define QRT_LOG_FORM_H

#include "log/entry.h"
#include "log/events.h"
#include <stdbool.h>
#include <stddef.h>

/* Why a value is refused; with no_memory it was not judged at all. */
struct qrt_form_why {
    const char *words;
    bool no_memory;
};

/* Has the value, escaped as it stands, this form? *why is filled if not.
 * Allocates only for a text that goes beyond the letters below U+0300. */
bool qrt_form_check(enum qrt_form form, struct qrt_span value, struct qrt_form_why *why);

bool qrt_form_is_origin(struct qrt_span value);
bool qrt_form_is_id(struct qrt_span value);
/* Exactly so many lower-case hex digits? */
bool qrt_form_is_hex(struct qrt_span value, size_t chars);

#endif
