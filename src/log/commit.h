/* What the files of the log share: locking, and the parts of a commit that
 * opening needs to complete one. */
#ifndef QRT_LOG_COMMIT_H
#define QRT_LOG_COMMIT_H

#include "log/log.h"

/* Puts entries and their (co)signed checkpoint through the views' rules.
 * QRT_E_REFUSED for a broken one; the views are then of no more use. */
enum qrt_code qrt_commit_apply(struct qrt_log *log, const struct qrt_entry *entries,
                               size_t entries_len, uint64_t epoch, struct qrt_span checkpoint,
                               struct qrt_span cosignatures, struct qrt_err *err) QRT_MUST_USE;

/* Opens the vault's directory and locks it. QRT_E_NOT_FOUND, QRT_E_BUSY. */
enum qrt_code qrt_log_lock(struct qrt_log *log, const char *path, struct qrt_err *err) QRT_MUST_USE;

/* Makes the directory of a log whose first commit is still to come, with its
 * keys; one that continues another may find there what an interruption left. */
enum qrt_code qrt_log_begin(struct qrt_log *log, const char *path, const struct qrt_views *views,
                            bool continues, struct qrt_err *err) QRT_MUST_USE;

/* Steps 2 (unless the database has it) and 3 of a commit whose record stands
 * in `log.key`; the frontier is the one after it. */
enum qrt_code qrt_commit_finish(struct qrt_log *log, const struct qrt_record *record,
                                const struct qrt_frontier *frontier, bool in_database,
                                struct qrt_err *err) QRT_MUST_USE;

/* Step 2 (unless the database has it) and 3 of a later cosignature, the last
 * of the record's. */
enum qrt_code qrt_cosign_finish(struct qrt_log *log, const struct qrt_record *record,
                                bool in_database, struct qrt_err *err) QRT_MUST_USE;

/* Inserts the record's later cosignatures from the given one on. */
enum qrt_code qrt_cosign_insert(sqlite3 *db, const struct qrt_record *record, size_t from,
                                struct qrt_err *err) QRT_MUST_USE;

/* The line of a later cosignature; none, if nobody of that id has a badge. */
void qrt_cosign_line(struct qrt_buf *line, const struct qrt_log *log,
                     const struct qrt_later *later);
/* All of a record's into log->later, ascending by person. QRT_E_NOMEM. */
enum qrt_code qrt_cosign_remember(struct qrt_log *log, const struct qrt_record *record,
                                  struct qrt_err *err) QRT_MUST_USE;

#endif
