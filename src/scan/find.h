/* The QR codes of an image. */
#ifndef QRT_SCAN_FIND_H
#define QRT_SCAN_FIND_H

#include "base/bytes.h"
#include "scan/image.h"
#include <quorate/err.h>

struct finder;

/* Starts zbar and opens whatever it opens lazily. NULL without memory. */
struct finder *finder_new(void);
void finder_free(struct finder *finder);

/* Looks for `wanted` codes, or with 0 as long as an attempt is left, and
 * appends the answer frame's payload (secret) to *answer: u8 codes decoded,
 * u8 texts, and each text with its u16 length. Codes whose text is not
 * printable ASCII are only counted. QRT_E_NOMEM. */
enum qrt_code finder_find(struct qrt_buf *answer, struct finder *finder, const struct image *image,
                          unsigned wanted, struct qrt_err *err) QRT_MUST_USE;

#endif
