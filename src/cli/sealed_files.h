/* Sealed sheets named on the command line: `--sealed FILE`, any number of times. */
#ifndef QRT_CLI_SEALED_FILES_H
#define QRT_CLI_SEALED_FILES_H

#include "ceremony/ui.h"

#define QRT_SEALED_FILES_MAX 64

/* A zeroed struct has none. */
struct qrt_sealed_files {
    const char *paths[QRT_SEALED_FILES_MAX]; /* borrowed */
    struct qrt_presented sheets[QRT_SEALED_FILES_MAX];
    size_t len;
};

void qrt_sealed_files_free(struct qrt_sealed_files *files);
#define QRT_SEALED_FILES __attribute__((cleanup(qrt_sealed_files_free))) struct qrt_sealed_files

/* Takes the options out of argv. QRT_E_USAGE: one without a file, a file that
 * is not there, too many. */
enum qrt_code qrt_sealed_files_take(struct qrt_sealed_files *files, int *argc, char **argv,
                                    struct qrt_err *err) QRT_MUST_USE;

/* Reads them, pictures in a scanner that ends with the call. Otherwise as
 * qrt_sheet_file_read. */
enum qrt_code qrt_sealed_files_read(struct qrt_sealed_files *files,
                                    struct qrt_err *err) QRT_MUST_USE;

#endif
