#include "log/form.h"

#include "base/base64.h"
#include "base/text.h"
#include <string.h>

#define DIGEST_CHARS 64

static bool wrong(struct qrt_form_why *why, const char *words)
{
    why->words = words;
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* In blocks that the compiler turns into vectors: an entry is half hex. */
bool qrt_form_is_hex(struct qrt_span value, size_t chars)
{
    enum { BLOCK = 16 };
    uint8_t bad[BLOCK] = {0};
    if (value.len_bytes != chars) {
        return false;
    }
    size_t at = 0;
    for (; at + BLOCK <= chars; at += BLOCK) {
        for (size_t i = 0; i < BLOCK; i++) {
            uint8_t c = (uint8_t)value.data[at + i];
            bad[i] |= (uint8_t)((uint8_t)(c - '0') > 9) & (uint8_t)((uint8_t)(c - 'a') > 5);
        }
    }
    for (; at < chars; at++) {
        uint8_t c = (uint8_t)value.data[at];
        bad[0] |= (uint8_t)((uint8_t)(c - '0') > 9) & (uint8_t)((uint8_t)(c - 'a') > 5);
    }
    uint8_t any = 0;
    for (size_t i = 0; i < BLOCK; i++) {
        any |= bad[i];
    }
    return any == 0;
}

/* An id (third '_') or an origin (third '/'). */
static bool is_name(struct qrt_span value, char third, size_t max_chars)
{
    if (value.len_bytes == 0 || value.len_bytes > max_chars) {
        return false;
    }
    for (size_t i = 0; i < value.len_bytes; i++) {
        char c = value.data[i];
        bool first = (c >= 'a' && c <= 'z') || is_digit(c);
        if (!first && (i == 0 || (c != '.' && c != '-' && c != third))) {
            return false;
        }
    }
    return true;
}

bool qrt_form_is_origin(struct qrt_span value)
{
    return is_name(value, '/', 60);
}

bool qrt_form_is_id(struct qrt_span value)
{
    return is_name(value, '_', 32);
}

static bool parse_i64(struct qrt_span value, int64_t *out)
{
    bool minus = value.len_bytes > 0 && value.data[0] == '-';
    uint64_t size;
    if (!qrt_text_u64(value.data + minus, value.len_bytes - minus, INT64_MAX, &size) ||
        (minus && size == 0)) {
        return false;
    }
    *out = minus ? -(int64_t)size : (int64_t)size;
    return true;
}

static int high_hex(char c)
{
    if (is_digit(c)) {
        return c - '0';
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Rare, so that the common way through an entry allocates nothing. */
static bool is_nfc(struct qrt_form_why *why, struct qrt_span value)
{
    QRT_BUF text = {0};
    qrt_span_unescape(&text, value);
    enum qrt_code code = qrt_buf_check(&text, NULL);
    if (code == QRT_OK) {
        code = qrt_text_check_nfc(qrt_buf_str(&text), text.len_bytes, NULL);
    }
    why->no_memory = code == QRT_E_NOMEM;
    return code == QRT_OK || wrong(why, "a value is not UTF-8 in NFC");
}

/* The byte that an escape at v[0] stands for; -1 if it is none. */
static int escaped_byte(const char *v, size_t left)
{
    int high = left < 3 || v[0] != '%' ? -1 : high_hex(v[1]);
    int low = high < 0 ? -1 : high_hex(v[2]);
    return low < 0 ? -1 : high * 16 + low;
}

/* Do two escapes stand here for a letter below U+0300? Such a letter is whole:
 * nothing there composes with a neighbour, so that it is in NFC anywhere. */
static bool is_latin(const char *v, size_t left)
{
    int lead = escaped_byte(v, left);
    int next = left < 6 ? -1 : escaped_byte(v + 3, left - 3);
    return lead >= 0xC2 && lead <= 0xCB && next >= 0x80 && next <= 0xBF;
}

static bool check_text(struct qrt_form_why *why, struct qrt_span value)
{
    const char *v = value.data;
    size_t n = value.len_bytes;
    if (n == 0 || v[0] == ' ' || v[n - 1] == ' ') {
        return wrong(why, "a value is empty, or starts or ends with a space");
    }
    bool beyond_latin = false;
    for (size_t i = 0; i < n; i++) {
        if (v[i] < 0x20 || v[i] > 0x7E) {
            return wrong(why, "a byte that must be escaped");
        }
        if (v[i] != '%') {
            continue;
        }
        int byte = escaped_byte(v + i, n - i);
        if (byte <= 0 || (byte >= 0x20 && byte <= 0x7E && byte != '%')) {
            return wrong(why, "a wrong escape");
        }
        if (is_latin(v + i, n - i)) {
            i += 3;
        } else {
            beyond_latin |= byte >= 0x80;
        }
        i += 2;
    }
    return !beyond_latin || is_nfc(why, value);
}

bool qrt_form_check(enum qrt_form form, struct qrt_span value, struct qrt_form_why *why)
{
    uint64_t u64;
    int64_t i64;
    switch (form) {
    case QRT_FORM_TEXT:
        return check_text(why, value);
    case QRT_FORM_U64:
        return qrt_text_u64(value.data, value.len_bytes, INT64_MAX, &u64) ||
               wrong(why, "no plain decimal");
    case QRT_FORM_I64:
        return parse_i64(value, &i64) || wrong(why, "no plain decimal");
    case QRT_FORM_ID:
        return qrt_form_is_id(value) || wrong(why, "no id");
    case QRT_FORM_DIGEST:
        return qrt_form_is_hex(value, DIGEST_CHARS) || wrong(why, "no 64 lower-case hex digits");
    case QRT_FORM_BASE64:
        return (value.len_bytes > 0 && qrt_base64_check(value.data, value.len_bytes)) ||
               wrong(why, "no canonical base64");
    case QRT_FORM_YES:
        return qrt_span_is(value, "yes") || wrong(why, "not `yes`");
    }
    return wrong(why, "no form");
}

void qrt_span_unescape(struct qrt_buf *out, struct qrt_span value)
{
    size_t at = 0;
    while (at < value.len_bytes) {
        const char *rest = value.data + at;
        const char *escape = memchr(rest, '%', value.len_bytes - at);
        size_t plain = escape == NULL ? value.len_bytes - at : (size_t)(escape - rest);
        qrt_buf_add(out, rest, plain);
        at += plain;
        if (at + 2 < value.len_bytes) {
            qrt_buf_u8(out, (uint8_t)(high_hex(rest[plain + 1]) * 16 + high_hex(rest[plain + 2])));
        }
        at += 3;
    }
}
