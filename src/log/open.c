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
#include <sys/stat.h>
#include <unistd.h>

void qrt_log_close(struct qrt_log *log)
{
    qrt_db_finalize(&log->insert_entry);
    qrt_db_finalize(&log->insert_checkpoint);
    if (log->db != NULL) {
        qrt_db_close(&log->db);
    }
    qrt_keystate_drop_spare(&log->key, log->dir_fd);
    qrt_keystate_free(&log->key);
    qrt_buf_free(&log->note);
    qrt_buf_free(&log->later);
    qrt_buf_free(&log->reports);
    qrt_faults_free(&log->notices);
    qrt_signatures_free(&log->unverified);
    qrt_predecessor_free(log);
    if (log->views != NULL) {
        qrt_fd_close(&log->dir_fd);
    }
    *log = (struct qrt_log){.dir_fd = -1};
}

/* What the kernel holds and the disk does not must not be judged. */
static enum qrt_code sync_files(struct qrt_log *log, struct qrt_err *err)
{
    static const char *const files[] = {QRT_KEYSTATE_FILE, QRT_DB_FILE};
    for (size_t i = 0; i < 2; i++) {
        QRT_FD fd = -1;
        enum qrt_code code = qrt_file_open(&fd, log->dir_fd, files[i], O_NOFOLLOW, err);
        if (code == QRT_OK) {
            code = qrt_fd_sync(fd, files[i], err);
        }
        if (code != QRT_OK && code != QRT_E_NOT_FOUND) {
            return code;
        }
    }
    return qrt_fd_sync(log->dir_fd, "the vault's directory", err);
}

enum qrt_code qrt_opening_tampered(struct qrt_log *log, struct qrt_err *err, const char *why)
{
    char folder[QRT_EVIDENCE_NAME_CHARS + 1];
    struct qrt_err unsaved = {0};
    if (qrt_evidence_save(folder, log->dir_fd, QRT_EVIDENCE_ALL, &unsaved) != QRT_OK) {
        return qrt_fail(err, QRT_E_TAMPERED, "%.150s (and evidence cannot be saved: %.60s)", why,
                        unsaved.what);
    }
    return qrt_fail(err, QRT_E_TAMPERED,
                    "%.80s; saved as %s; compare a receipt of %llu entries or more", why, folder,
                    (unsigned long long)log->key.head.size);
}

enum qrt_code qrt_opening_tampered_as_said(struct qrt_log *log, struct qrt_err *err)
{
    if (err == NULL) {
        return QRT_E_TAMPERED;
    }
    struct qrt_err said = *err;
    return qrt_opening_tampered(log, err, said.what);
}

enum qrt_code qrt_opening_fail_first(const struct qrt_faults *faults, struct qrt_err *err)
{
    const struct qrt_fault *first = &faults->list[0];
    return qrt_fail(err, QRT_E_TAMPERED, "entry %llu, epoch %llu: %s",
                    (unsigned long long)first->index, (unsigned long long)first->epoch,
                    first->text);
}

/* No entry is in the database yet: the head of an empty log, or, where the
 * genesis in flight continues another, that one's. */
static enum qrt_code replay_nothing(struct qrt_log *log, struct qrt_err *err)
{
    QRT_RECORD record = {0};
    QRT_FAULTS faults = {0};
    struct qrt_entry genesis;
    unsigned flags = QRT_REPLAY_LAST;
    log->views->reset(log->views->ctx);
    enum qrt_code code = qrt_opening_record(log, &record, err);
    if (code == QRT_OK && record.entries_len > 0) {
        code = qrt_entry_parse(&genesis, record.entries[0].data, record.entries[0].len_bytes, err);
        if (code == QRT_OK) {
            code = qrt_predecessor_begin(log, &genesis, &flags, &faults, err);
        }
    }
    return code == QRT_OK && faults.len > 0 ? qrt_opening_fail_first(&faults, err) : code;
}

enum qrt_code qrt_opening_replay(struct qrt_log *log, struct qrt_err *err)
{
    if (qrt_db_is_absent(log->dir_fd) &&
        faccessat(log->dir_fd, QRT_DB_JOURNAL, F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
        return replay_nothing(log, err);
    }
    QRT_FAULTS faults = {0};
    enum qrt_code code = qrt_db_open(&log->db, log->dir_fd, false, err);
    if (code == QRT_OK && log->key.head.epochs <= 1) {
        /* The first transaction, or its putting back, cut short leaves an empty file. */
        QRT_STATEMENT *any = NULL;
        code = qrt_db_prepare(&any, log->db, "SELECT 1 FROM sqlite_schema", err);
        if (code == QRT_OK && sqlite3_step(any) == SQLITE_DONE) {
            qrt_db_finalize(&any);
            qrt_db_close(&log->db);
            return replay_nothing(log, err);
        }
    }
    if (code == QRT_OK) {
        code = qrt_db_check_schema(log->db, err);
    }
    if (code == QRT_OK) {
        code = qrt_replay_database(log, QRT_REPLAY_LAST, &faults, err);
    }
    return code == QRT_OK && faults.len > 0 ? qrt_opening_fail_first(&faults, err) : code;
}

/* Is the last checkpoint the one that log.key has, and the next key too? */
static bool holds_checkpoint(const struct qrt_log *log)
{
    return log->note.len_bytes == log->key.note.len_bytes &&
           memcmp(log->note.data, log->key.note.data, log->note.len_bytes) == 0 &&
           memcmp(log->next_key, log->key.public_key, QRT_PUBLIC_BYTES) == 0 &&
           memcmp(log->vault_id, log->key.vault_id, QRT_VAULT_ID_BYTES) == 0;
}

static const char *unfinished(const struct qrt_log *log, enum qrt_standing where)
{
    bool cosignature = where == QRT_STANDS_UNCOSIGNED;
    if (log->key.record_state == QRT_RECORD_COSIGNING && where != QRT_STANDS_BEFORE) {
        return "a cosignature is unfinished; an operator's badge completes it\n";
    }
    if (log->key.record_state == QRT_RECORD_KEPT || log->key.record_state == QRT_RECORD_COSIGNING) {
        return cosignature ? "the database has lost a cosignature; an operator's badge puts it "
                             "back\n"
                           : "the database has lost its last commit; an operator's badge puts it "
                             "back\n";
    }
    return "a commit is unfinished; an operator's badge completes it\n";
}

/* The next session's first commit says so. */
static void report_unshown(struct qrt_log *log, const struct qrt_record *record)
{
    for (size_t i = 0; i < record->later_len; i++) {
        if (!record->later[i].shown) {
            qrt_buf_printf(&log->reports,
                           "%s cosigned after the close without a receipt, and no entry says so "
                           "yet\n",
                           record->later[i].person);
        }
    }
}

static enum qrt_code judge(struct qrt_log *log, struct qrt_err *err)
{
    QRT_RECORD record = {0};
    enum qrt_code code = qrt_opening_record(log, &record, err);
    if (code != QRT_OK) {
        return code == QRT_E_TAMPERED ? qrt_opening_tampered_as_said(log, err) : code;
    }
    enum qrt_standing where = qrt_opening_standing(log, &record);
    bool settled =
        log->key.record_state == QRT_RECORD_NONE || log->key.record_state == QRT_RECORD_KEPT;
    if (where == QRT_STANDS_ELSEWHERE) {
        return qrt_opening_tampered(
            log, err,
            log->head.size < log->key.head.size
                ? "the database is older than the log's key"
                : "the database is not the one that the log's key continues");
    }
    /* Of a commit in flight log.key has no signed checkpoint yet. */
    if (where != QRT_STANDS_BEFORE && log->key.record_state != QRT_RECORD_PENDING &&
        !holds_checkpoint(log)) {
        return qrt_opening_tampered(log, err, "the last checkpoint is not the one that was signed");
    }
    if (where != QRT_STANDS_AT_HEAD || !settled) {
        log->pending = true;
        qrt_buf_text(&log->reports, unfinished(log, where));
    }
    report_unshown(log, &record);
    if ((log->key.marks & QRT_MARK_RESTORED) != 0) {
        qrt_buf_text(&log->reports, "a lost commit was put back, and no entry says so yet\n");
    }
    return QRT_OK;
}

/* log.key, and what its absence or the database's says. */
static enum qrt_code read_key(struct qrt_log *log, struct qrt_err *err)
{
    struct stat st;
    bool absent = fstatat(log->dir_fd, QRT_DB_FILE, &st, AT_SYMLINK_NOFOLLOW) != 0;
    enum qrt_code code = qrt_keystate_read(&log->key, log->dir_fd, err);
    if (code == QRT_E_NOT_FOUND && absent) {
        return qrt_fail(err, QRT_E_NOT_FOUND, "this directory holds no vault");
    }
    if (code == QRT_E_NOT_FOUND) {
        return qrt_fail(
            err, QRT_E_NOT_FOUND,
            "%s is gone: this copy can be verified, and continued by a quorum (`log continue`)",
            QRT_KEYSTATE_FILE);
    }
    if (code == QRT_OK && absent && log->key.head.epochs > 0) {
        return qrt_fail(err, QRT_E_NOT_FOUND, "%s is gone, and %s is there: put a copy back",
                        QRT_DB_FILE, QRT_KEYSTATE_FILE);
    }
    return code;
}

enum qrt_code qrt_log_open(struct qrt_log *log, const char *path, const struct qrt_views *views,
                           struct qrt_err *err)
{
    *log = (struct qrt_log){.dir_fd = -1, .views = views};
    return qrt_opening_open(log, path, err);
}

enum qrt_code qrt_opening_open(struct qrt_log *log, const char *path, struct qrt_err *err)
{
    enum qrt_code code;
    if ((code = qrt_log_lock(log, path, err)) != QRT_OK ||
        (code = sync_files(log, err)) != QRT_OK ||
        (code = qrt_file_shred(log->dir_fd, QRT_KEYSTATE_TEMPORARY, err)) != QRT_OK) {
        qrt_log_close(log);
        return code;
    }
    code = read_key(log, err);
    if (code == QRT_OK) {
        code = qrt_db_refuse_wal(log->dir_fd, err);
    }
    if (code == QRT_OK) {
        code = qrt_opening_settle_journal(log, err);
    }
    if (code == QRT_OK) {
        code = qrt_opening_replay(log, err);
    }
    if (code == QRT_E_TAMPERED) {
        code = qrt_opening_tampered_as_said(log, err);
    }
    if (code == QRT_OK) {
        code = judge(log, err);
    }
    if (code == QRT_OK) {
        code = qrt_buf_check(&log->reports, err);
    }
    if (code != QRT_OK) {
        qrt_log_close(log);
    }
    return code;
}
