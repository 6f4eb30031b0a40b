/* The genesis of a successor, out of what its predecessor's log came to. */
#ifndef QRT_CEREMONY_SUCCESSION_CONTINUE_GENESIS_H
#define QRT_CEREMONY_SUCCESSION_CONTINUE_GENESIS_H

#include "ceremony/succession/continue.h"

/* Drafts it, all but its authority. The policy goes along as a document. */
enum qrt_code qrt_continue_draft_genesis(struct qrt_session *session,
                                         const struct qrt_continue_request *request,
                                         struct qrt_err *err) QRT_MUST_USE;

#endif
