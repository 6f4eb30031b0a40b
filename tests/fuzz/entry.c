/* An entry that is read encodes to the same bytes: no two texts say one thing. */
#include "fuzz.h"

#include "log/entry.h"
#include <string.h>

#define SALT_LINE_BYTES (5 + 2 * QRT_ENTRY_SALT_BYTES + 1)

static uint8_t hex_digit(char c)
{
    return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static void encode_again(struct qrt_buf *out, const struct qrt_entry *entry)
{
    char actor[33];
    char origin[61];
    FUZZ_HOLDS(qrt_span_copy(actor, sizeof actor, entry->actor));
    FUZZ_HOLDS(qrt_span_copy(origin, sizeof origin, entry->origin));
    struct qrt_draft draft;
    qrt_draft_start(&draft, entry->event->id, actor);
    struct qrt_entry_cursor cursor = {0};
    while (qrt_entry_next(entry, &cursor)) {
        char key[33];
        QRT_BUF value = {0};
        FUZZ_HOLDS(qrt_span_copy(key, sizeof key, cursor.key));
        qrt_span_unescape(&value, cursor.value);
        FUZZ_HOLDS(value.len_bytes > 0 && strlen(qrt_buf_str(&value)) == value.len_bytes);
        qrt_draft_text(&draft, key, qrt_buf_str(&value));
    }
    uint8_t salt[QRT_ENTRY_SALT_BYTES];
    const char *hex = entry->text.data + entry->text.len_bytes - SALT_LINE_BYTES + 5;
    for (size_t i = 0; i < sizeof salt; i++) {
        salt[i] = (uint8_t)(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
    }
    struct qrt_place place = {origin, entry->index, entry->epoch, entry->time_unix_s};
    FUZZ_HOLDS(qrt_entry_encode(out, &draft, &place, salt, NULL) == QRT_OK);
    qrt_draft_free(&draft);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len_bytes)
{
    struct qrt_entry entry;
    struct qrt_err err;
    if (qrt_entry_parse(&entry, (const char *)data, len_bytes, &err) != QRT_OK) {
        return 0;
    }
    QRT_BUF again = {0};
    encode_again(&again, &entry);
    FUZZ_HOLDS(again.len_bytes == len_bytes && memcmp(again.data, data, len_bytes) == 0);
    return 0;
}
