/* Acts that one person's badge does not allow. */
#ifndef QRT_CEREMONY_SESSION_TWO_BADGES_H
#define QRT_CEREMONY_SESSION_TWO_BADGES_H

#include "ceremony/session/session.h"

/* Asks until the session has the badges of two people: a script has them among
 * its `badges`; a person says whose it is, by these words, and Enter alone says
 * that there is none. *none then, and only then. A practice vault asks nobody:
 * there one badge stands for two. QRT_E_REFUSED. */
enum qrt_code qrt_two_badges_ask(bool *none, struct qrt_session *session, const char *words,
                                 struct qrt_err *err) QRT_MUST_USE;

/* The same; QRT_E_REFUSED where there is none. */
enum qrt_code qrt_two_badges_demand(struct qrt_session *session, struct qrt_err *err) QRT_MUST_USE;

#endif
