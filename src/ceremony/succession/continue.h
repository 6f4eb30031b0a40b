/* The continuation of a log (docs/ceremonies/continuation.md): where log.key is
 * lost, or the vault was restored from a copy, both quorums begin a successor. */
#ifndef QRT_CEREMONY_SUCCESSION_CONTINUE_H
#define QRT_CEREMONY_SUCCESSION_CONTINUE_H

#include "ceremony/succession/succession.h"

#define QRT_CONTINUE_EVIDENCE_MAX 16

/* What is asked for. Public. */
struct qrt_continue_request {
    struct qrt_succession_request succession; /* without operators, one in force acts */
    const char *cause;
    uint8_t evidence[QRT_CONTINUE_EVIDENCE_MAX][QRT_HASH_BYTES]; /* SHA-256 of files */
    size_t evidence_len;
};

struct qrt_continued {
    struct qrt_gather gather; /* what was said of each card */
    uint64_t lost;            /* receipts that show entries which the copy has not */
};

void qrt_continued_free(struct qrt_continued *continued);
#define QRT_CONTINUED __attribute__((cleanup(qrt_continued_free))) struct qrt_continued

/* Is it a text that an entry can hold? QRT_E_USAGE. */
enum qrt_code qrt_continue_check_cause(const char *cause, struct qrt_err *err) QRT_MUST_USE;

/* Commits the first epoch of a successor: *vault is as qrt_vault_continue left
 * it. Its genesis says what the old log came to, why it ends, and is signed by
 * the authority key. Without a quorum nothing is committed: QRT_E_QUORUM, or
 * QRT_E_REFUSED if a card was refused. QRT_E_USAGE. */
enum qrt_code qrt_continue(struct qrt_continued *continued, struct qrt_vault *vault,
                           const struct qrt_continue_request *request, const struct qrt_ui *ui,
                           struct qrt_err *err) QRT_MUST_USE;

#endif
