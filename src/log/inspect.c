#include "log/inspect.h"

#include "base/file.h"
#include "log/commit.h"
#include "log/opening.h"
#include "log/replay.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum qrt_code qrt_log_each_entry(struct qrt_log *log,
                                 bool (*each)(void *ctx, const struct qrt_entry *entry), void *ctx,
                                 struct qrt_err *err)
{
    QRT_STATEMENT *rows = NULL;
    if (log->db == NULL) {
        return QRT_OK;
    }
    enum qrt_code code =
        qrt_db_prepare(&rows, log->db, "SELECT body FROM log_entry ORDER BY idx", err);
    int rc = SQLITE_DONE;
    while (code == QRT_OK && (rc = sqlite3_step(rows)) == SQLITE_ROW) {
        struct qrt_entry entry;
        code = qrt_entry_parse(&entry, sqlite3_column_blob(rows, 0),
                               (size_t)sqlite3_column_bytes(rows, 0), err);
        if (code == QRT_OK && !each(ctx, &entry)) {
            return QRT_OK;
        }
    }
    if (code == QRT_OK && rc != SQLITE_DONE) {
        code = qrt_db_fail(log->db, "reading its entries", err);
    }
    return code;
}

/* Where does log.key say that the log stands? */
static void check_key(struct qrt_log *log, struct qrt_faults *faults)
{
    uint64_t last = log->head.size > 0 ? log->head.size - 1 : 0;
    uint64_t epoch = log->head.epochs > 0 ? log->head.epochs - 1 : 0;
    struct qrt_err why = {0};
    enum qrt_code code = qrt_keystate_read(&log->key, log->dir_fd, &why);
    if (code == QRT_E_NOT_FOUND) {
        qrt_faults_add(&log->notices, last, epoch,
                       "log.key is not here: a copy, and only a receipt tells whether it is whole");
        return;
    }
    if (code != QRT_OK) {
        qrt_faults_add(faults, last, epoch, "%.180s", why.what);
        return;
    }
    const struct qrt_head *key = &log->key.head;
    if (key->epochs != log->head.epochs || key->size != log->head.size ||
        memcmp(key->root, log->head.root, sizeof key->root) != 0) {
        bool alike = key->epochs == log->head.epochs && key->size == log->head.size;
        qrt_faults_add(
            faults, last, epoch,
            alike ? "log.key continues other entries than these %llu in %llu epochs"
                  : "log.key continues %llu entries in %llu epochs, the database has %llu in "
                    "%llu",
            (unsigned long long)key->size, (unsigned long long)key->epochs,
            (unsigned long long)log->head.size, (unsigned long long)log->head.epochs);
    } else if (log->note.len_bytes != log->key.note.len_bytes ||
               memcmp(log->note.data, log->key.note.data, log->note.len_bytes) != 0) {
        qrt_faults_add(faults, last, epoch, "log.key holds another last checkpoint");
    }
}

/* The log that cannot be opened: read as it lies there. A copy without
 * log.key (refusal NULL) may be without fault. */
static enum qrt_code read_refused(struct qrt_log *log, const char *path,
                                  const struct qrt_err *refusal, struct qrt_faults *faults,
                                  struct qrt_err *err)
{
    size_t before = faults->len;
    struct qrt_err why = {0};
    enum qrt_code code = qrt_log_lock(log, path, err);
    if (code != QRT_OK) {
        return code;
    }
    /* With a journal there, SQLite would play it: what it hides stays unread. */
    bool journal = faccessat(log->dir_fd, QRT_DB_JOURNAL, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    if (!journal && (code = qrt_db_open(&log->db, log->dir_fd, false, &why)) == QRT_OK &&
        (code = qrt_db_check_schema(log->db, &why)) == QRT_OK) {
        code = qrt_replay_database(log, QRT_REPLAY_LAST, faults, &why);
        if (code == QRT_OK) {
            check_key(log, faults);
        }
    }
    if (code != QRT_OK && code != QRT_E_TAMPERED) {
        *err = why;
        return code;
    }
    if (code == QRT_E_TAMPERED) {
        qrt_faults_add(faults, log->frontier.size, log->head.epochs, "%.180s", why.what);
    }
    if ((code = qrt_replay_verify(log, faults, err)) != QRT_OK) {
        return code;
    }
    if (faults->len == before && refusal != NULL) {
        qrt_faults_add(faults, log->head.size, log->head.epochs, "%.180s", refusal->what);
    }
    return QRT_OK;
}

/* A database without its log.key, as copies at other sites are. */
static bool is_bare_copy(const char *path)
{
    QRT_FD dir_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return dir_fd >= 0 && !qrt_db_is_absent(dir_fd) &&
           faccessat(dir_fd, QRT_KEYSTATE_FILE, F_OK, AT_SYMLINK_NOFOLLOW) != 0;
}

enum qrt_code qrt_log_inspect(struct qrt_log *log, const char *path, const struct qrt_views *views,
                              struct qrt_progress *progress, struct qrt_faults *faults,
                              struct qrt_err *err)
{
    QRT_CHECKER checker = {0};
    const struct qrt_log closed = {
        .dir_fd = -1, .views = views, .checker = &checker, .progress = progress};
    struct qrt_err refusal = {0};
    *log = closed;
    enum qrt_code code = qrt_opening_open(log, path, &refusal);
    if (code == QRT_E_TAMPERED || (code == QRT_E_NOT_FOUND && is_bare_copy(path))) {
        qrt_checker_free(&checker);
        *log = closed;
        code = read_refused(log, path, code == QRT_E_TAMPERED ? &refusal : NULL, faults, err);
    } else if (code == QRT_OK) {
        code = qrt_replay_verify(log, faults, err);
    } else {
        if (err != NULL) {
            *err = refusal;
        }
        return code;
    }
    log->checker = NULL;
    if (code != QRT_OK) {
        qrt_log_close(log);
    }
    return code;
}
