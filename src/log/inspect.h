/* Reading a log without trusting it: entries one by one, and every fault. */
#ifndef QRT_LOG_INSPECT_H
#define QRT_LOG_INSPECT_H

#include "log/log.h"

/* Calls `each` for every entry in order until it returns false. The log is
 * open, so its entries are well-formed. */
enum qrt_code qrt_log_each_entry(struct qrt_log *log,
                                 bool (*each)(void *ctx, const struct qrt_entry *entry), void *ctx,
                                 struct qrt_err *err) QRT_MUST_USE;

/* Checks a vault's log whole, as it lies there, every signature included, and
 * adds every fault with its place; a log that qrt_log_open refuses is read all
 * the same. Writes nothing but what opening writes. The progress
 * may be NULL. *log, to be closed, then
 * holds what was counted. Fails only when it cannot read. */
enum qrt_code qrt_log_inspect(struct qrt_log *log, const char *path, const struct qrt_views *views,
                              struct qrt_progress *progress, struct qrt_faults *faults,
                              struct qrt_err *err) QRT_MUST_USE;

#endif
