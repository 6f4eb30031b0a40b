/* The session that lasts over several commands: who and what is in the room. */
#ifndef QRT_VAULT_SITTING_H
#define QRT_VAULT_SITTING_H

#include "vault/state.h"

#define QRT_NOTE_TEXT_BYTES 1000
#define QRT_PRESENCES_MAX   512         /* people and things of one session */
#define QRT_SITTING_STALE_S (12 * 3600) /* a sitting that goes on for so long was forgotten */

#define QRT_HERE    "here"
#define QRT_OUTSIDE "outside"
#define QRT_SETTLED "settled"

#define QRT_BAG_WORD "bag " /* before a bag's number, where it is a thing's name */

/* The session that lasts, or NULL. */
const struct qrt_sitting *qrt_state_sitting(const struct qrt_state *state);

/* What is known of somebody or something in it; NULL: nothing. */
const struct qrt_presence *qrt_state_presence(const struct qrt_state *state, const char *kind,
                                              const char *name);

/* The next presence of it from the row *at on, which goes on behind it; only of
 * that whereabouts, unless it is NULL. NULL at the end. A zeroed *at starts. */
const struct qrt_presence *qrt_state_next_presence(const struct qrt_state *state, size_t *at,
                                                   const char *whereabouts);

bool qrt_presence_is(const struct qrt_presence *presence, const char *whereabouts);

/* Appends who and what is outside: "custodian-p1, the spare phone (witness-1)
 * and 3 more", escaped, and cut so that it is at most QRT_OUTSIDE_BYTES. Returns
 * how many. */
#define QRT_OUTSIDE_BYTES 140
size_t qrt_state_tell_outside(struct qrt_buf *out, const struct qrt_state *state);

/* The bag that somebody means by a thing: "AB-1001" or "Bag ab 1001", as people
 * read it (vault/bag.h), in letters of any width, whether what was in it lies in another since or
 * not. NULL if it is none on record. */
const struct qrt_bag *qrt_state_bag_of_thing(const struct qrt_state *state, const char *thing);

/* The bag, with something in it, that a thing's name speaks of and is not simply
 * the number of: "the bag AB-1001 and its label". NULL: none. */
const struct qrt_bag *qrt_state_bag_in_thing(const struct qrt_state *state, const char *thing);

/* Where that bag was taken out of the session, and by whom; NULL: it was not. */
const struct qrt_presence *qrt_state_bag_outside(const struct qrt_state *state,
                                                 const struct qrt_bag *bag);

/* A bag that is astray: it was outside when quorums ended its session, and no
 * entry has said since where it lies or how its seal is. NULL: there is none
 * more. As qrt_state_next_presence(), who took it out goes to *presence. */
const struct qrt_bag *qrt_state_next_astray(const struct qrt_presence **presence,
                                            const struct qrt_state *state, size_t *at);

/* Where that bag is outside or astray, as far as the log knows; NULL: neither. */
const struct qrt_presence *qrt_state_bag_out(const struct qrt_state *state,
                                             const struct qrt_bag *bag);

/* Was it forgotten open? The later of this time and the log's last one counts. */
bool qrt_sitting_is_stale(const struct qrt_sitting *sitting, int64_t now_unix_s,
                          int64_t last_time_unix_s);

#endif
