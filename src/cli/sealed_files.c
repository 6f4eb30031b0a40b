#include "cli/sealed_files.h"

#include "cli/card_file.h"
#include "cli/cli.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

void qrt_sealed_files_free(struct qrt_sealed_files *files)
{
    for (size_t i = 0; i < files->len; i++) {
        qrt_presented_wipe(&files->sheets[i]);
    }
    files->len = 0;
}

enum qrt_code qrt_sealed_files_take(struct qrt_sealed_files *files, int *argc, char **argv,
                                    struct qrt_err *err)
{
    int kept = 0;
    for (int i = 0; i < *argc; i++) {
        if (strcmp(argv[i], "--sealed") != 0) {
            argv[kept++] = argv[i];
            continue;
        }
        if (i + 1 >= *argc || files->len == QRT_SEALED_FILES_MAX) {
            return qrt_fail(err, QRT_E_USAGE, "--sealed: %s",
                            i + 1 >= *argc ? "needs a value" : "too many files");
        }
        const char *path = argv[++i];
        if (access(path, R_OK) != 0) {
            int os = errno;
            QRT_BUF name = {0};
            return qrt_fail_os(err, QRT_E_USAGE, os, "%.160s", qrt_cli_shown(&name, path));
        }
        files->paths[files->len++] = path;
    }
    argv[kept] = NULL;
    *argc = kept;
    return QRT_OK;
}

enum qrt_code qrt_sealed_files_read(struct qrt_sealed_files *files, struct qrt_err *err)
{
    struct qrt_worker scanner = {0};
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK && i < files->len; i++) {
        code = qrt_sheet_file_read(&files->sheets[i], &scanner, files->paths[i], err);
    }
    qrt_worker_stop(&scanner);
    return code;
}
