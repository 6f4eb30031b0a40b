/* Evidence: copies of what opening found, kept in a folder of the vault. */
#ifndef QRT_LOG_EVIDENCE_H
#define QRT_LOG_EVIDENCE_H

#include <quorate/err.h>
#include <stdbool.h>
#include <stddef.h>

#define QRT_EVIDENCE_PREFIX     "evidence-"
#define QRT_EVIDENCE_NAME_CHARS (sizeof QRT_EVIDENCE_PREFIX - 1 + 64)

enum qrt_evidence_files {
    QRT_EVIDENCE_DATABASE, /* the database and its journal */
    QRT_EVIDENCE_ALL,      /* and a write-ahead log, and log.key's clear part */
};

/* Copies the vault's files that are there into a folder named by the digest
 * of their names and bytes, durably; what was saved before is not saved twice.
 * Of log.key the sealed keys are left out: a copy that kept them would let a
 * key sign twice. QRT_E_IO. */
enum qrt_code qrt_evidence_save(char name[static QRT_EVIDENCE_NAME_CHARS + 1], int dir_fd,
                                enum qrt_evidence_files which, struct qrt_err *err) QRT_MUST_USE;

/* What else is evidence: bytes (public) under a name. */
struct qrt_evidence_file {
    const char *name; /* at most 32 characters */
    const void *data;
    size_t len_bytes;
};

/* Puts such files into a folder named by the digest of their names and bytes,
 * durably; what was saved before stays as it is. QRT_E_IO, QRT_E_NOMEM. */
enum qrt_code qrt_evidence_put(char name[static QRT_EVIDENCE_NAME_CHARS + 1], int dir_fd,
                               const struct qrt_evidence_file *files, size_t files_len,
                               struct qrt_err *err) QRT_MUST_USE;

/* Keeps a copy of a file at a path (foreign, read only) as `file` in a folder
 * named by its SHA-256, durably; what is there already and whole stays as it
 * is. `name` is the folder's, which the caller made of the digest. QRT_E_IO if
 * the file's digest is another one by now, and then no copy is left. */
enum qrt_code qrt_evidence_keep(const char *name, int dir_fd, const char *path,
                                struct qrt_err *err) QRT_MUST_USE;

/* Does the folder hold that copy whole? QRT_E_NOT_FOUND, or QRT_E_TAMPERED. */
enum qrt_code qrt_evidence_check(const char *name, int dir_fd, struct qrt_err *err) QRT_MUST_USE;

/* Copies one file into an open folder under the same name. QRT_E_IO. */
enum qrt_code qrt_evidence_copy(int to_dir_fd, int from_dir_fd, const char *file,
                                struct qrt_err *err) QRT_MUST_USE;

#endif
