/* What the files of a session share. */
#ifndef QRT_CEREMONY_SESSION_SESSION_PARTS_H
#define QRT_CEREMONY_SESSION_SESSION_PARTS_H

#include "ceremony/session/session.h"

/* A person's id under that key of the answers; a person at a terminal is asked
 * until it is one who has a badge. QRT_E_USAGE. */
enum qrt_code qrt_session_ask_person(struct qrt_session *session, struct qrt_buf *id,
                                     const char *key, const char *words,
                                     struct qrt_err *err) QRT_MUST_USE;

/* The second person's badge, where the policy wants one. QRT_E_USAGE, QRT_E_REFUSED. */
enum qrt_code qrt_session_ask_second(struct qrt_session *session, struct qrt_err *err) QRT_MUST_USE;

/* What opening the vault found is named in the log, once. */
void qrt_session_draft_findings(struct qrt_session *session);

/* A session that lasts is joined: its clock and who is in the room are taken over. */
enum qrt_code qrt_session_join(struct qrt_session *session, struct qrt_err *err) QRT_MUST_USE;

/* Whoever gave a badge in a session that lasts has come into the room. */
void qrt_session_draft_arrivals(struct qrt_session *session);

/* A session that lasted until now has ended with the quorums' own one. */
void qrt_session_draft_ended(struct qrt_session *session);

/* Drafts what is wrong with the machine, and taken, but for what this session's log has. */
enum qrt_code qrt_session_draft_machine(struct qrt_session *session,
                                        struct qrt_err *err) QRT_MUST_USE;

/* Drafts the outcome of a ceremony that an interruption cut short; false if
 * there is none. */
bool qrt_session_draft_unfinished(struct qrt_session *session);

void qrt_session_draft_exception(struct qrt_session *session, const char *step,
                                 const char *expected, const char *happened, const char *decided);
/* The same about a person. */
void qrt_session_draft_exception_of(struct qrt_session *session, const char *step,
                                    const char *expected, const char *happened, const char *decided,
                                    const char *person);

/* Asks everyone who is to sign for their own last receipt and holds it against
 * the log, before they sign the close. Who has none, and who gives one that the
 * log contradicts, is drafted as an exception; the latter signs no more, where
 * the session can do without. Nobody is asked before a first session was
 * closed. QRT_E_TAMPERED: somebody's receipt contradicts the log. */
enum qrt_code qrt_session_ask_signers(struct qrt_session *session,
                                      struct qrt_err *err) QRT_MUST_USE;

/* Asks for exceptions until there is none, and drafts each. A script has them
 * with its answers; a person is asked before the close. */
enum qrt_code qrt_session_ask_exceptions(struct qrt_session *session,
                                         struct qrt_err *err) QRT_MUST_USE;

#endif
