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

/* A character's value + 1; 0 for what is none. What is decoded here is public. */
static const uint8_t digits[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,
    ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
    ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
    ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
    ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63, ['/'] = 64};

static int digit(char c)
{
    return digits[(uint8_t)c] - 1;
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
