#include "log/replay.h"

#include <string.h>

struct replay {
    struct qrt_log *log;
    struct qrt_faults *faults;
    enum qrt_replay_depth depth;
    sqlite3_stmt *checkpoints;
    uint64_t index;       /* expected next */
    uint64_t epoch;       /* being read */
    uint64_t epoch_first; /* its first entry's index */
    bool sealed;          /* its checkpoint-key was read */
    bool root_differs;    /* told once: every later root differs too */
    bool awaits_seal;     /* the epoch before waits for its signatures' check */
    uint64_t seal_epoch;  /* … that epoch, its last index, and the key it was under */
    uint64_t seal_index;
    uint8_t seal_key[QRT_PUBLIC_BYTES];
    bool row_waits; /* the checkpoints' cursor stands at a row not yet used */
    bool rows_done;
    struct qrt_buf seal_note;
    struct qrt_buf want;
};

static void replay_free(struct replay *replay)
{
    qrt_db_finalize(&replay->checkpoints);
    qrt_buf_free(&replay->seal_note);
    qrt_buf_free(&replay->want);
}

/* The log's own signature under the announced key, then the cosignatures. */
static enum qrt_code flush_seal(struct replay *replay, bool now, struct qrt_err *err)
{
    struct qrt_log *log = replay->log;
    struct qrt_signatures *later = now ? NULL : &log->unverified;
    if (!replay->awaits_seal) {
        return QRT_OK;
    }
    replay->awaits_seal = false;
    log->unverified.index = replay->seal_index;
    log->unverified.epoch = replay->seal_epoch;
    struct qrt_note note;
    struct qrt_vkey vkey;
    struct qrt_err why = {0};
    if (qrt_note_parse(&note, qrt_buf_str(&replay->seal_note), replay->seal_note.len_bytes, &why) !=
        QRT_OK) {
        qrt_faults_add(replay->faults, replay->seal_index, replay->seal_epoch, "checkpoint: %s",
                       why.what);
        return log->views->seal(log->views->ctx, replay->seal_epoch, NULL, NULL, replay->faults,
                                err);
    }
    if (qrt_vkey_make(&vkey, log->origin, QRT_KEY_TYPE_LOG, replay->seal_key, &why) != QRT_OK ||
        !(now ? qrt_note_verify(&note, &vkey, NULL) : qrt_note_verify_later(&note, &vkey, later))) {
        qrt_faults_add(replay->faults, replay->seal_index, replay->seal_epoch,
                       "the checkpoint is not signed by the key announced for it");
    }
    return log->views->seal(log->views->ctx, replay->seal_epoch, &note, later, replay->faults, err);
}

/* Compares a checkpoint's row with what was counted. */
static void check_row(struct replay *replay, uint64_t last_index)
{
    struct qrt_log *log = replay->log;
    struct qrt_checkpoint have = {.size = log->frontier.size};
    memcpy(have.origin, log->origin, sizeof have.origin);
    qrt_frontier_root(&log->frontier, have.root);
    replay->want.len_bytes = 0;
    qrt_checkpoint_format(&replay->want, &have);
    qrt_buf_text(&replay->want, "\n");

    size_t len = (size_t)sqlite3_column_bytes(replay->checkpoints, 2);
    const void *note = sqlite3_column_blob(replay->checkpoints, 2);
    log->note.len_bytes = 0;
    qrt_buf_add(&log->note, note, len);
    replay->seal_note.len_bytes = 0;
    qrt_buf_add(&replay->seal_note, note, len);
    memcpy(log->head.root, have.root, sizeof have.root);
    if (sqlite3_column_type(replay->checkpoints, 1) != SQLITE_INTEGER ||
        sqlite3_column_type(replay->checkpoints, 2) != SQLITE_BLOB ||
        (uint64_t)sqlite3_column_int64(replay->checkpoints, 1) != have.size) {
        qrt_faults_add(replay->faults, last_index, replay->epoch,
                       "the checkpoint's row says another size, or in another type");
    }
    if ((len <= replay->want.len_bytes ||
         memcmp(note, replay->want.data, replay->want.len_bytes) != 0) &&
        !replay->root_differs) {
        replay->root_differs = true;
        qrt_faults_add(replay->faults, last_index, replay->epoch,
                       "the entries so far are not those that the checkpoint signed");
    }
}

/* The next checkpoint's row, unless one waits already, or there are no more. */
static enum qrt_code step_row(struct replay *replay, struct qrt_err *err)
{
    if (replay->row_waits || replay->rows_done) {
        return QRT_OK;
    }
    int rc = sqlite3_step(replay->checkpoints);
    replay->row_waits = rc == SQLITE_ROW;
    replay->rows_done = rc == SQLITE_DONE;
    return replay->row_waits || replay->rows_done
               ? QRT_OK
               : qrt_db_fail(replay->log->db, "reading its checkpoints", err);
}

/* Steps the checkpoints' cursor to the epoch at hand. */
static enum qrt_code find_row(struct replay *replay, uint64_t last_index, bool *found,
                              struct qrt_err *err)
{
    *found = false;
    for (;;) {
        enum qrt_code code = step_row(replay, err);
        if (code != QRT_OK) {
            return code;
        }
        uint64_t epoch = (uint64_t)sqlite3_column_int64(replay->checkpoints, 0);
        if (!replay->row_waits || epoch > replay->epoch) {
            break;
        }
        replay->row_waits = false;
        if (epoch == replay->epoch) {
            *found = true;
            return QRT_OK;
        }
        qrt_faults_add(replay->faults, last_index, epoch, "a checkpoint without its entries");
    }
    qrt_faults_add(replay->faults, last_index, replay->epoch, "the epoch has no checkpoint");
    return QRT_OK;
}

static enum qrt_code end_epoch(struct replay *replay, const struct qrt_entry *entry, uint64_t index,
                               struct qrt_err *err)
{
    struct qrt_log *log = replay->log;
    bool found;
    enum qrt_code code = find_row(replay, index, &found, err);
    if (code != QRT_OK) {
        return code;
    }
    if (index == replay->epoch_first) {
        qrt_faults_add(replay->faults, index, replay->epoch,
                       "the epoch has no entry but its next key");
    }
    replay->sealed = true;
    log->head.epochs = replay->epoch + 1;
    log->head.size = log->frontier.size;
    if (found) {
        check_row(replay, index);
        replay->awaits_seal = true;
        replay->seal_epoch = replay->epoch;
        replay->seal_index = index;
        memcpy(replay->seal_key, log->next_key, QRT_PUBLIC_BYTES);
    }
    struct qrt_span value;
    struct qrt_vkey vkey;
    if (!qrt_entry_get(entry, "next-key", &value) ||
        qrt_vkey_parse(&vkey, value.data, value.len_bytes, NULL) != QRT_OK ||
        vkey.type != QRT_KEY_TYPE_LOG || strcmp(vkey.name, log->origin) != 0) {
        qrt_faults_add(replay->faults, index, replay->epoch, "the next key is not one of this log");
    } else {
        memcpy(log->next_key, vkey.key, QRT_PUBLIC_BYTES);
    }
    return QRT_OK;
}

static void begin_log(struct replay *replay, const struct qrt_entry *entry)
{
    struct qrt_log *log = replay->log;
    struct qrt_span value;
    struct qrt_vkey vkey;
    if (entry->event->id != QRT_EV_GENESIS) {
        qrt_faults_add(replay->faults, 0, 0, "the log does not begin with its genesis");
        return;
    }
    (void)qrt_span_copy(log->origin, sizeof log->origin, entry->origin);
    qrt_tree_leaf(log->fingerprint, entry->text.data, entry->text.len_bytes);
    memcpy(log->vault_id, log->fingerprint, QRT_VAULT_ID_BYTES);
    if (!qrt_entry_get(entry, "first-key", &value) ||
        qrt_vkey_parse(&vkey, value.data, value.len_bytes, NULL) != QRT_OK ||
        vkey.type != QRT_KEY_TYPE_LOG || strcmp(vkey.name, log->origin) != 0) {
        qrt_faults_add(replay->faults, 0, 0, "the genesis announces no key of this log");
    } else {
        memcpy(log->next_key, vkey.key, QRT_PUBLIC_BYTES);
    }
}

/* What an entry says of its place, against the place where it stands. */
static void check_place(struct replay *replay, const struct qrt_entry *entry, uint64_t index,
                        uint64_t row_epoch)
{
    if (entry->index != index) {
        qrt_faults_add(replay->faults, index, row_epoch, "the entry says index %llu",
                       (unsigned long long)entry->index);
    }
    if (entry->epoch != row_epoch) {
        qrt_faults_add(replay->faults, index, row_epoch, "the entry says epoch %llu",
                       (unsigned long long)entry->epoch);
    }
    if (!qrt_span_is(entry->origin, replay->log->origin)) {
        qrt_faults_add(replay->faults, index, row_epoch, "an entry of another log");
    }
    if (index > 0 && entry->event->id == QRT_EV_GENESIS) {
        qrt_faults_add(replay->faults, index, row_epoch, "a second genesis");
    }
}

/* Is the row's epoch the one that must come? Goes on from what is there. */
static void check_epoch(struct replay *replay, uint64_t index, uint64_t row_epoch)
{
    uint64_t want = replay->sealed ? replay->epoch + 1 : replay->epoch;
    if (row_epoch == replay->epoch && replay->sealed) {
        qrt_faults_add(replay->faults, index, row_epoch, "an entry after the epoch's last one");
    } else if (row_epoch != want) {
        for (uint64_t gone = want; gone < row_epoch && gone < want + QRT_FAULTS_MAX; gone++) {
            qrt_faults_add(replay->faults, index, gone, "epoch %llu is missing or has no end",
                           (unsigned long long)gone);
        }
        if (row_epoch < want) {
            qrt_faults_add(replay->faults, index, row_epoch, "an epoch out of its order");
        }
    }
    if (row_epoch != replay->epoch) {
        replay->sealed = false;
        replay->epoch_first = index;
    }
    replay->epoch = row_epoch;
}

static enum qrt_code take_row(struct replay *replay, sqlite3_stmt *rows, struct qrt_err *err)
{
    struct qrt_log *log = replay->log;
    enum qrt_code code = flush_seal(replay, replay->depth == QRT_REPLAY_ALL, err);
    if (code != QRT_OK) {
        return code;
    }
    uint64_t index = (uint64_t)sqlite3_column_int64(rows, 0);
    uint64_t row_epoch = (uint64_t)sqlite3_column_int64(rows, 1);
    const char *text = sqlite3_column_blob(rows, 2);
    size_t len = (size_t)sqlite3_column_bytes(rows, 2);
    for (uint64_t gone = replay->index; gone < index && gone - replay->index <= QRT_FAULTS_MAX;
         gone++) {
        qrt_faults_add(replay->faults, gone, row_epoch, "the entry is missing");
    }
    replay->index = index + 1;
    if (sqlite3_column_type(rows, 1) != SQLITE_INTEGER ||
        sqlite3_column_type(rows, 2) != SQLITE_BLOB) {
        qrt_faults_add(replay->faults, index, row_epoch, "the row's values are of other types");
    }
    check_epoch(replay, index, row_epoch);

    uint8_t leaf[QRT_HASH_BYTES];
    struct qrt_entry entry;
    struct qrt_err why = {0};
    qrt_tree_leaf(leaf, text, len);
    qrt_frontier_add(&log->frontier, leaf);
    code = qrt_entry_parse(&entry, text, len, &why);
    if (code == QRT_E_NOMEM) {
        return qrt_fail(err, code, "%s", why.what);
    }
    if (code != QRT_OK) {
        qrt_faults_add(replay->faults, index, row_epoch, "%s", why.what);
        return QRT_OK;
    }
    if (index == 0) {
        begin_log(replay, &entry);
    }
    check_place(replay, &entry, index, row_epoch);
    if (index > 0 && entry.time_unix_s < log->last_time_unix_s) {
        qrt_faults_add(&log->notices, index, row_epoch, "the time goes back");
    }
    log->last_time_unix_s = entry.time_unix_s;
    code = log->views->apply(log->views->ctx, &entry, replay->faults, err);
    if (code == QRT_OK && entry.event->id == QRT_EV_CHECKPOINT_KEY) {
        code = end_epoch(replay, &entry, index, err);
    }
    return code;
}

/* A fault that found no room must not pass for none. */
static enum qrt_code check_list(const struct qrt_faults *faults, struct qrt_err *err)
{
    return faults->more && faults->len < QRT_FAULTS_MAX
               ? qrt_fail(err, QRT_E_NOMEM, "the list of faults")
               : QRT_OK;
}

static enum qrt_code finish(struct replay *replay, struct qrt_err *err)
{
    struct qrt_log *log = replay->log;
    enum qrt_code code = flush_seal(replay, true, err);
    if (code != QRT_OK) {
        return code;
    }
    if (replay->index == 0) {
        qrt_faults_add(replay->faults, 0, 0, "the log has no entry");
    } else if (!replay->sealed) {
        qrt_faults_add(replay->faults, replay->index - 1, replay->epoch,
                       "the last epoch has no end");
    }
    while ((code = step_row(replay, err)) == QRT_OK && replay->row_waits) {
        replay->row_waits = false;
        qrt_faults_add(replay->faults, replay->index,
                       (uint64_t)sqlite3_column_int64(replay->checkpoints, 0),
                       "a checkpoint without its entries");
    }
    if (code == QRT_OK) {
        code = log->views->compare(log->views->ctx, log->db, replay->faults, err);
    }
    if (code == QRT_OK) {
        code = qrt_buf_check(&log->unverified.bytes, err);
    }
    return code == QRT_OK ? check_list(replay->faults, err) : code;
}

static enum qrt_code replay_rows(struct replay *replay, struct qrt_err *err)
{
    sqlite3 *db = replay->log->db;
    QRT_STATEMENT *rows = NULL;
    enum qrt_code code =
        qrt_db_prepare(&rows, db, "SELECT idx, epoch, body FROM log_entry ORDER BY idx", err);
    if (code == QRT_OK) {
        code = qrt_db_prepare(&replay->checkpoints, db,
                              "SELECT epoch, size, note FROM log_checkpoint ORDER BY epoch", err);
    }
    int rc = SQLITE_DONE;
    while (code == QRT_OK && (rc = sqlite3_step(rows)) == SQLITE_ROW) {
        code = take_row(replay, rows, err);
    }
    if (code == QRT_OK && rc != SQLITE_DONE) {
        code = qrt_db_fail(db, "reading its entries", err);
    }
    return code == QRT_OK ? finish(replay, err) : code;
}

enum qrt_code qrt_replay(struct qrt_log *log, enum qrt_replay_depth depth,
                         struct qrt_faults *faults, struct qrt_err *err)
{
    __attribute__((cleanup(replay_free))) struct replay replay = {
        .log = log, .faults = faults, .depth = depth};
    log->views->reset(log->views->ctx);
    log->head = (struct qrt_head){0};
    log->frontier = (struct qrt_frontier){0};
    log->note.len_bytes = 0;
    log->origin[0] = '\0';
    qrt_faults_free(&log->notices);
    qrt_signatures_free(&log->unverified);
    /* One state of the file for all its tables, and one lock in place of one
     * for every document looked up. */
    enum qrt_code code = qrt_db_exec(log->db, "BEGIN", "reading it", err);
    if (code == QRT_OK) {
        code = replay_rows(&replay, err);
        qrt_db_finalize(&replay.checkpoints);
        (void)sqlite3_exec(log->db, "ROLLBACK", NULL, NULL, NULL);
    }
    return code;
}

enum qrt_code qrt_replay_verify(const struct qrt_log *log, struct qrt_faults *faults,
                                struct qrt_err *err)
{
    const struct qrt_signatures *due = &log->unverified;
    for (size_t i = 0; i < due->len; i++) {
        const char *name = qrt_signature_name(due, i);
        if (qrt_signature_verify(due, i)) {
            continue;
        }
        if (strcmp(name, log->origin) == 0) {
            qrt_faults_add(faults, due->list[i].index, due->list[i].epoch,
                           "the checkpoint is not signed by the key announced for it");
        } else {
            qrt_faults_add(faults, due->list[i].index, due->list[i].epoch,
                           "the cosignature of %s is not one of this checkpoint", name);
        }
    }
    return check_list(faults, err);
}
