/* A sheet description on paper. */
#ifndef QRT_PRINT_RENDER_H
#define QRT_PRINT_RENDER_H

#include "base/bytes.h"
#include <pango/pangocairo.h>
#include <quorate/err.h>

/* Appends the PDF of a description (both secret) to *pdf. The same description
 * gives the same bytes. On failure *pdf holds what the caller must not use.
 * QRT_E_FORMAT; QRT_E_RANGE: a text does not fit its box, a code does not fit
 * its version; QRT_E_NOMEM. A character that the fonts lack is drawn as a box
 * with its code point. */
enum qrt_code render_sheet(struct qrt_buf *pdf, PangoContext *context, const void *description,
                           size_t len_bytes, struct qrt_err *err) QRT_MUST_USE;

#endif
