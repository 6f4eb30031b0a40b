#include "log/entry_json.h"

#include "base/clock.h"
#include "base/json.h"

/* A repeated key is a list, whatever number of values it has. */
static void add_value(json_t *values, const struct qrt_event_key *key, json_t *value)
{
    if ((key->flags & QRT_KEY_REPEATED) == 0) {
        json_object_set_new(values, key->name, value);
        return;
    }
    json_t *list = json_object_get(values, key->name);
    if (list == NULL) {
        list = json_array();
        json_object_set_new(values, key->name, list);
    }
    json_array_append_new(list, value);
}

json_t *qrt_entry_json(const struct qrt_entry *entry)
{
    struct qrt_entry_cursor cursor = {0};
    char time[QRT_TIME_CHARS + 1];
    json_t *values = json_object();
    qrt_clock_format(time, entry->time_unix_s);
    while (qrt_entry_next(entry, &cursor)) {
        QRT_BUF text = {0};
        qrt_span_unescape(&text, cursor.value);
        for (size_t i = 0; i < entry->event->keys_len; i++) {
            if (qrt_span_is(cursor.key, entry->event->keys[i].name)) {
                add_value(values, &entry->event->keys[i],
                          json_stringn(qrt_buf_str(&text), text.len_bytes));
            }
        }
    }
    return json_pack("{s:I, s:I, s:s, s:s, s:s%, s:o}", "index", (json_int_t)entry->index, "epoch",
                     (json_int_t)entry->epoch, "time", time, "event", entry->event->name, "actor",
                     entry->actor.data, entry->actor.len_bytes, "values", values);
}

enum qrt_code qrt_entry_json_line(struct qrt_buf *out, const struct qrt_entry *entry,
                                  struct qrt_err *err)
{
    return qrt_json_write(out, qrt_entry_json(entry), JSON_COMPACT, err);
}
