#include "base/json_measure.h"

#include "base/json.h"
#include <string.h>

/* The byte behind the text that begins at `at`. */
static size_t skip_text(const char *bytes, size_t len_bytes, size_t at)
{
    for (at++; at < len_bytes;) {
        const char *rest = bytes + at;
        const char *quote = memchr(rest, '"', len_bytes - at);
        size_t chars = quote == NULL ? len_bytes - at : (size_t)(quote - rest);
        const char *escape = memchr(rest, '\\', chars);
        if (escape == NULL) {
            return at + chars + 1;
        }
        at += (size_t)(escape - rest) + 2;
    }
    return at;
}

static size_t skip_space(const char *bytes, size_t len_bytes, size_t at)
{
    static const char spaces[] = {' ', '\t', '\r', '\n'};
    while (at < len_bytes && memchr(spaces, bytes[at], sizeof spaces) != NULL) {
        at++;
    }
    return at;
}

/* Is the text from `at` to `end` the key of the array that is sought? What is
 * spelt with escapes is not met, and read. */
static void meet_key(struct qrt_json_inside *inside, const char *bytes, size_t len_bytes, size_t at,
                     size_t end)
{
    size_t chars = strlen(inside->name);
    size_t colon = skip_space(bytes, len_bytes, end);
    size_t value = skip_space(bytes, len_bytes, colon + 1);
    if (inside->opens == 0 && end - at == chars + 2 && value < len_bytes &&
        memcmp(bytes + at + 1, inside->name, chars) == 0 && bytes[colon] == ':' &&
        bytes[value] == '[') {
        inside->opens = value;
    }
}

enum qrt_code qrt_json_measure(struct qrt_json_inside *inside, const char *bytes, size_t len_bytes,
                               struct qrt_err *err)
{
    size_t depth = 0;
    size_t values = 1;
    for (size_t i = 0; i < len_bytes; i++) {
        char c = bytes[i];
        if (c == '"') {
            size_t end = skip_text(bytes, len_bytes, i);
            if (inside->name != NULL && depth == 1) {
                meet_key(inside, bytes, len_bytes, i, end);
            }
            i = end - 1;
            continue;
        }
        if (c == ']' && depth == 2 && inside->from > 0 && inside->to == 0) {
            inside->to = i;
        }
        depth += c == '{' || c == '[';
        depth -= (c == '}' || c == ']') && depth > 0;
        values += c == '{' || c == '[' || c == ',';
        if (depth > QRT_JSON_DEPTH_MAX) {
            return qrt_fail(err, QRT_E_RANGE, "JSON nested deeper than %d levels",
                            QRT_JSON_DEPTH_MAX);
        }
        if (values > QRT_JSON_VALUES_MAX) {
            return qrt_fail(err, QRT_E_RANGE, "JSON of more than %d values", QRT_JSON_VALUES_MAX);
        }
        if (inside->opens > 0 && i == inside->opens) {
            inside->from = i + 1;
        }
    }
    return QRT_OK;
}
