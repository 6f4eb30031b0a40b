/* Receipts: a checkpoint as a code on paper (docs/formats/receipt.md). */
#ifndef QRT_VAULT_RECEIPT_H
#define QRT_VAULT_RECEIPT_H

#include "log/note.h"
#include <quorate/err.h>

#define QRT_RECEIPT_VERSION       1
#define QRT_RECEIPT_COSIGNERS_MAX 2
#define QRT_RECEIPT_MAX_BYTES     4096
#define QRT_RECEIPT_CHARS         (11 + (QRT_RECEIPT_MAX_BYTES * 8 + 4) / 5)

/* What a receipt says. Public. */
struct qrt_receipt {
    uint8_t vault_id[12];
    uint64_t epoch;
    struct qrt_checkpoint checkpoint;
    struct qrt_note note; /* views into `bytes` */
    struct qrt_buf bytes; /* the note's */
};

void qrt_receipt_free(struct qrt_receipt *receipt);
#define QRT_RECEIPT __attribute__((cleanup(qrt_receipt_free))) struct qrt_receipt

/* Makes the receipt of a checkpoint: the note with the log's signature and its
 * first two cosignatures. QRT_E_FORMAT if that is no checkpoint or the log has
 * not signed it; *receipt is then empty. */
enum qrt_code qrt_receipt_make(struct qrt_receipt *receipt, const uint8_t vault_id[static 12],
                               uint64_t epoch, const void *note, size_t len_bytes,
                               struct qrt_err *err) QRT_MUST_USE;

/* Appends its text, `QUORATE1:R:…`. QRT_E_RANGE, QRT_E_NOMEM. */
enum qrt_code qrt_receipt_text(struct qrt_buf *out, const struct qrt_receipt *receipt,
                               struct qrt_err *err) QRT_MUST_USE;

/* Reads a text as somebody gives it. QRT_E_REFUSED for what is no receipt, one
 * with more than two cosignatures among it; QRT_E_NOMEM. *receipt is then
 * empty. Nothing is verified. */
enum qrt_code qrt_receipt_read(struct qrt_receipt *receipt, const char *text, size_t len_chars,
                               struct qrt_err *err) QRT_MUST_USE;

#endif
