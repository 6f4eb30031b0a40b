/* The entry of a policy that changes. */
#ifndef QRT_CEREMONY_PEOPLE_POLICY_DRAFT_H
#define QRT_CEREMONY_PEOPLE_POLICY_DRAFT_H

#include "ceremony/session/session.h"

/* Gives the next commit a policy's bytes as a document. QRT_E_NOMEM. */
enum qrt_code qrt_policy_draft_document(uint8_t digest[static QRT_HASH_BYTES],
                                        struct qrt_session *session, const struct qrt_buf *bytes,
                                        struct qrt_err *err) QRT_MUST_USE;

/* Drafts the policy-changed of that document. */
void qrt_policy_draft_changed(struct qrt_session *session, const struct qrt_policy *policy,
                              const uint8_t digest[static QRT_HASH_BYTES]);

#endif
