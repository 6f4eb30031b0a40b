/* A person's new badge: drawn, put under a passphrase or on a wallet card, and
 * written into the log. */
#ifndef QRT_CEREMONY_PEOPLE_NEW_BADGE_H
#define QRT_CEREMONY_PEOPLE_NEW_BADGE_H

#include "ceremony/session/session.h"

struct qrt_new_badge {
    const struct qrt_policy_person *person; /* borrowed */
    struct qrt_badge badge;
    struct qrt_buf stored;       /* its document; empty for a wallet card */
    struct qrt_secret generated; /* words or wallet code to hand out; empty if given */
    bool wallet;                 /* it is a wallet code */
};

void qrt_new_badge_wipe(struct qrt_new_badge *new);

/* In which ceremony it is asked for, and at which of its steps. */
struct qrt_new_badge_asking {
    const struct qrt_ui *ui;
    const char *ceremony;
    unsigned step;
    unsigned of;
    bool practice;
};

/* Asks new->person, whose roles say what there is to choose from, and fills
 * the rest. Writes nothing. QRT_E_USAGE, QRT_E_REFUSED; *new is to be wiped
 * either way. */
enum qrt_code qrt_new_badge_collect(struct qrt_new_badge *new,
                                    const struct qrt_new_badge_asking *asking,
                                    struct qrt_err *err) QRT_MUST_USE;

/* The text (secret) of the wallet card of a badge, inited here; a NUL stands
 * behind it. */
enum qrt_code qrt_new_badge_code(struct qrt_secret *text, const struct qrt_badge *badge,
                                 struct qrt_err *err) QRT_MUST_USE;

/* A badge that the log has seen already is no new one: QRT_E_REFUSED. */
enum qrt_code qrt_new_badge_check(const struct qrt_new_badge *new, const struct qrt_state *state,
                                  struct qrt_err *err) QRT_MUST_USE;

/* Its verifier key in the log of that origin. */
enum qrt_code qrt_new_badge_vkey(char out[static QRT_VKEY_MAX_CHARS + 1],
                                 const struct qrt_new_badge *new, const char *origin,
                                 struct qrt_err *err) QRT_MUST_USE;

/* Drafts `badge-issued` with its document, which is moved into the session. */
enum qrt_code qrt_new_badge_draft(struct qrt_session *session, struct qrt_new_badge *new,
                                  const char *origin, struct qrt_err *err) QRT_MUST_USE;

#endif
