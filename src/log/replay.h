/* Replay: reads the whole log, checks it, and fills the views. */
#ifndef QRT_LOG_REPLAY_H
#define QRT_LOG_REPLAY_H

#include "log/log.h"
#include "log/source.h"

enum qrt_replay_flags {
    QRT_REPLAY_LAST = 0,    /* all others' signatures go to log->unverified, or to its checker */
    QRT_REPLAY_ALL = 1,     /* all signatures are verified at once */
    QRT_REPLAY_GOES_ON = 2, /* the views keep what they hold: a predecessor's log */
};

/* Replays a source into log->views and log->head, frontier, note, next_key and
 * so on. Every fault is added with its place; returns QRT_OK even then. The
 * tables of log->db are compared with the views, if there is one. Fails if the
 * source cannot be read: QRT_E_IO, QRT_E_BUSY, QRT_E_NOMEM, or QRT_E_TAMPERED
 * for a damaged image. */
enum qrt_code qrt_replay(struct qrt_log *log, const struct qrt_log_source *source, unsigned flags,
                         struct qrt_faults *faults, struct qrt_err *err) QRT_MUST_USE;

/* The same from log->db, in one transaction. */
enum qrt_code qrt_replay_database(struct qrt_log *log, unsigned flags, struct qrt_faults *faults,
                                  struct qrt_err *err) QRT_MUST_USE;

/* Verifies the signatures that a replay of this log left in log->unverified,
 * over the bytes that it hashed, or has its checker finish with them; adds a
 * fault for each that is wrong. QRT_E_NOMEM. */
enum qrt_code qrt_replay_verify(struct qrt_log *log, struct qrt_faults *faults,
                                struct qrt_err *err) QRT_MUST_USE;

#endif
