#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define MARKS_MAX 2 /* over one letter, as in Vietnamese or Hebrew */

enum qrt_code qrt_text_check_nfc(const char *text, size_t len_bytes, struct qrt_err *err)
{
    if (memchr(text, 0, len_bytes) != NULL) {
        return qrt_fail(err, QRT_E_FORMAT, "a zero byte in a text");
    }
    utf8proc_uint8_t *nfc = NULL;
    utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len_bytes,
                                      &nfc, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (n == UTF8PROC_ERROR_NOMEM) {
        return qrt_fail(err, QRT_E_NOMEM, "text");
    }
    bool same = n >= 0 && (size_t)n == len_bytes && memcmp(nfc, text, len_bytes) == 0;
    free(nfc);
    return same ? QRT_OK : qrt_fail(err, QRT_E_FORMAT, "not UTF-8 in NFC");
}

bool qrt_text_is_nfc(const char *text, size_t len_bytes)
{
    return qrt_text_check_nfc(text, len_bytes, NULL) == QRT_OK;
}

/* Plain ASCII is judged here, so that a secret passes through no library's
 * buffers for nothing. */
bool qrt_text_is_clean(const char *text, size_t len_bytes)
{
    bool ascii = true;
    for (size_t i = 0; i < len_bytes; i++) {
        unsigned char c = (unsigned char)text[i];
        bool c1 = c == 0xC2 && i + 1 < len_bytes && (unsigned char)text[i + 1] < 0xA0;
        if (c < 0x20 || c == 0x7F || c1) {
            return false;
        }
        ascii = ascii && c < 0x80;
    }
    return ascii || qrt_text_is_nfc(text, len_bytes);
}

static bool is_hostile(utf8proc_int32_t c)
{
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return true;
    default:
        return false;
    }
}

size_t qrt_text_escape_step(char out[static QRT_TEXT_ESCAPED_BYTES], const char *text,
                            size_t len_bytes)
{
    static const char digits[] = "0123456789ABCDEF";
    const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)text;
    utf8proc_int32_t c;
    utf8proc_ssize_t n = utf8proc_iterate(p, (utf8proc_ssize_t)len_bytes, &c);
    size_t step = n > 0 ? (size_t)n : 1;
    size_t len = 0;
    if (n > 0 && c == '\\') {
        out[len++] = '\\';
        out[len++] = '\\';
    } else if (n > 0 && !is_hostile(c)) {
        memcpy(out, text, step);
        len = step;
    } else {
        for (size_t i = 0; i < step; i++) {
            out[len++] = '\\';
            out[len++] = 'x';
            out[len++] = digits[p[i] >> 4];
            out[len++] = digits[p[i] & 15];
        }
    }
    out[len] = '\0';
    return step;
}

void qrt_text_escape(struct qrt_buf *out, const char *text, size_t len_bytes)
{
    char escaped[QRT_TEXT_ESCAPED_BYTES];
    for (size_t at = 0; at < len_bytes;) {
        at += qrt_text_escape_step(escaped, text + at, len_bytes - at);
        qrt_buf_text(out, escaped);
    }
}

size_t qrt_text_step(const char *text, size_t len_bytes, size_t *columns)
{
    utf8proc_int32_t c;
    utf8proc_ssize_t n =
        utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len_bytes, &c);
    int wide = n > 0 ? utf8proc_charwidth(c) : 1;
    *columns = wide > 0 ? (size_t)wide : 0;
    return n > 0 ? (size_t)n : 1;
}

size_t qrt_text_columns(const char *text, size_t len_bytes)
{
    size_t all = 0;
    for (size_t at = 0; at < len_bytes;) {
        size_t wide;
        at += qrt_text_step(text + at, len_bytes - at, &wide);
        all += wide;
    }
    return all;
}

static bool is_mark(utf8proc_int32_t c)
{
    utf8proc_category_t category = utf8proc_category(c);
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME;
}

void qrt_text_for_paper(struct qrt_buf *out, const char *text, size_t len_bytes)
{
    const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)text;
    size_t at = 0;
    unsigned marks = MARKS_MAX; /* none may stand alone at the beginning */
    while (at < len_bytes) {
        utf8proc_int32_t c;
        utf8proc_ssize_t n = utf8proc_iterate(p + at, (utf8proc_ssize_t)(len_bytes - at), &c);
        size_t step = n > 0 ? (size_t)n : 1;
        marks = n > 0 && is_mark(c) ? marks + 1 : 0;
        if (n > 0 && !is_hostile(c) && marks <= MARKS_MAX) {
            qrt_buf_add(out, p + at, step);
        } else {
            qrt_buf_text(out, "\xEF\xBF\xBD");
        }
        at += step;
    }
}

/* What Unicode's case folding leaves apart and a name does not: the dotless i,
 * which is small in some languages and the same letter in capitals in others;
 * apostrophes and hyphens, of which a keyboard has one and a word processor
 * another; and white space, or what looks like it and stands for nothing else. */
static utf8proc_int32_t fold_more(utf8proc_int32_t codepoint, void *ctx)
{
    (void)ctx;
    switch (codepoint) {
    case 0x0130: /* I with a dot */
    case 0x0131: /* i without one */
        return 'i';
    case '`':
    case 0x00b4: /* acute accent */
    case 0x02b9: /* modifier letters: prime, turned comma, apostrophe, reversed comma */
    case 0x02bb:
    case 0x02bc:
    case 0x02bd:
    case 0x2018: /* quotation marks: left, right, reversed */
    case 0x2019:
    case 0x201b:
    case 0x2032: /* prime */
        return '\'';
    case 0x2010: /* hyphen, … */
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015: /* … horizontal bar */
    case 0x2043: /* hyphen bullet */
    case 0x2212: /* minus */
    case 0xfe58: /* small em dash */
        return '-';
    case 0x115f: /* Hangul fillers that are as wide as a letter … */
    case 0x3164:
    case 0xffa0: /* … or half */
    case 0x1680: /* the space of ogham */
    case 0x2028: /* line separator */
    case 0x2029: /* paragraph separator */
    case 0x2800: /* Braille without a dot */
        return ' ';
    default:
        return codepoint;
    }
}

static bool is_dot_on_i(const char *text, size_t kept, const char *at)
{
    return kept > 0 && text[kept - 1] == 'i' && at[0] == '\xcc' && at[1] == '\x87';
}

/* The folded form, to be freed; NULL if it is no text. */
static char *fold_name(const char *text)
{
    utf8proc_uint8_t *folded = NULL;
    utf8proc_ssize_t n =
        utf8proc_map_custom((const utf8proc_uint8_t *)text, 0, &folded,
                            UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPAT |
                                UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE,
                            fold_more, NULL);
    if (n < 0) {
        return NULL;
    }
    char *out = (char *)folded;
    size_t kept = 0;
    for (size_t i = 0; i < (size_t)n; i++) {
        bool space = out[i] == ' ' || (out[i] >= '\t' && out[i] <= '\r');
        if (is_dot_on_i(out, kept, out + i)) {
            i++;
        } else if (!space) {
            out[kept++] = out[i];
        } else if (kept > 0 && out[kept - 1] != ' ') {
            out[kept++] = ' ';
        }
    }
    if (kept > 0 && out[kept - 1] == ' ') {
        kept--;
    }
    out[kept] = '\0';
    return out;
}

bool qrt_text_same_name(const char *a, const char *b)
{
    char *fa = fold_name(a);
    char *fb = fold_name(b);
    bool same = fa != NULL && fb != NULL ? strcmp(fa, fb) == 0 : strcmp(a, b) == 0;
    free(fa);
    free(fb);
    return same;
}

bool qrt_text_is_seen(const char *text)
{
    char *folded = fold_name(text);
    bool seen = folded == NULL ? text[0] != '\0' : folded[0] != '\0';
    free(folded);
    return seen;
}

void qrt_text_fold_name(struct qrt_buf *out, const char *text)
{
    char *folded = fold_name(text);
    qrt_buf_text(out, folded != NULL ? folded : text);
    free(folded);
}

static bool is_base(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool qrt_text_is_name(const char *text, const char *extra, size_t max_chars)
{
    size_t n = 0;
    for (; text[n] != '\0'; n++) {
        if (n == max_chars || !(is_base(text[n]) || (n > 0 && strchr(extra, text[n]) != NULL))) {
            return false;
        }
    }
    return n > 0;
}

bool qrt_text_is_id(const char *text)
{
    return qrt_text_is_name(text, "._-", 32);
}

bool qrt_text_is_origin(const char *text)
{
    return qrt_text_is_name(text, "./-", 60);
}

bool qrt_text_u64(const char *text, size_t len_bytes, uint64_t max, uint64_t *out)
{
    if (len_bytes == 0 || len_bytes > 20 || (text[0] == '0' && len_bytes > 1)) {
        return false;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < len_bytes; i++) {
        if (text[i] < '0' || text[i] > '9' || __builtin_mul_overflow(value, 10U, &value) ||
            __builtin_add_overflow(value, (uint64_t)(text[i] - '0'), &value)) {
            return false;
        }
    }
    *out = value;
    return value <= max;
}

void qrt_text_hex(char *out, const uint8_t *in, size_t len_bytes)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < len_bytes; i++) {
        out[2 * i] = digits[in[i] >> 4];
        out[2 * i + 1] = digits[in[i] & 15];
    }
    out[2 * len_bytes] = '\0';
}

/* A digit's value + 1, and 0 for what is none: logs hold digests by the
 * thousand. No secret comes this way. */
static const uint8_t hex_values[256] = {
    ['0'] = 1, ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
};

bool qrt_text_unhex(uint8_t *out, size_t len_bytes, const char *in, size_t in_chars)
{
    if (in_chars != 2 * len_bytes) {
        return false;
    }
    for (size_t i = 0; i < len_bytes; i++) {
        unsigned high = hex_values[(unsigned char)in[2 * i]];
        unsigned low = hex_values[(unsigned char)in[2 * i + 1]];
        if (high == 0 || low == 0) {
            return false;
        }
        out[i] = (uint8_t)((high - 1) << 4 | (low - 1));
    }
    return true;
}
