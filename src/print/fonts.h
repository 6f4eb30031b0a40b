/* The fonts of a sheet, opened before the cage closes. */
#ifndef QRT_PRINT_FONTS_H
#define QRT_PRINT_FONTS_H

#include <pango/pangocairo.h>
#include <quorate/err.h>
#include <stdbool.h>

/* Opens DejaVu Sans and DejaVu Sans Mono, regular and bold, and no others: no
 * fontconfig rule of the system counts, and no other font ever stands in. The
 * context is the caller's to unref. QRT_E_NOT_FOUND names a missing file. */
enum qrt_code fonts_open(PangoContext **context, struct qrt_err *err) QRT_MUST_USE;

/* A description of one of the four, at 1 point; the caller's to free. */
PangoFontDescription *fonts_describe(bool bold, bool mono);

#endif
