/* What a take-over and a continuation share: new operators where there are
 * any, the cards of both groups, and what only they can sign. */
#ifndef QRT_CEREMONY_SUCCESSION_SUCCESSION_H
#define QRT_CEREMONY_SUCCESSION_SUCCESSION_H

#include "ceremony/cards/gather.h"
#include "ceremony/people/new_badge.h"

#define QRT_OPERATORS_MAX QRT_SESSION_BADGES_MAX

/* What is asked for by both. Public. */
struct qrt_succession_request {
    const char *operators[QRT_OPERATORS_MAX]; /* who gets a new badge: ids */
    size_t operators_len;
    const char *confirm; /* the vault's name; NULL: it is asked for */
};

struct qrt_succession {
    const struct qrt_succession_request *request;
    const char *ceremony; /* on its pages */
    const char *stop;     /* how to stop safely once it is written */
    unsigned steps;
    struct qrt_session session;
    struct qrt_gather *gather; /* borrowed */
    struct qrt_policy_person people[QRT_OPERATORS_MAX];
    struct qrt_new_badge badges[QRT_OPERATORS_MAX]; /* of request->operators */
    struct qrt_secret authority;                    /* the signing key, for as long as it takes */
    uint64_t intent;
};

void qrt_succession_free(struct qrt_succession *succession);

/* Shows a page of its script, to a person. */
void qrt_succession_page(const struct qrt_succession *succession, unsigned step, const char *title,
                         const char *who, const char *what, const char *wrong);

/* Is the founding over, and can the named people be operators? Each is known,
 * not gone, and named once. QRT_E_FAILED, QRT_E_USAGE. */
enum qrt_code qrt_succession_check(const struct qrt_succession *succession,
                                   struct qrt_err *err) QRT_MUST_USE;

/* The vault's name, typed or given. QRT_E_USAGE. */
enum qrt_code qrt_succession_confirm(const struct qrt_succession *succession, const char *words,
                                     struct qrt_err *err) QRT_MUST_USE;

/* Everyone named gets a new badge, and sits in the session; the first acts.
 * Writes nothing. QRT_E_USAGE, QRT_E_REFUSED. */
enum qrt_code qrt_succession_collect(struct qrt_succession *succession, unsigned step,
                                     struct qrt_err *err) QRT_MUST_USE;

/* The cards of both groups. QRT_E_QUORUM, or QRT_E_REFUSED if a card was
 * refused: the log has nothing of it then, and the error says so. */
enum qrt_code qrt_succession_gather(struct qrt_succession *succession,
                                    struct qrt_err *err) QRT_MUST_USE;

/* Puts the cards together: the seed (secret) of the recovery key, inited here,
 * and the authority's key. The vault key lives in here only, and the shares
 * are wiped. QRT_E_TAMPERED. */
enum qrt_code qrt_succession_open_keys(struct qrt_succession *succession,
                                       struct qrt_secret *recovery_seed,
                                       struct qrt_err *err) QRT_MUST_USE;

/* Signs the draft of that number, for where it will stand. The commit's time
 * is fixed by it. */
enum qrt_code qrt_succession_sign(struct qrt_succession *succession, size_t at,
                                  struct qrt_err *err) QRT_MUST_USE;

/* Drafts the intent, and what was said of each card. */
void qrt_succession_draft_intent(struct qrt_succession *succession, const char *ceremony);
/* Drafts, signed, that the log has new operators, and their badges. */
enum qrt_code qrt_succession_draft_operators(struct qrt_succession *succession,
                                             struct qrt_err *err) QRT_MUST_USE;
void qrt_succession_draft_done(struct qrt_succession *succession);

/* Hands a script what was generated; a person has seen theirs. */
enum qrt_code qrt_succession_release(struct qrt_succession *succession,
                                     struct qrt_err *err) QRT_MUST_USE;

#endif
