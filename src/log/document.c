#include "log/log.h"

#include <string.h>

static enum qrt_code decode_pending(struct qrt_log *log, struct qrt_record *record,
                                    struct qrt_err *err)
{
    *record = (struct qrt_record){0};
    return log->pending
               ? qrt_record_decode(record, log->key.record.data, log->key.record.len_bytes, err)
               : QRT_OK;
}

enum qrt_code qrt_log_document(struct qrt_log *log, const uint8_t digest[static QRT_HASH_BYTES],
                               struct qrt_buf *out, struct qrt_err *err)
{
    QRT_STATEMENT *find = NULL;
    enum qrt_code code =
        qrt_db_prepare(&find, log->db, "SELECT body FROM document WHERE digest = ?1", err);
    if (code != QRT_OK) {
        return code;
    }
    sqlite3_bind_blob(find, 1, digest, QRT_HASH_BYTES, SQLITE_STATIC);
    int rc = sqlite3_step(find);
    if (rc != SQLITE_ROW) {
        return rc == SQLITE_DONE ? qrt_fail(err, QRT_E_NOT_FOUND, "a document of the vault")
                                 : qrt_db_fail(log->db, "reading a document", err);
    }
    size_t len = (size_t)sqlite3_column_bytes(find, 0);
    uint8_t have[QRT_HASH_BYTES];
    qrt_sha256(have, sqlite3_column_blob(find, 0), len);
    if (memcmp(have, digest, sizeof have) != 0) {
        return qrt_fail(err, QRT_E_TAMPERED, "a document is not the one that the log names");
    }
    qrt_buf_add(out, sqlite3_column_blob(find, 0), len);
    return qrt_buf_check(out, err);
}

enum qrt_code qrt_log_each_document(struct qrt_log *log, const char *kind,
                                    bool (*each)(void *ctx, const uint8_t *data, size_t len_bytes),
                                    void *ctx, struct qrt_err *err)
{
    __attribute__((cleanup(qrt_record_free))) struct qrt_record record;
    enum qrt_code code = decode_pending(log, &record, err);
    if (code != QRT_OK) {
        return code;
    }
    for (size_t i = 0; i < record.documents_len; i++) {
        const struct qrt_document *document = &record.documents[i];
        if (strcmp(document->kind, kind) == 0 && !each(ctx, document->data, document->len_bytes)) {
            return QRT_OK;
        }
    }
    if (log->db == NULL) {
        return QRT_OK;
    }
    QRT_STATEMENT *find = NULL;
    code = qrt_db_prepare(&find, log->db, "SELECT body FROM document WHERE kind = ?1", err);
    if (code != QRT_OK) {
        return code;
    }
    sqlite3_bind_text(find, 1, kind, -1, SQLITE_STATIC);
    int rc;
    while ((rc = sqlite3_step(find)) == SQLITE_ROW) {
        if (!each(ctx, sqlite3_column_blob(find, 0), (size_t)sqlite3_column_bytes(find, 0))) {
            return QRT_OK;
        }
    }
    return rc == SQLITE_DONE ? QRT_OK : qrt_db_fail(log->db, "reading documents", err);
}
