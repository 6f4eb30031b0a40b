/* The quarterly review: people attest what they hold and reach, and sign it. */
#ifndef QRT_CEREMONY_REVIEW_REVIEW_H
#define QRT_CEREMONY_REVIEW_REVIEW_H

#include "ceremony/ui.h"
#include "vault/vault.h"

#define QRT_REVIEW_SIGNED_MAX 512 /* in one session */

/* What was attested in a session. */
struct qrt_reviewed {
    struct {
        char person[QRT_ID_CHARS + 1];
        char channel[QRT_CHANNEL_BYTES];
        char result[QRT_WORD_BYTES];
    } list[QRT_REVIEW_SIGNED_MAX];
    size_t len;
};

/* A session in which each of those present, with their own badge, says of every
 * channel of theirs yes, no or changed; `review-signed` is logged for each. A
 * script has it under `review`; nothing of it is then taken if a person or
 * channel is not there (QRT_E_USAGE). Whatever nobody said stays open. */
enum qrt_code qrt_review(struct qrt_reviewed *reviewed, struct qrt_vault *vault,
                         const struct qrt_ui *ui, struct qrt_err *err) QRT_MUST_USE;

#endif
