/* Things that go out of a session and come back, by their names. */
#ifndef QRT_CEREMONY_SESSION_THING_H
#define QRT_CEREMONY_SESSION_THING_H

#include "vault/state.h"

/* Appends the name under which the log has what somebody calls `thing`: "bag
 * NUMBER" of a bag on record, the name that this session knows already where
 * only case or spaces differ, or else as it is called. Public. */
void qrt_thing_name(struct qrt_buf *name, const struct qrt_state *state, const char *thing);

/* Appends the same, escaped, and for a bag what lies in it. */
void qrt_thing_tell(struct qrt_buf *out, const struct qrt_state *state, const char *thing);

/* QRT_E_USAGE: it speaks of a bag on record, which goes out by its number alone. */
enum qrt_code qrt_thing_is_simple(const struct qrt_state *state, const char *thing,
                                  struct qrt_err *err) QRT_MUST_USE;

/* QRT_E_USAGE: that bag was taken out of the session, and whoever did is named. */
enum qrt_code qrt_thing_bag_is_in(const struct qrt_state *state, const struct qrt_bag *bag,
                                  struct qrt_err *err) QRT_MUST_USE;

#endif
