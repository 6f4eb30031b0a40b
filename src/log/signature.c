#include "log/note.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIME_BYTES 8
#define COSIGN_TAG "cosignature/v1\ntime "
#define COSIGN_MAX (sizeof COSIGN_TAG + 20 + QRT_NOTE_TEXT_MAX_BYTES)

/* What a cosignature signs; its length, or 0 if the text is too long. */
static size_t cosigned(uint8_t out[static COSIGN_MAX], const char *text, size_t len_bytes,
                       uint64_t unix_s)
{
    char time[24];
    snprintf(time, sizeof time, "%llu\n", (unsigned long long)unix_s);
    struct qrt_writer writer = qrt_writer_of(out, COSIGN_MAX);
    qrt_write_text(&writer, COSIGN_TAG);
    qrt_write_text(&writer, time);
    qrt_write_bytes(&writer, text, len_bytes);
    return writer.failed ? 0 : writer.len_bytes;
}

void qrt_note_sign(uint8_t signature[static QRT_SIGNATURE_BYTES], const char *text,
                   size_t len_bytes, const uint8_t key[static QRT_SIGN_KEY_BYTES])
{
    qrt_sign(signature, text, len_bytes, key);
}

void qrt_note_cosign(uint8_t cosignature[static QRT_COSIGNATURE_BYTES], const char *text,
                     size_t len_bytes, int64_t unix_s, const uint8_t key[static QRT_SIGN_KEY_BYTES])
{
    uint8_t message[COSIGN_MAX];
    size_t n = cosigned(message, text, len_bytes, (uint64_t)unix_s);
    if (n == 0 || unix_s < 0) {
        abort(); /* no caller may come here: a signature of something else is worse */
    }
    struct qrt_writer writer = qrt_writer_of(cosignature, QRT_COSIGNATURE_BYTES);
    qrt_write_u64(&writer, (uint64_t)unix_s);
    qrt_sign(cosignature + TIME_BYTES, message, n, key);
}

/* A signature, and the bytes that it is of. */
struct signed_part {
    const uint8_t *signature;
    uint8_t message[COSIGN_MAX];
    size_t len_bytes;
    uint64_t time_unix_s; /* 0 of the log's own */
};

/* False for a line of another length, or a time that none of ours has. */
static bool signed_part(struct signed_part *part, const struct qrt_note *note,
                        const struct qrt_note_signature *line, enum qrt_key_type type)
{
    struct qrt_reader reader = qrt_reader_of(line->bytes, line->len_bytes);
    part->time_unix_s = type == QRT_KEY_TYPE_COSIGN ? qrt_read_u64(&reader) : 0;
    part->signature = qrt_read_view(&reader, QRT_SIGNATURE_BYTES);
    if (type == QRT_KEY_TYPE_COSIGN) {
        part->len_bytes =
            cosigned(part->message, note->text, note->text_len_bytes, part->time_unix_s);
    } else {
        struct qrt_writer writer = qrt_writer_of(part->message, sizeof part->message);
        qrt_write_bytes(&writer, note->text, note->text_len_bytes);
        part->len_bytes = writer.failed ? 0 : writer.len_bytes;
    }
    return qrt_reader_done(&reader) && part->time_unix_s <= INT64_MAX && part->len_bytes > 0;
}

/* The one line of this key by name and id; NULL if there is none, or a second. */
static const struct qrt_note_signature *find_line(const struct qrt_note *note,
                                                  const struct qrt_vkey *vkey)
{
    const struct qrt_note_signature *found = NULL;
    for (size_t i = 0; i < note->signatures_len; i++) {
        const struct qrt_note_signature *signature = &note->signatures[i];
        if (signature->id == vkey->id && strcmp(signature->name, vkey->name) == 0) {
            if (found != NULL) {
                return NULL;
            }
            found = signature;
        }
    }
    return found;
}

bool qrt_note_verify(const struct qrt_note *note, const struct qrt_vkey *vkey, int64_t *unix_s)
{
    struct signed_part part;
    const struct qrt_note_signature *line = find_line(note, vkey);
    if (line == NULL || !signed_part(&part, note, line, vkey->type) ||
        !qrt_sign_verify(part.signature, part.message, part.len_bytes, vkey->key)) {
        return false;
    }
    if (unix_s != NULL) {
        *unix_s = (int64_t)part.time_unix_s;
    }
    return true;
}

void qrt_signatures_add(struct qrt_signatures *later, uint64_t index, const struct qrt_vkey *vkey,
                        const uint8_t signature[static QRT_SIGNATURE_BYTES], const void *message,
                        size_t len_bytes, const char *fault)
{
    if (later->len == later->capacity) {
        size_t capacity = later->capacity == 0 ? 64 : 2 * later->capacity;
        struct qrt_signature_due *list = reallocarray(later->list, capacity, sizeof *list);
        if (list == NULL) {
            later->bytes.failed = true;
            return;
        }
        later->list = list;
        later->capacity = capacity;
    }
    struct qrt_signature_due *due = &later->list[later->len++];
    *due = (struct qrt_signature_due){.index = index,
                                      .epoch = later->epoch,
                                      .type = vkey->type,
                                      .message_at = later->bytes.len_bytes,
                                      .message_bytes = len_bytes,
                                      .fault = fault};
    memcpy(due->key, vkey->key, sizeof due->key);
    memcpy(due->signature, signature, sizeof due->signature);
    qrt_buf_add(&later->bytes, message, len_bytes);
    due->name_at = later->bytes.len_bytes;
    qrt_buf_add(&later->bytes, vkey->name, strlen(vkey->name) + 1);
}

bool qrt_note_verify_later(const struct qrt_note *note, const struct qrt_vkey *vkey,
                           struct qrt_signatures *later)
{
    struct signed_part part;
    const struct qrt_note_signature *line = find_line(note, vkey);
    if (line == NULL || !signed_part(&part, note, line, vkey->type)) {
        return false;
    }
    qrt_signatures_add(later, later->index, vkey, part.signature, part.message, part.len_bytes,
                       NULL);
    return true;
}

const char *qrt_signature_name(const struct qrt_signatures *signatures, size_t i)
{
    return (const char *)signatures->bytes.data + signatures->list[i].name_at;
}

bool qrt_signature_verify(const struct qrt_signatures *signatures, size_t i)
{
    const struct qrt_signature_due *due = &signatures->list[i];
    return qrt_sign_verify(due->signature, signatures->bytes.data + due->message_at,
                           due->message_bytes, due->key);
}

void qrt_signatures_free(struct qrt_signatures *signatures)
{
    free(signatures->list);
    qrt_buf_free(&signatures->bytes);
    *signatures = (struct qrt_signatures){0};
}
