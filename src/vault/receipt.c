#include "vault/receipt.h"

#include "card/code.h"
#include <string.h>

void qrt_receipt_free(struct qrt_receipt *receipt)
{
    qrt_buf_free(&receipt->bytes);
    *receipt = (struct qrt_receipt){0};
}

/* Looks at receipt->bytes. */
static enum qrt_code parse(struct qrt_receipt *receipt, struct qrt_err *err)
{
    enum qrt_code code =
        qrt_note_parse(&receipt->note, qrt_buf_str(&receipt->bytes), receipt->bytes.len_bytes, err);
    return code == QRT_OK ? qrt_checkpoint_parse(&receipt->checkpoint, receipt->note.text,
                                                 receipt->note.text_len_bytes, err)
                          : code;
}

static size_t count_cosignatures(const struct qrt_receipt *receipt)
{
    size_t count = 0;
    for (size_t i = 0; i < receipt->note.signatures_len; i++) {
        count += strcmp(receipt->note.signatures[i].name, receipt->checkpoint.origin) != 0;
    }
    return count;
}

/* Leaves of the note's signature lines what a receipt carries. */
static void strip(struct qrt_receipt *receipt)
{
    QRT_BUF kept = {0};
    const struct qrt_note *note = &receipt->note;
    const char *line = note->text + note->text_len_bytes + 1;
    size_t cosignatures = 0;
    qrt_buf_add(&kept, note->text, note->text_len_bytes + 1);
    for (size_t i = 0; i < note->signatures_len; i++) {
        size_t chars = strcspn(line, "\n") + 1;
        bool log = strcmp(note->signatures[i].name, receipt->checkpoint.origin) == 0;
        if (log || cosignatures < QRT_RECEIPT_COSIGNERS_MAX) {
            qrt_buf_add(&kept, line, chars);
        }
        cosignatures += !log;
        line += chars;
    }
    qrt_buf_free(&receipt->bytes);
    receipt->bytes = kept;
    kept = (struct qrt_buf){0};
}

enum qrt_code qrt_receipt_make(struct qrt_receipt *receipt, const uint8_t vault_id[static 12],
                               uint64_t epoch, const void *note, size_t len_bytes,
                               struct qrt_err *err)
{
    *receipt = (struct qrt_receipt){.epoch = epoch};
    memcpy(receipt->vault_id, vault_id, sizeof receipt->vault_id);
    qrt_buf_add(&receipt->bytes, note, len_bytes);
    enum qrt_code code = qrt_buf_check(&receipt->bytes, err);
    if (code == QRT_OK) {
        code = parse(receipt, err);
    }
    if (code == QRT_OK && count_cosignatures(receipt) == receipt->note.signatures_len) {
        code = qrt_fail(err, QRT_E_FORMAT, "a checkpoint without the log's signature");
    }
    if (code == QRT_OK) {
        strip(receipt);
        code = qrt_buf_check(&receipt->bytes, err);
    }
    if (code == QRT_OK) {
        code = parse(receipt, err);
    }
    if (code != QRT_OK) {
        qrt_receipt_free(receipt);
    }
    return code;
}

enum qrt_code qrt_receipt_text(struct qrt_buf *out, const struct qrt_receipt *receipt,
                               struct qrt_err *err)
{
    uint8_t payload[QRT_RECEIPT_MAX_BYTES];
    char text[QRT_RECEIPT_CHARS + 1];
    struct qrt_writer writer = qrt_writer_of(payload, sizeof payload);
    qrt_write_u8(&writer, QRT_RECEIPT_VERSION);
    qrt_write_bytes(&writer, receipt->vault_id, sizeof receipt->vault_id);
    qrt_write_u64(&writer, receipt->epoch);
    qrt_write_bytes(&writer, receipt->bytes.data, receipt->bytes.len_bytes);
    if (writer.failed) {
        return qrt_fail(err, QRT_E_RANGE, "a receipt longer than %d bytes", QRT_RECEIPT_MAX_BYTES);
    }
    qrt_code_write(text, QRT_CODE_RECEIPT, payload, writer.len_bytes);
    qrt_buf_text(out, text);
    return qrt_buf_check(out, err);
}

enum qrt_code qrt_receipt_read(struct qrt_receipt *receipt, const char *text, size_t len_chars,
                               struct qrt_err *err)
{
    uint8_t payload[QRT_RECEIPT_MAX_BYTES];
    size_t len = 0;
    *receipt = (struct qrt_receipt){0};
    qrt_code_trim(&text, &len_chars);
    if (len_chars > QRT_RECEIPT_CHARS ||
        qrt_code_read(payload, sizeof payload, &len, QRT_CODE_RECEIPT, text, len_chars, NULL) !=
            QRT_OK) {
        return qrt_fail(err, QRT_E_REFUSED, "not a receipt");
    }
    struct qrt_reader reader = qrt_reader_of(payload, len);
    struct qrt_err why = {0};
    unsigned version = qrt_read_u8(&reader);
    qrt_read_bytes(&reader, receipt->vault_id, sizeof receipt->vault_id);
    receipt->epoch = qrt_read_u64(&reader);
    size_t left = qrt_reader_left(&reader);
    const uint8_t *note = qrt_read_view(&reader, left);
    enum qrt_code code = QRT_OK;
    if (reader.failed || version != QRT_RECEIPT_VERSION) {
        code = qrt_fail(err, QRT_E_REFUSED, "not a receipt");
    } else {
        qrt_buf_add(&receipt->bytes, note, left);
        code = qrt_buf_check(&receipt->bytes, err);
    }
    if (code == QRT_OK && parse(receipt, &why) != QRT_OK) {
        code = qrt_fail(err, QRT_E_REFUSED, "not a receipt: %s", why.what);
    }
    if (code == QRT_OK && (count_cosignatures(receipt) > QRT_RECEIPT_COSIGNERS_MAX ||
                           receipt->note.signatures_len > QRT_RECEIPT_COSIGNERS_MAX + 1)) {
        code = qrt_fail(err, QRT_E_REFUSED, "not a receipt: more than two cosignatures");
    }
    if (code != QRT_OK) {
        qrt_receipt_free(receipt);
    }
    return code;
}
