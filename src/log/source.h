/* Where a replay gets its rows from: a vault's database, or an export of it. */
#ifndef QRT_LOG_SOURCE_H
#define QRT_LOG_SOURCE_H

#include "log/db.h"
#include "log/entry.h"
#include "log/views.h"
#include <quorate/err.h>
#include <stdbool.h>

/* Rows are views: an entry's holds until the next entry is asked for, a
 * checkpoint's until the next checkpoint is. */
struct qrt_entry_row {
    uint64_t index;
    uint64_t epoch;
    struct qrt_span body;
    bool typed; /* the row's values are of the types that they must be */
};

struct qrt_checkpoint_row {
    uint64_t epoch;
    uint64_t size;
    struct qrt_span note;
    struct qrt_span later; /* signature lines that came after it, ascending by person; maybe none */
    bool typed;
};

/* Ascending by index and by epoch, whatever gaps there are. *found is false at
 * the end, *row then unspecified. Fails if it cannot be read: QRT_E_IO,
 * QRT_E_BUSY, QRT_E_NOMEM, or QRT_E_TAMPERED for a damaged image. The
 * checkpoint of an epoch is asked for when its last entry has gone to the
 * views. */
struct qrt_log_source {
    void *ctx;
    enum qrt_code (*next_entry)(void *ctx, struct qrt_entry_row *row, bool *found,
                                struct qrt_err *err);
    enum qrt_code (*next_checkpoint)(void *ctx, struct qrt_checkpoint_row *row, bool *found,
                                     struct qrt_err *err);
};

/* The rows of a database; a zeroed one is closed. */
struct qrt_db_source {
    sqlite3 *db;
    const struct qrt_views *views;
    sqlite3_stmt *entries;
    sqlite3_stmt *checkpoints;
    sqlite3_stmt *cosignatures;
    bool cosignature_waits; /* its cursor stands at a row not yet used */
    struct qrt_buf later;
};

/* Begins at the first rows; the views tell whose key a later cosignature is
 * of. Both must outlive *rows; close it also after a failure. */
enum qrt_code qrt_db_source_open(struct qrt_db_source *rows, sqlite3 *db,
                                 const struct qrt_views *views, struct qrt_err *err) QRT_MUST_USE;
void qrt_db_source_close(struct qrt_db_source *rows);
#define QRT_DB_SOURCE __attribute__((cleanup(qrt_db_source_close))) struct qrt_db_source

/* *rows as a source. */
struct qrt_log_source qrt_db_source(struct qrt_db_source *rows);

#endif
