#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_BYTES 256

void qrt_fd_close(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
        *fd = -1;
    }
}

enum qrt_code qrt_fd_read_all(struct qrt_buf *out, int fd, size_t max_bytes, struct qrt_err *err)
{
    uint8_t chunk[16384];
    for (;;) {
        ssize_t got = read(fd, chunk, sizeof chunk);
        if (got == 0) {
            return qrt_buf_check(out, err);
        }
        if (got < 0) {
            if (errno == EINTR) {
                continue;
            }
            return qrt_fail_os(err, QRT_E_IO, errno, "reading");
        }
        if ((size_t)got > max_bytes - out->len_bytes) {
            return qrt_fail(err, QRT_E_RANGE, "larger than %zu bytes", max_bytes);
        }
        qrt_buf_add(out, chunk, (size_t)got);
    }
}

enum qrt_code qrt_file_open(int *fd, int dir_fd, const char *name, int flags, struct qrt_err *err)
{
    struct stat st;
    /* Not waiting: whoever opens a FIFO otherwise waits for a writer, perhaps for ever. */
    *fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | flags);
    if (*fd < 0) {
        return errno == ELOOP ? qrt_fail(err, QRT_E_IO, "%s: a link, not a file", name)
                              : qrt_fail_os(err, errno == ENOENT ? QRT_E_NOT_FOUND : QRT_E_IO,
                                            errno, "%s", name);
    }
    enum qrt_code code = fstat(*fd, &st) != 0 ? qrt_fail_os(err, QRT_E_IO, errno, "%s", name)
                         : !S_ISREG(st.st_mode)
                             ? qrt_fail(err, QRT_E_IO, "%s: not a regular file", name)
                             : QRT_OK;
    if (code != QRT_OK) {
        qrt_fd_close(fd);
    }
    return code;
}

enum qrt_code qrt_file_read(struct qrt_buf *out, int dir_fd, const char *name, size_t max_bytes,
                            struct qrt_err *err)
{
    QRT_FD fd = -1;
    qrt_buf_free(out);
    enum qrt_code code = qrt_file_open(&fd, dir_fd, name, 0, err);
    if (code == QRT_OK && (code = qrt_fd_read_all(out, fd, max_bytes, err)) != QRT_OK) {
        qrt_buf_free(out);
        qrt_err_prefix(err, "%s", name);
    }
    return code;
}

enum qrt_code qrt_fd_write_all(int fd, const void *bytes, size_t len_bytes, struct qrt_err *err)
{
    struct qrt_reader left = qrt_reader_of(bytes, len_bytes);
    while (left.at < len_bytes) {
        ssize_t put = write(fd, left.data + left.at, len_bytes - left.at);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put <= 0) {
            return qrt_fail_os(err, QRT_E_IO, put < 0 ? errno : EIO, "writing");
        }
        left.at += (size_t)put;
    }
    return QRT_OK;
}

enum qrt_code qrt_fd_sync(int fd, const char *what, struct qrt_err *err)
{
    return fsync(fd) == 0 ? QRT_OK : qrt_fail_os(err, QRT_E_IO, errno, "syncing %s", what);
}

enum qrt_code qrt_dir_is_empty(bool *empty, int dir_fd, const char *except, struct qrt_err *err)
{
    int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (dir == NULL) {
        qrt_fd_close(&fd);
        return qrt_fail_os(err, QRT_E_IO, errno, "reading the directory");
    }
    const struct dirent *item;
    *empty = true;
    while (*empty && (item = readdir(dir)) != NULL) {
        *empty = strcmp(item->d_name, ".") == 0 || strcmp(item->d_name, "..") == 0 ||
                 (except != NULL && strcmp(item->d_name, except) == 0);
    }
    closedir(dir);
    return QRT_OK;
}

enum qrt_code qrt_dir_open_parent(int *fd, const char *path, struct qrt_err *err)
{
    char *copy = strdup(path);
    if (copy == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "a path");
    }
    *fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(copy);
    return *fd >= 0 ? QRT_OK
                    : qrt_fail_os(err, errno == ENOENT ? QRT_E_NOT_FOUND : QRT_E_IO, errno,
                                  "the directory above");
}

enum qrt_code qrt_dir_sync_parent(const char *path, struct qrt_err *err)
{
    QRT_FD parent = -1;
    enum qrt_code code = qrt_dir_open_parent(&parent, path, err);
    return code == QRT_OK ? qrt_fd_sync(parent, "the directory above", err) : code;
}

static enum qrt_code create_synced(int dir_fd, const char *name, const void *bytes,
                                   size_t len_bytes, struct qrt_err *err)
{
    QRT_FD fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return qrt_fail_os(err, errno == EEXIST ? QRT_E_EXISTS : QRT_E_IO, errno, "%s", name);
    }
    enum qrt_code code = qrt_fd_write_all(fd, bytes, len_bytes, err);
    if (code == QRT_OK) {
        code = qrt_fd_sync(fd, name, err);
    }
    if (code != QRT_OK) {
        qrt_err_prefix(err, "%s", name);
        unlinkat(dir_fd, name, 0);
    }
    return code;
}

enum qrt_code qrt_file_create(int dir_fd, const char *name, const void *bytes, size_t len_bytes,
                              struct qrt_err *err)
{
    enum qrt_code code = create_synced(dir_fd, name, bytes, len_bytes, err);
    if (code != QRT_OK) {
        return code;
    }
    code = qrt_fd_sync(dir_fd, "the directory", err);
    if (code != QRT_OK) {
        unlinkat(dir_fd, name, 0);
    }
    return code;
}

enum qrt_code qrt_file_create_at(const char *path, const void *bytes, size_t len_bytes,
                                 struct qrt_err *err)
{
    QRT_FD dir_fd = -1;
    const char *slash = strrchr(path, '/');
    enum qrt_code code = qrt_dir_open_parent(&dir_fd, path, err);
    return code == QRT_OK
               ? qrt_file_create(dir_fd, slash == NULL ? path : slash + 1, bytes, len_bytes, err)
               : code;
}

/* Best effort where the disk keeps old blocks anyway, as an SSD may. */
static enum qrt_code overwrite(int fd, const char *name, struct qrt_err *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0) {
        return qrt_fail_os(err, QRT_E_IO, errno, "%s", name);
    }
    static const uint8_t zeros[4096];
    for (off_t at = 0; at < st.st_size; at += (off_t)sizeof zeros) {
        size_t part =
            st.st_size - at < (off_t)sizeof zeros ? (size_t)(st.st_size - at) : sizeof zeros;
        if (pwrite(fd, zeros, part, at) != (ssize_t)part) {
            return qrt_fail_os(err, QRT_E_IO, errno, "overwriting the old %s", name);
        }
    }
    /* The bytes matter, not when they were written. */
    return fdatasync(fd) == 0 ? QRT_OK
                              : qrt_fail_os(err, QRT_E_IO, errno, "overwriting the old %s", name);
}

/* Writes into the spare that the replacement before left, if it is what a new file
 * would be: ours alone, and under no other name. */
static enum qrt_code rewrite_synced(bool *done, int dir_fd, const char *name, const void *bytes,
                                    size_t len_bytes, struct qrt_err *err)
{
    struct stat st;
    QRT_FD fd = openat(dir_fd, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    *done = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink == 1 &&
            st.st_uid == geteuid() && (st.st_mode & 07777) == 0600;
    if (!*done) {
        return fd < 0 || unlinkat(dir_fd, name, 0) == 0
                   ? QRT_OK
                   : qrt_fail_os(err, QRT_E_IO, errno, "removing %s", name);
    }
    enum qrt_code code = qrt_fd_write_all(fd, bytes, len_bytes, err);
    if (code == QRT_OK && (size_t)st.st_size > len_bytes && ftruncate(fd, (off_t)len_bytes) != 0) {
        code = qrt_fail_os(err, QRT_E_IO, errno, "%s", name);
    }
    return code == QRT_OK ? qrt_fd_sync(fd, name, err) : code;
}

/* Puts a file in another's place. Where both can change places at once, the former
 * keeps a name until it is overwritten. */
static enum qrt_code take_place(bool *exchanged, int dir_fd, const char *temporary,
                                const char *name, bool there, struct qrt_err *err)
{
    *exchanged = there && renameat2(dir_fd, temporary, dir_fd, name, RENAME_EXCHANGE) == 0;
    bool cannot = there && (errno == EINVAL || errno == ENOSYS); /* of this file system */
    if (*exchanged || ((!there || cannot) && renameat(dir_fd, temporary, dir_fd, name) == 0)) {
        return QRT_OK;
    }
    return qrt_fail_os(err, QRT_E_IO, errno, "replacing %s", name);
}

enum qrt_code qrt_file_replace(int dir_fd, const char *name, bool *spare, const void *bytes,
                               size_t len_bytes, struct qrt_err *err)
{
    char temporary[NAME_BYTES];
    if (snprintf(temporary, sizeof temporary, "%s.new", name) >= (int)sizeof temporary) {
        return qrt_fail(err, QRT_E_RANGE, "file name too long");
    }
    QRT_FD old = openat(dir_fd, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (old < 0 && errno != ENOENT) {
        return qrt_fail_os(err, QRT_E_IO, errno, "%s", name);
    }
    bool again = false;
    bool exchanged = false;
    enum qrt_code code = QRT_OK;
    if (*spare) {
        *spare = false;
        code = rewrite_synced(&again, dir_fd, temporary, bytes, len_bytes, err);
    }
    if (code == QRT_OK && !again) {
        code = create_synced(dir_fd, temporary, bytes, len_bytes, err);
    }
    if (code == QRT_OK) {
        code = take_place(&exchanged, dir_fd, temporary, name, old >= 0, err);
    }
    if (code == QRT_OK) {
        code = qrt_fd_sync(dir_fd, "the directory", err);
    }
    if (code == QRT_OK && old >= 0) {
        code = overwrite(old, name, err);
    }
    *spare = code == QRT_OK && exchanged;
    return code;
}

enum qrt_code qrt_file_shred(int dir_fd, const char *name, struct qrt_err *err)
{
    struct stat st;
    if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(st.st_mode)) {
        return unlinkat(dir_fd, name, S_ISDIR(st.st_mode) ? AT_REMOVEDIR : 0) == 0
                   ? qrt_fd_sync(dir_fd, "the directory", err)
                   : qrt_fail_os(err, QRT_E_IO, errno, "%s: not a file, and in the way of one",
                                 name);
    }
    QRT_FD fd = openat(dir_fd, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        return errno == ENOENT ? QRT_OK : qrt_fail_os(err, QRT_E_IO, errno, "%s", name);
    }
    enum qrt_code code = overwrite(fd, name, err);
    if (code == QRT_OK && unlinkat(dir_fd, name, 0) != 0) {
        code = qrt_fail_os(err, QRT_E_IO, errno, "removing %s", name);
    }
    return code == QRT_OK ? qrt_fd_sync(dir_fd, "the directory", err) : code;
}
