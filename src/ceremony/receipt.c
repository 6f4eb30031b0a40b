#include "ceremony/receipt.h"

#include "vault/receipt.h"
#include <stdio.h>
#include <string.h>

static bool is_cosigned(const struct qrt_receipt *receipt, const struct qrt_state *state)
{
    for (size_t i = 0; i < state->badges.len; i++) {
        const struct qrt_badge_row *badge = QRT_ROW(state, badges, qrt_badge_row, i);
        if (qrt_note_verify(&receipt->note, &badge->key, NULL)) {
            return true;
        }
    }
    return false;
}

static enum qrt_code compare(const struct qrt_receipt *receipt, struct qrt_vault *vault,
                             struct qrt_err *err)
{
    unsigned long long theirs = receipt->checkpoint.size;
    unsigned long long ours = vault->log.head.size;
    if (theirs > ours) {
        return is_cosigned(receipt, &vault->state)
                   ? qrt_fail(err, QRT_E_TAMPERED,
                              "ROLLBACK: the receipt is of size %llu, the log has %llu", theirs,
                              ours)
                   : qrt_fail(err, QRT_E_REFUSED,
                              "a receipt larger than the log that no known badge cosigned");
    }
    QRT_STATEMENT *find = NULL;
    enum qrt_code code = qrt_db_prepare(
        &find, vault->log.db, "SELECT note, epoch FROM log_checkpoint WHERE size = ?1", err);
    if (code != QRT_OK) {
        return code;
    }
    sqlite3_bind_int64(find, 1, (sqlite3_int64)receipt->checkpoint.size);
    int rc = sqlite3_step(find);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE) {
        return qrt_db_fail(vault->log.db, "reading its checkpoints", err);
    }
    size_t text_len = receipt->note.text_len_bytes;
    if (rc == SQLITE_DONE || (size_t)sqlite3_column_bytes(find, 0) <= text_len ||
        memcmp(sqlite3_column_blob(find, 0), receipt->note.text, text_len) != 0) {
        /* Whoever types a digit wrong, or makes a receipt up, shows no tampering. */
        return is_cosigned(receipt, &vault->state)
                   ? qrt_fail(err, QRT_E_TAMPERED,
                              "the log does not continue the receipt of size %llu", theirs)
                   : qrt_fail(err, QRT_E_REFUSED,
                              "not what the log had at size %llu, and no known badge cosigned it",
                              theirs);
    }
    /* No signature covers the number of the epoch. */
    return (uint64_t)sqlite3_column_int64(find, 1) == receipt->epoch
               ? QRT_OK
               : qrt_fail(err, QRT_E_REFUSED, "a receipt whose epoch is not its checkpoint's");
}

static enum qrt_code check_one(struct qrt_session *session, const struct qrt_buf *text,
                               struct qrt_err *err)
{
    const struct qrt_log *log = &session->vault->log;
    QRT_RECEIPT receipt = {0};
    enum qrt_code code = qrt_receipt_read(&receipt, qrt_buf_str(text), text->len_bytes, err);
    if (code == QRT_OK && memcmp(receipt.vault_id, log->vault_id, sizeof receipt.vault_id) != 0) {
        code = qrt_fail(err, QRT_E_REFUSED, "a receipt of another vault");
    }
    if (code == QRT_OK && strcmp(receipt.checkpoint.origin, log->origin) != 0) {
        code = qrt_fail(err, QRT_E_REFUSED, "a receipt of another log");
    }
    if (code == QRT_OK) {
        code = compare(&receipt, session->vault, err);
    }
    if (code == QRT_OK) {
        qrt_buf_printf(&session->receipts, "%llu ", (unsigned long long)receipt.checkpoint.size);
        qrt_base64_add(&session->receipts, receipt.checkpoint.root, sizeof receipt.checkpoint.root);
        qrt_buf_text(&session->receipts, "\n");
        code = qrt_buf_check(&session->receipts, err);
    }
    return code;
}

enum qrt_code qrt_receipts_check(struct qrt_session *session, struct qrt_err *err)
{
    const struct qrt_ui *ui = session->ui;
    for (size_t i = 0;;) {
        QRT_BUF text = {0};
        char key[32];
        snprintf(key, sizeof key, "receipts.%zu", i);
        struct qrt_question question = {
            .key = key,
            .words = i == 0 ? "A receipt of the last session, scanned or typed. Enter alone if "
                              "nobody brought one"
                            : "Another receipt. Enter alone if there is none",
            .optional = true};
        enum qrt_code code = ui->ask_line(ui->ctx, &text, &question, err);
        if (code == QRT_E_NOT_FOUND) {
            return QRT_OK;
        }
        if (code == QRT_OK) {
            code = check_one(session, &text, err);
        }
        if (code == QRT_OK) {
            i++;
        } else if (!qrt_ui_again(ui, qrt_err_prefix(err, "%s", key), err)) {
            return code;
        }
    }
}
