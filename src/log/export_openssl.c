#include "log/export_parts.h"

#include <stdio.h>
#include <string.h>

/* SubjectPublicKeyInfo of an Ed25519 key (RFC 8410), before the key itself. */
static const uint8_t ed25519_head[] = {0x30, 0x2A, 0x30, 0x05, 0x06, 0x03,
                                       0x2B, 0x65, 0x70, 0x03, 0x21, 0x00};

static void add_pem(struct qrt_buf *out, const uint8_t key[static QRT_PUBLIC_BYTES])
{
    uint8_t der[sizeof ed25519_head + QRT_PUBLIC_BYTES];
    struct qrt_writer writer = qrt_writer_of(der, sizeof der);
    qrt_write_bytes(&writer, ed25519_head, sizeof ed25519_head);
    qrt_write_bytes(&writer, key, QRT_PUBLIC_BYTES);
    qrt_buf_text(out, "-----BEGIN PUBLIC KEY-----\n");
    qrt_base64_add(out, der, sizeof der);
    qrt_buf_text(out, "\n-----END PUBLIC KEY-----\n");
}

static enum qrt_code put(const struct qrt_file_sink *sink, const char *stem, const char *ending,
                         const void *bytes, size_t len_bytes, struct qrt_err *err)
{
    char path[QRT_EXPORT_PATH_BYTES];
    snprintf(path, sizeof path, QRT_EXPORT_OPENSSL_IN "%s.%s", stem, ending);
    return sink->file(sink->ctx, path, bytes, len_bytes, err);
}

/* The three files of a key's signature, if it has one. */
static enum qrt_code put_signature(const struct qrt_file_sink *sink, const char *stem,
                                   const struct qrt_note *note, const struct qrt_vkey *vkey,
                                   struct qrt_err *err)
{
    struct qrt_signatures found = {0};
    QRT_BUF pem = {0};
    if (!qrt_note_verify_later(note, vkey, &found)) {
        return QRT_OK;
    }
    enum qrt_code code = qrt_buf_check(&found.bytes, err);
    add_pem(&pem, vkey->key);
    if (code == QRT_OK) {
        code = qrt_buf_check(&pem, err);
    }
    if (code == QRT_OK) {
        code = put(sink, stem, "message", found.bytes.data, found.list[0].message_bytes, err);
    }
    if (code == QRT_OK) {
        code = put(sink, stem, "signature", found.list[0].signature, QRT_SIGNATURE_BYTES, err);
    }
    if (code == QRT_OK) {
        code = put(sink, stem, "pem", pem.data, pem.len_bytes, err);
    }
    qrt_signatures_free(&found);
    return code;
}

enum qrt_code qrt_export_openssl(const struct qrt_file_sink *sink, const struct qrt_buf *text,
                                 const char *origin, const uint8_t log_key[static QRT_PUBLIC_BYTES],
                                 const struct qrt_buf *people, struct qrt_err *err)
{
    struct qrt_note note;
    struct qrt_vkey vkey;
    enum qrt_code code = qrt_note_parse(&note, qrt_buf_str(text), text->len_bytes, err);
    if (code == QRT_OK) {
        code = qrt_vkey_make(&vkey, origin, QRT_KEY_TYPE_LOG, log_key, err);
    }
    if (code == QRT_OK) {
        code = put_signature(sink, "log", &note, &vkey, err);
    }
    struct qrt_reader reader = qrt_reader_of(people->data, people->len_bytes);
    size_t chars;
    const char *line;
    while (code == QRT_OK && (line = qrt_read_line(&reader, &chars)) != NULL) {
        const char *slash =
            qrt_vkey_parse(&vkey, line, chars, NULL) == QRT_OK ? strrchr(vkey.name, '/') : NULL;
        if (slash != NULL && vkey.type == QRT_KEY_TYPE_COSIGN) {
            char stem[QRT_KEY_NAME_MAX_CHARS + 16];
            snprintf(stem, sizeof stem, "%s+%08x", slash + 1, vkey.id);
            code = put_signature(sink, stem, &note, &vkey, err);
        }
    }
    return code;
}
