#include "log/log.h"

#include "log/commit.h"
#include "log/opening.h"
#include "log/replay.h"
#include <stdlib.h>
#include <string.h>

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
        memcpy(log->vault_id,
               log->predecessor != NULL ? log->predecessor->vault_id : log->fingerprint,
               QRT_VAULT_ID_BYTES);
    }
    if (code == QRT_OK) {
        code = qrt_commit_apply(log, entries, record->entries_len, record->epoch,
                                record->checkpoint, record->cosignatures, err);
    }
    free(entries);
    return code;
}

/* The database lost what had been acknowledged. */
static enum qrt_code mark_restoring(struct qrt_log *log, struct qrt_err *err)
{
    if (log->key.record_state != QRT_RECORD_KEPT && log->key.record_state != QRT_RECORD_COSIGNING) {
        return QRT_OK;
    }
    log->key.record_state = QRT_RECORD_RESTORING;
    log->key.marks |= QRT_MARK_RESTORED;
    return qrt_keystate_write(&log->key, log->dir_fd, err);
}

static enum qrt_code complete_cosignature(struct qrt_log *log, const struct qrt_record *record,
                                          bool in_database, struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    if (log->key.record_state == QRT_RECORD_KEPT) {
        code = mark_restoring(log, err);
    }
    if (code == QRT_OK) {
        code = qrt_cosign_finish(log, record, in_database, err);
    }
    if (code == QRT_OK) {
        log->pending = false;
        qrt_buf_text(&log->reports, "the unfinished cosignature was completed\n");
    }
    return code;
}

static enum qrt_code complete(struct qrt_log *log, struct qrt_err *err)
{
    QRT_RECORD record = {0};
    struct qrt_frontier frontier = log->frontier;
    struct qrt_head head;
    enum qrt_code code = qrt_opening_record(log, &record, err);
    if (code != QRT_OK) {
        return code;
    }
    enum qrt_standing where = qrt_opening_standing(log, &record);
    bool in_database = where == QRT_STANDS_AT_HEAD;
    if (where == QRT_STANDS_UNCOSIGNED ||
        (in_database && log->key.record_state == QRT_RECORD_COSIGNING)) {
        return complete_cosignature(log, &record, in_database, err);
    }
    if (!in_database) {
        if ((code = qrt_opening_head_after(&record, &log->frontier, &frontier, &head, err)) !=
            QRT_OK) {
            return code;
        }
        if ((code = mark_restoring(log, err)) != QRT_OK) {
            return code;
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
        code = qrt_opening_fail_first(&faults, err);
    }
    if (code == QRT_OK) {
        qrt_signatures_free(&log->unverified);
    }
    return code;
}

/* The keys are open: what is unfinished is completed, or *err says why not. */
static enum qrt_code settle(struct qrt_log *log, enum qrt_code opened, struct qrt_err *err)
{
    enum qrt_code code = opened;
    if (code == QRT_OK) {
        code = check_every_seal(log, err);
    }
    if (code == QRT_OK && log->pending) {
        code = complete(log, err);
    }
    return code == QRT_E_TAMPERED ? qrt_opening_tampered_as_said(log, err) : code;
}

enum qrt_code qrt_log_unlock(struct qrt_log *log, const char *person,
                             const uint8_t sign_key[static QRT_SIGN_KEY_BYTES], struct qrt_err *err)
{
    return settle(log, qrt_keystate_unlock(&log->key, person, sign_key, err), err);
}

enum qrt_code qrt_log_recover(struct qrt_log *log, const uint8_t seed[static 32],
                              struct qrt_err *err)
{
    return settle(log, qrt_keystate_recover(&log->key, seed, err), err);
}
