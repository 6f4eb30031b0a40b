/* Who watched an act with a thing in hand. */
#ifndef QRT_CEREMONY_SESSION_WITNESSES_H
#define QRT_CEREMONY_SESSION_WITNESSES_H

#include "ceremony/session/session.h"

#define QRT_WITNESSES_MAX 8

/* Drafts one `witness` for each. They are people of the vault, each once, and
 * not the operator; QRT_E_USAGE, nothing drafted, if one is not. While a session
 * lasts they are in the room: QRT_E_REFUSED. */
enum qrt_code qrt_witnesses_draft(struct qrt_draft *draft, const struct qrt_session *session,
                                  const char *const *witnesses, size_t witnesses_len,
                                  struct qrt_err *err) QRT_MUST_USE;

/* Are they all that but for the operator, whom nobody knows before the session? */
enum qrt_code qrt_witnesses_check(const struct qrt_vault *vault, const char *const *witnesses,
                                  size_t witnesses_len, struct qrt_err *err) QRT_MUST_USE;

#endif
