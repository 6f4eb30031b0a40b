#include "cli/sheets.h"

#include "base/file.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A sheet of that name would stand in the way of one of ours. */
static bool is_sheet_name(const char *name)
{
    size_t len = strlen(name);
    return (strncmp(name, "card-", 5) == 0 || strncmp(name, "label-", 6) == 0 ||
            strncmp(name, "sealed-", 7) == 0) &&
           len > 4 && strcmp(name + len - 4, ".pdf") == 0;
}

enum qrt_code qrt_sheets_open(struct qrt_sheets *sheets, struct qrt_err *err)
{
    sheets->made = mkdir(sheets->folder, 0700) == 0;
    if (!sheets->made && errno != EEXIST) {
        return qrt_fail_os(err, QRT_E_IO, errno, "--sheets: making the folder");
    }
    sheets->fd = open(sheets->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    sheets->open = sheets->fd >= 0;
    return sheets->open ? QRT_OK : qrt_fail_os(err, QRT_E_IO, errno, "--sheets: the folder");
}

enum qrt_code qrt_sheets_ready(struct qrt_sheets *sheets, struct qrt_err *err)
{
    enum qrt_code code = qrt_sheets_open(sheets, err);
    if (code != QRT_OK) {
        return code;
    }
    int listed = fcntl(sheets->fd, F_DUPFD_CLOEXEC, 0);
    DIR *dir = listed < 0 ? NULL : fdopendir(listed);
    if (dir == NULL) {
        return qrt_fail_os(err, QRT_E_IO, errno, "--sheets: the folder");
    }
    bool free_of_sheets = true;
    const struct dirent *item;
    while ((item = readdir(dir)) != NULL) {
        free_of_sheets = free_of_sheets && !is_sheet_name(item->d_name);
    }
    closedir(dir);
    return free_of_sheets ? QRT_OK
                          : qrt_fail(err, QRT_E_USAGE,
                                     "--sheets: sheets lie in the folder already; name a new one");
}

enum qrt_code qrt_sheets_deliver(struct qrt_sheets *sheets, struct qrt_buf *where, const char *name,
                                 const struct qrt_secret *pdf, struct qrt_err *err)
{
    enum qrt_code code = qrt_file_create(sheets->fd, name, pdf->data, pdf->len_bytes, err);
    if (code == QRT_OK) {
        qrt_buf_printf(where, "%s/%s", sheets->folder, name);
        code = qrt_buf_check(where, err);
    }
    return code;
}

void qrt_sheets_abandon(const struct qrt_sheets *sheets)
{
    if (sheets->made) {
        (void)rmdir(sheets->folder);
    }
}

void qrt_sheets_close(struct qrt_sheets *sheets)
{
    if (sheets->open) {
        qrt_fd_close(&sheets->fd);
    }
    *sheets = (struct qrt_sheets){0};
}
