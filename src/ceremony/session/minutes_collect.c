#include "ceremony/session/minutes_collect.h"

#include "base/clock.h"
#include "ceremony/session/minutes_tell.h"
#include "log/inspect.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static struct qrt_kept_text keep_span(struct qrt_collecting *c, struct qrt_span span)
{
    QRT_BUF text = {0};
    qrt_buf_add(&text, span.data, span.len_bytes);
    return keep(c, qrt_buf_str(&text));
}

/* On a sheet whoever is not the first to act stands behind the text. */
static void put_line(struct qrt_collecting *c, int64_t unix_s, uint64_t index,
                     struct qrt_span actor, struct qrt_buf *text)
{
    if (c->briefly && c->lines_len > 0 &&
        !qrt_span_is(actor, qrt_collected_text(c, c->lines[0].actor))) {
        qrt_buf_printf(text, " (%.*s)", (int)actor.len_bytes, actor.data);
    }
    if (c->lines_len == QRT_MINUTES_LINES_MAX) {
        c->left_out++;
    } else {
        c->lines[c->lines_len++] =
            (struct qrt_kept_line){unix_s, index, keep_span(c, actor), keep(c, qrt_buf_str(text))};
    }
}

/* A long run becomes one line. */
static void end_run(struct qrt_collecting *c)
{
    if (c->run.len >= QRT_MINUTES_RUN && c->run.from < c->lines_len) {
        QRT_BUF text = {0};
        qrt_minutes_tell_run(&text, c->run.event, c->run.len, c->run.last);
        c->lines[c->run.from].text = keep(c, qrt_buf_str(&text));
        c->lines_len = c->run.from + 1;
    }
    c->run = (struct qrt_kept_run){.from = c->lines_len};
}

static void add_line(struct qrt_collecting *c, const struct qrt_entry *entry)
{
    QRT_BUF text = {0};
    if (c->run.event != entry->event || c->run.epoch != entry->epoch) {
        end_run(c);
        c->run.event = entry->event;
        c->run.epoch = entry->epoch;
    }
    c->run.len++;
    c->run.last = entry->index;
    if (c->run.len < QRT_MINUTES_RUN) {
        qrt_minutes_tell(&text, entry->event, entry->body, c->briefly);
        put_line(c, entry->time_unix_s, entry->index, entry->actor, &text);
    }
}

static void add_exception(struct qrt_collecting *c, const struct qrt_entry *entry)
{
    static const char *const keys[QRT_EXCEPTION_PARTS] = {
        "step", "expected", "happened", "decided", "person", "settles-person", "settles-thing"};
    if (c->exceptions_len == QRT_MINUTES_EXCEPTIONS_MAX) {
        c->left_out++;
    } else {
        struct qrt_kept_exception *exception = &c->exceptions[c->exceptions_len++];
        exception->unix_s = entry->time_unix_s;
        for (size_t i = 0; i < QRT_EXCEPTION_PARTS; i++) {
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
        c->begun = entry->index;
    } else if (entry->event->id == QRT_EV_SESSION_CLOSED) {
        c->first = c->begun;
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
        c->lasts = qrt_entry_get(entry, "lasts", &(struct qrt_span){0});
        c->opened_unix_s = entry->time_unix_s;
        add_ids(&c->receipts, entry, "receipt");
        (void)qrt_entry_i64(entry, "clock-offset-s", &c->clock_offset_s);
        if (c->lasts) {
            add_line(c, entry);
        }
        break;
    case QRT_EV_SESSION_CLOSED:
        add_ids(&c->present, entry, "present");
        break;
    case QRT_EV_EXCEPTION:
        add_exception(c, entry);
        if (c->lasts) {
            add_line(c, entry);
        }
        break;
    case QRT_EV_BAG_SEALED:
        add_bag(c, entry);
        if (c->lasts) {
            add_line(c, entry);
        }
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

static enum qrt_code begin(struct qrt_collecting **c, const struct qrt_vault *vault,
                           struct qrt_err *err)
{
    *c = calloc(1, sizeof **c);
    if (*c == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "the minutes");
    }
    (*c)->state = &vault->state;
    return QRT_OK;
}

static enum qrt_code read_entries(struct qrt_collecting *c, struct qrt_vault *vault,
                                  struct qrt_err *err)
{
    enum qrt_code code = qrt_log_each_entry(&vault->log, collect, c, err);
    end_run(c);
    return code == QRT_OK ? qrt_buf_check(&c->texts, err) : code;
}

enum qrt_code qrt_minutes_collect(struct qrt_collecting **c, struct qrt_vault *vault,
                                  struct qrt_err *err)
{
    enum qrt_code code = begin(c, vault, err);
    if (code == QRT_OK) {
        (*c)->briefly = true;
        code = qrt_log_each_entry(&vault->log, find, *c, err);
    }
    if (code == QRT_OK && (*c)->last == 0) {
        code = qrt_fail(err, QRT_E_NOT_FOUND, "no session was closed yet");
    }
    return code == QRT_OK ? read_entries(*c, vault, err) : code;
}

enum qrt_code qrt_minutes_collect_open(struct qrt_collecting **c, struct qrt_vault *vault,
                                       uint64_t first, const struct qrt_draft *drafts,
                                       size_t drafts_len, struct qrt_err *err)
{
    enum qrt_code code = begin(c, vault, err);
    if (code != QRT_OK) {
        return code;
    }
    (*c)->first = first;
    (*c)->last = UINT64_MAX;
    if ((code = read_entries(*c, vault, err)) != QRT_OK) {
        return code;
    }
    for (size_t i = 0; i < drafts_len; i++) {
        QRT_BUF text = {0};
        const struct qrt_draft *draft = &drafts[i];
        struct qrt_span lines = {qrt_buf_str(&draft->lines), draft->lines.len_bytes};
        qrt_minutes_tell(&text, draft->event, lines, false);
        put_line(*c, qrt_clock_unix_s(), vault->log.head.size + i,
                 (struct qrt_span){draft->actor, strlen(draft->actor)}, &text);
    }
    return qrt_buf_check(&(*c)->texts, err);
}
