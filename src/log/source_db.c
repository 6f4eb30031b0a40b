#include "log/source.h"

#include <string.h>

void qrt_db_source_close(struct qrt_db_source *rows)
{
    qrt_db_finalize(&rows->entries);
    qrt_db_finalize(&rows->checkpoints);
    qrt_db_finalize(&rows->cosignatures);
    qrt_buf_free(&rows->later);
    *rows = (struct qrt_db_source){0};
}

static enum qrt_code next_cosignature(struct qrt_db_source *rows, struct qrt_err *err)
{
    int rc = sqlite3_step(rows->cosignatures);
    rows->cosignature_waits = rc == SQLITE_ROW;
    return rc == SQLITE_ROW || rc == SQLITE_DONE
               ? QRT_OK
               : qrt_db_fail(rows->db, "reading its cosignatures", err);
}

enum qrt_code qrt_db_source_open(struct qrt_db_source *rows, sqlite3 *db,
                                 const struct qrt_views *views, struct qrt_err *err)
{
    *rows = (struct qrt_db_source){.db = db, .views = views};
    enum qrt_code code;
    if ((code = qrt_db_prepare(&rows->entries, db,
                               "SELECT idx, epoch, body FROM log_entry ORDER BY idx", err)) !=
            QRT_OK ||
        (code = qrt_db_prepare(&rows->checkpoints, db,
                               "SELECT epoch, size, note FROM log_checkpoint ORDER BY epoch",
                               err)) != QRT_OK ||
        (code = qrt_db_prepare(&rows->cosignatures, db,
                               "SELECT epoch, person, signature FROM log_cosignature "
                               "ORDER BY epoch, person",
                               err)) != QRT_OK) {
        return code;
    }
    return next_cosignature(rows, err);
}

static struct qrt_span blob_of(sqlite3_stmt *row, int column)
{
    const char *data = sqlite3_column_blob(row, column);
    return (struct qrt_span){data, (size_t)sqlite3_column_bytes(row, column)};
}

static enum qrt_code next_entry(void *ctx, struct qrt_entry_row *row, bool *found,
                                struct qrt_err *err)
{
    struct qrt_db_source *rows = ctx;
    int rc = sqlite3_step(rows->entries);
    *found = rc == SQLITE_ROW;
    if (!*found) {
        return rc == SQLITE_DONE ? QRT_OK : qrt_db_fail(rows->db, "reading its entries", err);
    }
    row->index = (uint64_t)sqlite3_column_int64(rows->entries, 0);
    row->epoch = (uint64_t)sqlite3_column_int64(rows->entries, 1);
    row->typed = sqlite3_column_type(rows->entries, 1) == SQLITE_INTEGER &&
                 sqlite3_column_type(rows->entries, 2) == SQLITE_BLOB;
    row->body = blob_of(rows->entries, 2);
    return QRT_OK;
}

/* A row that is no cosignature of anyone known makes no line: the comparison
 * of the tables names it. */
static void add_line(struct qrt_db_source *rows)
{
    struct qrt_vkey vkey;
    const char *person = (const char *)sqlite3_column_text(rows->cosignatures, 1);
    struct qrt_span signature = blob_of(rows->cosignatures, 2);
    if (person != NULL && signature.len_bytes == QRT_COSIGNATURE_BYTES &&
        rows->views->vkey != NULL && rows->views->vkey(rows->views->ctx, person, &vkey)) {
        qrt_note_add_signature(&rows->later, &vkey, (const uint8_t *)signature.data,
                               signature.len_bytes);
    }
}

static enum qrt_code add_lines(struct qrt_db_source *rows, uint64_t epoch, struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    rows->later.len_bytes = 0;
    while (code == QRT_OK && rows->cosignature_waits) {
        uint64_t of = (uint64_t)sqlite3_column_int64(rows->cosignatures, 0);
        if (of > epoch) {
            break;
        }
        if (of == epoch) {
            add_line(rows);
        }
        code = next_cosignature(rows, err);
    }
    return code == QRT_OK ? qrt_buf_check(&rows->later, err) : code;
}

static enum qrt_code next_checkpoint(void *ctx, struct qrt_checkpoint_row *row, bool *found,
                                     struct qrt_err *err)
{
    struct qrt_db_source *rows = ctx;
    int rc = sqlite3_step(rows->checkpoints);
    *found = rc == SQLITE_ROW;
    if (!*found) {
        return rc == SQLITE_DONE ? QRT_OK : qrt_db_fail(rows->db, "reading its checkpoints", err);
    }
    row->epoch = (uint64_t)sqlite3_column_int64(rows->checkpoints, 0);
    row->size = (uint64_t)sqlite3_column_int64(rows->checkpoints, 1);
    row->typed = sqlite3_column_type(rows->checkpoints, 1) == SQLITE_INTEGER &&
                 sqlite3_column_type(rows->checkpoints, 2) == SQLITE_BLOB;
    row->note = blob_of(rows->checkpoints, 2);
    enum qrt_code code = add_lines(rows, row->epoch, err);
    row->later = (struct qrt_span){(const char *)rows->later.data, rows->later.len_bytes};
    return code;
}

struct qrt_log_source qrt_db_source(struct qrt_db_source *rows)
{
    return (struct qrt_log_source){
        .ctx = rows, .next_entry = next_entry, .next_checkpoint = next_checkpoint};
}
