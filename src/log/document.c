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
    if (log->db == NULL && log->predecessor != NULL) {
        return qrt_log_document(log->predecessor, digest, out, err);
    }
    enum qrt_code code =
        qrt_db_prepare(&find, log->db, "SELECT body FROM document WHERE digest = ?1", err);
    if (code != QRT_OK) {
        return code;
    }
    sqlite3_bind_blob(find, 1, digest, QRT_HASH_BYTES, SQLITE_STATIC);
    int rc = sqlite3_step(find);
    if (rc == SQLITE_DONE && log->predecessor != NULL) {
        return qrt_log_document(log->predecessor, digest, out, err);
    }
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

static enum qrt_code each_in_flight(struct qrt_log *log, const char *kind,
                                    bool (*each)(void *ctx, const uint8_t *data, size_t len_bytes),
                                    void *ctx, bool *goes_on, struct qrt_err *err)
{
    __attribute__((cleanup(qrt_record_free))) struct qrt_record record;
    enum qrt_code code = decode_pending(log, &record, err);
    for (size_t i = 0; code == QRT_OK && *goes_on && i < record.documents_len; i++) {
        const struct qrt_document *document = &record.documents[i];
        *goes_on =
            strcmp(document->kind, kind) != 0 || each(ctx, document->data, document->len_bytes);
    }
    return code;
}

static enum qrt_code each_in_database(sqlite3 *db, const char *kind,
                                      bool (*each)(void *ctx, const uint8_t *data,
                                                   size_t len_bytes),
                                      void *ctx, bool *goes_on, struct qrt_err *err)
{
    QRT_STATEMENT *find = NULL;
    enum qrt_code code =
        qrt_db_prepare(&find, db, "SELECT body FROM document WHERE kind = ?1", err);
    if (code != QRT_OK) {
        return code;
    }
    sqlite3_bind_text(find, 1, kind, -1, SQLITE_STATIC);
    int rc = SQLITE_DONE;
    while (*goes_on && (rc = sqlite3_step(find)) == SQLITE_ROW) {
        *goes_on = each(ctx, sqlite3_column_blob(find, 0), (size_t)sqlite3_column_bytes(find, 0));
    }
    return !*goes_on || rc == SQLITE_DONE ? QRT_OK : qrt_db_fail(db, "reading documents", err);
}

enum qrt_code qrt_log_each_document(struct qrt_log *log, const char *kind,
                                    bool (*each)(void *ctx, const uint8_t *data, size_t len_bytes),
                                    void *ctx, struct qrt_err *err)
{
    bool goes_on = true;
    enum qrt_code code = each_in_flight(log, kind, each, ctx, &goes_on, err);
    for (; code == QRT_OK && goes_on && log != NULL; log = log->predecessor) {
        code = log->db == NULL ? QRT_OK : each_in_database(log->db, kind, each, ctx, &goes_on, err);
    }
    return code;
}
