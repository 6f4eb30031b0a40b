#include "log/commit.h"

#include "base/clock.h"
#include "base/file.h"
#include "log/opening.h"
#include <stdlib.h>
#include <string.h>

void qrt_log_checkpoint(const struct qrt_log *log, struct qrt_buf *out)
{
    qrt_buf_add(out, log->note.data, log->note.len_bytes);
    qrt_buf_add(out, log->later.data, log->later.len_bytes);
}

void qrt_cosign_line(struct qrt_buf *line, const struct qrt_log *log, const struct qrt_later *later)
{
    struct qrt_vkey vkey;
    if (log->views->vkey != NULL && log->views->vkey(log->views->ctx, later->person, &vkey)) {
        qrt_note_add_signature(line, &vkey, later->bytes, sizeof later->bytes);
    }
}

static int by_person(const void *a, const void *b)
{
    return strcmp(((const struct qrt_later *)a)->person, ((const struct qrt_later *)b)->person);
}

enum qrt_code qrt_cosign_remember(struct qrt_log *log, const struct qrt_record *record,
                                  struct qrt_err *err)
{
    log->later.len_bytes = 0;
    if (record->later_len == 0) {
        return QRT_OK;
    }
    struct qrt_later *sorted = calloc(record->later_len, sizeof *sorted);
    if (sorted == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "a checkpoint's cosignatures");
    }
    memcpy(sorted, record->later, record->later_len * sizeof *sorted);
    qsort(sorted, record->later_len, sizeof *sorted, by_person);
    for (size_t i = 0; i < record->later_len; i++) {
        qrt_cosign_line(&log->later, log, &sorted[i]);
    }
    free(sorted);
    return qrt_buf_check(&log->later, err);
}

enum qrt_code qrt_cosign_insert(sqlite3 *db, const struct qrt_record *record, size_t from,
                                struct qrt_err *err)
{
    QRT_STATEMENT *insert = NULL;
    enum qrt_code code = QRT_OK;
    if (from < record->later_len) {
        code = qrt_db_prepare(&insert, db,
                              "INSERT INTO log_cosignature (epoch, person, signature) VALUES (?1, "
                              "?2, ?3)",
                              err);
    }
    for (size_t i = from; code == QRT_OK && i < record->later_len; i++) {
        const struct qrt_later *later = &record->later[i];
        sqlite3_bind_int64(insert, 1, (sqlite3_int64)record->epoch);
        sqlite3_bind_text(insert, 2, later->person, -1, SQLITE_STATIC);
        sqlite3_bind_blob(insert, 3, later->bytes, sizeof later->bytes, SQLITE_STATIC);
        code = qrt_db_run(insert, "adding a cosignature", err);
    }
    return code;
}

/* Step 2. */
static enum qrt_code write_row(struct qrt_log *log, const struct qrt_record *record,
                               struct qrt_err *err)
{
    sqlite3 *db = log->db;
    enum qrt_code code = qrt_db_exec(db, "BEGIN IMMEDIATE", "beginning a cosignature", err);
    if (code != QRT_OK) {
        return code;
    }
    if ((code = qrt_cosign_insert(db, record, record->later_len - 1, err)) != QRT_OK ||
        (code = qrt_db_exec(db, "COMMIT", "committing", err)) != QRT_OK) {
        (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
        return code;
    }
    return qrt_fd_sync(log->dir_fd, "the vault's directory", err);
}

enum qrt_code qrt_cosign_finish(struct qrt_log *log, const struct qrt_record *record,
                                bool in_database, struct qrt_err *err)
{
    enum qrt_code code = in_database ? QRT_OK : write_row(log, record, err);
    if (code == QRT_OK) { /* step 3 */
        log->key.record_state = QRT_RECORD_KEPT;
        code = qrt_keystate_write(&log->key, log->dir_fd, err);
    }
    return code == QRT_OK ? qrt_cosign_remember(log, record, err) : code;
}

/* The rules are asked before anything is written, by the code that replay uses. */
static enum qrt_code check_rules(struct qrt_log *log, const struct qrt_later *later,
                                 struct qrt_err *err)
{
    QRT_FAULTS faults = {0};
    QRT_BUF text = {0};
    struct qrt_note note;
    qrt_log_checkpoint(log, &text);
    qrt_cosign_line(&text, log, later);
    enum qrt_code code = qrt_buf_check(&text, err);
    if (code == QRT_OK &&
        qrt_note_parse(&note, qrt_buf_str(&text), text.len_bytes, err) != QRT_OK) {
        return qrt_err_prefix(err, "the checkpoint takes no more");
    }
    if (code == QRT_OK) {
        code = log->views->seal(log->views->ctx, log->head.epochs - 1, &note, NULL, &faults, err);
    }
    if (code == QRT_OK && (faults.len > 0 || faults.more)) {
        code = qrt_fail(err, QRT_E_REFUSED, "%s has cosigned already, or not with a badge in force",
                        later->person);
    }
    return code;
}

static enum qrt_code make(struct qrt_later *later, const struct qrt_log *log,
                          const struct qrt_cosigner *cosigner, bool shown, struct qrt_err *err)
{
    struct qrt_vkey vkey;
    struct qrt_note note;
    *later = (struct qrt_later){.shown = shown};
    if (log->views->vkey == NULL || strlen(cosigner->person) >= sizeof later->person ||
        !log->views->vkey(log->views->ctx, cosigner->person, &vkey) ||
        memcmp(vkey.key, qrt_sign_public(cosigner->sign_key), sizeof vkey.key) != 0) {
        return qrt_fail(err, QRT_E_REFUSED, "%s has no such badge in force", cosigner->person);
    }
    memcpy(later->person, cosigner->person, strlen(cosigner->person) + 1);
    enum qrt_code code = qrt_note_parse(&note, qrt_buf_str(&log->note), log->note.len_bytes, err);
    if (code == QRT_OK) {
        qrt_note_cosign(later->bytes, note.text, note.text_len_bytes, qrt_clock_unix_s(),
                        cosigner->sign_key);
    }
    return code;
}

/* Step 1: from here the cosignature is only ever completed. */
static enum qrt_code write_cosigning(struct qrt_log *log, struct qrt_record *record,
                                     const struct qrt_later *later, struct qrt_err *err)
{
    QRT_BUF bytes = {0};
    struct qrt_later *list = reallocarray(record->later, record->later_len + 1, sizeof *list);
    if (list == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "a cosignature");
    }
    record->later = list;
    list[record->later_len++] = *later;
    enum qrt_code code = qrt_record_encode(&bytes, record, err);
    if (code != QRT_OK) {
        return code;
    }
    /* The record's views are of the old bytes, and not read any more but for
     * what is its own. */
    qrt_buf_free(&log->key.record);
    log->key.record = bytes;
    bytes = (struct qrt_buf){0};
    log->key.record_state = QRT_RECORD_COSIGNING;
#ifdef QRT_CONTROL_SKIP_STEP_1
    return QRT_OK;
#else
    return qrt_keystate_write(&log->key, log->dir_fd, err);
#endif
}

enum qrt_code qrt_log_cosign(struct qrt_log *log, const struct qrt_cosigner *cosigner, bool shown,
                             struct qrt_err *err)
{
    QRT_RECORD record = {0};
    struct qrt_later later;
    enum qrt_code code;
    if (log->broken || log->pending || log->key.keys.data == NULL ||
        log->key.record_state != QRT_RECORD_KEPT) {
        return qrt_fail(err, QRT_E_FAILED, "the log takes no cosignature now");
    }
    if ((code = make(&later, log, cosigner, shown, err)) != QRT_OK ||
        (code = check_rules(log, &later, err)) != QRT_OK ||
        (code = qrt_opening_record(log, &record, err)) != QRT_OK) {
        return code;
    }
    log->broken = true;
    if ((code = write_cosigning(log, &record, &later, err)) != QRT_OK ||
        (code = qrt_cosign_finish(log, &record, false, err)) != QRT_OK) {
        return code;
    }
    log->broken = false;
    return QRT_OK;
}
