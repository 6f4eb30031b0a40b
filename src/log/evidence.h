/* Evidence: copies of what opening found, kept in a folder of the vault. */
#ifndef QRT_LOG_EVIDENCE_H
#define QRT_LOG_EVIDENCE_H

#include <quorate/err.h>
#include <stdbool.h>
#include <stddef.h>

#define QRT_EVIDENCE_PREFIX     "evidence-"
#define QRT_EVIDENCE_NAME_CHARS (sizeof QRT_EVIDENCE_PREFIX - 1 + 64)

/* Copies the vault's files that are there (database, journal, log.key) into a
 * folder named by the digest of their bytes, durably; what was saved before is
 * not saved twice. QRT_E_IO. */
enum qrt_code qrt_evidence_save(char name[static QRT_EVIDENCE_NAME_CHARS + 1], int dir_fd,
                                struct qrt_err *err) QRT_MUST_USE;

/* Copies one file into an open folder under the same name. QRT_E_IO. */
enum qrt_code qrt_evidence_copy(int to_dir_fd, int from_dir_fd, const char *file,
                                struct qrt_err *err) QRT_MUST_USE;

#endif
