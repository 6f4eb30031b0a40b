/* Who is in the room, and whose badge is. */
#ifndef QRT_CEREMONY_SESSION_ATTENDANCE_H
#define QRT_CEREMONY_SESSION_ATTENDANCE_H

#include "ceremony/session/session.h"

/* Ids of people of the policy, a line each ("id\n"), none twice, appended to
 * *ids: a script's list of that key; from a person lines of ids, until an empty
 * one. QRT_E_USAGE for someone whom the policy does not name. */
enum qrt_code qrt_attendance_ask(struct qrt_buf *ids, const struct qrt_session *session,
                                 const char *key, const char *words,
                                 struct qrt_err *err) QRT_MUST_USE;

/* Is that id a line of them? */
bool qrt_attendance_has(const struct qrt_buf *ids, const char *id);

/* Is that person's badge among the session's? */
bool qrt_attendance_signs(const struct qrt_session *session, const char *person);

/* Drafts one key for each line. */
void qrt_attendance_draft(struct qrt_draft *draft, const char *key, const struct qrt_buf *ids);

/* Before the close: more badges that cosign it. A script gives as many of its
 * `badges` as the policy asks for, a person whoever is there. QRT_E_REFUSED. */
enum qrt_code qrt_attendance_ask_cosigners(struct qrt_session *session,
                                           struct qrt_err *err) QRT_MUST_USE;

#endif
