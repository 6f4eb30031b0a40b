/* Where a re-key stands, and what its end brings: the pending key comes into
 * force, or is given up. */
#ifndef QRT_CEREMONY_SESSION_REKEY_PENDING_H
#define QRT_CEREMONY_SESSION_REKEY_PENDING_H

#include "ceremony/session/session.h"

/* QRT_E_REFUSED, with the reason and the next command, while a re-key is pending:
 * for what has to wait until then. */
enum qrt_code qrt_rekey_check_none(const struct qrt_state *state, struct qrt_err *err) QRT_MUST_USE;

/* How many cards of the pending re-key are not proved, in all; 0: none pends. */
size_t qrt_rekey_unproved(const struct qrt_state *state);

/* Was a re-key cut short before its last card was handed over? */
bool qrt_rekey_is_cut_short(const struct qrt_state *state);

/* Drafts that the pending key is given up: its cards void, what it sealed
 * deleted, log.key closed to its quorums. Without memory the commit fails. */
void qrt_rekey_draft_given_up(struct qrt_session *session, const char *reason);

/* Drafts what the coming into force of the pending key brings: the former
 * generation's items are deleted, and log.key is closed to its quorums. */
enum qrt_code qrt_rekey_draft_in_force(struct qrt_session *session,
                                       struct qrt_err *err) QRT_MUST_USE;

/* What is to be done now that a generation is in force. */
void qrt_rekey_in_force_words(struct qrt_buf *out, int64_t generation);

/* Tells the people in the room where a re-key stands, if these proofs belong to
 * one: after their commit. `before` is what pended before it. */
void qrt_rekey_tell(const struct qrt_session *session, int64_t before);
/* The generation that pends, or 0. */
int64_t qrt_rekey_pending(const struct qrt_state *state);

#endif
