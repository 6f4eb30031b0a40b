#include "base/json.h"

#include "base/json_measure.h"
#include "base/text.h"
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#undef qrt_json_fail

/* A key in an error is cut after so many bytes. */
#define KEY_SHOWN_BYTES 40

/* Before each block that jansson gets stands its size, to wipe it by. */
union block {
    size_t size_bytes;
    max_align_t align;
};

/* jansson calls much of what it had no memory for a syntax error. */
static bool starved;

static void *wiping_malloc(size_t size_bytes)
{
    size_t whole;
    union block *block = NULL;
    if (!__builtin_add_overflow(size_bytes, sizeof(union block), &whole)) {
        block = malloc(whole);
    }
    if (block == NULL) {
        starved = true;
        return NULL;
    }
    block->size_bytes = whole;
    return block + 1;
}

static void wiping_free(void *memory)
{
    if (memory != NULL) {
        union block *block = (union block *)memory - 1;
        sodium_memzero(block, block->size_bytes);
        free(block);
    }
}

void qrt_json_init(void)
{
    json_set_alloc_funcs(wiping_malloc, wiping_free);
}

void qrt_json_free(json_t **json)
{
    json_decref(*json);
    *json = NULL;
}

/* Bounds depth and number before jansson allocates anything: an empty object
 * of three bytes costs it some 300. */
/* The document in two pieces, without what stands between them. */
struct pieces {
    const char *bytes;
    size_t at;
    struct qrt_json_inside inside;
    size_t len_bytes;
};

static size_t next_piece(void *buffer, size_t size_bytes, void *ctx)
{
    struct pieces *pieces = ctx;
    if (pieces->inside.to > 0 && pieces->at == pieces->inside.from) {
        pieces->at = pieces->inside.to;
    }
    bool first = pieces->inside.to > 0 && pieces->at < pieces->inside.from;
    size_t left = (first ? pieces->inside.from : pieces->len_bytes) - pieces->at;
    size_t n = left < size_bytes ? left : size_bytes;
    memcpy(buffer, pieces->bytes + pieces->at, n);
    pieces->at += n;
    return n;
}

static bool all_clean(json_t *json)
{
    if (json_is_string(json)) {
        return qrt_text_is_clean(json_string_value(json), json_string_length(json));
    }
    size_t index;
    json_t *value;
    json_array_foreach(json, index, value)
    {
        if (!all_clean(value)) {
            return false;
        }
    }
    const char *key;
    json_object_foreach(json, key, value)
    {
        if (!qrt_text_is_clean(key, strlen(key)) || !all_clean(value)) {
            return false;
        }
    }
    return true;
}

static enum qrt_code fail_parse(const json_error_t *error, struct qrt_err *err)
{
    const char *why = "is no JSON";
    enum qrt_code code = QRT_E_FORMAT;
    if (starved || json_error_code(error) == json_error_out_of_memory) {
        return qrt_fail(err, QRT_E_NOMEM, "no memory for JSON");
    }
    switch (json_error_code(error)) {
    case json_error_invalid_utf8:
        why = "is no valid UTF-8";
        break;
    case json_error_premature_end_of_input:
        why = "ends too early";
        break;
    case json_error_end_of_input_expected:
        why = "goes on behind its end";
        break;
    case json_error_duplicate_key:
        why = "has a key twice";
        break;
    case json_error_numeric_overflow:
        why = "has a number too large";
        code = QRT_E_RANGE;
        break;
    case json_error_null_character:
    case json_error_null_byte_in_key:
        why = "has a NUL in a text";
        break;
    default:
        break;
    }
    return qrt_fail(err, code, "JSON %s: line %d, column %d", why, error->line, error->column);
}

enum qrt_code qrt_json_parse(json_t **out, const void *bytes, size_t len_bytes, size_t max_bytes,
                             struct qrt_err *err)
{
    return qrt_json_parse_without(out, bytes, len_bytes, max_bytes, NULL, err);
}

enum qrt_code qrt_json_parse_without(json_t **out, const void *bytes, size_t len_bytes,
                                     size_t max_bytes, const char *array, struct qrt_err *err)
{
    struct pieces pieces = {.bytes = bytes, .len_bytes = len_bytes, .inside.name = array};
    *out = NULL;
    if (len_bytes > max_bytes) {
        return qrt_fail(err, QRT_E_RANGE, "JSON of %zu bytes, more than %zu", len_bytes, max_bytes);
    }
    enum qrt_code code = qrt_json_measure(&pieces.inside, bytes, len_bytes, err);
    if (code != QRT_OK) {
        return code;
    }
    json_error_t error;
    starved = false;
    const size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY;
    /* In pieces, it reads through a buffer that it does not wipe: nothing secret. */
    QRT_JSON json = array == NULL ? json_loadb(bytes, len_bytes, flags, &error)
                                  : json_load_callback(next_piece, &pieces, flags, &error);
    if (json == NULL) {
        code = fail_parse(&error, err);
        /* jansson's words quote what stands near. */
        sodium_memzero(&error, sizeof error);
        return code;
    }
    /* Its lexer drops a character that it has no memory for, and goes on. */
    if (starved) {
        return qrt_fail(err, QRT_E_NOMEM, "JSON");
    }
    if (!json_is_object(json)) {
        return qrt_fail(err, QRT_E_FORMAT, "JSON is not an object");
    }
    if (!all_clean(json)) {
        return qrt_fail(err, QRT_E_FORMAT,
                        "JSON has a text with a control character, or not in Unicode's NFC");
    }
    *out = json;
    json = NULL;
    return QRT_OK;
}

struct qrt_json qrt_json_top(json_t *json, bool holds_secrets)
{
    return (struct qrt_json){.value = json, .guarded = holds_secrets};
}

struct qrt_json qrt_json_get(const struct qrt_json *object, const char *key)
{
    return (struct qrt_json){.value = json_object_get(object->value, key),
                             .parent = object,
                             .key = key,
                             .guarded = object->guarded};
}

struct qrt_json qrt_json_at(const struct qrt_json *array, size_t index)
{
    return (struct qrt_json){.value = json_array_get(array->value, index),
                             .parent = array,
                             .index = index,
                             .guarded = array->guarded};
}

bool qrt_json_next(struct qrt_json *member, const struct qrt_json *object)
{
    void *iter = member->key == NULL
                     ? json_object_iter(object->value)
                     : json_object_iter_next(object->value, json_object_key_to_iter(member->key));
    if (iter == NULL) {
        return false;
    }
    *member = (struct qrt_json){.value = json_object_iter_value(iter),
                                .parent = object,
                                .index = member->key == NULL ? 0 : member->index + 1,
                                .key = json_object_iter_key(iter),
                                .guarded = object->guarded};
    return true;
}

bool qrt_json_is(const struct qrt_json *at)
{
    return at->value != NULL;
}

size_t qrt_json_count(const struct qrt_json *at)
{
    return json_is_array(at->value) ? json_array_size(at->value) : json_object_size(at->value);
}

static void add_key(struct qrt_buf *out, const struct qrt_json *at)
{
    if (qrt_text_is_id(at->key)) {
        qrt_buf_text(out, at->key);
    } else if (at->guarded) {
        qrt_buf_printf(out, "(member %zu)", at->index + 1);
    } else {
        size_t len = strlen(at->key);
        qrt_text_escape(out, at->key, len < KEY_SHOWN_BYTES ? len : KEY_SHOWN_BYTES);
    }
}

static void add_path(struct qrt_buf *out, const struct qrt_json *at)
{
    if (at->parent == NULL) {
        return;
    }
    add_path(out, at->parent);
    if (json_is_array(at->parent->value)) {
        qrt_buf_printf(out, "[%zu]", at->index);
        return;
    }
    if (out->len_bytes > 0) {
        qrt_buf_text(out, ".");
    }
    add_key(out, at);
}

enum qrt_code qrt_json_fail(struct qrt_err *err, enum qrt_code code, const struct qrt_json *at,
                            const char *format, ...)
{
    char words[QRT_ERR_WHAT_BYTES];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(words, sizeof words, format, args);
    va_end(args);
    QRT_BUF path = {0};
    add_path(&path, at);
    return qrt_fail(err, code, "%s%s%s", qrt_buf_str(&path), path.len_bytes > 0 ? ": " : "", words);
}

static enum qrt_code fail_type(struct qrt_err *err, const struct qrt_json *at, const char *wanted)
{
    return qrt_json_is(at) ? qrt_json_fail(err, QRT_E_FORMAT, at, "is not %s", wanted)
                           : qrt_json_fail(err, QRT_E_FORMAT, at, "is missing");
}

static bool is_known(const char *key, const char *const *known)
{
    for (; *known != NULL; known++) {
        if (strcmp(key, *known) == 0) {
            return true;
        }
    }
    return false;
}

enum qrt_code qrt_json_object(const struct qrt_json *at, const char *const *known,
                              struct qrt_err *err)
{
    if (!json_is_object(at->value)) {
        return fail_type(err, at, "an object");
    }
    struct qrt_json member = {0};
    while (qrt_json_next(&member, at)) {
        if (!is_known(member.key, known)) {
            QRT_BUF key = {0};
            add_key(&key, &member);
            return qrt_json_fail(err, QRT_E_FORMAT, at, "no such key: %s", qrt_buf_str(&key));
        }
    }
    return QRT_OK;
}

enum qrt_code qrt_json_array(const struct qrt_json *at, size_t min_count, size_t max_count,
                             struct qrt_err *err)
{
    if (!json_is_array(at->value)) {
        return fail_type(err, at, "an array");
    }
    size_t count = json_array_size(at->value);
    if (count < min_count) {
        return qrt_json_fail(err, QRT_E_RANGE, at, "%zu of them, at least %zu are needed", count,
                             min_count);
    }
    if (count > max_count) {
        return qrt_json_fail(err, QRT_E_RANGE, at, "%zu of them are more than %zu", count,
                             max_count);
    }
    return QRT_OK;
}

static size_t count_chars(const char *text)
{
    size_t chars = 0;
    for (; *text != '\0'; text++) {
        chars += ((unsigned char)*text & 0xC0) != 0x80;
    }
    return chars;
}

enum qrt_code qrt_json_text(const char **out, const struct qrt_json *at, size_t min_chars,
                            size_t max_chars, struct qrt_err *err)
{
    *out = NULL;
    if (!json_is_string(at->value)) {
        return fail_type(err, at, "a text");
    }
    const char *text = json_string_value(at->value);
    size_t len = json_string_length(at->value);
    size_t chars = count_chars(text);
    if (chars < min_chars || chars > max_chars) {
        return qrt_json_fail(err, QRT_E_RANGE, at, "has %zu characters, not %zu to %zu", chars,
                             min_chars, max_chars);
    }
    if (len > 0 && (text[0] == ' ' || text[len - 1] == ' ')) {
        return qrt_json_fail(err, QRT_E_FORMAT, at, "begins or ends with a space");
    }
    *out = text;
    return QRT_OK;
}

enum qrt_code qrt_json_integer(int64_t *out, const struct qrt_json *at, int64_t min, int64_t max,
                               struct qrt_err *err)
{
    if (!json_is_integer(at->value)) {
        return fail_type(err, at, "a whole number");
    }
    int64_t value = json_integer_value(at->value);
    if (value < min || value > max) {
        return at->guarded ? qrt_json_fail(err, QRT_E_RANGE, at, "is not %lld to %lld",
                                           (long long)min, (long long)max)
                           : qrt_json_fail(err, QRT_E_RANGE, at, "%lld is not %lld to %lld",
                                           (long long)value, (long long)min, (long long)max);
    }
    *out = value;
    return QRT_OK;
}

enum qrt_code qrt_json_boolean(bool *out, const struct qrt_json *at, struct qrt_err *err)
{
    if (!json_is_boolean(at->value)) {
        return fail_type(err, at, "true or false");
    }
    *out = json_is_true(at->value);
    return QRT_OK;
}

enum qrt_code qrt_json_secret(struct qrt_secret *out, const struct qrt_json *at, size_t max_bytes,
                              struct qrt_err *err)
{
    *out = (struct qrt_secret){0};
    if (!json_is_string(at->value)) {
        return fail_type(err, at, "a text");
    }
    size_t len = json_string_length(at->value);
    if (len > max_bytes) {
        return qrt_json_fail(err, QRT_E_RANGE, at, "is longer than %zu bytes", max_bytes);
    }
    enum qrt_code code = qrt_secret_init(out, len > 0 ? len : 1, err);
    return code != QRT_OK ? code : qrt_secret_append(out, json_string_value(at->value), len, err);
}

/* jansson leaves DEL as it is, which a terminal may act upon. */
static int add_part(const char *text, size_t len_bytes, void *ctx)
{
    const char *del;
    while ((del = memchr(text, 0x7F, len_bytes)) != NULL) {
        size_t before = (size_t)(del - text);
        qrt_buf_add(ctx, text, before);
        qrt_buf_text(ctx, "\\u007F");
        text += before + 1;
        len_bytes -= before + 1;
    }
    qrt_buf_add(ctx, text, len_bytes);
    return 0;
}

enum qrt_code qrt_json_write(struct qrt_buf *out, json_t *json, size_t flags, struct qrt_err *err)
{
    int rc = json == NULL ? -1 : json_dump_callback(json, add_part, out, flags | JSON_ENSURE_ASCII);
    json_decref(json);
    qrt_buf_text(out, "\n");
    return rc == 0 ? qrt_buf_check(out, err) : qrt_fail(err, QRT_E_NOMEM, "a text of JSON");
}
