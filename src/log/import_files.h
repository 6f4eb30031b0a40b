/* The files of an export that is read, each known or not; faults of files. */
#ifndef QRT_LOG_IMPORT_FILES_H
#define QRT_LOG_IMPORT_FILES_H

#include "base/bytes.h"
#include "log/export_parts.h"
#include "log/views.h"
#include <quorate/err.h>

struct qrt_import_file {
    char *path;
    bool known;    /* one that an export of these entries has */
    bool too_long; /* and it was told: no more of it is read */
};

struct qrt_import {
    int dir_fd;                    /* -1: none is open */
    struct qrt_import_file *files; /* ascending by path */
    size_t len;
    size_t capacity;
    bool has_predecessor;      /* whose files are not among these */
    struct qrt_faults *faults; /* borrowed */
};

void qrt_import_free(struct qrt_import *import);
#define QRT_IMPORT __attribute__((cleanup(qrt_import_free))) struct qrt_import

/* Lists the directory whole; what is no regular file is a fault. QRT_E_NOT_FOUND,
 * QRT_E_IO, QRT_E_NOMEM. */
enum qrt_code qrt_import_open(struct qrt_import *import, const char *dir, struct qrt_faults *faults,
                              struct qrt_err *err) QRT_MUST_USE;

/* Marks a file as known; false, and a fault, if it is not there. */
bool qrt_import_expect(struct qrt_import *import, const char *path);

/* Reads a file into *out (replaced); a longer one is a fault, and empty then. */
enum qrt_code qrt_import_read(struct qrt_buf *out, struct qrt_import *import, const char *path,
                              size_t max_bytes, struct qrt_err *err) QRT_MUST_USE;

/* Expects a file and holds it against what it must be, in parts of `part_bytes`
 * (0: as one); a fault for each part that differs, at its first such byte. */
enum qrt_code qrt_import_compare(struct qrt_import *import, const char *path, const void *want,
                                 size_t len_bytes, size_t part_bytes, const char *words,
                                 struct qrt_err *err) QRT_MUST_USE;

/* The file is longer than such a one can be, which was told. */
void qrt_import_too_long(struct qrt_import *import, const char *path);

/* Holds SHA256SUMS against every file that is known by now, and not too long: of
 * another nothing is worth its reading. QRT_E_INTERRUPTED, QRT_E_IO, QRT_E_NOMEM. */
enum qrt_code qrt_import_check_sums(struct qrt_import *import, struct qrt_err *err) QRT_MUST_USE;

/* A fault for each file that is not known by now. */
void qrt_import_check_unknown(struct qrt_import *import);

#endif
