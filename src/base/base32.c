#include "base/base32.h"

#include <sodium.h>

/* 0xff where a < b, else 0, for a, b < 2^15. */
static unsigned less(unsigned a, unsigned b)
{
    return (a - b) >> 16 & 0xff;
}

static char encode_digit(unsigned value)
{
    /* 'A' + value, or '2' + value - 26 from 26 on. */
    unsigned letter = less(value, 26);
    return (char)(('A' + value) * (letter & 1) + ('2' + value - 26) * (~letter & 1));
}

/* The digit's value, with bit 8 set if the character is not in the alphabet. */
static unsigned decode_digit(unsigned c)
{
    unsigned letter = ~(less(c, 'A') | less('Z', c)) & 0xff;
    unsigned digit = ~(less(c, '2') | less('7', c)) & 0xff;
    unsigned value = (letter & (c - 'A')) | (digit & (c - '2' + 26));
    return value | (~(letter | digit) & 1) << 8;
}

void qrt_base32_encode(char *out, size_t out_chars, const uint8_t *in, size_t len_bytes)
{
    unsigned acc = 0;
    unsigned bits = 0;
    size_t at = 0;
    for (size_t i = 0; i < out_chars; i++) {
        if (bits < 5) {
            acc = acc << 8 | (at < len_bytes ? in[at] : 0U);
            at++;
            bits += 8;
        }
        bits -= 5;
        out[i] = encode_digit(acc >> bits & 31);
        acc &= (1U << bits) - 1;
    }
}

enum qrt_code qrt_base32_decode(uint8_t *out, size_t size_bytes, size_t *len_bytes, const char *in,
                                size_t in_chars, struct qrt_err *err)
{
    size_t want = in_chars * 5 / 8;
    *len_bytes = 0;
    if (want > size_bytes) {
        sodium_memzero(out, size_bytes);
        return qrt_fail(err, QRT_E_RANGE, "Base32 longer than %zu bytes", size_bytes);
    }
    if (QRT_BASE32_CHARS(want) != in_chars) {
        sodium_memzero(out, size_bytes);
        return qrt_fail(err, QRT_E_FORMAT, "Base32 of an impossible length, %zu characters",
                        in_chars);
    }
    unsigned acc = 0;
    unsigned bits = 0;
    size_t at = 0;
    size_t bad_at = SIZE_MAX;
    for (size_t i = 0; i < in_chars; i++) {
        unsigned digit = decode_digit((unsigned char)in[i]);
        if ((digit & 0x100) != 0 && bad_at == SIZE_MAX) {
            bad_at = i;
        }
        acc = (acc << 5 | (digit & 31)) & 0xffff;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            out[at++] = (uint8_t)(acc >> bits);
            acc &= (1U << bits) - 1;
        }
    }
    if (bad_at != SIZE_MAX || acc != 0) {
        sodium_memzero(out, size_bytes);
        return bad_at != SIZE_MAX
                   ? qrt_fail(err, QRT_E_FORMAT, "Base32: character %zu is not of A-Z, 2-7",
                              bad_at + 1)
                   : qrt_fail(err, QRT_E_FORMAT, "Base32: its spare bits are not zero");
    }
    *len_bytes = want;
    return QRT_OK;
}
