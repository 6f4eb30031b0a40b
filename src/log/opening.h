/* What the steps of an opening share: where the database stands against
 * log.key, the journal beside it, the replay, and what tampering is told. */
#ifndef QRT_LOG_OPENING_H
#define QRT_LOG_OPENING_H

#include "log/log.h"
#include <quorate/err.h>

enum qrt_standing {
    QRT_STANDS_AT_HEAD,    /* where log.key says, or, while pending, at the new head */
    QRT_STANDS_BEFORE,     /* a commit is in flight and not in the database */
    QRT_STANDS_UNCOSIGNED, /* the commit is, the last of its later cosignatures is not */
    QRT_STANDS_ELSEWHERE,  /* neither: tampering */
};

#define QRT_RECORD __attribute__((cleanup(qrt_record_free))) struct qrt_record

/* qrt_log_open, for a closed *log that holds its views already, and whom the
 * replay tells. */
enum qrt_code qrt_opening_open(struct qrt_log *log, const char *path,
                               struct qrt_err *err) QRT_MUST_USE;

/* The commit record of log.key; an empty one if it has none. QRT_E_TAMPERED, QRT_E_NOMEM. */
enum qrt_code qrt_opening_record(const struct qrt_log *log, struct qrt_record *record,
                                 struct qrt_err *err) QRT_MUST_USE;

/* Where the replayed database stands. */
enum qrt_standing qrt_opening_standing(const struct qrt_log *log, const struct qrt_record *record);

/* The state after a record, given the one before it. QRT_E_TAMPERED if the
 * record's own checkpoint says another. */
enum qrt_code qrt_opening_head_after(const struct qrt_record *record,
                                     const struct qrt_frontier *before, struct qrt_frontier *after,
                                     struct qrt_head *head, struct qrt_err *err) QRT_MUST_USE;

/* Opens and replays the database of log->dir_fd; an absent or empty one is at
 * the head of an empty log. QRT_E_TAMPERED for the first fault. */
enum qrt_code qrt_opening_replay(struct qrt_log *log, struct qrt_err *err) QRT_MUST_USE;

/* A journal is played only if a commit is in flight and a copy shows that the
 * outcome is one that the log's key allows; else it is set aside and reported. */
enum qrt_code qrt_opening_settle_journal(struct qrt_log *log, struct qrt_err *err) QRT_MUST_USE;

/* May SQLite never play this journal? It ends in the name of another file, which
 * SQLite would delete, wherever it lies: ours, of one database, never does. Or it
 * is no file at all. QRT_E_IO. */
enum qrt_code qrt_opening_judge_journal(bool *foreign, int dir_fd,
                                        struct qrt_err *err) QRT_MUST_USE;

/* Fails with the first of the faults. */
enum qrt_code qrt_opening_fail_first(const struct qrt_faults *faults, struct qrt_err *err);

/* Saves evidence and fails with `why`, the folder, and the receipt to compare;
 * or with what *err says already. */
enum qrt_code qrt_opening_tampered(struct qrt_log *log, struct qrt_err *err, const char *why);
enum qrt_code qrt_opening_tampered_as_said(struct qrt_log *log, struct qrt_err *err);

#endif
