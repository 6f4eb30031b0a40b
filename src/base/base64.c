/* Not libsodium's decoder: in 1.0.18 it takes some bytes from 0x80 up for
 * characters of the alphabet, so that two texts would have one value. */
#include "base/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void qrt_base64_encode(char *out, const uint8_t *bytes, size_t len_bytes)
{
    for (size_t at = 0; at < len_bytes; at += 3) {
        size_t n = len_bytes - at < 3 ? len_bytes - at : 3;
        uint32_t bits = (uint32_t)bytes[at] << 16;
        bits |= n > 1 ? (uint32_t)bytes[at + 1] << 8 : 0;
        bits |= n > 2 ? bytes[at + 2] : 0;
        for (size_t i = 0; i < 4; i++) {
            *out++ = i <= n ? alphabet[bits >> (18 - 6 * i) & 63] : '=';
        }
    }
    *out = '\0';
}

void qrt_base64_add(struct qrt_buf *out, const uint8_t *bytes, size_t len_bytes)
{
    for (size_t at = 0; at < len_bytes; at += 3) {
        char four[QRT_BASE64_CHARS(3) + 1];
        qrt_base64_encode(four, bytes + at, len_bytes - at < 3 ? len_bytes - at : 3);
        qrt_buf_text(out, four);
    }
}

static int digit(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static size_t pads_of(const char *text, size_t chars)
{
    if (chars < 4 || text[chars - 1] != '=') {
        return 0;
    }
    return text[chars - 2] != '=' ? 1 : 2;
}

bool qrt_base64_check(const char *text, size_t chars)
{
    if (chars % 4 != 0) {
        return false;
    }
    size_t pads = pads_of(text, chars);
    for (size_t i = 0; i < chars - pads; i++) {
        if (digit(text[i]) < 0) {
            return false;
        }
    }
    int spare_bits = pads == 0 ? 0 : pads == 1 ? 3 : 15;
    return chars == 0 || (digit(text[chars - pads - 1]) & spare_bits) == 0;
}

bool qrt_base64_decode(uint8_t *out, size_t size_bytes, size_t *len_bytes, const char *text,
                       size_t chars)
{
    if (!qrt_base64_check(text, chars)) {
        return false;
    }
    size_t pads = pads_of(text, chars);
    *len_bytes = chars / 4 * 3 - pads;
    if (*len_bytes > size_bytes) {
        return false;
    }
    uint32_t bits = 0;
    size_t n = 0;
    for (size_t i = 0; i < chars - pads; i++) {
        bits = bits << 6 | (uint32_t)digit(text[i]);
        if (i % 4 != 0) {
            out[n++] = (uint8_t)(bits >> (6 - 2 * (i % 4)));
        }
    }
    return true;
}
