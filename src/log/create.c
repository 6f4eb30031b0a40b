#include "log/commit.h"

#include "base/file.h"
#include "log/evidence.h"
#include "log/predecessor.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum qrt_code qrt_log_lock(struct qrt_log *log, const char *path, struct qrt_err *err)
{
    log->dir_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (log->dir_fd < 0) {
        return qrt_fail_os(err, errno == ENOENT || errno == ENOTDIR ? QRT_E_NOT_FOUND : QRT_E_IO,
                           errno, "the vault's directory");
    }
    if (flock(log->dir_fd, LOCK_EX | LOCK_NB) != 0) {
        return errno == EWOULDBLOCK
                   ? qrt_fail(err, QRT_E_BUSY, "the vault is in use by another process")
                   : qrt_fail_os(err, QRT_E_IO, errno, "locking the vault");
    }
    return QRT_OK;
}

/* What a beginning may leave that was cut short before its first commit. */
static bool is_leftover(const char *name, bool continues)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
           strcmp(name, QRT_KEYSTATE_TEMPORARY) == 0 ||
           (continues && (strcmp(name, QRT_PREDECESSOR_DIR) == 0 ||
                          strncmp(name, QRT_EVIDENCE_PREFIX, strlen(QRT_EVIDENCE_PREFIX)) == 0));
}

static bool is_empty_directory(int dir_fd, bool continues)
{
    int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    bool empty = dir != NULL;
    const struct dirent *item;
    while (dir != NULL && (item = readdir(dir)) != NULL) {
        empty = empty && is_leftover(item->d_name, continues);
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return empty;
}

static enum qrt_code sync_parent(const char *path, struct qrt_err *err)
{
    char *copy = strdup(path);
    if (copy == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "a path");
    }
    QRT_FD parent = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(copy);
    return parent < 0 ? qrt_fail_os(err, QRT_E_IO, errno, "the directory above the vault")
                      : qrt_fd_sync(parent, "the directory above the vault", err);
}

enum qrt_code qrt_log_begin(struct qrt_log *log, const char *path, const struct qrt_views *views,
                            bool continues, struct qrt_err *err)
{
    *log = (struct qrt_log){.dir_fd = -1, .views = views};
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        return qrt_fail_os(err, QRT_E_IO, errno, "making the vault's directory");
    }
    enum qrt_code code = qrt_log_lock(log, path, err);
    if (code == QRT_OK && !is_empty_directory(log->dir_fd, continues)) {
        code = qrt_fail(err, QRT_E_EXISTS, "the vault's directory is not empty");
    }
    if (code == QRT_OK) {
        code = qrt_file_shred(log->dir_fd, QRT_KEYSTATE_TEMPORARY, err);
    }
    if (code == QRT_OK) {
        code = sync_parent(path, err);
    }
    if (code == QRT_OK) {
        code = qrt_keystate_start(&log->key, err);
    }
    if (code != QRT_OK) {
        qrt_log_close(log);
        return code;
    }
    views->reset(views->ctx);
    return QRT_OK;
}

enum qrt_code qrt_log_create(struct qrt_log *log, const char *path, const char *origin,
                             const struct qrt_views *views, struct qrt_err *err)
{
    enum qrt_code code = qrt_log_begin(log, path, views, false, err);
    if (code == QRT_OK) {
        size_t len = strlen(origin);
        memcpy(log->origin, origin, len < QRT_ORIGIN_MAX_CHARS ? len : QRT_ORIGIN_MAX_CHARS);
    }
    return code;
}

enum qrt_code qrt_log_current_vkey(const struct qrt_log *log,
                                   char out[static QRT_VKEY_MAX_CHARS + 1], struct qrt_err *err)
{
    QRT_SECRET key = {0};
    struct qrt_vkey vkey;
    enum qrt_code code = qrt_secret_init(&key, QRT_SIGN_KEY_BYTES, err);
    if (code == QRT_OK) {
        qrt_sign_key(key.data, log->key.keys.data + QRT_KEYS_CURRENT);
        code = qrt_vkey_make(&vkey, log->origin, QRT_KEY_TYPE_LOG, qrt_sign_public(key.data), err);
    }
    if (code == QRT_OK) {
        qrt_vkey_format(out, &vkey);
    }
    return code;
}
