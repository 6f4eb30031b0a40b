#include "log/commit.h"

#include "base/file.h"
#include "log/predecessor.h"
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

/* A continuation that was cut short before its first commit left the copy. */
static enum qrt_code has_room(bool *room, int dir_fd, bool continues, struct qrt_err *err)
{
    *room = continues && faccessat(dir_fd, QRT_PREDECESSOR_DIR, F_OK, AT_SYMLINK_NOFOLLOW) == 0 &&
            faccessat(dir_fd, QRT_KEYSTATE_FILE, F_OK, AT_SYMLINK_NOFOLLOW) != 0 &&
            faccessat(dir_fd, QRT_DB_FILE, F_OK, AT_SYMLINK_NOFOLLOW) != 0;
    return *room ? QRT_OK : qrt_dir_is_empty(room, dir_fd, QRT_KEYSTATE_TEMPORARY, err);
}

enum qrt_code qrt_log_begin(struct qrt_log *log, const char *path, const struct qrt_views *views,
                            bool continues, struct qrt_err *err)
{
    *log = (struct qrt_log){.dir_fd = -1, .views = views};
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        return qrt_fail_os(err, QRT_E_IO, errno, "making the vault's directory");
    }
    bool room = false;
    enum qrt_code code = qrt_log_lock(log, path, err);
    if (code == QRT_OK) {
        code = has_room(&room, log->dir_fd, continues, err);
    }
    if (code == QRT_OK && !room) {
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
    struct qrt_vkey vkey;
    enum qrt_code code =
        qrt_vkey_make(&vkey, log->origin, QRT_KEY_TYPE_LOG, log->key.public_key, err);
    if (code == QRT_OK) {
        qrt_vkey_format(out, &vkey);
    }
    return code;
}
