#include "log/export_files.h"

#include "base/file.h"
#include "base/text.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WAITING_BYTES (64 * 1024)

void qrt_export_files_free(struct qrt_export_files *files)
{
    qrt_fd_close(&files->dir_fd);
    for (size_t i = 0; i < files->len; i++) {
        free(files->sums[i].path);
    }
    free(files->sums);
    *files = (struct qrt_export_files){.dir_fd = -1};
}

enum qrt_code qrt_export_files_create(struct qrt_export_files *files, const char *dir,
                                      struct qrt_err *err)
{
    bool empty;
    if (mkdir(dir, 0700) != 0 && errno != EEXIST) {
        return qrt_fail_os(err, QRT_E_IO, errno, "making the directory");
    }
    files->dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (files->dir_fd < 0) {
        return qrt_fail_os(err, errno == ENOTDIR ? QRT_E_EXISTS : QRT_E_IO, errno, "the directory");
    }
    enum qrt_code code = qrt_dir_is_empty(&empty, files->dir_fd, NULL, err);
    return code == QRT_OK && !empty ? qrt_fail(err, QRT_E_EXISTS, "the directory is not empty")
                                    : code;
}

/* Makes each directory on the way to a file. */
static enum qrt_code make_way(int dir_fd, const char *path, struct qrt_err *err)
{
    char way[QRT_EXPORT_PATH_BYTES];
    for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        struct qrt_writer writer = qrt_writer_of(way, sizeof way - 1);
        qrt_write_bytes(&writer, path, (size_t)(slash - path));
        way[writer.len_bytes] = '\0';
        if (writer.failed || (mkdirat(dir_fd, way, 0700) != 0 && errno != EEXIST)) {
            return qrt_fail_os(err, QRT_E_IO, errno, "%s", way);
        }
    }
    return QRT_OK;
}

static enum qrt_code create(int *fd, const struct qrt_export_files *files, const char *path,
                            struct qrt_err *err)
{
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
    *fd = openat(files->dir_fd, path, flags, 0600);
    if (*fd < 0 && errno == ENOENT) {
        enum qrt_code code = make_way(files->dir_fd, path, err);
        if (code != QRT_OK) {
            return code;
        }
        *fd = openat(files->dir_fd, path, flags, 0600);
    }
    return *fd >= 0
               ? QRT_OK
               : qrt_fail_os(err, errno == EEXIST ? QRT_E_EXISTS : QRT_E_IO, errno, "%s", path);
}

static enum qrt_code add_sum(struct qrt_export_files *files, const char *path, uint64_t bytes,
                             const uint8_t digest[static QRT_HASH_BYTES], struct qrt_err *err)
{
    if (files->len == files->capacity) {
        size_t capacity = files->capacity == 0 ? 64 : 2 * files->capacity;
        struct qrt_export_sum *sums = reallocarray(files->sums, capacity, sizeof *sums);
        if (sums == NULL) {
            return qrt_fail(err, QRT_E_NOMEM, "the list of files");
        }
        files->sums = sums;
        files->capacity = capacity;
    }
    struct qrt_export_sum *sum = &files->sums[files->len];
    sum->path = strdup(path);
    if (sum->path == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "the list of files");
    }
    memcpy(sum->digest, digest, sizeof sum->digest);
    files->len++;
    files->bytes += bytes;
    return QRT_OK;
}

enum qrt_code qrt_export_put(struct qrt_export_files *files, const char *path, const void *bytes,
                             size_t len_bytes, struct qrt_err *err)
{
    QRT_FD fd = -1;
    uint8_t digest[QRT_HASH_BYTES];
    enum qrt_code code = create(&fd, files, path, err);
    if (code != QRT_OK) {
        return code;
    }
    qrt_sha256(digest, bytes, len_bytes);
    code = qrt_fd_write_all(fd, bytes, len_bytes, err);
    if (code != QRT_OK) {
        return qrt_err_prefix(err, "%s", path);
    }
    return add_sum(files, path, len_bytes, digest, err);
}

static enum qrt_code put(void *ctx, const char *path, const void *bytes, size_t len_bytes,
                         struct qrt_err *err)
{
    return qrt_export_put(ctx, path, bytes, len_bytes, err);
}

struct qrt_file_sink qrt_export_sink(struct qrt_export_files *files)
{
    return (struct qrt_file_sink){files, put};
}

enum qrt_code qrt_export_stream_open(struct qrt_export_stream *stream,
                                     struct qrt_export_files *files, const char *path,
                                     struct qrt_err *err)
{
    enum qrt_code code = create(&stream->fd, files, path, err);
    stream->is_open = code == QRT_OK;
    stream->path = path;
    qrt_sha256_start(&stream->hash);
    return code;
}

static enum qrt_code flush(struct qrt_export_stream *stream, struct qrt_err *err)
{
    enum qrt_code code = qrt_buf_check(&stream->waiting, err);
    if (code == QRT_OK) {
        code = qrt_fd_write_all(stream->fd, stream->waiting.data, stream->waiting.len_bytes, err);
    }
    stream->waiting.len_bytes = 0;
    return code == QRT_OK ? QRT_OK : qrt_err_prefix(err, "%s", stream->path);
}

enum qrt_code qrt_export_stream_add(struct qrt_export_stream *stream, const void *bytes,
                                    size_t len_bytes, struct qrt_err *err)
{
    qrt_sha256_add(&stream->hash, bytes, len_bytes);
    qrt_buf_add(&stream->waiting, bytes, len_bytes);
    stream->bytes += len_bytes;
    return stream->waiting.len_bytes < WAITING_BYTES ? QRT_OK : flush(stream, err);
}

enum qrt_code qrt_export_stream_end(struct qrt_export_stream *stream,
                                    struct qrt_export_files *files, struct qrt_err *err)
{
    uint8_t digest[QRT_HASH_BYTES];
    enum qrt_code code = flush(stream, err);
    qrt_sha256_end(&stream->hash, digest);
    return code == QRT_OK ? add_sum(files, stream->path, stream->bytes, digest, err) : code;
}

void qrt_export_stream_free(struct qrt_export_stream *stream)
{
    if (stream->is_open) {
        qrt_fd_close(&stream->fd);
    }
    qrt_buf_free(&stream->waiting);
    *stream = (struct qrt_export_stream){0};
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct qrt_export_sum *)a)->path,
                  ((const struct qrt_export_sum *)b)->path);
}

void qrt_export_sums(struct qrt_buf *out, struct qrt_export_files *files)
{
    qsort(files->sums, files->len, sizeof *files->sums, by_path);
    for (size_t i = 0; i < files->len; i++) {
        char hex[2 * QRT_HASH_BYTES + 1];
        qrt_text_hex(hex, files->sums[i].digest, QRT_HASH_BYTES);
        qrt_buf_printf(out, "%s  %s\n", hex, files->sums[i].path);
    }
}

enum qrt_code qrt_export_files_finish(struct qrt_export_files *files, const char *dir,
                                      struct qrt_err *err)
{
    QRT_BUF text = {0};
    qrt_export_sums(&text, files);
    enum qrt_code code = qrt_buf_check(&text, err);
    /* One call for thousands of files, where one each would take minutes. */
    if (code == QRT_OK && syncfs(files->dir_fd) != 0) {
        code = qrt_fail_os(err, QRT_E_IO, errno, "syncing the export");
    }
    if (code == QRT_OK) {
        code = qrt_dir_sync_parent(dir, err);
    }
    if (code == QRT_OK) {
        code = qrt_file_create(files->dir_fd, QRT_EXPORT_SUMS, text.data, text.len_bytes, err);
    }
    files->bytes += text.len_bytes;
    return code;
}
