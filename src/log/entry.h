/* A log entry: text with a fixed key order (docs/formats/log.md). Reading makes
 * views into the text and allocates nothing, save while it checks a value that
 * goes beyond ASCII; writing makes the one form that reading accepts.
 * Everything here is public. */
#ifndef QRT_LOG_ENTRY_H
#define QRT_LOG_ENTRY_H

#include "base/bytes.h"
#include "log/events.h"
#include <quorate/err.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QRT_ENTRY_MAX_BYTES  65535
#define QRT_ENTRY_SALT_BYTES 16
#define QRT_AUTHORITY_TAG    "quorate/authority/v1"

/* A view; not NUL-terminated. */
struct qrt_span {
    const char *data;
    size_t len_bytes;
};

struct qrt_entry {
    struct qrt_span text; /* the whole leaf */
    struct qrt_span origin;
    struct qrt_span actor;
    struct qrt_span body; /* the event's own key lines, each with its LF */
    uint64_t index;
    uint64_t epoch;
    int64_t time_unix_s;
    const struct qrt_event *event;
};

/* Reads one entry strictly: header, keys of the event in their order, forms of
 * the values, escapes, salt, nothing behind. The text must outlive *entry.
 * QRT_E_FORMAT names the line; QRT_E_NOMEM. *entry is then unspecified. */
enum qrt_code qrt_entry_parse(struct qrt_entry *entry, const char *text, size_t len_bytes,
                              struct qrt_err *err) QRT_MUST_USE;

/* Walks the event's key lines in order. A zeroed cursor starts. The value is
 * the escaped one, as it stands. False at the end. */
struct qrt_entry_cursor {
    size_t at;
    struct qrt_span key;
    struct qrt_span value;
};
bool qrt_entry_next(const struct qrt_entry *entry, struct qrt_entry_cursor *cursor);

/* The first value under a key, escaped as it stands; false if absent. */
bool qrt_entry_get(const struct qrt_entry *entry, const char *key, struct qrt_span *value);
/* For keys whose form guarantees it; false if absent. */
bool qrt_entry_u64(const struct qrt_entry *entry, const char *key, uint64_t *value);
bool qrt_entry_i64(const struct qrt_entry *entry, const char *key, int64_t *value);
bool qrt_entry_digest(const struct qrt_entry *entry, const char *key, uint8_t out[static 32]);
/* Appends the value with its escapes undone (UTF-8); false if absent. */
bool qrt_entry_text(const struct qrt_entry *entry, const char *key, struct qrt_buf *out);

bool qrt_span_is(struct qrt_span span, const char *text);
/* Copies with a NUL; false, and out "", if it does not fit. */
bool qrt_span_copy(char *out, size_t size_bytes, struct qrt_span span);
/* Undoes %XX of a value known to be well-formed. */
void qrt_span_unescape(struct qrt_buf *out, struct qrt_span value);

/* An entry before it has its place: an event and its values, added in any
 * order. Failures are sticky and come out at the encoding. Zeroed is empty;
 * free with qrt_draft_free. */
struct qrt_draft {
    const struct qrt_event *event;
    char actor[33];
    struct qrt_buf lines; /* "key value\n", escaped */
    bool failed;          /* set by a caller that ran out of memory for it */
};

/* An actor that is no id comes out at the encoding, as all else. */
void qrt_draft_start(struct qrt_draft *draft, enum qrt_event_id event, const char *actor);
void qrt_draft_free(struct qrt_draft *draft);
/* A value of UTF-8 text, escaped here; control characters become %XX. A key
 * whose value is NULL or "" is left out. */
void qrt_draft_text(struct qrt_draft *draft, const char *key, const char *value);
void qrt_draft_u64(struct qrt_draft *draft, const char *key, uint64_t value);
void qrt_draft_i64(struct qrt_draft *draft, const char *key, int64_t value);
void qrt_draft_hex(struct qrt_draft *draft, const char *key, const uint8_t *bytes,
                   size_t len_bytes);
void qrt_draft_base64(struct qrt_draft *draft, const char *key, const uint8_t *bytes,
                      size_t len_bytes);

/* Where an entry stands. */
struct qrt_place {
    const char *origin;
    uint64_t index;
    uint64_t epoch;
    int64_t time_unix_s;
};

/* Appends the entry's canonical text: sorts the keys into the event's order
 * and repeated values bytewise, refuses what qrt_entry_parse would refuse
 * (QRT_E_FORMAT, QRT_E_RANGE; nothing appended). */
enum qrt_code qrt_entry_encode(struct qrt_buf *out, const struct qrt_draft *draft,
                               const struct qrt_place *place,
                               const uint8_t salt[static QRT_ENTRY_SALT_BYTES],
                               struct qrt_err *err) QRT_MUST_USE;

/* Appends what the authority key signs: the tag `quorate/authority/v1` and
 * every line of the entry before its `authority` line. QRT_E_FORMAT, nothing
 * appended, if it has none. */
enum qrt_code qrt_entry_signed_part(struct qrt_buf *out, const struct qrt_entry *entry,
                                    struct qrt_err *err) QRT_MUST_USE;

/* The same bytes for a draft that still lacks its `authority` line, at the
 * place where it will stand; errors as of qrt_entry_encode. */
enum qrt_code qrt_draft_signed_part(struct qrt_buf *out, const struct qrt_draft *draft,
                                    const struct qrt_place *place,
                                    struct qrt_err *err) QRT_MUST_USE;

#endif
