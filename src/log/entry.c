#include "log/entry.h"

#include "base/clock.h"
#include "base/text.h"
#include "log/form.h"
#include <string.h>

#define TAG        "quorate/entry/v1\n"
#define SALT_CHARS (2 * QRT_ENTRY_SALT_BYTES)

/* The walk over an entry's lines; `why` is what is wrong with the line. */
struct walk {
    const char *text;
    size_t len_bytes;
    size_t at;
    size_t line;
    struct qrt_form_why why;
};

static bool wrong(struct walk *walk, const char *why)
{
    walk->why.words = why;
    return false;
}

/* The next line without its LF. */
static bool next_line(struct walk *walk, struct qrt_span *line)
{
    walk->line++;
    const char *start = walk->text + walk->at;
    const char *end = memchr(start, '\n', walk->len_bytes - walk->at);
    if (end == NULL) {
        return wrong(walk, "cut short");
    }
    *line = (struct qrt_span){start, (size_t)(end - start)};
    walk->at += line->len_bytes + 1;
    return true;
}

static bool has_key(struct qrt_span line, const char *key, size_t chars)
{
    return line.len_bytes > chars && line.data[chars] == ' ' && memcmp(line.data, key, chars) == 0;
}

static struct qrt_span value_of(struct qrt_span line, size_t key_chars)
{
    return (struct qrt_span){line.data + key_chars + 1, line.len_bytes - key_chars - 1};
}

static bool next_value(struct walk *walk, const char *key, size_t chars, struct qrt_span *value)
{
    struct qrt_span line;
    if (!next_line(walk, &line)) {
        return false;
    }
    if (!has_key(line, key, chars)) {
        return wrong(walk, "another line is due here");
    }
    *value = value_of(line, chars);
    return true;
}
#define NEXT_VALUE(walk, key, value) next_value(walk, key, sizeof key - 1, value)

static bool parse_header(struct walk *walk, struct qrt_entry *entry)
{
    struct qrt_span index;
    struct qrt_span epoch;
    struct qrt_span time;
    struct qrt_span event;
    walk->line = 1;
    if (walk->len_bytes < sizeof TAG - 1 || memcmp(walk->text, TAG, sizeof TAG - 1) != 0) {
        return wrong(walk, "not an entry");
    }
    walk->at = sizeof TAG - 1;
    if (!NEXT_VALUE(walk, "log", &entry->origin)) {
        return false;
    }
    if (!qrt_form_is_origin(entry->origin)) {
        return wrong(walk, "no origin");
    }
    if (!NEXT_VALUE(walk, "index", &index)) {
        return false;
    }
    if (!qrt_text_u64(index.data, index.len_bytes, INT64_MAX, &entry->index)) {
        return wrong(walk, "no plain decimal");
    }
    if (!NEXT_VALUE(walk, "epoch", &epoch)) {
        return false;
    }
    if (!qrt_text_u64(epoch.data, epoch.len_bytes, INT64_MAX, &entry->epoch)) {
        return wrong(walk, "no plain decimal");
    }
    if (!NEXT_VALUE(walk, "time", &time)) {
        return false;
    }
    if (!qrt_clock_parse(time.data, time.len_bytes, &entry->time_unix_s)) {
        return wrong(walk, "no time");
    }
    if (!NEXT_VALUE(walk, "event", &event)) {
        return false;
    }
    entry->event = qrt_event_by_name(event.data, event.len_bytes);
    if (entry->event == NULL) {
        return wrong(walk, "an unknown event");
    }
    return NEXT_VALUE(walk, "actor", &entry->actor) &&
           (qrt_form_is_id(entry->actor) || wrong(walk, "no id"));
}

static bool ascends(struct qrt_span former, struct qrt_span value)
{
    size_t shorter = former.len_bytes < value.len_bytes ? former.len_bytes : value.len_bytes;
    int order = memcmp(former.data, value.data, shorter);
    return order < 0 || (order == 0 && former.len_bytes < value.len_bytes);
}

/* The event's lines, up to and with the salt's. */
static bool parse_body(struct walk *walk, struct qrt_entry *entry)
{
    const struct qrt_event_key *key = entry->event->keys;
    const struct qrt_event_key *end = key + entry->event->keys_len;
    struct qrt_span former = {0};
    struct qrt_span line;
    entry->body.data = walk->text + walk->at;
    while (next_line(walk, &line)) {
        for (; key < end && !has_key(line, key->name, key->name_chars); key++) {
            former.data = NULL;
            if (key->flags == 0) {
                return wrong(walk, "a key is missing, unknown or out of order");
            }
        }
        if (key == end) {
            if (!has_key(line, "salt", 4)) {
                return wrong(walk, "a key is unknown, doubled or out of order");
            }
            entry->body.len_bytes = (size_t)(line.data - entry->body.data);
            return qrt_form_is_hex(value_of(line, 4), SALT_CHARS) || wrong(walk, "no salt");
        }
        struct qrt_span value = value_of(line, key->name_chars);
        if (!qrt_form_check(key->form, value, &walk->why)) {
            return false;
        }
        if ((key->flags & QRT_KEY_REPEATED) == 0) {
            key++;
        } else if (former.data != NULL && !ascends(former, value)) {
            return wrong(walk, "repeated values do not ascend");
        } else {
            former = value;
        }
    }
    return false;
}

enum qrt_code qrt_entry_parse(struct qrt_entry *entry, const char *text, size_t len_bytes,
                              struct qrt_err *err)
{
    if (len_bytes > QRT_ENTRY_MAX_BYTES) {
        return qrt_fail(err, QRT_E_FORMAT, "entry: longer than %d bytes", QRT_ENTRY_MAX_BYTES);
    }
    struct walk walk = {.text = text, .len_bytes = len_bytes};
    entry->text = (struct qrt_span){text, len_bytes};
    bool good = parse_header(&walk, entry) && parse_body(&walk, entry) &&
                (walk.at == len_bytes || wrong(&walk, "something stands behind it"));
    if (good) {
        return QRT_OK;
    }
    if (walk.why.no_memory) {
        return qrt_fail(err, QRT_E_NOMEM, "entry");
    }
    return qrt_fail(err, QRT_E_FORMAT, "entry, line %zu: %s", walk.line, walk.why.words);
}

bool qrt_entry_next(const struct qrt_entry *entry, struct qrt_entry_cursor *cursor)
{
    if (cursor->at >= entry->body.len_bytes) {
        return false;
    }
    const char *line = entry->body.data + cursor->at;
    size_t left = entry->body.len_bytes - cursor->at;
    const char *space = memchr(line, ' ', left);
    const char *end = memchr(line, '\n', left);
    cursor->key = (struct qrt_span){line, (size_t)(space - line)};
    cursor->value = (struct qrt_span){space + 1, (size_t)(end - space - 1)};
    cursor->at += (size_t)(end - line) + 1;
    return true;
}

/* Every rule asks for its keys by name: only the ends of lines are sought, and
 * a key is compared where it would stand. */
bool qrt_entry_get(const struct qrt_entry *entry, const char *key, struct qrt_span *value)
{
    size_t chars = strlen(key);
    const char *line = entry->body.data;
    size_t left = entry->body.len_bytes;
    while (left > 0) {
        const char *end = memchr(line, '\n', left);
        if (left > chars && line[chars] == ' ' && memcmp(line, key, chars) == 0) {
            *value = (struct qrt_span){line + chars + 1, (size_t)(end - line) - chars - 1};
            return true;
        }
        left -= (size_t)(end - line) + 1;
        line = end + 1;
    }
    return false;
}

bool qrt_entry_u64(const struct qrt_entry *entry, const char *key, uint64_t *value)
{
    struct qrt_span text;
    return qrt_entry_get(entry, key, &text) &&
           qrt_text_u64(text.data, text.len_bytes, INT64_MAX, value);
}

bool qrt_entry_i64(const struct qrt_entry *entry, const char *key, int64_t *value)
{
    struct qrt_span text;
    uint64_t size = 0;
    bool found = qrt_entry_get(entry, key, &text);
    bool minus = found && text.len_bytes > 0 && text.data[0] == '-';
    if (!found || !qrt_text_u64(text.data + (minus ? 1 : 0), text.len_bytes - (minus ? 1 : 0),
                                INT64_MAX, &size)) {
        return false;
    }
    *value = minus ? -(int64_t)size : (int64_t)size;
    return true;
}

bool qrt_entry_digest(const struct qrt_entry *entry, const char *key, uint8_t out[static 32])
{
    struct qrt_span text;
    return qrt_entry_get(entry, key, &text) && qrt_text_unhex(out, 32, text.data, text.len_bytes);
}

bool qrt_entry_text(const struct qrt_entry *entry, const char *key, struct qrt_buf *out)
{
    struct qrt_span text;
    if (!qrt_entry_get(entry, key, &text)) {
        return false;
    }
    qrt_span_unescape(out, text);
    return true;
}

enum qrt_code qrt_entry_signed_part(struct qrt_buf *out, const struct qrt_entry *entry,
                                    struct qrt_err *err)
{
    static const char key[] = "authority ";
    struct qrt_entry_cursor cursor = {0};
    while (qrt_entry_next(entry, &cursor)) {
        if (qrt_span_is(cursor.key, "authority")) {
            const char *line = cursor.value.data - (sizeof key - 1);
            qrt_buf_text(out, QRT_AUTHORITY_TAG);
            qrt_buf_add(out, entry->text.data, (size_t)(line - entry->text.data));
            return qrt_buf_check(out, err);
        }
    }
    return qrt_fail(err, QRT_E_FORMAT, "entry: no authority line");
}

bool qrt_span_is(struct qrt_span span, const char *text)
{
    return strlen(text) == span.len_bytes && memcmp(span.data, text, span.len_bytes) == 0;
}

bool qrt_span_copy(char *out, size_t size_bytes, struct qrt_span span)
{
    bool fits = span.len_bytes < size_bytes;
    size_t n = fits ? span.len_bytes : 0;
    memcpy(out, span.data, n);
    out[n] = '\0';
    return fits;
}
