#include "log/import_files.h"

#include "base/file.h"
#include "base/interrupt.h"
#include "base/text.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define SUMS_MAX_BYTES (512 * 1024 * 1024)
#define HEX_CHARS      (2 * QRT_HASH_BYTES)
#define BETWEEN        "  "

static enum qrt_code hash_file(uint8_t out[static QRT_HASH_BYTES], const struct qrt_import *import,
                               const char *path, struct qrt_err *err)
{
    uint8_t chunk[16384];
    struct qrt_sha256 hash;
    QRT_FD fd = openat(import->dir_fd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    qrt_sha256_start(&hash);
    for (;;) {
        ssize_t got = fd < 0 ? -1 : read(fd, chunk, sizeof chunk);
        if (got < 0 && fd >= 0 && errno == EINTR) {
            continue;
        }
        enum qrt_code code = qrt_interrupt_check(err);
        if (code != QRT_OK) {
            return code;
        }
        if (got < 0) {
            return qrt_fail_os(err, QRT_E_IO, errno, "reading the export");
        }
        if (got == 0) {
            qrt_sha256_end(&hash, out);
            return QRT_OK;
        }
        qrt_sha256_add(&hash, chunk, (size_t)got);
    }
}

/* A line `HEX  PATH`, without its LF. */
static bool read_line(uint8_t digest[static QRT_HASH_BYTES],
                      char path[static QRT_EXPORT_PATH_BYTES], const char *line, size_t chars)
{
    struct qrt_reader reader = qrt_reader_of(line, chars);
    const char *hex = (const char *)qrt_read_view(&reader, HEX_CHARS);
    const void *between = qrt_read_view(&reader, sizeof BETWEEN - 1);
    size_t path_chars = qrt_reader_left(&reader);
    const void *name = qrt_read_view(&reader, path_chars);
    if (reader.failed || path_chars == 0 || path_chars >= QRT_EXPORT_PATH_BYTES ||
        memchr(name, '\0', path_chars) != NULL ||
        memcmp(between, BETWEEN, sizeof BETWEEN - 1) != 0 ||
        !qrt_text_unhex(digest, QRT_HASH_BYTES, hex, HEX_CHARS)) {
        return false;
    }
    memcpy(path, name, path_chars);
    path[path_chars] = '\0';
    return true;
}

/* Two ascending lists side by side: the lines, and the files. */
struct sums {
    struct qrt_import *import;
    struct qrt_reader reader;
    size_t file;     /* the next that no line has named */
    uint64_t offset; /* of the line at hand */
    char path[QRT_EXPORT_PATH_BYTES];
    char last[QRT_EXPORT_PATH_BYTES];
    uint8_t digest[QRT_HASH_BYTES];
};

static const char *next_file(const struct sums *sums)
{
    return sums->file < sums->import->len ? sums->import->files[sums->file].path : NULL;
}

/* Files before the path (or all) that no line names. */
static void tell_unnamed(struct sums *sums, const char *before)
{
    const char *path;
    while ((path = next_file(sums)) != NULL && (before == NULL || strcmp(path, before) < 0)) {
        if (strcmp(path, QRT_EXPORT_SUMS) != 0) {
            qrt_faults_add_file(sums->import->faults, path, 0, QRT_EXPORT_SUMS " does not name it");
        }
        sums->file++;
    }
}

static enum qrt_code check_line(struct sums *sums, struct qrt_err *err)
{
    uint8_t digest[QRT_HASH_BYTES];
    struct qrt_faults *faults = sums->import->faults;
    if (strcmp(sums->last, sums->path) >= 0) {
        qrt_faults_add_file(faults, QRT_EXPORT_SUMS, sums->offset,
                            "the lines do not ascend by their paths");
        return QRT_OK;
    }
    memcpy(sums->last, sums->path, sizeof sums->last);
    tell_unnamed(sums, sums->path);
    const char *path = next_file(sums);
    if (strcmp(sums->path, QRT_EXPORT_SUMS) == 0) {
        qrt_faults_add_file(faults, QRT_EXPORT_SUMS, sums->offset, "it names itself");
        return QRT_OK;
    }
    if (path == NULL || strcmp(path, sums->path) != 0) {
        qrt_faults_add_file(faults, sums->path, 0,
                            "it is not there, and byte %llu of " QRT_EXPORT_SUMS " names it",
                            (unsigned long long)sums->offset);
        return QRT_OK;
    }
    const struct qrt_import_file *file = &sums->import->files[sums->file++];
    if (!file->known || file->too_long) {
        return QRT_OK;
    }
    enum qrt_code code = hash_file(digest, sums->import, path, err);
    if (code == QRT_OK && memcmp(digest, sums->digest, sizeof digest) != 0) {
        qrt_faults_add_file(faults, path, 0, "its SHA-256 is not the one of " QRT_EXPORT_SUMS);
    }
    return code;
}

enum qrt_code qrt_import_check_sums(struct qrt_import *import, struct qrt_err *err)
{
    QRT_BUF text = {0};
    struct sums sums = {.import = import};
    if (!qrt_import_expect(import, QRT_EXPORT_SUMS)) {
        return QRT_OK;
    }
    enum qrt_code code = qrt_import_read(&text, import, QRT_EXPORT_SUMS, SUMS_MAX_BYTES, err);
    sums.reader = qrt_reader_of(text.data, text.len_bytes);
    while (code == QRT_OK && !qrt_reader_done(&sums.reader)) {
        size_t chars;
        sums.offset = sums.reader.at;
        const char *line = qrt_read_line(&sums.reader, &chars);
        if (line == NULL) {
            qrt_faults_add_file(import->faults, QRT_EXPORT_SUMS, sums.offset, "it is cut short");
            break;
        }
        if (read_line(sums.digest, sums.path, line, chars)) {
            code = check_line(&sums, err);
        } else {
            qrt_faults_add_file(import->faults, QRT_EXPORT_SUMS, sums.offset,
                                "a line that is not a digest, two spaces and a path");
        }
    }
    if (code == QRT_OK) {
        tell_unnamed(&sums, NULL);
    }
    return code;
}
