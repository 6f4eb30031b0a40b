/* Why something is done, in somebody's words, as --reason takes it, and every
 * other free text that the log keeps for good. Public. */
#ifndef QRT_CEREMONY_REASON_H
#define QRT_CEREMONY_REASON_H

#include <quorate/err.h>
#include <stdbool.h>
#include <stddef.h>

#define QRT_REASON_MAX_BYTES 1000
/* Of somebody who leaves, or of a badge. */
#define QRT_REASON_SHORT_MAX_BYTES 200

/* QRT_E_USAGE, with `where` before it, unless it is 1 to max_bytes bytes of clean
 * text without spaces at its ends; also where it looks like a secret (it is not
 * quoted). */
enum qrt_code qrt_public_text_check(const char *text, const char *where, size_t max_bytes,
                                    struct qrt_err *err) QRT_MUST_USE;

/* The same of the name or number by which something is known elsewhere: a
 * ticket, a thing. A number in full is taken. */
enum qrt_code qrt_public_name_check(const char *text, const char *where, size_t max_bytes,
                                    struct qrt_err *err) QRT_MUST_USE;

/* Of a text whose form was checked already: does it look like a secret? */
enum qrt_code qrt_public_leak_check(const char *text, const char *where, bool takes_numbers,
                                    struct qrt_err *err) QRT_MUST_USE;

/* The same of a --reason, of up to QRT_REASON_MAX_BYTES. */
enum qrt_code qrt_reason_check(const char *reason, struct qrt_err *err) QRT_MUST_USE;

#endif
