#include "log/replay.h"

#include "log/predecessor.h"
#include <string.h>

#define PROGRESS_ENTRIES 4096 /* a few milliseconds */
#define GAP_TOLD         256  /* of what is missing in a row; the rest is counted */

struct replay {
    struct qrt_log *log;
    const struct qrt_log_source *source;
    struct qrt_faults *faults;
    bool verifies_all;
    struct qrt_checkpoint_row row; /* the next checkpoint's, if it waits */
    uint64_t index;                /* expected next */
    uint64_t epoch;                /* being read */
    uint64_t epoch_first;          /* its first entry's index */
    bool sealed;                   /* its checkpoint-key was read */
    bool planted;                  /* a row of a number below 0 was told */
    bool root_differs;             /* told once: every later root differs too */
    bool awaits_seal;              /* the epoch before waits for its signatures' check */
    uint64_t seal_epoch;           /* … that epoch, its last index, and the key it was under */
    uint64_t seal_index;
    uint8_t seal_key[QRT_PUBLIC_BYTES];
    bool row_waits;
    bool rows_done;
    struct qrt_buf seal_note;
    struct qrt_buf want;
};

static void replay_free(struct replay *replay)
{
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

    const struct qrt_checkpoint_row *row = &replay->row;
    log->note.len_bytes = 0;
    qrt_buf_add(&log->note, row->note.data, row->note.len_bytes);
    log->later.len_bytes = 0;
    qrt_buf_add(&log->later, row->later.data, row->later.len_bytes);
    replay->seal_note.len_bytes = 0;
    qrt_buf_add(&replay->seal_note, row->note.data, row->note.len_bytes);
    qrt_buf_add(&replay->seal_note, row->later.data, row->later.len_bytes);
    memcpy(log->head.root, have.root, sizeof have.root);
    if (!row->typed || row->size != have.size) {
        qrt_faults_add(replay->faults, last_index, replay->epoch,
                       "the checkpoint's row says another size, or in another type");
    }
    if ((row->note.len_bytes <= replay->want.len_bytes ||
         memcmp(row->note.data, replay->want.data, replay->want.len_bytes) != 0) &&
        !replay->root_differs) {
        replay->root_differs = true;
        qrt_faults_add(replay->faults, last_index, replay->epoch,
                       "the entries so far are not those that the checkpoint signed");
    }
}

/* A row of a number below 0, which no commit makes, is told once and passed over: what
 * it pushes out of the list of faults, or out of its place, would be hidden by it. */
static bool is_planted(struct replay *replay, uint64_t number, const char *what)
{
    bool planted = number > INT64_MAX;
    if (planted && !replay->planted) {
        qrt_faults_add(replay->faults, 0, 0, "%s of the number %lld", what, (long long)number);
    }
    replay->planted = replay->planted || planted;
    return planted;
}

/* The next checkpoint's row, unless one waits already, or there are no more. */
static enum qrt_code step_row(struct replay *replay, struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    while (code == QRT_OK && !replay->row_waits && !replay->rows_done) {
        code = replay->source->next_checkpoint(replay->source->ctx, &replay->row,
                                               &replay->row_waits, err);
        replay->rows_done = !replay->row_waits;
        replay->row_waits =
            replay->row_waits && !is_planted(replay, replay->row.epoch, "a checkpoint");
    }
    return code;
}

/* Steps to the checkpoint of the epoch at hand; its row is replay->row until the next step. */
static enum qrt_code find_row(struct replay *replay, uint64_t last_index, bool *found,
                              struct qrt_err *err)
{
    *found = false;
    for (;;) {
        enum qrt_code code = step_row(replay, err);
        if (code != QRT_OK) {
            return code;
        }
        uint64_t epoch = replay->row.epoch;
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
    memcpy(log->vault_id, log->predecessor != NULL ? log->predecessor->vault_id : log->fingerprint,
           QRT_VAULT_ID_BYTES);
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
        uint64_t gone = want;
        for (; gone < row_epoch && gone - want < GAP_TOLD; gone++) {
            qrt_faults_add(replay->faults, index, gone, "epoch %llu is missing or has no end",
                           (unsigned long long)gone);
        }
        if (gone < row_epoch) {
            qrt_faults_add(replay->faults, index, gone, "so are the %llu epochs from this one on",
                           (unsigned long long)(row_epoch - gone));
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

static void tell_gap(struct replay *replay, uint64_t index, uint64_t row_epoch)
{
    uint64_t gone = replay->index;
    for (; gone < index && gone - replay->index < GAP_TOLD; gone++) {
        qrt_faults_add(replay->faults, gone, row_epoch, "the entry is missing");
    }
    if (gone < index) {
        qrt_faults_add(replay->faults, gone, row_epoch, "so are the %llu entries from this one on",
                       (unsigned long long)(index - gone));
    }
}

static enum qrt_code take_row(struct replay *replay, const struct qrt_entry_row *row,
                              struct qrt_err *err)
{
    if (is_planted(replay, row->index, "an entry")) {
        return QRT_OK;
    }
    struct qrt_log *log = replay->log;
    enum qrt_code code = flush_seal(replay, replay->verifies_all, err);
    if (code != QRT_OK) {
        return code;
    }
    if (log->checker != NULL && log->unverified.len >= QRT_CHECKER_BATCH) {
        qrt_checker_take(log->checker, &log->unverified);
    }
    if (log->progress != NULL && replay->index % PROGRESS_ENTRIES == 0) {
        log->progress->tell(log->progress->ctx, replay->index, log->progress->all);
    }
    uint64_t index = row->index;
    uint64_t row_epoch = row->epoch;
    tell_gap(replay, index, row_epoch);
    replay->index = index + 1;
    if (!row->typed) {
        qrt_faults_add(replay->faults, index, row_epoch, "the row's values are of other types");
    }
    check_epoch(replay, index, row_epoch);

    uint8_t leaf[QRT_HASH_BYTES];
    struct qrt_entry entry;
    struct qrt_err why = {0};
    qrt_tree_leaf(leaf, row->body.data, row->body.len_bytes);
    qrt_frontier_add(&log->frontier, leaf);
    code = qrt_entry_parse(&entry, row->body.data, row->body.len_bytes, &why);
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
    if (index == 0 && log->predecessor != NULL) {
        log->last_time_unix_s = log->predecessor->last_time_unix_s;
    }
    if ((index > 0 || log->predecessor != NULL) && entry.time_unix_s < log->last_time_unix_s) {
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
        qrt_faults_add(replay->faults, replay->index, replay->row.epoch,
                       "a checkpoint without its entries");
    }
    if (code == QRT_OK && log->db != NULL) {
        size_t before = replay->faults->len;
        code = log->views->compare(log->views->ctx, log->db, replay->faults, err);
        for (size_t i = before; i < replay->faults->len; i++) {
            replay->faults->list[i].epoch = replay->epoch; /* which the views do not know */
        }
    }
    if (code == QRT_OK) {
        code = qrt_buf_check(&log->unverified.bytes, err);
    }
    return code == QRT_OK ? check_list(replay->faults, err) : code;
}

enum qrt_code qrt_replay(struct qrt_log *log, const struct qrt_log_source *source, unsigned flags,
                         struct qrt_faults *faults, struct qrt_err *err)
{
    __attribute__((cleanup(replay_free))) struct replay replay = {
        .log = log,
        .source = source,
        .faults = faults,
        .verifies_all = (flags & QRT_REPLAY_ALL) != 0};
    if ((flags & QRT_REPLAY_GOES_ON) == 0) {
        log->views->reset(log->views->ctx);
    }
    log->head = (struct qrt_head){0};
    log->frontier = (struct qrt_frontier){0};
    log->note.len_bytes = 0;
    log->later.len_bytes = 0;
    log->origin[0] = '\0';
    qrt_faults_free(&log->notices);
    qrt_signatures_free(&log->unverified);
    for (;;) {
        struct qrt_entry_row row;
        bool found;
        enum qrt_code code = source->next_entry(source->ctx, &row, &found, err);
        if (code == QRT_OK && !found) {
            return finish(&replay, err);
        }
        if (code == QRT_OK) {
            code = take_row(&replay, &row, err);
        }
        if (code != QRT_OK) {
            return code;
        }
    }
}

/* As the rows say, unread; 0 if they cannot be read. */
static uint64_t count_entries(sqlite3 *db)
{
    QRT_STATEMENT *last = NULL;
    return qrt_db_prepare(&last, db, "SELECT max(idx) + 1 FROM log_entry", NULL) == QRT_OK &&
                   sqlite3_step(last) == SQLITE_ROW
               ? (uint64_t)sqlite3_column_int64(last, 0)
               : 0;
}

/* Reads the genesis, and what it continues, before the rest. */
static enum qrt_code begin_chain(struct qrt_log *log, unsigned *flags, struct qrt_faults *faults,
                                 struct qrt_err *err)
{
    QRT_STATEMENT *first = NULL;
    struct qrt_entry genesis;
    enum qrt_code code =
        qrt_db_prepare(&first, log->db, "SELECT body FROM log_entry WHERE idx = 0", err);
    if (code != QRT_OK || sqlite3_step(first) != SQLITE_ROW ||
        qrt_entry_parse(&genesis, sqlite3_column_blob(first, 0),
                        (size_t)sqlite3_column_bytes(first, 0), NULL) != QRT_OK) {
        return code; /* the replay tells what is wrong with it */
    }
    return qrt_predecessor_begin(log, &genesis, flags, faults, err);
}

enum qrt_code qrt_replay_database(struct qrt_log *log, unsigned flags, struct qrt_faults *faults,
                                  struct qrt_err *err)
{
    QRT_DB_SOURCE rows = {0};
    /* One state of the file for all its tables, and one lock in place of one
     * for every document looked up. */
    enum qrt_code code = qrt_db_exec(log->db, "BEGIN", "reading it", err);
    if (code != QRT_OK) {
        return code;
    }
    if (log->progress != NULL) {
        log->progress->all = count_entries(log->db);
    }
    code = begin_chain(log, &flags, faults, err);
    if (code == QRT_OK) {
        code = qrt_db_source_open(&rows, log->db, log->views, err);
    }
    if (code == QRT_OK) {
        struct qrt_log_source source = qrt_db_source(&rows);
        code = qrt_replay(log, &source, flags, faults, err);
    }
    qrt_db_source_close(&rows);
    (void)sqlite3_exec(log->db, "ROLLBACK", NULL, NULL, NULL);
    return code;
}

enum qrt_code qrt_replay_verify(struct qrt_log *log, struct qrt_faults *faults, struct qrt_err *err)
{
    enum qrt_code code = qrt_predecessor_verify(log, faults, err);
    if (code != QRT_OK) {
        return code;
    }
    if (log->checker != NULL) {
        qrt_checker_take(log->checker, &log->unverified);
        return qrt_checker_end(log->checker, faults, err);
    }
    qrt_signatures_check(&log->unverified, faults);
    return check_list(faults, err);
}
