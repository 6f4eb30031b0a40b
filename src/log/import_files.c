#include "log/import_files.h"

#include "base/file.h"
#include "log/predecessor.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_MAX 16
#define FILES_MAX (4 * 1024 * 1024)

void qrt_import_free(struct qrt_import *import)
{
    qrt_fd_close(&import->dir_fd);
    for (size_t i = 0; i < import->len; i++) {
        free(import->files[i].path);
    }
    free(import->files);
    *import = (struct qrt_import){.dir_fd = -1};
}

static enum qrt_code add_file(struct qrt_import *import, const char *path, struct qrt_err *err)
{
    if (import->len == import->capacity) {
        size_t capacity = import->capacity == 0 ? 64 : 2 * import->capacity;
        struct qrt_import_file *files =
            import->len < FILES_MAX ? reallocarray(import->files, capacity, sizeof *files) : NULL;
        if (files == NULL) {
            return qrt_fail(err, QRT_E_NOMEM, "the list of files");
        }
        import->files = files;
        import->capacity = capacity;
    }
    import->files[import->len] = (struct qrt_import_file){.path = strdup(path)};
    return import->files[import->len++].path != NULL
               ? QRT_OK
               : qrt_fail(err, QRT_E_NOMEM, "the list of files");
}

static enum qrt_code list(struct qrt_import *import, const char *at, unsigned depth,
                          struct qrt_err *err);

static enum qrt_code list_item(struct qrt_import *import, const char *at, const char *name,
                               unsigned depth, struct qrt_err *err)
{
    char path[QRT_EXPORT_PATH_BYTES];
    struct stat st;
    int n = snprintf(path, sizeof path, "%s%s%s", at, *at == '\0' ? "" : "/", name);
    if (n < 0 || (size_t)n >= sizeof path) {
        qrt_faults_add_file(import->faults, path, 0, "a path that no file of an export has");
        return QRT_OK;
    }
    if (fstatat(import->dir_fd, path, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        return qrt_fail_os(err, QRT_E_IO, errno, "reading the export");
    }
    if (S_ISDIR(st.st_mode) && strcmp(path, QRT_PREDECESSOR_DIR) == 0) {
        import->has_predecessor = true;
        return QRT_OK;
    }
    if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX) {
        return list(import, path, depth + 1, err);
    }
    if (!S_ISREG(st.st_mode)) {
        qrt_faults_add_file(import->faults, path, 0, "it is not a regular file");
        return QRT_OK;
    }
    return add_file(import, path, err);
}

static enum qrt_code list(struct qrt_import *import, const char *at, unsigned depth,
                          struct qrt_err *err)
{
    int fd = openat(import->dir_fd, *at == '\0' ? "." : at,
                    O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (dir == NULL) {
        int os = errno;
        qrt_fd_close(&fd);
        return qrt_fail_os(err, QRT_E_IO, os, "reading the export");
    }
    enum qrt_code code = QRT_OK;
    bool empty = true;
    const struct dirent *item;
    while (code == QRT_OK && (item = readdir(dir)) != NULL) {
        if (strcmp(item->d_name, ".") != 0 && strcmp(item->d_name, "..") != 0) {
            empty = false;
            code = list_item(import, at, item->d_name, depth, err);
        }
    }
    closedir(dir);
    if (empty && *at != '\0') {
        qrt_faults_add_file(import->faults, at, 0, "an empty directory");
    }
    return code;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct qrt_import_file *)a)->path,
                  ((const struct qrt_import_file *)b)->path);
}

enum qrt_code qrt_import_open(struct qrt_import *import, const char *dir, struct qrt_faults *faults,
                              struct qrt_err *err)
{
    *import = (struct qrt_import){.faults = faults};
    import->dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (import->dir_fd < 0) {
        return qrt_fail_os(err, errno == ENOENT || errno == ENOTDIR ? QRT_E_NOT_FOUND : QRT_E_IO,
                           errno, "the export's directory");
    }
    enum qrt_code code = list(import, "", 0, err);
    if (import->len > 0) {
        qsort(import->files, import->len, sizeof *import->files, by_path);
    }
    return code;
}

static struct qrt_import_file *find(const struct qrt_import *import, const char *path)
{
    char copy[QRT_EXPORT_PATH_BYTES];
    if (import->len == 0 || snprintf(copy, sizeof copy, "%s", path) >= (int)sizeof copy) {
        return NULL;
    }
    struct qrt_import_file key = {.path = copy};
    return bsearch(&key, import->files, import->len, sizeof key, by_path);
}

bool qrt_import_expect(struct qrt_import *import, const char *path)
{
    struct qrt_import_file *file = find(import, path);
    if (file == NULL) {
        qrt_faults_add_file(import->faults, path, 0, "it is missing");
        return false;
    }
    file->known = true;
    return true;
}

void qrt_import_too_long(struct qrt_import *import, const char *path)
{
    struct qrt_import_file *file = find(import, path);
    if (file != NULL) {
        file->too_long = true;
    }
}

enum qrt_code qrt_import_read(struct qrt_buf *out, struct qrt_import *import, const char *path,
                              size_t max_bytes, struct qrt_err *err)
{
    enum qrt_code code = qrt_file_read(out, import->dir_fd, path, max_bytes, err);
    if (code == QRT_E_RANGE) {
        qrt_faults_add_file(import->faults, path, max_bytes, "it is longer than any such file");
        qrt_import_too_long(import, path);
        return QRT_OK;
    }
    return code;
}

/* Where the two differ first; the shorter one's length if they do not. */
static size_t first_difference(const uint8_t *a, const uint8_t *b, size_t len_bytes)
{
    size_t at = 0;
    while (at < len_bytes && a[at] == b[at]) {
        at++;
    }
    return at;
}

enum qrt_code qrt_import_compare(struct qrt_import *import, const char *path, const void *want,
                                 size_t len_bytes, size_t part_bytes, const char *words,
                                 struct qrt_err *err)
{
    QRT_BUF have = {0};
    if (!qrt_import_expect(import, path)) {
        return QRT_OK;
    }
    size_t faults = import->faults->len;
    enum qrt_code code = qrt_import_read(&have, import, path, len_bytes, err);
    if (code != QRT_OK || import->faults->len > faults) {
        return code;
    }
    size_t part = part_bytes == 0 ? len_bytes : part_bytes;
    struct qrt_reader reader = qrt_reader_of(want, len_bytes);
    for (size_t at = 0; at < have.len_bytes; at += part) {
        size_t n = have.len_bytes - at < part ? have.len_bytes - at : part;
        size_t same = first_difference(have.data + at, qrt_read_view(&reader, n), n);
        if (same < n) {
            qrt_faults_add_file(import->faults, path, at + same, "%s", words);
        }
    }
    if (have.len_bytes < len_bytes) {
        qrt_faults_add_file(import->faults, path, have.len_bytes, "it is cut short");
    }
    return QRT_OK;
}

void qrt_import_check_unknown(struct qrt_import *import)
{
    for (size_t i = 0; i < import->len; i++) {
        if (!import->files[i].known) {
            qrt_faults_add_file(import->faults, import->files[i].path, 0,
                                "an export of these entries has no such file");
        }
    }
}
