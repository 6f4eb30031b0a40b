#include "log/commit.h"

#include "base/file.h"
#include "log/commit_build.h"
#include "log/replay.h"
#include <stdlib.h>
#include <string.h>

/* The three steps of a commit are marked in the order that docs/formats/log-key.md
 * gives them; nothing may be reordered. */

static enum qrt_code insert_entries(struct qrt_log *log, const struct qrt_record *record,
                                    uint64_t first, struct qrt_err *err)
{
    enum qrt_code code =
        log->insert_entry != NULL
            ? QRT_OK
            : qrt_db_prepare(&log->insert_entry, log->db,
                             "INSERT INTO log_entry (idx, epoch, body) VALUES (?1, ?2, ?3)", err);
    sqlite3_stmt *insert = log->insert_entry;
    for (size_t i = 0; code == QRT_OK && i < record->entries_len; i++) {
        uint64_t index = first + i;
        sqlite3_bind_int64(insert, 1, (sqlite3_int64)index);
        sqlite3_bind_int64(insert, 2, (sqlite3_int64)record->epoch);
        sqlite3_bind_blob64(insert, 3, record->entries[i].data, record->entries[i].len_bytes,
                            SQLITE_STATIC);
        code = qrt_db_run(insert, "adding an entry", err);
    }
    return code;
}

static enum qrt_code insert_documents(sqlite3 *db, const struct qrt_record *record,
                                      struct qrt_err *err)
{
    if (record->documents_len == 0) {
        return QRT_OK;
    }
    QRT_STATEMENT *insert = NULL;
    enum qrt_code code = qrt_db_prepare(&insert, db,
                                        "INSERT INTO document (digest, kind, body) VALUES (?1, ?2, "
                                        "?3) ON CONFLICT (digest) DO UPDATE SET body = "
                                        "excluded.body WHERE body IS NOT excluded.body",
                                        err);
    for (size_t i = 0; code == QRT_OK && i < record->documents_len; i++) {
        const struct qrt_document *document = &record->documents[i];
        uint8_t digest[QRT_HASH_BYTES];
        qrt_sha256(digest, document->data, document->len_bytes);
        /* What could not be bound is NULL, and no row that the table takes. */
        if (sqlite3_bind_blob(insert, 1, digest, sizeof digest, SQLITE_TRANSIENT) != SQLITE_OK ||
            sqlite3_bind_text(insert, 2, document->kind, -1, SQLITE_STATIC) != SQLITE_OK ||
            sqlite3_bind_blob64(insert, 3, document->data, document->len_bytes, SQLITE_STATIC) !=
                SQLITE_OK) {
            return qrt_db_fail(db, "adding a document", err);
        }
        code = qrt_db_run(insert, "adding a document", err);
    }
    return code;
}

static enum qrt_code insert_checkpoint(struct qrt_log *log, const struct qrt_record *record,
                                       const struct qrt_head *head, const struct qrt_buf *note,
                                       struct qrt_err *err)
{
    enum qrt_code code =
        log->insert_checkpoint != NULL
            ? QRT_OK
            : qrt_db_prepare(&log->insert_checkpoint, log->db,
                             "INSERT INTO log_checkpoint (epoch, size, note) VALUES (?1, ?2, ?3)",
                             err);
    if (code == QRT_OK) {
        sqlite3_stmt *insert = log->insert_checkpoint;
        sqlite3_bind_int64(insert, 1, (sqlite3_int64)record->epoch);
        sqlite3_bind_int64(insert, 2, (sqlite3_int64)head->size);
        sqlite3_bind_blob64(insert, 3, note->data, note->len_bytes, SQLITE_STATIC);
        code = qrt_db_run(insert, "adding a checkpoint", err);
    }
    return code;
}

/* Step 2: entries, checkpoint, documents and views in one transaction. */
static enum qrt_code write_database(struct qrt_log *log, const struct qrt_record *record,
                                    const struct qrt_head *head, const struct qrt_buf *note,
                                    struct qrt_err *err)
{
    enum qrt_code code;
    bool first = log->db == NULL;
    if (first && (code = qrt_db_open(&log->db, log->dir_fd, true, err)) != QRT_OK) {
        return code;
    }
    sqlite3 *db = log->db;
    if ((code = qrt_db_exec(db, "BEGIN IMMEDIATE", "beginning a commit", err)) != QRT_OK) {
        return code;
    }
    if ((first && (code = qrt_db_create_schema(db, err)) != QRT_OK) ||
        (code = insert_entries(log, record, head->size - record->entries_len, err)) != QRT_OK ||
        (code = insert_documents(db, record, err)) != QRT_OK ||
        (code = insert_checkpoint(log, record, head, note, err)) != QRT_OK ||
        (code = qrt_cosign_insert(db, record, 0, err)) != QRT_OK ||
        (code = log->views->store(log->views->ctx, db, err)) != QRT_OK ||
        (code = qrt_db_exec(db, "COMMIT", "committing", err)) != QRT_OK) {
        (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
        return code;
    }
    /* A new file's name; at every commit SQLite itself syncs the directory, for
     * its journal is gone only then (synchronous=EXTRA). */
    return first ? qrt_fd_sync(log->dir_fd, "the vault's directory", err) : QRT_OK;
}

/* Signs the record's checkpoint with the current key: the same bytes each time. */
static enum qrt_code sign_checkpoint(struct qrt_log *log, const struct qrt_record *record,
                                     struct qrt_buf *note, struct qrt_err *err)
{
    struct qrt_vkey vkey;
    uint8_t signature[QRT_SIGNATURE_BYTES];
    enum qrt_code code =
        qrt_vkey_make(&vkey, log->origin, QRT_KEY_TYPE_LOG, log->key.public_key, err);
    if (code != QRT_OK) {
        return code;
    }
    qrt_note_sign(signature, record->checkpoint.data, record->checkpoint.len_bytes,
                  qrt_keystate_current_key(&log->key));
    qrt_keystate_wipe_sign_key(&log->key);
    qrt_buf_add(note, record->checkpoint.data, record->checkpoint.len_bytes);
    qrt_buf_text(note, "\n");
    qrt_note_add_signature(note, &vkey, signature, sizeof signature);
    qrt_buf_add(note, record->cosignatures.data, record->cosignatures.len_bytes);
    return qrt_buf_check(note, err);
}

/* Step 3: the key that signed goes, the next one stays. */
static enum qrt_code advance_key(struct qrt_log *log, const struct qrt_head *head,
                                 const struct qrt_buf *note, struct qrt_err *err)
{
    struct qrt_keystate *key = &log->key;
    if (key->record_state == QRT_RECORD_PENDING) {
        qrt_keystate_advance(key);
    }
    key->record_state = QRT_RECORD_KEPT;
    key->head = *head;
    key->note.len_bytes = 0;
    qrt_buf_add(&key->note, note->data, note->len_bytes);
    enum qrt_code code = qrt_buf_check(&key->note, err);
    return code == QRT_OK ? qrt_keystate_write(key, log->dir_fd, err) : code;
}

enum qrt_code qrt_commit_finish(struct qrt_log *log, const struct qrt_record *record,
                                const struct qrt_frontier *frontier, bool in_database,
                                struct qrt_err *err)
{
    QRT_BUF note = {0};
    enum qrt_code code = QRT_OK;
    if (log->key.record_state == QRT_RECORD_RESTORING) {
        qrt_buf_add(&note, log->key.note.data, log->key.note.len_bytes);
    } else {
        code = sign_checkpoint(log, record, &note, err);
    }
    struct qrt_head head = {.epochs = record->epoch + 1, .size = frontier->size};
    qrt_frontier_root(frontier, head.root);
    if (code == QRT_OK && in_database &&
        (note.len_bytes != log->note.len_bytes ||
         memcmp(note.data, log->note.data, note.len_bytes) != 0)) {
        code = qrt_fail(err, QRT_E_TAMPERED,
                        "the database holds another checkpoint than the commit in log.key");
    }
    if (code == QRT_OK && !in_database) {
        code = write_database(log, record, &head, &note, err);
    }
    if (code == QRT_OK) {
        code = advance_key(log, &head, &note, err);
    }
    if (code == QRT_OK) {
        log->head = head;
        log->frontier = *frontier;
        memcpy(log->next_key, log->key.public_key, QRT_PUBLIC_BYTES);
        log->note.len_bytes = 0;
        qrt_buf_add(&log->note, note.data, note.len_bytes);
        code = qrt_buf_check(&log->note, err);
    }
    return code == QRT_OK ? qrt_cosign_remember(log, record, err) : code;
}

/* The rules are asked before anything is written, by the code that replay uses. */
enum qrt_code qrt_commit_apply(struct qrt_log *log, const struct qrt_entry *entries,
                               size_t entries_len, uint64_t epoch, struct qrt_span checkpoint,
                               struct qrt_span cosignatures, struct qrt_err *err)
{
    QRT_FAULTS faults = {0};
    QRT_BUF text = {0};
    struct qrt_note note;
    for (size_t i = 0; i < entries_len; i++) {
        enum qrt_code code = log->views->apply(log->views->ctx, &entries[i], &faults, err);
        if (code != QRT_OK) {
            return code;
        }
    }
    qrt_buf_add(&text, checkpoint.data, checkpoint.len_bytes);
    qrt_buf_text(&text, "\n");
    qrt_buf_add(&text, cosignatures.data, cosignatures.len_bytes);
    enum qrt_code code = qrt_buf_check(&text, err);
    if (code == QRT_OK) {
        code = qrt_note_parse(&note, qrt_buf_str(&text), text.len_bytes, err);
    }
    if (code == QRT_OK) {
        code = log->views->seal(log->views->ctx, epoch, &note, NULL, &faults, err);
    }
    if (code == QRT_OK && faults.more && faults.len == 0) {
        code = qrt_fail(err, QRT_E_NOMEM, "the list of faults");
    }
    if (code == QRT_OK && faults.len > 0) {
        code = qrt_fail(err, QRT_E_REFUSED, "this commit would break a rule: entry %llu: %s",
                        (unsigned long long)faults.list[0].index, faults.list[0].text);
    }
    return code;
}

/* Step 1: from here the commit is only ever completed, never replaced. */
static enum qrt_code write_pending(struct qrt_log *log, const struct qrt_building *building,
                                   struct qrt_err *err)
{
    struct qrt_keystate *key = &log->key;
    key->record.len_bytes = 0;
    enum qrt_code code = qrt_record_encode(&key->record, &building->record, err);
    if (code != QRT_OK) {
        return code;
    }
    key->record_state = QRT_RECORD_PENDING;
    key->marks = 0; /* the ceremony's first entries name what was put back */
    if (log->head.epochs == 0) {
        qrt_tree_leaf(log->fingerprint, building->record.entries[0].data,
                      building->record.entries[0].len_bytes);
        if (log->predecessor == NULL) {
            memcpy(log->vault_id, log->fingerprint, QRT_VAULT_ID_BYTES);
        }
        memcpy(key->vault_id, log->vault_id, QRT_VAULT_ID_BYTES);
    }
#ifdef QRT_CONTROL_SKIP_STEP_1
    return QRT_OK;
#else
    return qrt_keystate_write(key, log->dir_fd, err);
#endif
}

enum qrt_code qrt_log_commit(struct qrt_log *log, const struct qrt_draft *drafts, size_t drafts_len,
                             const struct qrt_document *documents, size_t documents_len,
                             const struct qrt_cosigner *cosigners, size_t cosigners_len,
                             struct qrt_err *err)
{
    if (log->broken || log->pending || log->key.keys.data == NULL || cosigners_len == 0 ||
        drafts_len == 0) {
        return qrt_fail(err, QRT_E_FAILED, "the log takes no commit now");
    }
    log->broken = true;
    QRT_BUILDING building = {.log = log};
    enum qrt_code code =
        qrt_commit_build(&building, drafts, drafts_len, cosigners, cosigners_len, err);
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_record *record = &building.record;
    if (documents_len > 0) {
        record->documents = calloc(documents_len, sizeof *documents);
        if (record->documents == NULL) {
            return qrt_fail(err, QRT_E_NOMEM, "a commit of %zu documents", documents_len);
        }
        memcpy(record->documents, documents, documents_len * sizeof *documents);
        record->documents_len = documents_len;
    }
    if ((code = qrt_commit_apply(log, building.entries, record->entries_len, record->epoch,
                                 record->checkpoint, record->cosignatures, err)) != QRT_OK ||
        (code = write_pending(log, &building, err)) != QRT_OK ||
        (code = qrt_commit_finish(log, record, &building.frontier, false, err)) != QRT_OK) {
        return code;
    }
    log->commit_unix_s = 0;
    log->broken = false;
    return QRT_OK;
}
