#include "card/code.h"

#include "base/base32.h"
#include <sodium.h>
#include <string.h>

#define HEAD "QUORATE1:"

static const char *const kinds[][2] = {
    {"S", "a share card's code"}, {"B", "a bag label's code"}, {"I", "a sealed item's code"},
    {"H", "a sheet's header"},    {"R", "a receipt's code"},   {"K", "a badge's code"},
};

#define KINDS_COUNT (sizeof kinds / sizeof kinds[0])

static const char *kind_words(enum qrt_code_type type)
{
    for (size_t i = 0; i < KINDS_COUNT; i++) {
        if (kinds[i][0][0] == (char)type) {
            return kinds[i][1];
        }
    }
    return "no code";
}

size_t qrt_code_chars(size_t len_bytes)
{
    return QRT_CODE_HEAD_CHARS + QRT_BASE32_CHARS(len_bytes);
}

void qrt_code_write(char *text, enum qrt_code_type type, const uint8_t *bytes, size_t len_bytes)
{
    memcpy(text, HEAD, sizeof HEAD - 1);
    text[sizeof HEAD - 1] = (char)type;
    text[sizeof HEAD] = ':';
    qrt_base32_encode(text + QRT_CODE_HEAD_CHARS, QRT_BASE32_CHARS(len_bytes), bytes, len_bytes);
    text[qrt_code_chars(len_bytes)] = '\0';
}

bool qrt_code_is(const char *text, size_t len_chars)
{
    return len_chars >= sizeof HEAD - 1 && memcmp(text, HEAD, sizeof HEAD - 1) == 0;
}

static bool get_type(enum qrt_code_type *type, const char *text, size_t len_chars)
{
    if (!qrt_code_is(text, len_chars) || len_chars < QRT_CODE_HEAD_CHARS ||
        text[sizeof HEAD] != ':') {
        return false;
    }
    for (size_t i = 0; i < KINDS_COUNT; i++) {
        if (kinds[i][0][0] == text[sizeof HEAD - 1]) {
            *type = (enum qrt_code_type)text[sizeof HEAD - 1];
            return true;
        }
    }
    return false;
}

enum qrt_code qrt_code_read(uint8_t *bytes, size_t size_bytes, size_t *len_bytes,
                            enum qrt_code_type type, const char *text, size_t len_chars,
                            struct qrt_err *err)
{
    enum qrt_code_type found;
    sodium_memzero(bytes, size_bytes);
    *len_bytes = 0;
    if (!get_type(&found, text, len_chars)) {
        return qrt_fail(err, QRT_E_FORMAT, "this is no code of Quorate");
    }
    if (found != type) {
        return qrt_fail(err, QRT_E_REFUSED, "this is %s, not %s", kind_words(found),
                        kind_words(type));
    }
    return qrt_base32_decode(bytes, size_bytes, len_bytes, text + QRT_CODE_HEAD_CHARS,
                             len_chars - QRT_CODE_HEAD_CHARS, err);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

void qrt_code_trim(const char **text, size_t *len_chars)
{
    while (*len_chars > 0 && is_space(**text)) {
        (*text)++;
        (*len_chars)--;
    }
    while (*len_chars > 0 && is_space((*text)[*len_chars - 1])) {
        (*len_chars)--;
    }
}

enum qrt_card_reason qrt_card_reason_of(enum qrt_code code)
{
    switch (code) {
    case QRT_OK:
        return QRT_CARD_FINE;
    case QRT_E_REFUSED:
        return QRT_CARD_WRONG_KIND;
    case QRT_E_NEWER:
        return QRT_CARD_NEWER_THAN_VAULT;
    default:
        return QRT_CARD_UNREADABLE;
    }
}
