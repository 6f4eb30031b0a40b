#include "vault/pending.h"

#include "log/opening.h"
#include <string.h>

/* The key in `id vkey`, if it is that person's. */
static void take_operator(uint8_t key[static QRT_PUBLIC_BYTES], struct qrt_span value,
                          const char *person)
{
    size_t len = strlen(person);
    struct qrt_vkey vkey;
    if (value.len_bytes > len && memcmp(value.data, person, len) == 0 && value.data[len] == ' ' &&
        qrt_vkey_parse(&vkey, value.data + len + 1, value.len_bytes - len - 1, NULL) == QRT_OK) {
        memcpy(key, vkey.key, QRT_PUBLIC_BYTES);
    }
}

/* Is it said of that person? */
static bool is_of(const struct qrt_entry *entry, const char *person)
{
    struct qrt_span id;
    return qrt_entry_get(entry, "person", &id) && qrt_span_is(id, person);
}

static bool apply(uint8_t key[static QRT_PUBLIC_BYTES], const struct qrt_entry *entry,
                  const char *person)
{
    struct qrt_entry_cursor cursor = {0};
    struct qrt_span text;
    struct qrt_vkey vkey;
    switch (entry->event->id) {
    case QRT_EV_LOG_TAKEN_OVER:
        memset(key, 0, QRT_PUBLIC_BYTES);
        while (qrt_entry_next(entry, &cursor)) {
            if (qrt_span_is(cursor.key, "operator")) {
                take_operator(key, cursor.value, person);
            }
        }
        return true;
    case QRT_EV_PERSON_LEFT:
    case QRT_EV_BADGE_VOIDED:
        if (is_of(entry, person)) {
            memset(key, 0, QRT_PUBLIC_BYTES);
        }
        return is_of(entry, person);
    case QRT_EV_BADGE_ISSUED:
        if (is_of(entry, person) && qrt_entry_get(entry, "vkey", &text) &&
            qrt_vkey_parse(&vkey, text.data, text.len_bytes, NULL) == QRT_OK) {
            memcpy(key, vkey.key, QRT_PUBLIC_BYTES);
        }
        return is_of(entry, person);
    case QRT_EV_PERSON_CHANGED:
        return is_of(entry, person);
    default:
        return false;
    }
}

bool qrt_pending_badge(const struct qrt_log *log, const char *person,
                       uint8_t key[static QRT_PUBLIC_BYTES])
{
    QRT_RECORD record = {0};
    bool changed = false;
    if (!log->pending || qrt_opening_record(log, &record, NULL) != QRT_OK) {
        return false;
    }
    for (size_t i = 0; i < record.entries_len; i++) {
        struct qrt_entry entry;
        if (qrt_entry_parse(&entry, record.entries[i].data, record.entries[i].len_bytes, NULL) ==
            QRT_OK) {
            changed = apply(key, &entry, person) || changed;
        }
    }
    return changed;
}
