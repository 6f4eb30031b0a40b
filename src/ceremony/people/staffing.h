/* People who come, change and leave, and their badges: asked for, agreed to by
 * two badges, committed at once, handed out, closed. */
#ifndef QRT_CEREMONY_PEOPLE_STAFFING_H
#define QRT_CEREMONY_PEOPLE_STAFFING_H

#include "ceremony/people/new_badge.h"

enum qrt_staff_kind {
    QRT_STAFF_STAYS, /* only the badge is another */
    QRT_STAFF_JOINS,
    QRT_STAFF_CHANGES, /* has other roles */
    QRT_STAFF_LEAVES,
};

/* What becomes of one person. */
struct qrt_staff_change {
    enum qrt_staff_kind kind;
    char id[QRT_ID_CHARS + 1];
    struct qrt_policy_person person; /* of that id; the roles are those from now on */
    bool voids;                      /* the badge in force goes */
    bool gets_badge;
    const char *reason;   /* why they leave, or why the badge goes; borrowed … */
    struct qrt_buf asked; /* … from here, if it was asked for */
    struct qrt_new_badge badge;
};

#define QRT_STAFF_BADGES_MAX 12 /* new ones of one commit: each cosigns it */

struct qrt_staffing {
    const char *ceremony; /* on its pages */
    const char *word;     /* in the minutes */
    struct qrt_vault *vault;
    const struct qrt_ui *ui;
    const struct qrt_policy *policy;    /* the new one, borrowed; or NULL: it stays */
    const struct qrt_buf *policy_bytes; /* of the same */
    bool has_place;                     /* where wallet cards go: a folder or a printer */
    struct qrt_session session;
    struct qrt_staff_change *list;
    size_t len;
    struct qrt_buf wallets; /* a line for each: where it went */
};

void qrt_staffing_free(struct qrt_staffing *staffing);
#define QRT_STAFFING __attribute__((cleanup(qrt_staffing_free))) struct qrt_staffing

/* Room for that many changes. QRT_E_NOMEM. */
enum qrt_code qrt_staffing_begin(struct qrt_staffing *staffing, size_t changes,
                                 struct qrt_err *err) QRT_MUST_USE;
/* The next of them, of a person with these roles from now on. */
struct qrt_staff_change *qrt_staffing_add(struct qrt_staffing *staffing, enum qrt_staff_kind kind,
                                          const char *id, unsigned roles);

#define QRT_STAFFING_STEPS 5

/* Shows a page of its script, to a person. */
void qrt_staffing_page(const struct qrt_staffing *staffing, unsigned step, const char *title,
                       const char *who, const char *what, const char *wrong);

/* Step 1, with lines that may be more than a page holds (qrt_ui_pages). */
enum qrt_code qrt_staffing_lines(const struct qrt_staffing *staffing, const char *title,
                                 const char *who, const char *lines, const char *wrong,
                                 struct qrt_err *err) QRT_MUST_USE;

/* Waits until a page on which nothing is asked was read aloud, by a person. */
enum qrt_code qrt_staffing_wait(const struct qrt_staffing *staffing,
                                struct qrt_err *err) QRT_MUST_USE;

/* Could these changes be made at all? An operator with a badge is left, and not
 * too many get a new one. QRT_E_REFUSED, QRT_E_RANGE. */
enum qrt_code qrt_staffing_check(const struct qrt_staffing *staffing,
                                 struct qrt_err *err) QRT_MUST_USE;

/* Steps 2 to 5: the session and its two badges, the new badges, the commit, what
 * is handed out, the close. Where an operator comes or goes, log.key opens by
 * another state key from then on. What was committed stands, also when handing
 * out fails: then the session is closed, and its exception says so. QRT_E_REFUSED,
 * QRT_E_USAGE and those of a session. */
enum qrt_code qrt_staffing_run(struct qrt_staffing *staffing, struct qrt_err *err) QRT_MUST_USE;

#endif
