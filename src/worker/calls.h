/* What the workers are for: a sheet to PDF, an image to texts. */
#ifndef QRT_WORKER_CALLS_H
#define QRT_WORKER_CALLS_H

#include "worker/worker.h"
#include <quorate/err.h>
#include <quorate/secret.h>
#include <stddef.h>

#define QRT_PRINT_PROGRAM "quorate-print"
#define QRT_SCAN_PROGRAM  "quorate-scan"

/* Makes a PDF (secret, replaced) of a sheet description (secret; see
 * worker/description.h) in a quorate-print of its own. On failure *pdf is
 * empty. QRT_E_FORMAT, QRT_E_RANGE (a text does not fit its box, a character
 * is not in the font), QRT_E_WORKER, QRT_E_NOMEM, QRT_E_LOCKED_MEMORY. */
enum qrt_code qrt_print_pdf(struct qrt_secret *pdf, const struct qrt_secret *description,
                            struct qrt_err *err) QRT_MUST_USE;

#define QRT_SCAN_TEXTS_MAX 64

/* What stood in an image. text[i] are views into `texts` (secret), printable
 * ASCII; a code that stands twice is there twice. A zeroed struct is empty. */
struct qrt_scan {
    struct qrt_secret texts;
    size_t count;
    const char *text[QRT_SCAN_TEXTS_MAX];
    size_t seen; /* QR codes decoded, those whose text was not printable too */
};

void qrt_scan_wipe(struct qrt_scan *scan);
#define QRT_SCAN __attribute__((cleanup(qrt_scan_wipe))) struct qrt_scan

/* Reads the QR codes of one image file (PNG, JPEG or PGM, told by its first
 * bytes) through a started quorate-scan, which serves any number of images.
 * `codes` is how many to look for (a card has 2): with that many found no
 * further attempt is made; 0 makes all attempts. No code found is QRT_OK with
 * count 0. On failure *scan is empty. QRT_E_FORMAT (no such image, or a broken
 * one), QRT_E_RANGE (too large), QRT_E_WORKER (the worker is stopped, because it died or because
 * the image took more than its share of time; another may be started). */
enum qrt_code qrt_scan_image(struct qrt_scan *scan, struct qrt_worker *worker, const void *image,
                             size_t len_bytes, unsigned codes, struct qrt_err *err) QRT_MUST_USE;

#endif
