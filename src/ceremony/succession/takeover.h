/* The take-over of the log (docs/ceremonies/takeover.md): where no operator's
 * badge opens it any more, both quorums do. */
#ifndef QRT_CEREMONY_SUCCESSION_TAKEOVER_H
#define QRT_CEREMONY_SUCCESSION_TAKEOVER_H

#include "ceremony/succession/succession.h"

struct qrt_taken_over {
    struct qrt_gather gather; /* what was said of each card */
    uint64_t intent;          /* its index */
};

void qrt_taken_over_free(struct qrt_taken_over *taken_over);
#define QRT_TAKEN_OVER __attribute__((cleanup(qrt_taken_over_free))) struct qrt_taken_over

/* Makes those who are named the vault's operators, and nobody else: new badges,
 * both quorums' cards, and one commit that the authority key signs. What was
 * left unfinished in log.key is completed first. Nothing is written without a
 * quorum: QRT_E_QUORUM, or QRT_E_REFUSED if a card was refused. QRT_E_USAGE,
 * QRT_E_TAMPERED. */
enum qrt_code qrt_take_over(struct qrt_taken_over *taken_over, struct qrt_vault *vault,
                            const struct qrt_succession_request *request, const struct qrt_ui *ui,
                            struct qrt_err *err) QRT_MUST_USE;

#endif
