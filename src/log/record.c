#include "log/record.h"

#include "base/text.h"
#include "log/keystate.h"
#include <stdlib.h>
#include <string.h>

void qrt_record_free(struct qrt_record *record)
{
    free(record->entries);
    free(record->documents);
    free(record->later);
    *record = (struct qrt_record){0};
}

static void write_span(struct qrt_buf *out, const void *bytes, size_t len_bytes)
{
    qrt_buf_u32(out, (uint32_t)len_bytes);
    qrt_buf_add(out, bytes, len_bytes);
}

/* Absent where there is none. */
static void write_later(struct qrt_buf *out, const struct qrt_record *record)
{
    if (record->later_len > 0) {
        qrt_buf_u8(out, (uint8_t)record->later_len);
    }
    for (size_t i = 0; i < record->later_len; i++) {
        const struct qrt_later *later = &record->later[i];
        qrt_buf_u8(out, later->shown ? 1 : 0);
        qrt_buf_u8(out, (uint8_t)strlen(later->person));
        qrt_buf_text(out, later->person);
        qrt_buf_add(out, later->bytes, sizeof later->bytes);
    }
}

enum qrt_code qrt_record_encode(struct qrt_buf *out, const struct qrt_record *record,
                                struct qrt_err *err)
{
    if (record->entries_len > QRT_COMMIT_MAX_ENTRIES ||
        record->documents_len > QRT_COMMIT_MAX_DOCUMENTS ||
        record->later_len > QRT_COMMIT_MAX_LATER) {
        return qrt_fail(err, QRT_E_RANGE,
                        "a commit of %zu entries, %zu documents and %zu later cosignatures is too "
                        "large",
                        record->entries_len, record->documents_len, record->later_len);
    }
    qrt_buf_u64(out, record->epoch);
    write_span(out, record->checkpoint.data, record->checkpoint.len_bytes);
    write_span(out, record->cosignatures.data, record->cosignatures.len_bytes);
    qrt_buf_u16(out, (uint16_t)record->entries_len);
    for (size_t i = 0; i < record->entries_len; i++) {
        write_span(out, record->entries[i].data, record->entries[i].len_bytes);
    }
    qrt_buf_u16(out, (uint16_t)record->documents_len);
    for (size_t i = 0; i < record->documents_len; i++) {
        const struct qrt_document *document = &record->documents[i];
        qrt_buf_u8(out, (uint8_t)strlen(document->kind));
        qrt_buf_text(out, document->kind);
        write_span(out, document->data, document->len_bytes);
    }
    write_later(out, record);
    if (out->len_bytes > QRT_COMMIT_MAX_BYTES) {
        return qrt_fail(err, QRT_E_RANGE, "a commit of %zu bytes is larger than %d", out->len_bytes,
                        QRT_COMMIT_MAX_BYTES);
    }
    return qrt_buf_check(out, err);
}

static struct qrt_span read_span(struct qrt_reader *reader)
{
    size_t len = qrt_read_u32(reader);
    const uint8_t *view = qrt_read_view(reader, len);
    return (struct qrt_span){(const char *)view, view == NULL ? 0 : len};
}

static bool read_entries(struct qrt_record *record, bool *no_memory, struct qrt_reader *reader)
{
    size_t n = qrt_read_u16(reader);
    record->entries = calloc(n + 1, sizeof *record->entries);
    if (record->entries == NULL) {
        *no_memory = true;
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        record->entries[i] = read_span(reader);
    }
    record->entries_len = n;
    return n > 0;
}

static bool read_documents(struct qrt_record *record, bool *no_memory, struct qrt_reader *reader)
{
    size_t n = qrt_read_u16(reader);
    record->documents = calloc(n + 1, sizeof *record->documents);
    if (record->documents == NULL) {
        *no_memory = true;
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        struct qrt_document *document = &record->documents[i];
        size_t kind_len = qrt_read_u8(reader);
        struct qrt_span kind = {(const char *)qrt_read_view(reader, kind_len), kind_len};
        struct qrt_span body = read_span(reader);
        if (reader->failed || !qrt_span_copy(document->kind, sizeof document->kind, kind)) {
            return false;
        }
        document->data = (const uint8_t *)body.data;
        document->len_bytes = body.len_bytes;
    }
    record->documents_len = n;
    return true;
}

static bool read_later(struct qrt_record *record, bool *no_memory, struct qrt_reader *reader)
{
    if (qrt_reader_done(reader)) {
        return true;
    }
    size_t n = qrt_read_u8(reader);
    record->later = calloc(n + 1, sizeof *record->later);
    if (record->later == NULL) {
        *no_memory = true;
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        struct qrt_later *later = &record->later[i];
        unsigned shown = qrt_read_u8(reader);
        size_t id_len = qrt_read_u8(reader);
        struct qrt_span id = {(const char *)qrt_read_view(reader, id_len), id_len};
        qrt_read_bytes(reader, later->bytes, sizeof later->bytes);
        if (reader->failed || shown > 1 ||
            !qrt_span_copy(later->person, sizeof later->person, id) ||
            !qrt_text_is_id(later->person)) {
            return false;
        }
        later->shown = shown == 1;
    }
    record->later_len = n;
    return n > 0 && n <= QRT_COMMIT_MAX_LATER;
}

enum qrt_code qrt_record_decode(struct qrt_record *record, const uint8_t *bytes, size_t len_bytes,
                                struct qrt_err *err)
{
    struct qrt_reader reader = qrt_reader_of(bytes, len_bytes);
    *record = (struct qrt_record){.epoch = qrt_read_u64(&reader)};
    record->checkpoint = read_span(&reader);
    record->cosignatures = read_span(&reader);
    bool no_memory = false;
    if (!read_entries(record, &no_memory, &reader) ||
        !read_documents(record, &no_memory, &reader) || !read_later(record, &no_memory, &reader) ||
        !qrt_reader_done(&reader)) {
        qrt_record_free(record);
        if (no_memory) {
            return qrt_fail(err, QRT_E_NOMEM, "the commit record in %s", QRT_KEYSTATE_FILE);
        }
        return qrt_fail(err, QRT_E_TAMPERED, "%s: its commit record is not in its format",
                        QRT_KEYSTATE_FILE);
    }
    return QRT_OK;
}
