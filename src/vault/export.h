/* A vault's log as static files (docs/formats/export.md). */
#ifndef QRT_VAULT_EXPORT_H
#define QRT_VAULT_EXPORT_H

#include "log/export.h"
#include <quorate/err.h>

/* Verifies the log of the vault at `path` as qrt_vault_verify does, under its
 * lock, and writes it into the directory `dir` (qrt_export_write). A log with
 * faults is refused with QRT_E_TAMPERED, and nothing is written; a copy of the
 * database without log.key is exported. *pending says that a commit waits, so
 * that the export ends before it. */
enum qrt_code qrt_vault_export(struct qrt_export_result *result, bool *pending, const char *path,
                               const char *dir, unsigned flags, struct qrt_err *err) QRT_MUST_USE;

#endif
