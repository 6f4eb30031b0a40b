#include "log/export_parts.h"

#include "log/entry_json.h"
#include "log/tree.h"
#include <stdio.h>
#include <string.h>

void qrt_export_chain_path(char out[static QRT_EXPORT_PATH_BYTES], uint64_t epoch)
{
    snprintf(out, QRT_EXPORT_PATH_BYTES, QRT_EXPORT_CHAIN "%llu", (unsigned long long)epoch);
}

void qrt_derived_free(struct qrt_derived *derived)
{
    qrt_buf_free(&derived->people);
    qrt_buf_free(&derived->line);
}

/* A vkey is a value without spaces and escapes: the last word of a `person`. A
 * badge that is named again has its line already. */
static void add_vkey(struct qrt_buf *people, struct qrt_span value)
{
    const char *space = memrchr(value.data, ' ', value.len_bytes);
    size_t skip = space == NULL ? 0 : (size_t)(space + 1 - value.data);
    if (value.len_bytes - skip == 1 && value.data[skip] == '-') {
        return; /* somebody without a badge, in the genesis of a successor */
    }
    size_t before = people->len_bytes;
    struct qrt_reader reader = qrt_reader_of(value.data, value.len_bytes);
    qrt_read_view(&reader, skip);
    qrt_buf_add(people, qrt_read_view(&reader, value.len_bytes - skip), value.len_bytes - skip);
    qrt_buf_text(people, "\n");
    reader = qrt_reader_of(people->data, before);
    size_t chars;
    const char *line;
    while ((line = qrt_read_line(&reader, &chars)) != NULL) {
        if (chars == value.len_bytes - skip &&
            memcmp(line, space == NULL ? value.data : space + 1, chars) == 0) {
            people->len_bytes = before;
            return;
        }
    }
}

static void add_people(struct qrt_buf *people, const struct qrt_entry *entry)
{
    struct qrt_entry_cursor cursor = {0};
    const char *key = entry->event->id == QRT_EV_GENESIS        ? "person"
                      : entry->event->id == QRT_EV_BADGE_ISSUED ? "vkey"
                                                                : NULL;
    while (key != NULL && qrt_entry_next(entry, &cursor)) {
        if (qrt_span_is(cursor.key, key)) {
            add_vkey(people, cursor.value);
        }
    }
}

enum qrt_code qrt_derived_add(struct qrt_derived *derived, struct qrt_span body,
                              const struct qrt_entry *entry, const struct qrt_tile_sink *tiles,
                              struct qrt_err *err)
{
    uint8_t leaf[QRT_HASH_BYTES];
    qrt_tree_leaf(leaf, body.data, body.len_bytes);
    enum qrt_code code = qrt_tiles_add(&derived->tiles, leaf, tiles, err);
    derived->line.len_bytes = 0;
    if (code == QRT_OK && entry != NULL) {
        add_people(&derived->people, entry);
        code = qrt_entry_json_line(&derived->line, entry, err);
    }
    return code == QRT_OK ? qrt_buf_check(&derived->people, err) : code;
}
