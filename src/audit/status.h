/* What is due, overdue, open or in conflict in a vault: the rows of its status. */
#ifndef QRT_AUDIT_STATUS_H
#define QRT_AUDIT_STATUS_H

#include "audit/gather.h"
#include "base/bytes.h"
#include "vault/vault.h"

enum qrt_concern_state {
    QRT_CONCERN_OVERDUE,
    QRT_CONCERN_CONFLICT, /* something is not as it must be */
    QRT_CONCERN_OPEN,     /* something is not known, or not done yet */
    QRT_CONCERN_DUE,      /* on a day that is still to come */
    QRT_CONCERN_STATES,
};

#define QRT_NO_DAY INT64_MIN

struct qrt_concern {
    enum qrt_concern_state state;
    const char *what;   /* a constant word, as "drill" */
    int64_t due_unix_s; /* or QRT_NO_DAY */
    char *text;         /* ids of the log and our words; foreign, to be escaped */
};

/* In the order of the states, then of the days. Zeroed is empty. */
struct qrt_status {
    struct qrt_concern *list;
    size_t len;
    size_t capacity;
    size_t count[QRT_CONCERN_STATES];
    bool failed;
};

void qrt_status_free(struct qrt_status *status);
#define QRT_STATUS __attribute__((cleanup(qrt_status_free))) struct qrt_status

/* "overdue", "conflict", "open", "due". */
const char *qrt_concern_state_name(enum qrt_concern_state state);

/* Judges the vault at that time. Reads no entry and no document. QRT_E_NOMEM,
 * QRT_E_RANGE; *status is then empty. */
enum qrt_code qrt_status_judge(struct qrt_status *status, const struct qrt_vault *vault,
                               int64_t now_unix_s, struct qrt_err *err) QRT_MUST_USE;

#endif
