/* Receipts held against a vault's log, and against each other
 * (docs/formats/receipt.md). Everything here is public. */
#ifndef QRT_VAULT_RECEIPT_JUDGE_H
#define QRT_VAULT_RECEIPT_JUDGE_H

#include "vault/receipt.h"
#include "vault/vault.h"

enum qrt_receipt_result {
    QRT_RECEIPT_REFUSED,  /* not of this log, or forged */
    QRT_RECEIPT_SAME,     /* the log's head */
    QRT_RECEIPT_OLDER,    /* the log continues it */
    QRT_RECEIPT_ROLLBACK, /* larger than the log */
    QRT_RECEIPT_FORK,     /* of another history than the log */
};

struct qrt_receipt_judgement {
    enum qrt_receipt_result result;
    bool log_signed; /* by the key that this log announced for its epoch */
    char cosigners[QRT_RECEIPT_COSIGNERS_MAX][QRT_ID_CHARS + 1]; /* whose cosignature is good */
    size_t cosigners_len;
    char why[160]; /* in words; "" where the log agrees */
};

/* "same", "older", "ROLLBACK", "FORK" or "refused". */
const char *qrt_receipt_result_name(enum qrt_receipt_result result);

/* Does the log agree with it? */
bool qrt_receipt_agrees(const struct qrt_receipt_judgement *judgement);

/* Holds a receipt against the log: its root against the one of the entries up
 * to its size, its epoch, and every signature on it against the keys that the
 * log knows. Only a receipt that a badge in force cosigned can contradict the
 * log; anyone can make another. Writes nothing. QRT_E_IO, QRT_E_NOMEM. */
enum qrt_code qrt_receipt_judge(struct qrt_receipt_judgement *judgement,
                                const struct qrt_receipt *receipt, struct qrt_vault *vault,
                                struct qrt_err *err) QRT_MUST_USE;

/* Saves as evidence what contradicts: a receipt, the other one that it
 * contradicts (or NULL), and this log's checkpoint of its size, or else its
 * last. QRT_E_IO, QRT_E_NOMEM. */
enum qrt_code qrt_receipt_save(char name[static QRT_EVIDENCE_NAME_CHARS + 1],
                               const struct qrt_receipt *receipt, const struct qrt_receipt *other,
                               struct qrt_vault *vault, struct qrt_err *err) QRT_MUST_USE;

/* Is the folder of the vault such evidence? */
bool qrt_receipt_is_evidence(const struct qrt_vault *vault, const char *folder);

#endif
