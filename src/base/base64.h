/* Base64 of RFC 4648, section 4, padded and strict: one text for one value.
 * Public bytes only. */
#ifndef QRT_BASE_BASE64_H
#define QRT_BASE_BASE64_H

#include "base/bytes.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QRT_BASE64_CHARS(len_bytes) (((len_bytes) + 2) / 3 * 4)

/* Writes QRT_BASE64_CHARS(len_bytes) characters and a NUL. */
void qrt_base64_encode(char *out, const uint8_t *bytes, size_t len_bytes);

/* Appends the same, without the NUL. */
void qrt_base64_add(struct qrt_buf *out, const uint8_t *bytes, size_t len_bytes);

/* False, with out and *len_bytes unspecified, for any text that
 * qrt_base64_encode would not make, and for more than size_bytes bytes. */
bool qrt_base64_decode(uint8_t *out, size_t size_bytes, size_t *len_bytes, const char *text,
                       size_t chars);

/* Would it decode, given room? */
bool qrt_base64_check(const char *text, size_t chars);

#endif
