#include "log/log.h"

#include "base/file.h"
#include "log/commit.h"
#include "log/evidence.h"
#include "log/opening.h"
#include "log/predecessor.h"
#include "log/replay.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* The old vault, only read: nobody writes it meanwhile. */
static enum qrt_code open_old(int *dir_fd, const struct qrt_log *log, const char *from,
                              struct qrt_err *err)
{
    struct stat old;
    struct stat new;
    *dir_fd = open(from, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*dir_fd < 0) {
        return qrt_fail_os(err, errno == ENOENT || errno == ENOTDIR ? QRT_E_NOT_FOUND : QRT_E_IO,
                           errno, "its directory");
    }
    if (fstat(*dir_fd, &old) != 0 || fstat(log->dir_fd, &new) != 0) {
        return qrt_fail_os(err, QRT_E_IO, errno, "its directory");
    }
    if (old.st_dev == new.st_dev && old.st_ino == new.st_ino) {
        return qrt_fail(err, QRT_E_USAGE, "the new vault must lie elsewhere");
    }
    if (flock(*dir_fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        return qrt_fail(err, QRT_E_BUSY, "in use by another process");
    }
    return qrt_db_is_absent(*dir_fd)
               ? qrt_fail(err, QRT_E_NOT_FOUND, "%s: none is there", QRT_DB_FILE)
               : qrt_db_refuse_wal(*dir_fd, err);
}

/* Opens `predecessor` in a directory, made if it must be. */
static enum qrt_code enter(int *fd, int dir_fd, bool make, struct qrt_err *err)
{
    if (make && mkdirat(dir_fd, QRT_PREDECESSOR_DIR, 0700) != 0 && errno != EEXIST) {
        return qrt_fail_os(err, QRT_E_IO, errno, "making %s", QRT_PREDECESSOR_DIR);
    }
    *fd = openat(dir_fd, QRT_PREDECESSOR_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    return *fd >= 0 ? QRT_OK
                    : qrt_fail_os(err, errno == ENOENT ? QRT_E_NOT_FOUND : QRT_E_IO, errno, "%s",
                                  QRT_PREDECESSOR_DIR);
}

/* Copies the database, and the predecessor that lies beside it, below `to_fd`. */
static enum qrt_code copy_chain(int to_fd, int from_fd, struct qrt_err *err)
{
    QRT_FD to = -1;
    QRT_FD from = -1;
    enum qrt_code code = enter(&to, to_fd, true, err);
    if (code == QRT_OK && unlinkat(to, QRT_DB_JOURNAL, 0) != 0 && errno != ENOENT) {
        code = qrt_fail_os(err, QRT_E_IO, errno, "%s", QRT_DB_JOURNAL);
    }
    if (code == QRT_OK) {
        code = qrt_evidence_copy(to, from_fd, QRT_DB_FILE, err);
    }
    if (code == QRT_OK) {
        struct qrt_err why = {0};
        code = enter(&from, from_fd, false, &why);
        code = code == QRT_OK            ? copy_chain(to, from, err)
               : code == QRT_E_NOT_FOUND ? QRT_OK
                                         : qrt_fail(err, code, "%s", why.what);
    }
    if (code == QRT_OK) {
        code = qrt_fd_sync(to, QRT_PREDECESSOR_DIR, err);
    }
    return code == QRT_OK ? qrt_fd_sync(to_fd, "the vault's directory", err) : code;
}

static enum qrt_code replay_copy(struct qrt_log *log, int copy_fd, struct qrt_err *err)
{
    QRT_FAULTS faults = {0};
    enum qrt_code code = qrt_predecessor_replay(log, copy_fd, QRT_REPLAY_LAST, &faults, err);
    if (code == QRT_OK) {
        code = qrt_predecessor_verify(log, &faults, err);
    }
    return code == QRT_OK && faults.len > 0 ? qrt_opening_fail_first(&faults, err) : code;
}

/* The machine died in a commit: SQLite takes it back, on the copy. */
static enum qrt_code play_journal(int copy_fd, int old_fd, struct qrt_err *err)
{
    __attribute__((cleanup(qrt_db_close))) sqlite3 *db = NULL;
    enum qrt_code code = qrt_evidence_copy(copy_fd, old_fd, QRT_DB_FILE, err);
    if (code == QRT_OK) {
        code = qrt_evidence_copy(copy_fd, old_fd, QRT_DB_JOURNAL, err);
    }
    if (code == QRT_OK) {
        code = qrt_db_open(&db, copy_fd, false, err);
    }
    if (code == QRT_OK) {
        code = qrt_db_exec(db, "SELECT count(*) FROM sqlite_schema", "playing its journal", err);
    }
    qrt_db_close(&db);
    if (code == QRT_OK && unlinkat(copy_fd, QRT_DB_JOURNAL, 0) != 0 && errno != ENOENT) {
        code = qrt_fail_os(err, QRT_E_IO, errno, "%s", QRT_DB_JOURNAL);
    }
    return code == QRT_OK ? qrt_fd_sync(copy_fd, QRT_PREDECESSOR_DIR, err) : code;
}

/* Copied first, and then only the copy is judged. */
static enum qrt_code take_old(struct qrt_log *log, int old_fd, struct qrt_err *err)
{
    QRT_FD copy = -1;
    bool foreign = false;
    enum qrt_code code = copy_chain(log->dir_fd, old_fd, err);
    if (code == QRT_OK) {
        code = enter(&copy, log->dir_fd, false, err);
    }
    if (code == QRT_OK) {
        code = replay_copy(log, copy, err);
    }
    if (faccessat(old_fd, QRT_DB_JOURNAL, F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
        return code;
    }
    struct qrt_err unread = {0};
    enum qrt_code judged = qrt_opening_judge_journal(&foreign, old_fd, &unread);
    if (code == QRT_OK || judged != QRT_OK || foreign) {
        qrt_buf_text(&log->reports, "a journal lies beside the old database; it was not played\n");
    } else if (code == QRT_E_TAMPERED) {
        qrt_predecessor_free(log);
        if ((code = play_journal(copy, old_fd, err)) == QRT_OK) {
            code = replay_copy(log, copy, err);
        }
        qrt_buf_text(&log->reports, "the journal beside the old database was played on the copy\n");
    }
    return code;
}

enum qrt_code qrt_log_continue(struct qrt_log *log, const char *path, const char *from,
                               const struct qrt_views *views, struct qrt_err *err)
{
    QRT_FD old_fd = -1;
    enum qrt_code code = qrt_log_begin(log, path, views, true, err);
    if (code != QRT_OK) {
        return code;
    }
    code = open_old(&old_fd, log, from, err);
    if (code == QRT_OK) {
        code = take_old(log, old_fd, err);
    }
    if (code == QRT_OK) {
        memcpy(log->vault_id, log->predecessor->vault_id, sizeof log->vault_id);
        code = qrt_buf_check(&log->reports, err);
    } else {
        qrt_err_prefix(err, "the old vault");
    }
    if (code != QRT_OK) {
        qrt_log_close(log);
    }
    return code;
}
