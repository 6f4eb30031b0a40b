#include "ceremony/minutes_collect.h"

#include "log/inspect.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES_MAX 1200

void qrt_collecting_free(struct qrt_collecting **c)
{
    if (*c != NULL) {
        qrt_buf_free(&(*c)->texts);
        qrt_buf_free(&(*c)->present);
        qrt_buf_free(&(*c)->receipts);
        free(*c);
    }
}

static struct qrt_kept_text keep(struct qrt_collecting *c, const char *text)
{
    struct qrt_kept_text kept = {c->texts.len_bytes};
    qrt_buf_text(&c->texts, text);
    qrt_buf_u8(&c->texts, 0);
    return kept;
}

const char *qrt_collected_text(const struct qrt_collecting *c, struct qrt_kept_text text)
{
    return (const char *)c->texts.data + text.at;
}

/* A value of the entry, unescaped; "" if it is absent. */
static void value_of(struct qrt_buf *out, const struct qrt_entry *entry, const char *key)
{
    struct qrt_span value;
    if (qrt_entry_get(entry, key, &value)) {
        qrt_span_unescape(out, value);
    }
}

static struct qrt_kept_text keep_value(struct qrt_collecting *c, const struct qrt_entry *entry,
                                       const char *key)
{
    QRT_BUF value = {0};
    value_of(&value, entry, key);
    return keep(c, qrt_buf_str(&value));
}

/* Digests and keys are for programs; everybody reads the rest aloud. */
static bool is_read(const struct qrt_entry *entry, struct qrt_span key)
{
    for (size_t i = 0; i < entry->event->keys_len; i++) {
        const struct qrt_event_key *known = &entry->event->keys[i];
        if (qrt_span_is(key, known->name)) {
            return known->form != QRT_FORM_DIGEST && known->form != QRT_FORM_BASE64 &&
                   strcmp(known->name, "vkey") != 0;
        }
    }
    return false;
}

/* "card-accepted: intent 52, serial 3, how words". */
static void add_line(struct qrt_collecting *c, const struct qrt_entry *entry)
{
    struct qrt_entry_cursor cursor = {0};
    QRT_BUF line = {0};
    if (c->lines_len == QRT_MINUTES_LINES_MAX) {
        c->left_out++;
        return;
    }
    qrt_buf_text(&line, entry->event->name);
    for (const char *comma = ": "; qrt_entry_next(entry, &cursor);) {
        QRT_BUF value = {0};
        qrt_span_unescape(&value, cursor.value);
        if (is_read(entry, cursor.key) && line.len_bytes + value.len_bytes < LINE_BYTES_MAX) {
            qrt_buf_printf(&line, "%s%.*s ", comma, (int)cursor.key.len_bytes, cursor.key.data);
            qrt_buf_add(&line, value.data, value.len_bytes);
            comma = ", ";
        }
    }
    c->lines[c->lines_len++] =
        (struct qrt_kept_line){entry->time_unix_s, keep(c, qrt_buf_str(&line))};
}

static void add_exception(struct qrt_collecting *c, const struct qrt_entry *entry)
{
    static const char *const keys[] = {"step", "expected", "happened", "decided"};
    if (c->exceptions_len == QRT_MINUTES_EXCEPTIONS_MAX) {
        c->left_out++;
    } else {
        struct qrt_kept_exception *exception = &c->exceptions[c->exceptions_len++];
        exception->unix_s = entry->time_unix_s;
        for (size_t i = 0; i < 4; i++) {
            exception->parts[i] = keep_value(c, entry, keys[i]);
        }
    }
}

static void add_bag(struct qrt_collecting *c, const struct qrt_entry *entry)
{
    static const char *const keys[] = {"bag", "site", "safe"};
    if (c->bags_len == QRT_MINUTES_BAGS_MAX) {
        c->left_out++;
    } else {
        struct qrt_kept_bag *bag = &c->bags[c->bags_len++];
        (void)qrt_entry_u64(entry, "serial", &bag->serial);
        for (size_t i = 0; i < 3; i++) {
            bag->parts[i] = keep_value(c, entry, keys[i]);
        }
    }
}

static void add_ids(struct qrt_buf *ids, const struct qrt_entry *entry, const char *key)
{
    struct qrt_entry_cursor cursor = {0};
    while (qrt_entry_next(entry, &cursor)) {
        if (qrt_span_is(cursor.key, key)) {
            QRT_BUF id = {0};
            qrt_span_unescape(&id, cursor.value);
            qrt_buf_printf(ids, "%s\n", qrt_buf_str(&id));
        }
    }
}

static void short_value(char *out, size_t size_bytes, const struct qrt_entry *entry,
                        const char *key)
{
    QRT_BUF value = {0};
    value_of(&value, entry, key);
    snprintf(out, size_bytes, "%s", qrt_buf_str(&value));
}

/* The last session that was closed, and where it began. */
static bool find(void *ctx, const struct qrt_entry *entry)
{
    struct qrt_collecting *c = ctx;
    if (entry->event->id == QRT_EV_SESSION_OPENED) {
        c->begun_unix_s = entry->time_unix_s;
        c->begun = entry->index;
    } else if (entry->event->id == QRT_EV_SESSION_CLOSED) {
        c->first = c->begun;
        c->opened_unix_s = c->begun_unix_s;
        c->last = entry->index;
        c->epoch = entry->epoch;
        c->closed_unix_s = entry->time_unix_s;
        (void)qrt_entry_digest(entry, "minutes", c->digest);
    }
    return true;
}

static bool collect(void *ctx, const struct qrt_entry *entry)
{
    struct qrt_collecting *c = ctx;
    if (entry->index < c->first || entry->index > c->last) {
        return entry->index <= c->last;
    }
    switch (entry->event->id) {
    case QRT_EV_SESSION_OPENED:
        add_ids(&c->receipts, entry, "receipt");
        (void)qrt_entry_i64(entry, "clock-offset-s", &c->clock_offset_s);
        break;
    case QRT_EV_SESSION_CLOSED:
        add_ids(&c->present, entry, "present");
        break;
    case QRT_EV_EXCEPTION:
        add_exception(c, entry);
        break;
    case QRT_EV_BAG_SEALED:
        add_bag(c, entry);
        break;
    case QRT_EV_CHECKPOINT_KEY:
        break;
    case QRT_EV_INTENT:
        short_value(c->ceremony, sizeof c->ceremony, entry, "ceremony");
        add_line(c, entry);
        break;
    case QRT_EV_OUTCOME:
        short_value(c->result, sizeof c->result, entry, "result");
        add_line(c, entry);
        break;
    default:
        add_line(c, entry);
    }
    return true;
}

enum qrt_code qrt_minutes_collect(struct qrt_collecting **c, struct qrt_vault *vault,
                                  struct qrt_err *err)
{
    *c = calloc(1, sizeof **c);
    if (*c == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "the minutes");
    }
    (*c)->state = &vault->state;
    enum qrt_code code = qrt_log_each_entry(&vault->log, find, *c, err);
    if (code == QRT_OK && (*c)->last == 0) {
        code = qrt_fail(err, QRT_E_NOT_FOUND, "no session was closed yet");
    }
    if (code == QRT_OK) {
        code = qrt_log_each_entry(&vault->log, collect, *c, err);
    }
    return code == QRT_OK ? qrt_buf_check(&(*c)->texts, err) : code;
}
