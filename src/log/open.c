#include "log/log.h"

#include "base/file.h"
#include "log/commit.h"
#include "log/evidence.h"
#include "log/replay.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRIAL "trial"

void qrt_log_close(struct qrt_log *log)
{
    if (log->db != NULL) {
        qrt_db_close(&log->db);
    }
    qrt_keystate_free(&log->key);
    qrt_buf_free(&log->note);
    qrt_buf_free(&log->reports);
    qrt_faults_free(&log->notices);
    qrt_signatures_free(&log->unverified);
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
        QRT_FD fd = openat(log->dir_fd, files[i], O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0 && errno == ENOENT) {
            continue;
        }
        if (fd < 0) {
            return qrt_fail_os(err, QRT_E_IO, errno, "%s", files[i]);
        }
        enum qrt_code code = qrt_fd_sync(fd, files[i], err);
        if (code != QRT_OK) {
            return code;
        }
    }
    return qrt_fd_sync(log->dir_fd, "the vault's directory", err);
}

static enum qrt_code tampered(struct qrt_log *log, struct qrt_err *err, const char *why)
{
    char folder[QRT_EVIDENCE_NAME_CHARS + 1];
    struct qrt_err unsaved = {0};
    if (qrt_evidence_save(folder, log->dir_fd, QRT_EVIDENCE_ALL, &unsaved) != QRT_OK) {
        return qrt_fail(err, QRT_E_TAMPERED, "%.150s (and evidence cannot be saved: %.60s)", why,
                        unsaved.what);
    }
    return qrt_fail(err, QRT_E_TAMPERED,
                    "%.120s; saved as %.26s; compare a receipt of size >= %llu", why, folder,
                    (unsigned long long)log->key.head.size);
}

/* The same, for what *err says already. */
static enum qrt_code tampered_as_said(struct qrt_log *log, struct qrt_err *err)
{
    if (err == NULL) {
        return QRT_E_TAMPERED;
    }
    struct qrt_err said = *err;
    return tampered(log, err, said.what);
}

static bool head_equals(const struct qrt_head *a, const struct qrt_head *b)
{
    return a->epochs == b->epochs && a->size == b->size &&
           memcmp(a->root, b->root, sizeof a->root) == 0;
}

/* The head after the record in log.key, given the state before it. */
static enum qrt_code head_after(const struct qrt_record *record, const struct qrt_frontier *before,
                                struct qrt_frontier *after, struct qrt_head *head,
                                struct qrt_err *err)
{
    *after = *before;
    for (size_t i = 0; i < record->entries_len; i++) {
        uint8_t leaf[QRT_HASH_BYTES];
        qrt_tree_leaf(leaf, record->entries[i].data, record->entries[i].len_bytes);
        qrt_frontier_add(after, leaf);
    }
    *head = (struct qrt_head){.epochs = record->epoch + 1, .size = after->size};
    qrt_frontier_root(after, head->root);
    struct qrt_checkpoint said;
    if (qrt_checkpoint_parse(&said, record->checkpoint.data, record->checkpoint.len_bytes, err) !=
            QRT_OK ||
        said.size != head->size || memcmp(said.root, head->root, sizeof said.root) != 0) {
        return qrt_fail(err, QRT_E_TAMPERED, "%s: its commit record contradicts itself",
                        QRT_KEYSTATE_FILE);
    }
    return QRT_OK;
}

enum standing {
    STANDS_AT_HEAD,   /* where log.key says, or, while pending, at the new head */
    STANDS_BEFORE,    /* a commit is in flight and not in the database */
    STANDS_ELSEWHERE, /* neither: tampering */
};

static enum standing standing_pending(const struct qrt_log *log, const struct qrt_record *record)
{
    struct qrt_checkpoint said;
    if (head_equals(&log->head, &log->key.head)) {
        return STANDS_BEFORE;
    }
    /* At the new head? Then the record's checkpoint is the one that stands. */
    bool after = record->epoch == log->key.head.epochs && log->head.epochs == record->epoch + 1 &&
                 qrt_checkpoint_parse(&said, record->checkpoint.data, record->checkpoint.len_bytes,
                                      NULL) == QRT_OK &&
                 said.size == log->head.size &&
                 memcmp(said.root, log->head.root, sizeof said.root) == 0;
    return after ? STANDS_AT_HEAD : STANDS_ELSEWHERE;
}

static enum standing standing_kept(const struct qrt_log *log, const struct qrt_record *record)
{
    struct qrt_frontier after;
    struct qrt_head head;
    if (head_equals(&log->head, &log->key.head)) {
        return STANDS_AT_HEAD;
    }
    if (record->entries_len > 0 && log->head.epochs == record->epoch &&
        head_after(record, &log->frontier, &after, &head, NULL) == QRT_OK &&
        head_equals(&head, &log->key.head)) {
        return STANDS_BEFORE;
    }
    return STANDS_ELSEWHERE;
}

static enum standing standing(const struct qrt_log *log, const struct qrt_record *record)
{
    return log->key.record_state == QRT_RECORD_PENDING ? standing_pending(log, record)
                                                       : standing_kept(log, record);
}

static enum qrt_code decode_record(const struct qrt_log *log, struct qrt_record *record,
                                   struct qrt_err *err)
{
    *record = (struct qrt_record){0};
    return log->key.record_state == QRT_RECORD_NONE
               ? QRT_OK
               : qrt_record_decode(record, log->key.record.data, log->key.record.len_bytes, err);
}

#define RECORD __attribute__((cleanup(qrt_record_free))) struct qrt_record

static enum qrt_code fail_first(const struct qrt_faults *faults, struct qrt_err *err)
{
    const struct qrt_fault *first = &faults->list[0];
    return qrt_fail(err, QRT_E_TAMPERED, "entry %llu, epoch %llu: %s",
                    (unsigned long long)first->index, (unsigned long long)first->epoch,
                    first->text);
}

/* Opens and replays the database of `dir_fd` into the log. */
static enum qrt_code replay_database(struct qrt_log *log, struct qrt_err *err)
{
    if (qrt_db_is_absent(log->dir_fd) &&
        faccessat(log->dir_fd, QRT_DB_JOURNAL, F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
        log->views->reset(log->views->ctx);
        return QRT_OK; /* at the head of an empty log */
    }
    QRT_FAULTS faults = {0};
    enum qrt_code code = qrt_db_open(&log->db, log->dir_fd, false, err);
    if (code == QRT_OK && log->key.head.epochs == 0) {
        /* A founding cut short in its first transaction leaves an empty file. */
        QRT_STATEMENT *any = NULL;
        code = qrt_db_prepare(&any, log->db, "SELECT 1 FROM sqlite_schema", err);
        if (code == QRT_OK && sqlite3_step(any) == SQLITE_DONE) {
            log->views->reset(log->views->ctx);
            qrt_db_finalize(&any);
            qrt_db_close(&log->db);
            return QRT_OK;
        }
    }
    if (code == QRT_OK) {
        code = qrt_db_check_schema(log->db, err);
    }
    if (code == QRT_OK) {
        code = qrt_replay(log, QRT_REPLAY_LAST, &faults, err);
    }
    return code == QRT_OK && faults.len > 0 ? fail_first(&faults, err) : code;
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
    struct qrt_log trial = {.dir_fd = place, .views = log->views, .key = log->key};
    RECORD record = {0};
    if (code == QRT_OK) {
        code = decode_record(log, &record, err);
    }
    if (code == QRT_OK) {
        struct qrt_err why = {0};
        code = replay_database(&trial, &why);
        *fits = code == QRT_OK && standing(&trial, &record) != STANDS_ELSEWHERE;
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
    qrt_faults_free(&trial.notices);
    qrt_signatures_free(&trial.unverified);
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

/* A journal is played only if a commit is in flight and a copy shows that the
 * outcome is one that the log's key allows; a planted one removes commits. */
static enum qrt_code settle_journal(struct qrt_log *log, struct qrt_err *err)
{
    char folder[QRT_EVIDENCE_NAME_CHARS + 1];
    bool fits = false;
    if (faccessat(log->dir_fd, QRT_DB_JOURNAL, F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
        return QRT_OK;
    }
    enum qrt_code code = qrt_evidence_save(folder, log->dir_fd, QRT_EVIDENCE_DATABASE, err);
    if (code != QRT_OK) {
        return code;
    }
    bool in_flight = log->key.record_state == QRT_RECORD_PENDING ||
                     log->key.record_state == QRT_RECORD_RESTORING;
    if (!in_flight || qrt_db_is_absent(log->dir_fd)) {
        return set_journal_aside(log, folder, err);
    }
    if ((code = try_copy(log, folder, true, &fits, err)) != QRT_OK) {
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

static enum qrt_code judge(struct qrt_log *log, struct qrt_err *err)
{
    RECORD record = {0};
    enum qrt_code code = decode_record(log, &record, err);
    if (code != QRT_OK) {
        return code == QRT_E_TAMPERED ? tampered_as_said(log, err) : code;
    }
    enum standing where = standing(log, &record);
    bool settled =
        log->key.record_state == QRT_RECORD_NONE || log->key.record_state == QRT_RECORD_KEPT;
    if (where == STANDS_ELSEWHERE) {
        return tampered(log, err,
                        log->head.size < log->key.head.size
                            ? "the database is older than the log's key"
                            : "the database is not the one that the log's key continues");
    }
    if (where == STANDS_AT_HEAD && settled) {
        if (log->note.len_bytes != log->key.note.len_bytes ||
            memcmp(log->note.data, log->key.note.data, log->note.len_bytes) != 0 ||
            memcmp(log->next_key, log->key.public_key, QRT_PUBLIC_BYTES) != 0 ||
            memcmp(log->vault_id, log->key.vault_id, QRT_VAULT_ID_BYTES) != 0) {
            return tampered(log, err, "the last checkpoint is not the one that was signed");
        }
    } else {
        log->pending = true;
        qrt_buf_text(&log->reports,
                     settled ? "the database has lost its last commit; an operator's badge puts "
                               "it back\n"
                             : "a commit is unfinished; an operator's badge completes it\n");
    }
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
        return qrt_fail(err, QRT_E_NOT_FOUND, "%s is gone: this copy can be verified, not used",
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
        code = settle_journal(log, err);
    }
    if (code == QRT_OK) {
        code = replay_database(log, err);
    }
    if (code == QRT_E_TAMPERED) {
        code = tampered_as_said(log, err);
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

/* Reads the record's entries for the rules and for the origin of a first one. */
static enum qrt_code apply_record(struct qrt_log *log, const struct qrt_record *record,
                                  struct qrt_err *err)
{
    struct qrt_entry *entries = calloc(record->entries_len, sizeof *entries);
    enum qrt_code code = entries == NULL ? qrt_fail(err, QRT_E_NOMEM, "a commit record") : QRT_OK;
    for (size_t i = 0; code == QRT_OK && i < record->entries_len; i++) {
        code = qrt_entry_parse(&entries[i], record->entries[i].data, record->entries[i].len_bytes,
                               err);
    }
    if (code == QRT_OK && log->head.epochs == 0) {
        (void)qrt_span_copy(log->origin, sizeof log->origin, entries[0].origin);
        qrt_tree_leaf(log->fingerprint, entries[0].text.data, entries[0].text.len_bytes);
        memcpy(log->vault_id, log->fingerprint, QRT_VAULT_ID_BYTES);
    }
    if (code == QRT_OK) {
        code = qrt_commit_apply(log, entries, record->entries_len, record->epoch,
                                record->checkpoint, record->cosignatures, err);
    }
    free(entries);
    return code;
}

static enum qrt_code complete(struct qrt_log *log, struct qrt_err *err)
{
    RECORD record = {0};
    struct qrt_frontier frontier = log->frontier;
    struct qrt_head head;
    enum qrt_code code = decode_record(log, &record, err);
    if (code != QRT_OK) {
        return code;
    }
    bool in_database = standing(log, &record) == STANDS_AT_HEAD;
    if (!in_database) {
        if ((code = head_after(&record, &log->frontier, &frontier, &head, err)) != QRT_OK) {
            return code;
        }
        if (log->key.record_state == QRT_RECORD_KEPT) {
            log->key.record_state = QRT_RECORD_RESTORING;
            log->key.marks |= QRT_MARK_RESTORED;
            if ((code = qrt_keystate_write(&log->key, log->dir_fd, err)) != QRT_OK) {
                return code;
            }
        }
        if ((code = apply_record(log, &record, err)) != QRT_OK) {
            return code;
        }
    }
    code = qrt_commit_finish(log, &record, &frontier, in_database, err);
    if (code == QRT_OK) {
        log->pending = false;
        qrt_buf_text(&log->reports, "the unfinished commit was completed\n");
    }
    return code;
}

/* Opening looked at the last checkpoint's signatures only. */
static enum qrt_code check_every_seal(struct qrt_log *log, struct qrt_err *err)
{
    QRT_FAULTS faults = {0};
    enum qrt_code code = qrt_replay_verify(log, &faults, err);
    if (code == QRT_OK && faults.len > 0) {
        code = fail_first(&faults, err);
    }
    if (code == QRT_OK) {
        qrt_signatures_free(&log->unverified);
    }
    return code;
}

enum qrt_code qrt_log_unlock(struct qrt_log *log, const char *person,
                             const uint8_t sign_key[static QRT_SIGN_KEY_BYTES], struct qrt_err *err)
{
    enum qrt_code code = qrt_keystate_unlock(&log->key, person, sign_key, err);
    if (code == QRT_OK) {
        code = check_every_seal(log, err);
    }
    if (code == QRT_OK && log->pending) {
        code = complete(log, err);
    }
    return code == QRT_E_TAMPERED ? tampered_as_said(log, err) : code;
}
