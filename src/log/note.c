#include "log/note.h"

#include "base/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_BYTES  (1 + QRT_PUBLIC_BYTES) /* type || public key */
#define KEY_CHARS  44
#define ID_BYTES   4
#define ID_CHARS   8
#define TIME_BYTES 8
#define DASH       "\xE2\x80\x94 " /* an em dash and a space */
#define DASH_BYTES (sizeof DASH - 1)
#define COSIGN_TAG "cosignature/v1\ntime "
#define COSIGN_MAX (sizeof COSIGN_TAG + 20 + QRT_NOTE_TEXT_MAX_BYTES)
#define BLANK_LINE "\n\n"

/* ---- verifier keys ---- */

static uint32_t key_id(const char *name, enum qrt_key_type type,
                       const uint8_t key[static QRT_PUBLIC_BYTES])
{
    uint8_t text[QRT_KEY_NAME_MAX_CHARS + 1 + KEY_BYTES];
    uint8_t hash[QRT_HASH_BYTES];
    struct qrt_writer writer = qrt_writer_of(text, sizeof text);
    qrt_write_text(&writer, name);
    qrt_write_text(&writer, "\n");
    qrt_write_u8(&writer, (uint8_t)type);
    qrt_write_bytes(&writer, key, QRT_PUBLIC_BYTES);
    qrt_sha256(hash, text, writer.len_bytes);
    struct qrt_reader reader = qrt_reader_of(hash, sizeof hash);
    return qrt_read_u32(&reader);
}

static bool is_key_name(const char *name)
{
    return qrt_text_is_name(name, "./_-", QRT_KEY_NAME_MAX_CHARS);
}

enum qrt_code qrt_vkey_make(struct qrt_vkey *vkey, const char *name, enum qrt_key_type type,
                            const uint8_t key[static QRT_PUBLIC_BYTES], struct qrt_err *err)
{
    if (strlen(name) > QRT_KEY_NAME_MAX_CHARS) {
        return qrt_fail(err, QRT_E_RANGE, "a key name is longer than %d characters",
                        QRT_KEY_NAME_MAX_CHARS);
    }
    if (!is_key_name(name)) {
        return qrt_fail(err, QRT_E_FORMAT, "no key name");
    }
    *vkey = (struct qrt_vkey){.id = key_id(name, type, key), .type = type};
    memcpy(vkey->name, name, strlen(name));
    memcpy(vkey->key, key, QRT_PUBLIC_BYTES);
    return QRT_OK;
}

/* Copies a key name and ends it; false if it is none. */
static bool copy_name(char out[static QRT_KEY_NAME_MAX_CHARS + 1], const char *name, size_t chars)
{
    if (chars > QRT_KEY_NAME_MAX_CHARS || memchr(name, '\0', chars) != NULL) {
        return false;
    }
    memcpy(out, name, chars);
    out[chars] = '\0';
    return is_key_name(out);
}

static enum qrt_code bad_vkey(struct qrt_err *err, const char *why)
{
    return qrt_fail(err, QRT_E_FORMAT, "verifier key: %s", why);
}

enum qrt_code qrt_vkey_parse(struct qrt_vkey *vkey, const char *text, size_t len_bytes,
                             struct qrt_err *err)
{
    const size_t behind_name = 1 + ID_CHARS + 1 + KEY_CHARS;
    if (len_bytes <= behind_name || len_bytes > QRT_VKEY_MAX_CHARS) {
        return bad_vkey(err, "another length");
    }
    struct qrt_reader reader = qrt_reader_of(text, len_bytes);
    size_t name_chars = len_bytes - behind_name;
    const char *name = (const char *)qrt_read_view(&reader, name_chars);
    uint8_t plus = qrt_read_u8(&reader);
    const char *id = (const char *)qrt_read_view(&reader, ID_CHARS);
    uint8_t plus_too = qrt_read_u8(&reader);
    const char *key = (const char *)qrt_read_view(&reader, KEY_CHARS);
    uint8_t id_bytes[ID_BYTES];
    uint8_t key_bytes[KEY_BYTES];
    size_t n;
    if (!copy_name(vkey->name, name, name_chars) || plus != '+' || plus_too != '+') {
        return bad_vkey(err, "not name+id+key");
    }
    if (!qrt_text_unhex(id_bytes, ID_BYTES, id, ID_CHARS)) {
        return bad_vkey(err, "an id is 8 lower-case hex digits");
    }
    if (!qrt_base64_decode(key_bytes, sizeof key_bytes, &n, key, KEY_CHARS) || n != KEY_BYTES) {
        return bad_vkey(err, "no canonical base64 of a key");
    }
    if (key_bytes[0] != QRT_KEY_TYPE_LOG && key_bytes[0] != QRT_KEY_TYPE_COSIGN) {
        return bad_vkey(err, "an unknown type");
    }
    vkey->type = (enum qrt_key_type)key_bytes[0];
    memcpy(vkey->key, key_bytes + 1, QRT_PUBLIC_BYTES);
    struct qrt_reader id_reader = qrt_reader_of(id_bytes, sizeof id_bytes);
    vkey->id = qrt_read_u32(&id_reader);
    if (vkey->id != key_id(vkey->name, vkey->type, vkey->key)) {
        return bad_vkey(err, "the id is not that of this name and key");
    }
    return QRT_OK;
}

void qrt_vkey_format(char out[static QRT_VKEY_MAX_CHARS + 1], const struct qrt_vkey *vkey)
{
    uint8_t key[KEY_BYTES] = {(uint8_t)vkey->type};
    memcpy(key + 1, vkey->key, QRT_PUBLIC_BYTES);
    char key_text[KEY_CHARS + 1];
    qrt_base64_encode(key_text, key, sizeof key);
    snprintf(out, QRT_VKEY_MAX_CHARS + 1, "%s+%08x+%s", vkey->name, vkey->id, key_text);
}

/* ---- checkpoints ---- */

void qrt_checkpoint_format(struct qrt_buf *out, const struct qrt_checkpoint *checkpoint)
{
    qrt_buf_printf(out, "%s\n%llu\n", checkpoint->origin, (unsigned long long)checkpoint->size);
    qrt_base64_add(out, checkpoint->root, QRT_HASH_BYTES);
    qrt_buf_text(out, "\n");
}

/* A view of the next line, without its LF; NULL if there is none. */
static const char *next_line(struct qrt_reader *reader, size_t *chars)
{
    const uint8_t *start = reader->data + reader->at;
    const uint8_t *end = memchr(start, '\n', qrt_reader_left(reader));
    if (end == NULL) {
        return NULL;
    }
    *chars = (size_t)(end - start);
    return (const char *)qrt_read_view(reader, *chars + 1);
}

enum qrt_code qrt_checkpoint_parse(struct qrt_checkpoint *checkpoint, const char *text,
                                   size_t len_bytes, struct qrt_err *err)
{
    struct qrt_reader reader = qrt_reader_of(text, len_bytes);
    size_t origin_chars = 0;
    size_t size_chars = 0;
    size_t root_chars = 0;
    size_t n;
    const char *origin = next_line(&reader, &origin_chars);
    const char *size = next_line(&reader, &size_chars);
    const char *root = next_line(&reader, &root_chars);
    if (root == NULL || !qrt_reader_done(&reader)) {
        return qrt_fail(err, QRT_E_FORMAT, "checkpoint: not three lines");
    }
    if (origin_chars > QRT_ORIGIN_MAX_CHARS || memchr(origin, '\0', origin_chars) != NULL) {
        return qrt_fail(err, QRT_E_FORMAT, "checkpoint: no origin");
    }
    memcpy(checkpoint->origin, origin, origin_chars);
    checkpoint->origin[origin_chars] = '\0';
    if (!qrt_text_is_origin(checkpoint->origin)) {
        return qrt_fail(err, QRT_E_FORMAT, "checkpoint: no origin");
    }
    if (!qrt_text_u64(size, size_chars, INT64_MAX, &checkpoint->size) || checkpoint->size == 0) {
        return qrt_fail(err, QRT_E_FORMAT, "checkpoint: no size");
    }
    if (!qrt_base64_decode(checkpoint->root, QRT_HASH_BYTES, &n, root, root_chars) ||
        n != QRT_HASH_BYTES) {
        return qrt_fail(err, QRT_E_FORMAT, "checkpoint: no root");
    }
    return QRT_OK;
}

/* ---- notes ---- */

static enum qrt_code bad_note(struct qrt_err *err, const char *why)
{
    return qrt_fail(err, QRT_E_FORMAT, "note: %s", why);
}

static bool is_plain(const char *text, size_t len_bytes)
{
    for (size_t i = 0; i < len_bytes; i++) {
        if (text[i] != '\n' && (text[i] < 0x20 || text[i] > 0x7E)) {
            return false;
        }
    }
    return true;
}

/* `— name base64`, without the LF. */
static enum qrt_code parse_signature(struct qrt_note_signature *signature, const char *line,
                                     size_t chars, struct qrt_err *err)
{
    if (chars < DASH_BYTES || memcmp(line, DASH, DASH_BYTES) != 0) {
        return bad_note(err, "a line after the blank one that is no signature");
    }
    const char *name = line + DASH_BYTES;
    size_t left = chars - DASH_BYTES;
    const char *space = memchr(name, ' ', left);
    if (space == NULL || !copy_name(signature->name, name, (size_t)(space - name))) {
        return bad_note(err, "a signature without the name of a key");
    }
    uint8_t bytes[ID_BYTES + QRT_COSIGNATURE_BYTES];
    size_t n;
    if (!qrt_base64_decode(bytes, sizeof bytes, &n, space + 1, left - (size_t)(space + 1 - name))) {
        return bad_note(err, "a signature that is too long or no canonical base64");
    }
    if (n != ID_BYTES + QRT_SIGNATURE_BYTES && n != ID_BYTES + QRT_COSIGNATURE_BYTES) {
        return bad_note(err, "a signature of a wrong length");
    }
    struct qrt_reader reader = qrt_reader_of(bytes, n);
    signature->id = qrt_read_u32(&reader);
    signature->len_bytes = n - ID_BYTES;
    qrt_read_bytes(&reader, signature->bytes, signature->len_bytes);
    return QRT_OK;
}

enum qrt_code qrt_note_parse(struct qrt_note *note, const char *text, size_t len_bytes,
                             struct qrt_err *err)
{
    if (len_bytes > QRT_NOTE_MAX_BYTES) {
        return bad_note(err, "too long");
    }
    const char *blank = memmem(text, len_bytes, BLANK_LINE, 2);
    if (blank == NULL) {
        return bad_note(err, "no blank line");
    }
    note->text = text;
    note->text_len_bytes = (size_t)(blank - text) + 1;
    note->signatures_len = 0;
    if (note->text_len_bytes > QRT_NOTE_TEXT_MAX_BYTES) {
        return bad_note(err, "a text too long for a checkpoint");
    }
    if (!is_plain(text, note->text_len_bytes)) {
        return bad_note(err, "a byte that is no printable ASCII");
    }
    struct qrt_reader reader = qrt_reader_of(text, len_bytes);
    qrt_read_view(&reader, note->text_len_bytes + 1);
    if (qrt_reader_done(&reader)) {
        return bad_note(err, "no signature");
    }
    while (!qrt_reader_done(&reader)) {
        size_t chars = 0;
        const char *line = next_line(&reader, &chars);
        if (line == NULL) {
            return bad_note(err, "cut short");
        }
        if (note->signatures_len == QRT_NOTE_MAX_SIGNATURES) {
            return bad_note(err, "more than 64 signatures");
        }
        enum qrt_code code =
            parse_signature(&note->signatures[note->signatures_len++], line, chars, err);
        if (code != QRT_OK) {
            return code;
        }
    }
    return QRT_OK;
}

void qrt_note_add_signature(struct qrt_buf *note, const struct qrt_vkey *vkey, const uint8_t *bytes,
                            size_t len_bytes)
{
    uint8_t all[ID_BYTES + QRT_COSIGNATURE_BYTES];
    struct qrt_writer writer = qrt_writer_of(all, sizeof all);
    qrt_write_u32(&writer, vkey->id);
    qrt_write_bytes(&writer, bytes, len_bytes);
    note->failed |= writer.failed;
    qrt_buf_printf(note, DASH "%s ", vkey->name);
    qrt_base64_add(note, all, writer.len_bytes);
    qrt_buf_text(note, "\n");
}

/* ---- signing and verifying ---- */

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

bool qrt_note_verify_later(const struct qrt_note *note, const struct qrt_vkey *vkey,
                           struct qrt_signatures *later)
{
    struct signed_part part;
    const struct qrt_note_signature *line = find_line(note, vkey);
    if (line == NULL || !signed_part(&part, note, line, vkey->type)) {
        return false;
    }
    if (later->len == later->capacity) {
        size_t capacity = later->capacity == 0 ? 64 : 2 * later->capacity;
        struct qrt_signature_due *list = reallocarray(later->list, capacity, sizeof *list);
        if (list == NULL) {
            later->bytes.failed = true;
            return true;
        }
        later->list = list;
        later->capacity = capacity;
    }
    struct qrt_signature_due *due = &later->list[later->len++];
    *due = (struct qrt_signature_due){.index = later->index,
                                      .epoch = later->epoch,
                                      .message_at = later->bytes.len_bytes,
                                      .message_bytes = part.len_bytes};
    memcpy(due->key, vkey->key, sizeof due->key);
    memcpy(due->signature, part.signature, sizeof due->signature);
    qrt_buf_add(&later->bytes, part.message, part.len_bytes);
    due->name_at = later->bytes.len_bytes;
    qrt_buf_add(&later->bytes, vkey->name, strlen(vkey->name) + 1);
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
