#include "log/note.h"

#include "base/text.h"
#include <stdio.h>
#include <string.h>

#define KEY_BYTES  (1 + QRT_PUBLIC_BYTES) /* type || public key */
#define KEY_CHARS  44
#define ID_BYTES   4
#define ID_CHARS   8
#define DASH       "\xE2\x80\x94 " /* an em dash and a space */
#define DASH_BYTES (sizeof DASH - 1)
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

enum qrt_code qrt_checkpoint_parse(struct qrt_checkpoint *checkpoint, const char *text,
                                   size_t len_bytes, struct qrt_err *err)
{
    struct qrt_reader reader = qrt_reader_of(text, len_bytes);
    size_t origin_chars = 0;
    size_t size_chars = 0;
    size_t root_chars = 0;
    size_t n;
    const char *origin = qrt_read_line(&reader, &origin_chars);
    const char *size = qrt_read_line(&reader, &size_chars);
    const char *root = qrt_read_line(&reader, &root_chars);
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
        const char *line = qrt_read_line(&reader, &chars);
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
