/* The quarterly review: people attest, channel by channel, what they hold and
 * reach, and sign it with their badges (docs/formats/review.md). */
#ifndef QRT_VAULT_REVIEW_H
#define QRT_VAULT_REVIEW_H

#include "vault/state.h"

#define QRT_REVIEW_TAG "quorate/review/v1"

/* "password-card", "mfa-card", "mailbox:NAME", "phone:NAME", "device:NAME",
 * "safe:SITE/SAFE". */
bool qrt_review_is_channel(const char *channel);
/* "yes", "no", "changed". */
bool qrt_review_is_result(const char *result);

/* What is signed: `size` is the number of entries before the epoch in which it
 * is to stand, so that it serves once. */
void qrt_review_message(char message[static QRT_REVIEW_MESSAGE_BYTES], const char *origin,
                        uint64_t size, const char *person, const char *channel, const char *result);

/* A person's channel as the log has it. */
struct qrt_review_channel {
    char person[QRT_ID_CHARS + 1];
    char channel[QRT_CHANNEL_BYTES];
    int64_t since;                     /* its card's issue, or when its row was set last, … */
    int64_t since_unix_s;              /* … and a time not after that */
    const struct qrt_review_row *last; /* attested last, perhaps of what it was before, or NULL */
};

/* Calls `each` for every channel of everybody who has not left: live cards,
 * then the registers. False from `each` ends it. */
void qrt_review_each(const struct qrt_state *state,
                     bool (*each)(void *ctx, const struct qrt_review_channel *channel), void *ctx);

/* Something that asks for a review is answered within these days. */
#define QRT_REVIEW_TRIGGER_DAYS 14

/* When a channel is to be attested. */
struct qrt_review_state {
    bool open; /* not attested as it is now, or not since something asked for it, or too long ago */
    int64_t due_unix_s;
    const struct qrt_trigger *asked; /* the first that asked for it since, or NULL */
};
struct qrt_review_state qrt_review_judge(const struct qrt_review_channel *channel,
                                         const struct qrt_state *state, unsigned drill_days,
                                         int64_t now_unix_s);

/* What was attested last, or NULL. */
const struct qrt_review_row *qrt_review_last(const struct qrt_state *state, const char *person,
                                             const char *channel);

#endif
