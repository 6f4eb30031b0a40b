/* What the command line names: files, receipts. */
#ifndef QRT_CLI_GIVEN_H
#define QRT_CLI_GIVEN_H

#include "base/bytes.h"
#include "vault/receipt.h"
#include <quorate/err.h>

/* Reads a file of at most max_bytes into *out (replaced). The error names it as
 * it may stand on a screen. QRT_E_USAGE if there is none, QRT_E_RANGE, QRT_E_IO. */
enum qrt_code qrt_given_file(struct qrt_buf *out, const char *path, size_t max_bytes,
                             struct qrt_err *err) QRT_MUST_USE;

/* Creates one, which must not exist, likewise. QRT_E_EXISTS, QRT_E_IO. */
enum qrt_code qrt_given_create(const char *path, const struct qrt_buf *bytes,
                               struct qrt_err *err) QRT_MUST_USE;

/* A card's serial. QRT_E_USAGE. */
enum qrt_code qrt_given_serial(uint32_t *serial, const char *given,
                               struct qrt_err *err) QRT_MUST_USE;

/* Reads a receipt: the line `QUORATE1:R:…` itself, or the name of a file that
 * holds it. QRT_E_REFUSED, and what reading a file fails with; *receipt is then
 * empty. */
enum qrt_code qrt_given_receipt(struct qrt_receipt *receipt, const char *given,
                                struct qrt_err *err) QRT_MUST_USE;

#endif
