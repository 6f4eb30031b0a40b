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

bool qrt_pending_takes_over(const struct qrt_log *log, const char *person,
                            uint8_t key[static QRT_PUBLIC_BYTES])
{
    QRT_RECORD record = {0};
    bool takes_over = false;
    memset(key, 0, QRT_PUBLIC_BYTES);
    if (!log->pending || qrt_opening_record(log, &record, NULL) != QRT_OK) {
        return false;
    }
    for (size_t i = 0; i < record.entries_len; i++) {
        struct qrt_entry entry;
        struct qrt_entry_cursor cursor = {0};
        if (qrt_entry_parse(&entry, record.entries[i].data, record.entries[i].len_bytes, NULL) !=
                QRT_OK ||
            entry.event->id != QRT_EV_LOG_TAKEN_OVER) {
            continue;
        }
        takes_over = true;
        while (qrt_entry_next(&entry, &cursor)) {
            if (qrt_span_is(cursor.key, "operator")) {
                take_operator(key, cursor.value, person);
            }
        }
    }
    return takes_over;
}
