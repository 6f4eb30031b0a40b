#include "log/commit.h"

#include "base/file.h"
#include <errno.h>
#include <fcntl.h>
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

enum qrt_code qrt_log_create(struct qrt_log *log, const char *path, const char *origin,
                             const struct qrt_views *views, struct qrt_err *err)
{
    *log = (struct qrt_log){.dir_fd = -1, .views = views};
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        return qrt_fail_os(err, QRT_E_IO, errno, "making the vault's directory");
    }
    bool empty = false;
    enum qrt_code code = qrt_log_lock(log, path, err);
    if (code == QRT_OK) {
        code = qrt_dir_is_empty(&empty, log->dir_fd, QRT_KEYSTATE_TEMPORARY, err);
    }
    if (code == QRT_OK && !empty) {
        code = qrt_fail(err, QRT_E_EXISTS, "the vault's directory is not empty");
    }
    if (code == QRT_OK) {
        code = qrt_file_shred(log->dir_fd, QRT_KEYSTATE_TEMPORARY, err);
    }
    if (code == QRT_OK) {
        code = qrt_dir_sync_parent(path, err);
    }
    if (code == QRT_OK) {
        code = qrt_keystate_start(&log->key, err);
    }
    if (code != QRT_OK) {
        qrt_log_close(log);
        return code;
    }
    views->reset(views->ctx);
    size_t len = strlen(origin);
    memcpy(log->origin, origin, len < QRT_ORIGIN_MAX_CHARS ? len : QRT_ORIGIN_MAX_CHARS);
    return QRT_OK;
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
