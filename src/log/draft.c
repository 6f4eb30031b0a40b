/* Writing entries: what log/entry.h calls a draft. */
#include "log/entry.h"

#include "base/base64.h"
#include "base/clock.h"
#include "base/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One line of a draft: which of the event's keys it has, and its bytes. */
struct line {
    size_t rank;
    struct qrt_span text;
};

void qrt_draft_start(struct qrt_draft *draft, enum qrt_event_id event, const char *actor)
{
    *draft = (struct qrt_draft){.event = qrt_event_by_id(event)};
    struct qrt_span span = {actor, strlen(actor)};
    (void)qrt_span_copy(draft->actor, sizeof draft->actor, span);
}

void qrt_draft_free(struct qrt_draft *draft)
{
    qrt_buf_free(&draft->lines);
    *draft = (struct qrt_draft){0};
}

void qrt_draft_text(struct qrt_draft *draft, const char *key, const char *value)
{
    if (value == NULL || value[0] == '\0') {
        return;
    }
    qrt_buf_printf(&draft->lines, "%s ", key);
    for (const char *c = value; *c != '\0'; c++) {
        if (*c < 0x20 || *c > 0x7E || *c == '%') {
            qrt_buf_printf(&draft->lines, "%%%02X", (unsigned char)*c);
        } else {
            qrt_buf_add(&draft->lines, c, 1);
        }
    }
    qrt_buf_text(&draft->lines, "\n");
}

void qrt_draft_u64(struct qrt_draft *draft, const char *key, uint64_t value)
{
    qrt_buf_printf(&draft->lines, "%s %llu\n", key, (unsigned long long)value);
}

void qrt_draft_i64(struct qrt_draft *draft, const char *key, int64_t value)
{
    qrt_buf_printf(&draft->lines, "%s %lld\n", key, (long long)value);
}

void qrt_draft_hex(struct qrt_draft *draft, const char *key, const uint8_t *bytes, size_t len_bytes)
{
    qrt_buf_printf(&draft->lines, "%s ", key);
    for (size_t i = 0; i < len_bytes; i++) {
        qrt_buf_printf(&draft->lines, "%02x", bytes[i]);
    }
    qrt_buf_text(&draft->lines, "\n");
}

void qrt_draft_base64(struct qrt_draft *draft, const char *key, const uint8_t *bytes,
                      size_t len_bytes)
{
    qrt_buf_printf(&draft->lines, "%s ", key);
    qrt_base64_add(&draft->lines, bytes, len_bytes);
    qrt_buf_text(&draft->lines, "\n");
}

static size_t rank_of(const struct qrt_event *event, struct qrt_span key)
{
    size_t rank = 0;
    while (rank < event->keys_len && !qrt_span_is(key, event->keys[rank].name)) {
        rank++;
    }
    return rank;
}

/* Lines of one key differ in their values only, so that whole lines compare as
 * their values do; the LF counts as the end. */
static int compare_lines(const void *a, const void *b)
{
    const struct line *x = a;
    const struct line *y = b;
    if (x->rank != y->rank) {
        return x->rank < y->rank ? -1 : 1;
    }
    size_t nx = x->text.len_bytes - 1;
    size_t ny = y->text.len_bytes - 1;
    int order = memcmp(x->text.data, y->text.data, nx < ny ? nx : ny);
    return order != 0 ? order : (nx > ny) - (nx < ny);
}

static void free_lines(struct line **lines)
{
    free(*lines);
}

/* Appends the draft's lines in the event's order. */
static enum qrt_code add_lines(struct qrt_buf *out, const struct qrt_draft *draft,
                               struct qrt_err *err)
{
    struct qrt_entry view = {.body = {(const char *)draft->lines.data, draft->lines.len_bytes}};
    struct qrt_entry_cursor cursor = {0};
    size_t count = 0;
    while (qrt_entry_next(&view, &cursor)) {
        count++;
    }
    __attribute__((cleanup(free_lines))) struct line *lines = calloc(count + 1, sizeof *lines);
    if (lines == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "entry");
    }
    cursor = (struct qrt_entry_cursor){0};
    for (size_t i = 0; i < count; i++) {
        const char *start = view.body.data + cursor.at;
        size_t before = cursor.at;
        qrt_entry_next(&view, &cursor);
        lines[i].rank = rank_of(draft->event, cursor.key);
        lines[i].text = (struct qrt_span){start, cursor.at - before};
        if (lines[i].rank == draft->event->keys_len) {
            return qrt_fail(err, QRT_E_FORMAT, "entry %s: no key %.*s", draft->event->name,
                            (int)cursor.key.len_bytes, cursor.key.data);
        }
    }
    qsort(lines, count, sizeof *lines, compare_lines);
    for (size_t i = 0; i < count; i++) {
        /* Two people may show the same receipt: a set holds it once. */
        bool again = i > 0 && compare_lines(&lines[i - 1], &lines[i]) == 0 &&
                     (draft->event->keys[lines[i].rank].flags & QRT_KEY_REPEATED) != 0;
        if (!again) {
            qrt_buf_add(out, lines[i].text.data, lines[i].text.len_bytes);
        }
    }
    return QRT_OK;
}

/* Appends all of the entry but its salt. */
static enum qrt_code add_unsalted(struct qrt_buf *out, const struct qrt_draft *draft,
                                  const struct qrt_place *place, struct qrt_err *err)
{
    if (!qrt_text_is_id(draft->actor)) {
        return qrt_fail(err, QRT_E_FORMAT, "entry %s: no id of an actor", draft->event->name);
    }
    if (!qrt_text_is_origin(place->origin)) {
        return qrt_fail(err, QRT_E_FORMAT, "entry %s: no origin", draft->event->name);
    }
    if (draft->failed || draft->lines.failed) {
        return qrt_fail(err, QRT_E_NOMEM, "entry %s", draft->event->name);
    }
    char time[QRT_TIME_CHARS + 1];
    qrt_clock_format(time, place->time_unix_s);
    qrt_buf_printf(
        out, "quorate/entry/v1\nlog %s\nindex %llu\nepoch %llu\ntime %s\nevent %s\nactor %s\n",
        place->origin, (unsigned long long)place->index, (unsigned long long)place->epoch, time,
        draft->event->name, draft->actor);
    return add_lines(out, draft, err);
}

enum qrt_code qrt_entry_encode(struct qrt_buf *out, const struct qrt_draft *draft,
                               const struct qrt_place *place,
                               const uint8_t salt[static QRT_ENTRY_SALT_BYTES], struct qrt_err *err)
{
    QRT_BUF text = {0};
    char salt_hex[2 * QRT_ENTRY_SALT_BYTES + 1];
    qrt_text_hex(salt_hex, salt, QRT_ENTRY_SALT_BYTES);
    enum qrt_code code = add_unsalted(&text, draft, place, err);
    if (code != QRT_OK) {
        return code;
    }
    qrt_buf_printf(&text, "salt %s\n", salt_hex);
    code = qrt_buf_check(&text, err);
    if (code != QRT_OK) {
        return code;
    }
    if (text.len_bytes > QRT_ENTRY_MAX_BYTES) {
        return qrt_fail(err, QRT_E_RANGE, "entry %s: longer than %d bytes", draft->event->name,
                        QRT_ENTRY_MAX_BYTES);
    }
    struct qrt_entry entry;
    code = qrt_entry_parse(&entry, qrt_buf_str(&text), text.len_bytes, err);
    if (code != QRT_OK) {
        return err == NULL ? code : qrt_err_prefix(err, "%s", draft->event->name);
    }
    if (entry.time_unix_s != place->time_unix_s) {
        return qrt_fail(err, QRT_E_RANGE, "entry %s: a time outside the years 0 to 9999",
                        draft->event->name);
    }
    qrt_buf_add(out, text.data, text.len_bytes);
    return qrt_buf_check(out, err);
}

enum qrt_code qrt_draft_signed_part(struct qrt_buf *out, const struct qrt_draft *draft,
                                    const struct qrt_place *place, struct qrt_err *err)
{
    QRT_BUF text = {0};
    enum qrt_code code = add_unsalted(&text, draft, place, err);
    if (code == QRT_OK) {
        code = qrt_buf_check(&text, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    qrt_buf_text(out, QRT_AUTHORITY_TAG);
    qrt_buf_add(out, text.data, text.len_bytes);
    return qrt_buf_check(out, err);
}
