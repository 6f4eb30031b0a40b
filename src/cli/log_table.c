#include "cli/log_table.h"

#include "base/clock.h"
#include "base/text.h"
#include <stdio.h>
#include <string.h>

#define INDENT      8
#define FURTHER     2 /* of what goes on from the line above */
#define COLUMNS_MIN 20

/* A quote inside becomes \x22, as what is escaped is written. */
static void add_value(struct qrt_buf *out, struct qrt_span value)
{
    QRT_BUF text = {0};
    QRT_BUF shown = {0};
    qrt_span_unescape(&text, value);
    qrt_text_escape(&shown, qrt_buf_str(&text), text.len_bytes);
    out->failed |= text.failed || shown.failed;
    const char *at = qrt_buf_str(&shown);
    if (strpbrk(at, " \"=") == NULL) {
        qrt_buf_text(out, at);
        return;
    }
    qrt_buf_text(out, "\"");
    for (size_t n; *at != '\0'; at += n) {
        n = strcspn(at, "\"");
        qrt_buf_add(out, at, n);
        if (at[n] == '"') {
            qrt_buf_text(out, "\\x22");
            n++;
        }
    }
    qrt_buf_text(out, "\"");
}

/* How many bytes of a text fit into so many columns: up to its last blank that
 * does, or, without one, in the middle of a word. */
static size_t fitting(const char *text, size_t len_bytes, size_t columns)
{
    size_t at = 0;
    size_t blank = 0;
    size_t used = 0;
    while (at < len_bytes) {
        size_t wide;
        size_t step = qrt_text_step(text + at, len_bytes - at, &wide);
        if (used + wide > columns && at > 0) {
            return blank > 0 ? blank : at;
        }
        used += wide;
        at += step;
        blank = text[at - 1] == ' ' ? at : blank;
    }
    return len_bytes;
}

/* A line being filled. */
struct lines {
    struct qrt_buf *out;
    size_t columns; /* 0: one line without end */
    size_t used;
};

static void new_line(struct lines *lines, unsigned indent)
{
    qrt_buf_printf(lines->out, "\n%*s", (int)indent, "");
    lines->used = indent;
}

/* An item stands on one line if it fits on one; what does not is broken up. */
static void add_item(struct lines *lines, const char *item, size_t len_bytes)
{
    size_t wide = qrt_text_columns(item, len_bytes);
    if (lines->columns == 0) {
        qrt_buf_text(lines->out, "  ");
    } else if (lines->used > INDENT && lines->used + 2 + wide > lines->columns) {
        new_line(lines, INDENT);
    } else if (lines->used > INDENT) {
        qrt_buf_text(lines->out, "  ");
        lines->used += 2;
    }
    while (lines->columns > 0 && lines->used + wide > lines->columns) {
        size_t n = fitting(item, len_bytes, lines->columns - lines->used);
        qrt_buf_add(lines->out, item, n);
        item += n;
        len_bytes -= n;
        wide = qrt_text_columns(item, len_bytes);
        if (len_bytes == 0) {
            return;
        }
        new_line(lines, INDENT + FURTHER);
    }
    qrt_buf_add(lines->out, item, len_bytes);
    lines->used += wide;
}

static void add_head(struct lines *lines, const struct qrt_entry *entry)
{
    char time[QRT_TIME_CHARS + 1];
    QRT_BUF head = {0};
    qrt_clock_format(time, entry->time_unix_s);
    qrt_buf_printf(lines->out, "%6llu  %s", (unsigned long long)entry->index, time);
    qrt_buf_printf(&head, "%-20s %.*s", entry->event->name, (int)entry->actor.len_bytes,
                   entry->actor.data);
    lines->used = 28;
    add_item(lines, qrt_buf_str(&head), head.len_bytes);
    lines->out->failed |= head.failed;
}

void qrt_log_table_add(struct qrt_buf *out, const struct qrt_entry *entry, unsigned columns)
{
    struct lines lines = {.out = out,
                          .columns = columns == 0 || columns > COLUMNS_MIN ? columns : COLUMNS_MIN};
    struct qrt_entry_cursor cursor = {0};
    add_head(&lines, entry);
    if (columns > 0 && entry->body.len_bytes > 0) {
        new_line(&lines, INDENT);
    }
    while (qrt_entry_next(entry, &cursor)) {
        QRT_BUF item = {0};
        qrt_buf_printf(&item, "%.*s=", (int)cursor.key.len_bytes, cursor.key.data);
        add_value(&item, cursor.value);
        add_item(&lines, qrt_buf_str(&item), item.len_bytes);
        out->failed |= item.failed;
    }
    qrt_buf_text(out, "\n");
}

void qrt_log_table_head(struct qrt_buf *out, unsigned columns)
{
    if (columns > 0) {
        qrt_buf_text(out, columns >= 60
                              ? " index  time                  event                actor\n"
                              : " index  time, event, actor\n");
    }
}
