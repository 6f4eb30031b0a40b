/* Which entries of a log are asked for: the options of `log show`. */
#ifndef QRT_CLI_LOG_FILTER_H
#define QRT_CLI_LOG_FILTER_H

#include "log/log.h"
#include "vault/state.h"
#include <quorate/err.h>
#include <stdbool.h>

/* All that is set must hold. The texts are the command line's. */
struct qrt_log_filter {
    const char *person;
    const char *account;
    const struct qrt_event *event;
    uint64_t card; /* its serial; 0: any */
    int64_t since_unix_s;
    int64_t until_unix_s;
    int64_t session; /* the N-th, from the end if negative; 0: any */

    /* What was met so far, entry by entry. */
    const struct qrt_state *state; /* knows the card in a bag */
    uint64_t sessions;
    bool inside;    /* of the session asked for */
    bool closing;   /* its session-closed came, in … */
    uint64_t epoch; /* … this one, whose entries are its last */
    bool in_ceremony;
    uint64_t intent; /* of the last ceremony of that account */
};

/* Takes the options out of argv. QRT_E_USAGE names the one that cannot be. */
enum qrt_code qrt_log_filter_take(struct qrt_log_filter *filter, int *argc, char **argv,
                                  struct qrt_err *err) QRT_MUST_USE;

/* Finds what was asked for; to be called before the first entry. The state must
 * outlive *filter. QRT_E_USAGE if the log has no such session, person, account or card. */
enum qrt_code qrt_log_filter_begin(struct qrt_log_filter *filter, struct qrt_log *log,
                                   const struct qrt_state *state, struct qrt_err *err) QRT_MUST_USE;

/* Is this entry one of them? To be asked of every entry, in order. */
bool qrt_log_filter_match(struct qrt_log_filter *filter, const struct qrt_entry *entry);

#endif
