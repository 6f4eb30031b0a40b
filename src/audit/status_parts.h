/* What the files that judge a vault's status share. */
#ifndef QRT_AUDIT_STATUS_PARTS_H
#define QRT_AUDIT_STATUS_PARTS_H

#include "audit/status.h"

#define QRT_DAY_S  86400
#define QRT_SOON_S (60 * (int64_t)QRT_DAY_S) /* from then on a date is told as due */

struct qrt_judging {
    struct qrt_status *status;
    const struct qrt_vault *vault;
    const struct qrt_facts *facts;
    int64_t now_unix_s;
};

/* Adds a row. */
void qrt_status_add(struct qrt_judging *j, enum qrt_concern_state state, const char *what,
                    int64_t due_unix_s, const char *format, ...) QRT_PRINTF(5, 6);
/* The same with a date: overdue, or due. */
void qrt_status_add_by(struct qrt_judging *j, const char *what, int64_t due_unix_s,
                       const char *format, ...) QRT_PRINTF(4, 5);

/* Something was done last on that day: if it is to come, by a clock that ran ahead
 * or a slip of the pen, nothing would be due until then, and that is told. */
void qrt_status_check_date(struct qrt_judging *j, const char *what, int64_t since_unix_s);

/* Names of which the first few are told and the others counted. */
struct qrt_some {
    struct qrt_buf names;
    size_t count;
};
void qrt_some_add(struct qrt_some *some, const char *name, size_t len_chars);
/* "a, b, c and 7 more"; it lives as long as *some. */
const char *qrt_some_text(struct qrt_some *some);
void qrt_some_free(struct qrt_some *some);
#define QRT_SOME __attribute__((cleanup(qrt_some_free))) struct qrt_some

/* Is it the sealed item in force, and neither superseded nor deleted? */
bool qrt_status_is_current(const struct qrt_state *state, const struct qrt_item_row *item);

/* Was that account closed? What is sealed of it needs nothing any more. */
bool qrt_status_is_closed(const struct qrt_state *state, const char *account);

/* The row of that place if it is in force, and of that register; NULL is of any. */
const struct qrt_register_row *qrt_status_row(const struct qrt_judging *j, size_t i,
                                              const char *reg);

void qrt_status_cards(struct qrt_judging *j);
void qrt_status_custody(struct qrt_judging *j);
enum qrt_code qrt_status_drills(struct qrt_judging *j, struct qrt_err *err) QRT_MUST_USE;
void qrt_status_people(struct qrt_judging *j);
void qrt_status_rekey(struct qrt_judging *j);
/* Copies of the vault and receipts: what of the log is elsewhere. */
void qrt_status_copies(struct qrt_judging *j);
/* The time to judge by: this computer's, or a later one that the log knows of. */
void qrt_status_clock(struct qrt_judging *j);
void qrt_status_review(struct qrt_judging *j);
enum qrt_code qrt_status_governance(struct qrt_judging *j, struct qrt_err *err) QRT_MUST_USE;
void qrt_status_register(struct qrt_judging *j);
enum qrt_code qrt_status_mailboxes(struct qrt_judging *j, struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_status_devices(struct qrt_judging *j, struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_status_dependencies(struct qrt_judging *j, struct qrt_err *err) QRT_MUST_USE;

#endif
