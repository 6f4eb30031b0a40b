#include "vault/item_text.h"

#include "base/text.h"
#include <string.h>

const char *const qrt_item_texts[QRT_ITEM_TEXTS] = {"device", "questions", "note"};

bool qrt_item_is_text(const char *kind)
{
    for (size_t i = 0; i < QRT_ITEM_TEXTS; i++) {
        if (strcmp(qrt_item_texts[i], kind) == 0) {
            return true;
        }
    }
    return false;
}

bool qrt_item_is_kind(const char *kind)
{
    return strcmp(kind, "password") == 0 || strcmp(kind, "totp") == 0 || qrt_item_is_text(kind);
}

static bool is_line(const char *line, size_t len, bool named)
{
    const char *colon = memchr(line, ':', len);
    bool pair = colon != NULL && colon > line && (size_t)(colon - line) + 2 < len &&
                colon[1] == ' ' && colon[2] != ' ';
    return len > 0 && line[0] != ' ' && line[len - 1] != ' ' && qrt_text_is_clean(line, len) &&
           (pair || !named);
}

enum qrt_code qrt_item_text_check(const char *kind, const uint8_t *text, size_t len_bytes,
                                  struct qrt_err *err)
{
    bool named = strcmp(kind, "note") != 0;
    unsigned number = 0;
    if (len_bytes == 0 || len_bytes > QRT_ITEM_TEXT_MAX_BYTES) {
        return qrt_fail(err, QRT_E_RANGE, "not of 1 to %d bytes", QRT_ITEM_TEXT_MAX_BYTES);
    }
    for (size_t at = 0; at <= len_bytes;) {
        const uint8_t *end = memchr(text + at, '\n', len_bytes - at);
        size_t len = end == NULL ? len_bytes - at : (size_t)(end - text) - at;
        number++;
        if (!is_line((const char *)text + at, len, named)) {
            return qrt_fail(err, QRT_E_FORMAT, "line %u is not %s", number,
                            named ? "NAME: TEXT" : "a text");
        }
        at += len + 1;
    }
    return QRT_OK;
}
