/* The log that a successor continues: a whole copy of its database, beside the
 * successor's, replayed into the same views before it (docs/formats/log.md,
 * successors). */
#ifndef QRT_LOG_PREDECESSOR_H
#define QRT_LOG_PREDECESSOR_H

#include "log/log.h"

/* Logs of a chain: each lies one folder deeper, and SQLite takes paths of 511 bytes. */
#define QRT_LOGS_MAX 24

#define QRT_PREDECESSOR_DIR  "predecessor"
#define QRT_PREDECESSOR_FILE QRT_PREDECESSOR_DIR "/" QRT_DB_FILE

/* What a genesis says of the log that it continues. */
struct qrt_predecessor {
    char origin[QRT_ORIGIN_MAX_CHARS + 1];
    struct qrt_head head;
};

/* Reads `origin epochs size base64-root`; false for another form. */
bool qrt_predecessor_parse(struct qrt_predecessor *said, struct qrt_span value);

/* Appends the same form. */
void qrt_predecessor_format(struct qrt_buf *out, const struct qrt_log *predecessor);

/* SHA-256 of a file. QRT_E_NOT_FOUND, QRT_E_IO; the error does not name it. */
enum qrt_code qrt_file_hash(uint8_t digest[static QRT_HASH_BYTES], int dir_fd, const char *name,
                            struct qrt_err *err) QRT_MUST_USE;

/* If this entry is the genesis of a successor: replays the predecessor, and
 * its own first, into the views, and sets QRT_REPLAY_GOES_ON in *flags. What is
 * wrong with it, or differs from what the genesis says, is added to faults.
 * QRT_E_NOT_FOUND if the copy is gone; otherwise as qrt_replay. */
enum qrt_code qrt_predecessor_begin(struct qrt_log *log, const struct qrt_entry *genesis,
                                    unsigned *flags, struct qrt_faults *faults,
                                    struct qrt_err *err) QRT_MUST_USE;

/* A new, empty predecessor of *log. QRT_E_RANGE: the chain is too long. */
enum qrt_code qrt_predecessor_add(struct qrt_log *log, struct qrt_err *err) QRT_MUST_USE;

/* Says once, of however many, that reading a predecessor failed; returns `code`. */
enum qrt_code qrt_predecessor_fail(const struct qrt_log *log, enum qrt_code code,
                                   struct qrt_err *err);

/* Replays the database that lies in the directory, only reading it, as the
 * predecessor of *log. As qrt_replay. */
enum qrt_code qrt_predecessor_replay(struct qrt_log *log, int dir_fd, unsigned flags,
                                     struct qrt_faults *faults, struct qrt_err *err) QRT_MUST_USE;

/* Holds the predecessor that was replayed against what the genesis says of it. */
void qrt_predecessor_check(const struct qrt_log *log, const struct qrt_entry *genesis,
                           struct qrt_faults *faults);

/* Adds what is wrong with a predecessor to the successor's faults. */
void qrt_predecessor_tell(struct qrt_faults *faults, const struct qrt_faults *theirs,
                          const struct qrt_log *predecessor);

/* Verifies the signatures that its replay left, and those of its own. */
enum qrt_code qrt_predecessor_verify(struct qrt_log *log, struct qrt_faults *faults,
                                     struct qrt_err *err) QRT_MUST_USE;

/* How many entries the logs before this one have. */
uint64_t qrt_predecessor_entries(const struct qrt_log *log);

void qrt_predecessor_free(struct qrt_log *log);

#endif
