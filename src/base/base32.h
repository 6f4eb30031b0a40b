/* Base32 of RFC 4648, upper case, without padding, strict and constant-time
 * in the characters (a share and an MFA seed travel in it). */
#ifndef QRT_BASE_BASE32_H
#define QRT_BASE_BASE32_H

#include <quorate/err.h>
#include <stddef.h>
#include <stdint.h>

/* How many characters encode `len_bytes` bytes. */
#define QRT_BASE32_CHARS(len_bytes) (((len_bytes)*8 + 4) / 5)

/* Writes exactly QRT_BASE32_CHARS(len_bytes) characters and no NUL.
 * `out_chars` must be that number. The bytes may be secret. */
void qrt_base32_encode(char *out, size_t out_chars, const uint8_t *in, size_t len_bytes);

/* Decodes `in_chars` characters (may be secret) into out, *len_bytes of it.
 * Refused with QRT_E_FORMAT: a foreign character, a length that no encoding
 * has, a spare bit that is not zero. QRT_E_RANGE: more than size_bytes. On
 * failure out is zeroed and *len_bytes is 0; the error names the position,
 * never the character. */
enum qrt_code qrt_base32_decode(uint8_t *out, size_t size_bytes, size_t *len_bytes, const char *in,
                                size_t in_chars, struct qrt_err *err) QRT_MUST_USE;

#endif
