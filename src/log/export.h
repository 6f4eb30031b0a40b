/* A log as static files that anyone can verify (docs/formats/export.md).
 * Everything here is public. */
#ifndef QRT_LOG_EXPORT_H
#define QRT_LOG_EXPORT_H

#include "log/log.h"
#include <quorate/err.h>

enum qrt_export_flags {
    QRT_EXPORT_OPENSSL = 1, /* the last checkpoint's signatures, for openssl pkeyutl */
};

struct qrt_export_result {
    uint64_t entries;
    uint64_t epochs;
    uint64_t files;
    uint64_t bytes;
};

/* Writes the log of a database that is open, and whose log is without fault,
 * into the directory `dir`, which must be absent or empty. All files are new
 * and durable when this returns QRT_OK; SHA256SUMS is the last, so that one
 * that was interrupted has none. The views are filled again. QRT_E_EXISTS,
 * QRT_E_TAMPERED if there is a fault after all, QRT_E_IO, QRT_E_NOMEM,
 * QRT_E_INTERRUPTED. */
enum qrt_code qrt_export_write(struct qrt_export_result *result, struct qrt_log *log,
                               const char *dir, unsigned flags, struct qrt_err *err) QRT_MUST_USE;

/* Reads an export strictly, replays it into the views, and holds every file
 * against the entries. Each fault is added, with its index or with its file
 * and byte; so is what breaks the views' rules. The progress may be NULL. *log, of
 * which log->successors is kept, then holds what was counted, and is to be closed; it
 * has no database. Returns QRT_OK even with faults; QRT_E_NOT_FOUND, QRT_E_IO,
 * QRT_E_RANGE (too long a chain), QRT_E_NOMEM. */
enum qrt_code qrt_export_read(struct qrt_log *log, const char *dir, const struct qrt_views *views,
                              struct qrt_progress *progress, struct qrt_faults *faults,
                              struct qrt_err *err) QRT_MUST_USE;

#endif
