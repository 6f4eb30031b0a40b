/* Text from outside: its validity, its form, and its way to a screen. */
#ifndef QRT_BASE_TEXT_H
#define QRT_BASE_TEXT_H

#include "base/bytes.h"
#include <quorate/err.h>
#include <stdbool.h>
#include <stddef.h>

/* Valid UTF-8 (no surrogates, no overlong forms, no NUL) in NFC? False also
 * when memory fails: where that must be told apart, use the next. */
bool qrt_text_is_nfc(const char *text, size_t len_bytes);
/* The same; QRT_E_FORMAT, QRT_E_NOMEM. */
enum qrt_code qrt_text_check_nfc(const char *text, size_t len_bytes,
                                 struct qrt_err *err) QRT_MUST_USE;

/* That, and without control characters (C0, DEL, C1). Of plain ASCII, which
 * may be secret, no copy is made. */
bool qrt_text_is_clean(const char *text, size_t len_bytes);

/* Appends the text with everything that could move a cursor, change colours
 * or reorder a line made visible: C0, DEL, C1, bidi controls, zero-width and
 * other format characters, line separators and bytes that are no UTF-8 become
 * \xNN per byte; a backslash becomes \\. */
void qrt_text_escape(struct qrt_buf *out, const char *text, size_t len_bytes);

/* The same of the text's first character alone, into *out, with a NUL; the bytes
 * that it took. Keeps nothing of it elsewhere: the text may be secret. */
#define QRT_TEXT_ESCAPED_BYTES 17
size_t qrt_text_escape_step(char out[static QRT_TEXT_ESCAPED_BYTES], const char *text,
                            size_t len_bytes);

/* The bytes of a text's first character (at least 1), and the columns that it
 * takes on a screen. len_bytes is at least 1. */
size_t qrt_text_step(const char *text, size_t len_bytes, size_t *columns);
/* The columns of all of it, once it is escaped. */
size_t qrt_text_columns(const char *text, size_t len_bytes);

/* Appends the text as paper may show it: what qrt_text_escape makes visible,
 * and marks that pile up over one letter, become U+FFFD, one each, so that a
 * text grows at most threefold in bytes and not at all in characters. */
void qrt_text_for_paper(struct qrt_buf *out, const char *text, size_t len_bytes);

/* Two spellings of one name, of a person or a thing? Compared after NFKC, case
 * folding, with an i that has lost or kept its dot as an i, with one apostrophe
 * and one hyphen, and with white space and what looks like it trimmed and
 * squeezed. False also when memory fails or either is no valid UTF-8
 * and the bytes differ. */
bool qrt_text_same_name(const char *a, const char *b);
/* Is there anything to see in it but white space and marks that show nothing? */
bool qrt_text_is_seen(const char *text);
/* Appends the form in which all spellings of a name are the same; a text that
 * is no valid UTF-8 as it stands. */
void qrt_text_fold_name(struct qrt_buf *out, const char *text);

/* `^[a-z0-9][EXTRA a-z0-9]{0,max-1}$`: ids (extra "._-", 32) and origins
 * (extra "./-", 60). */
bool qrt_text_is_name(const char *text, const char *extra, size_t max_chars);
bool qrt_text_is_id(const char *text);
bool qrt_text_is_origin(const char *text);

/* A decimal without sign, spaces or leading zeros, at most `max`. */
bool qrt_text_u64(const char *text, size_t len_bytes, uint64_t max, uint64_t *out);

/* Lower-case hex of bytes, with a NUL: out holds 2 * len_bytes + 1. */
void qrt_text_hex(char *out, const uint8_t *in, size_t len_bytes);
/* Exactly len_bytes bytes from 2 * len_bytes lower-case hex digits. */
bool qrt_text_unhex(uint8_t *out, size_t len_bytes, const char *in, size_t in_chars);

#endif
