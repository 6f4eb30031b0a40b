#include "log/opening.h"

#include "base/file.h"
#include "log/evidence.h"
#include "log/predecessor.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRIAL "trial"

enum qrt_code qrt_opening_judge_journal(bool *foreign, int dir_fd, struct qrt_err *err)
{
    static const uint8_t magic[] = {0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7};
    uint8_t end[sizeof magic];
    struct stat st;
    *foreign = true;
    QRT_FD fd = openat(dir_fd, QRT_DB_JOURNAL, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &st) != 0) {
        return qrt_fail_os(err, QRT_E_IO, errno, "%s", QRT_DB_JOURNAL);
    }
    if (!S_ISREG(st.st_mode)) {
        return QRT_OK;
    }
    /* Two headers' beginnings are alike, and no journal is as short as one. */
    *foreign = false;
    if (st.st_size > (off_t)sizeof end) {
        if (pread(fd, end, sizeof end, st.st_size - (off_t)sizeof end) != (ssize_t)sizeof end) {
            return qrt_fail_os(err, QRT_E_IO, errno, "%s", QRT_DB_JOURNAL);
        }
        *foreign = memcmp(end, magic, sizeof magic) == 0;
    }
    return QRT_OK;
}

/* Would the copy in `folder` (with or without its journal) replay whole, and
 * stand where log.key says it may? QRT_OK with *fits false for a plain no. */
static enum qrt_code try_copy(struct qrt_log *log, const char *folder, bool with_journal,
                              bool *fits, struct qrt_err *err)
{
    *fits = false;
    QRT_FD evidence = openat(log->dir_fd, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (evidence < 0 || (mkdirat(evidence, TRIAL, 0700) != 0 && errno != EEXIST)) {
        return qrt_fail_os(err, QRT_E_IO, errno, "%s", folder);
    }
    QRT_FD place = openat(evidence, TRIAL, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (place < 0) {
        return qrt_fail_os(err, QRT_E_IO, errno, "%s", folder);
    }
    enum qrt_code code = qrt_evidence_copy(place, evidence, QRT_DB_FILE, err);
    if (code == QRT_OK && with_journal) {
        code = qrt_evidence_copy(place, evidence, QRT_DB_JOURNAL, err);
    }
    struct qrt_log trial = {
        .dir_fd = place, .views = log->views, .key = log->key, .home_fd = log->dir_fd};
    QRT_RECORD record = {0};
    if (code == QRT_OK) {
        code = qrt_opening_record(log, &record, err);
    }
    if (code == QRT_OK) {
        struct qrt_err why = {0};
        code = qrt_opening_replay(&trial, &why);
        *fits = code == QRT_OK && qrt_opening_standing(&trial, &record) != QRT_STANDS_ELSEWHERE;
        if (code == QRT_E_TAMPERED) {
            code = QRT_OK;
        } else if (code != QRT_OK && err != NULL) {
            *err = why;
        }
    }
    if (trial.db != NULL) {
        qrt_db_close(&trial.db);
    }
    qrt_buf_free(&trial.note);
    qrt_buf_free(&trial.later);
    qrt_faults_free(&trial.notices);
    qrt_signatures_free(&trial.unverified);
    qrt_predecessor_free(&trial);
    unlinkat(place, QRT_DB_JOURNAL, 0);
    unlinkat(place, QRT_DB_FILE, 0);
    unlinkat(evidence, TRIAL, AT_REMOVEDIR);
    return code;
}

static enum qrt_code set_journal_aside(struct qrt_log *log, const char *folder, struct qrt_err *err)
{
    /* Its copy is in the evidence already, synced. */
    if (unlinkat(log->dir_fd, QRT_DB_JOURNAL, 0) != 0) {
        return qrt_fail_os(err, QRT_E_IO, errno, "setting the journal aside");
    }
    qrt_buf_printf(&log->reports,
                   "a journal lay beside the database; it was not played, and is kept in %s\n",
                   folder);
    return qrt_fd_sync(log->dir_fd, "the vault's directory", err);
}

enum qrt_code qrt_opening_settle_journal(struct qrt_log *log, struct qrt_err *err)
{
    char folder[QRT_EVIDENCE_NAME_CHARS + 1];
    bool fits = false;
    bool foreign = false;
    if (faccessat(log->dir_fd, QRT_DB_JOURNAL, F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
        return QRT_OK;
    }
    enum qrt_code code = qrt_evidence_save(folder, log->dir_fd, QRT_EVIDENCE_DATABASE, err);
    if (code != QRT_OK) {
        return code;
    }
    bool in_flight = log->key.record_state == QRT_RECORD_PENDING ||
                     log->key.record_state == QRT_RECORD_RESTORING ||
                     log->key.record_state == QRT_RECORD_COSIGNING;
    if (!in_flight || qrt_db_is_absent(log->dir_fd)) {
        return set_journal_aside(log, folder, err);
    }
    if ((code = qrt_opening_judge_journal(&foreign, log->dir_fd, err)) != QRT_OK ||
        (!foreign && (code = try_copy(log, folder, true, &fits, err)) != QRT_OK)) {
        return code;
    }
    if (fits) {
        qrt_buf_printf(&log->reports, "a commit was cut short; copies from before are kept in %s\n",
                       folder);
        return QRT_OK; /* SQLite may play it on the original */
    }
    if ((code = try_copy(log, folder, false, &fits, err)) != QRT_OK) {
        return code;
    }
    return fits ? set_journal_aside(log, folder, err)
                : qrt_fail(err, QRT_E_TAMPERED,
                           "neither with nor without its journal is the database the log's");
}
