/* JSON from outside, read strictly, with errors that name the place. */
#ifndef QRT_BASE_JSON_H
#define QRT_BASE_JSON_H

#include "base/bytes.h"
#include <jansson.h>
#include <quorate/err.h>
#include <quorate/secret.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QRT_JSON_DEPTH_MAX  16
#define QRT_JSON_VALUES_MAX 65536

/* Makes jansson wipe whatever it frees. To be called once, before any JSON is
 * touched. A text inside a json_t stands in ordinary heap memory until the
 * tree is freed; what is secret in it is to be moved on with
 * qrt_json_secret(), and the tree freed, as soon as it is read. */
void qrt_json_init(void);

void qrt_json_free(json_t **json); /* leaves NULL; accepts NULL in it; for cleanup */
#define QRT_JSON __attribute__((cleanup(qrt_json_free))) json_t *

/* Parses one object (RFC 8259) and nothing else. Refused with QRT_E_FORMAT:
 * any other value at the top, a key that stands twice, bytes behind the end,
 * invalid UTF-8, U+0000, and in any key or text a control character or a form
 * that is not NFC. QRT_E_RANGE: more than max_bytes, more than
 * QRT_JSON_DEPTH_MAX levels or QRT_JSON_VALUES_MAX values. QRT_E_NOMEM. The
 * error names line and column and quotes nothing. *out, owned by the caller,
 * is NULL on failure. The bytes may hold secrets. */
enum qrt_code qrt_json_parse(json_t **out, const void *bytes, size_t len_bytes, size_t max_bytes,
                             struct qrt_err *err) QRT_MUST_USE;

/* The same for a public document of which one array, a member of the top-level
 * object, is to be left unread: it is measured, and then empty. */
enum qrt_code qrt_json_parse_without(json_t **out, const void *bytes, size_t len_bytes,
                                     size_t max_bytes, const char *array,
                                     struct qrt_err *err) QRT_MUST_USE;

/* A value and the way to it. Borrowed: the tree and the struct that `parent`
 * points to must live longer. A value that is not there is NULL, which every
 * getter below reports as missing. */
struct qrt_json {
    json_t *value;
    const struct qrt_json *parent;
    const char *key; /* in an object; NULL in an array and at the top */
    size_t index;    /* in an array or, for a member, its number */
    bool guarded;    /* the document holds secrets: quote no foreign text */
};

/* The top of a document; `holds_secrets` keeps foreign text out of errors,
 * save what has the shape of an id. */
struct qrt_json qrt_json_top(json_t *json, bool holds_secrets);
/* The member of that key (a constant), there or not. */
struct qrt_json qrt_json_get(const struct qrt_json *object, const char *key);
/* The item at that index (below qrt_json_count), there or not. */
struct qrt_json qrt_json_at(const struct qrt_json *array, size_t index);
/* Steps *member through an object's members, in the document's order, from a
 * zeroed struct; false behind the last. */
bool qrt_json_next(struct qrt_json *member, const struct qrt_json *object);
/* Is there a value? (null is one.) */
bool qrt_json_is(const struct qrt_json *at);
size_t qrt_json_count(const struct qrt_json *at); /* of an array or object, else 0 */

/* Fails with `path: ` and the words, as in `groups.mfa.threshold: 4 is more
 * than the 3 custodians`. */
enum qrt_code qrt_json_fail(struct qrt_err *err, enum qrt_code code, const struct qrt_json *at,
                            const char *format, ...) QRT_PRINTF(4, 5);
#ifdef __clang_analyzer__
#define qrt_json_fail(err, code, at, ...) ((void)qrt_json_fail(err, code, at, __VA_ARGS__), (code))
#endif

/* Refuses (QRT_E_FORMAT) what is no object, and any key that is not among the
 * `known` ones (NULL-terminated). */
enum qrt_code qrt_json_object(const struct qrt_json *at, const char *const *known,
                              struct qrt_err *err) QRT_MUST_USE;
/* Refuses what is no array (QRT_E_FORMAT) of min_count to max_count items
 * (QRT_E_RANGE). */
enum qrt_code qrt_json_array(const struct qrt_json *at, size_t min_count, size_t max_count,
                             struct qrt_err *err) QRT_MUST_USE;
/* A text of min_chars to max_chars code points without a space at either end,
 * borrowed from the tree. QRT_E_FORMAT, QRT_E_RANGE; *out is then NULL. */
enum qrt_code qrt_json_text(const char **out, const struct qrt_json *at, size_t min_chars,
                            size_t max_chars, struct qrt_err *err) QRT_MUST_USE;
/* A whole number of min to max. QRT_E_FORMAT, QRT_E_RANGE; *out untouched. */
enum qrt_code qrt_json_integer(int64_t *out, const struct qrt_json *at, int64_t min, int64_t max,
                               struct qrt_err *err) QRT_MUST_USE;
/* QRT_E_FORMAT; *out untouched. */
enum qrt_code qrt_json_boolean(bool *out, const struct qrt_json *at,
                               struct qrt_err *err) QRT_MUST_USE;
/* Copies a text's bytes into *out, which is inited to hold it and max_bytes at
 * most. The error never quotes it. QRT_E_FORMAT, QRT_E_RANGE, and those of
 * qrt_secret_init(); *out is then zeroed. */
enum qrt_code qrt_json_secret(struct qrt_secret *out, const struct qrt_json *at, size_t max_bytes,
                              struct qrt_err *err) QRT_MUST_USE;

/* Appends it in ASCII, DEL escaped too, and LF; with flags of jansson's, JSON_COMPACT
 * for a line. Takes the reference, of NULL too (QRT_E_NOMEM). */
enum qrt_code qrt_json_write(struct qrt_buf *out, json_t *json, size_t flags,
                             struct qrt_err *err) QRT_MUST_USE;

#endif
