#include "log/entry.h"

#include "base/base64.h"
#include "base/clock.h"
#include "base/text.h"
#include <string.h>

#define TAG          "quorate/entry/v1\n"
#define SALT_CHARS   (2 * QRT_ENTRY_SALT_BYTES)
#define DIGEST_CHARS 64

/* The walk over an entry's lines. `why` is what is wrong with the line. */
struct walk {
    const char *text;
    size_t len_bytes;
    size_t at;
    size_t line;
    const char *why;
    bool no_memory;
};

static bool wrong(struct walk *walk, const char *why)
{
    walk->why = why;
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_low_hex_all(struct qrt_span value, size_t chars)
{
    if (value.len_bytes != chars) {
        return false;
    }
    unsigned bad = 0;
    for (size_t i = 0; i < chars; i++) {
        unsigned c = (unsigned char)value.data[i];
        bad |= (unsigned)(c - '0' > 9) & (unsigned)(c - 'a' > 5);
    }
    return bad == 0;
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

static bool is_id(struct qrt_span value)
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
static bool is_nfc(struct walk *walk, struct qrt_span value)
{
    QRT_BUF text = {0};
    qrt_span_unescape(&text, value);
    enum qrt_code code = qrt_buf_check(&text, NULL);
    if (code == QRT_OK) {
        code = qrt_text_check_nfc(qrt_buf_str(&text), text.len_bytes, NULL);
    }
    walk->no_memory = code == QRT_E_NOMEM;
    return code == QRT_OK || wrong(walk, "a value is not UTF-8 in NFC");
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

static bool check_text(struct walk *walk, struct qrt_span value)
{
    const char *v = value.data;
    size_t n = value.len_bytes;
    if (n == 0 || v[0] == ' ' || v[n - 1] == ' ') {
        return wrong(walk, "a value is empty, or starts or ends with a space");
    }
    bool beyond_latin = false;
    for (size_t i = 0; i < n; i++) {
        if (v[i] < 0x20 || v[i] > 0x7E) {
            return wrong(walk, "a byte that must be escaped");
        }
        if (v[i] != '%') {
            continue;
        }
        int byte = escaped_byte(v + i, n - i);
        if (byte <= 0 || (byte >= 0x20 && byte <= 0x7E && byte != '%')) {
            return wrong(walk, "a wrong escape");
        }
        if (is_latin(v + i, n - i)) {
            i += 3;
        } else {
            beyond_latin |= byte >= 0x80;
        }
        i += 2;
    }
    return !beyond_latin || is_nfc(walk, value);
}

static bool check_value(struct walk *walk, enum qrt_form form, struct qrt_span value)
{
    uint64_t u64;
    int64_t i64;
    switch (form) {
    case QRT_FORM_TEXT:
        return check_text(walk, value);
    case QRT_FORM_U64:
        return qrt_text_u64(value.data, value.len_bytes, INT64_MAX, &u64) ||
               wrong(walk, "no plain decimal");
    case QRT_FORM_I64:
        return parse_i64(value, &i64) || wrong(walk, "no plain decimal");
    case QRT_FORM_ID:
        return is_id(value) || wrong(walk, "no id");
    case QRT_FORM_DIGEST:
        return is_low_hex_all(value, DIGEST_CHARS) || wrong(walk, "no 64 lower-case hex digits");
    case QRT_FORM_BASE64:
        return (value.len_bytes > 0 && qrt_base64_check(value.data, value.len_bytes)) ||
               wrong(walk, "no canonical base64");
    case QRT_FORM_YES:
        return qrt_span_is(value, "yes") || wrong(walk, "not `yes`");
    }
    return wrong(walk, "no form");
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
    if (!is_name(entry->origin, '/', 60)) {
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
           (is_id(entry->actor) || wrong(walk, "no id"));
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
            return is_low_hex_all(value_of(line, 4), SALT_CHARS) || wrong(walk, "no salt");
        }
        struct qrt_span value = value_of(line, key->name_chars);
        if (!check_value(walk, key->form, value)) {
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
    if (walk.no_memory) {
        return qrt_fail(err, QRT_E_NOMEM, "entry");
    }
    return qrt_fail(err, QRT_E_FORMAT, "entry, line %zu: %s", walk.line, walk.why);
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

bool qrt_entry_get(const struct qrt_entry *entry, const char *key, struct qrt_span *value)
{
    struct qrt_entry_cursor cursor = {0};
    while (qrt_entry_next(entry, &cursor)) {
        if (qrt_span_is(cursor.key, key)) {
            *value = cursor.value;
            return true;
        }
    }
    return false;
}

bool qrt_entry_u64(const struct qrt_entry *entry, const char *key, uint64_t *value)
{
    struct qrt_span text;
    return qrt_entry_get(entry, key, &text) &&
           qrt_text_u64(text.data, text.len_bytes, INT64_MAX, value);
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
