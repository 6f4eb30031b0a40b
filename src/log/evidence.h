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

/* Copies one file into an open folder under the same name. QRT_E_IO. */
enum qrt_code qrt_evidence_copy(int to_dir_fd, int from_dir_fd, const char *file,
                                struct qrt_err *err) QRT_MUST_USE;

#endif
