#include "ceremony/minutes_tell.h"

#include <stdio.h>
#include <string.h>

#define BRIEF_BYTES 1200

/* The next line; false at the end. */
static bool next(struct qrt_span *rest, struct qrt_span *key, struct qrt_span *value)
{
    const char *end = memchr(rest->data, '\n', rest->len_bytes);
    const char *blank = end == NULL ? NULL : memchr(rest->data, ' ', (size_t)(end - rest->data));
    if (blank == NULL) {
        return false;
    }
    *key = (struct qrt_span){rest->data, (size_t)(blank - rest->data)};
    *value = (struct qrt_span){blank + 1, (size_t)(end - blank) - 1};
    rest->len_bytes -= (size_t)(end - rest->data) + 1;
    rest->data = end + 1;
    return true;
}

/* Digests and keys are for programs; everybody reads the rest aloud. */
static bool is_read(const struct qrt_event *event, struct qrt_span key)
{
    for (size_t i = 0; i < event->keys_len; i++) {
        const struct qrt_event_key *known = &event->keys[i];
        if (qrt_span_is(key, known->name)) {
            return known->form != QRT_FORM_DIGEST && known->form != QRT_FORM_BASE64 &&
                   strcmp(known->name, "vkey") != 0 && strcmp(known->name, "executable") != 0;
        }
    }
    return false;
}

static void add_value(struct qrt_buf *out, struct qrt_span lines, const char *name)
{
    struct qrt_span key;
    struct qrt_span value;
    while (next(&lines, &key, &value)) {
        if (qrt_span_is(key, name)) {
            qrt_span_unescape(out, value);
            return;
        }
    }
}

/* "{thing} goes out with {person}" */
static void add_sentence(struct qrt_buf *out, const char *sentence, struct qrt_span lines)
{
    for (const char *at = sentence; *at != '\0';) {
        size_t plain = strcspn(at, "{");
        qrt_buf_add(out, at, plain);
        at += plain;
        if (*at == '{') {
            char name[24];
            size_t len = strcspn(at, "}");
            snprintf(name, sizeof name, "%.*s", (int)len - 1, at + 1);
            add_value(out, lines, name);
            at += len + 1;
        }
    }
}

static const char *sentence_of(enum qrt_event_id event, bool briefly)
{
    switch (event) {
    case QRT_EV_PERSON_OUT:
        return "{person} leaves the room";
    case QRT_EV_PERSON_BACK:
        return "{person} comes into the room";
    case QRT_EV_THING_OUT:
        return "out with {person}: {thing}";
    case QRT_EV_THING_BACK:
        return "back with {person}: {thing}";
    case QRT_EV_SESSION_NOTED:
        return "note: {text}";
    case QRT_EV_EXCEPTION:
        return briefly ? "exception: {step}" : NULL;
    default:
        return NULL;
    }
}

void qrt_minutes_tell(struct qrt_buf *out, const struct qrt_event *event, struct qrt_span lines,
                      bool briefly)
{
    const char *sentence = sentence_of(event->id, briefly);
    struct qrt_span key;
    struct qrt_span value;
    size_t from = out->len_bytes;
    if (sentence != NULL) {
        add_sentence(out, sentence, lines);
        return;
    }
    qrt_buf_text(out, event->name);
    for (const char *comma = ": "; next(&lines, &key, &value);) {
        QRT_BUF text = {0};
        qrt_span_unescape(&text, value);
        bool fits = !briefly || out->len_bytes - from + text.len_bytes < BRIEF_BYTES;
        if (is_read(event, key) && fits) {
            qrt_buf_printf(out, "%s%.*s ", comma, (int)key.len_bytes, key.data);
            qrt_buf_add(out, text.data, text.len_bytes);
            comma = ", ";
        }
    }
}

void qrt_minutes_tell_run(struct qrt_buf *out, const struct qrt_event *event, uint64_t count,
                          uint64_t last)
{
    qrt_buf_printf(out, "%s: %llu entries, up to %llu", event->name, (unsigned long long)count,
                   (unsigned long long)last);
}
