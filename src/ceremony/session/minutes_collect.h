/* What the log tells of the session that was closed last. */
#ifndef QRT_CEREMONY_SESSION_MINUTES_COLLECT_H
#define QRT_CEREMONY_SESSION_MINUTES_COLLECT_H

#include "vault/vault.h"

#define QRT_MINUTES_EXCEPTIONS_MAX 64
#define QRT_MINUTES_BAGS_MAX       (QRT_GROUPS * QRT_GROUP_MEMBERS_MAX)
#define QRT_MINUTES_LINES_MAX      2000

/* Texts go one behind another into a buffer that may move: until all are there
 * they are known by where they begin. */
struct qrt_kept_text {
    size_t at; /* 0: none */
};

struct qrt_kept_line {
    int64_t unix_s;
    uint64_t index; /* of a run: of its first entry */
    struct qrt_kept_text actor;
    struct qrt_kept_text text;
};

/* step, expected, happened, decided, and those that are not always there. */
enum { QRT_EXCEPTION_PERSON = 4, QRT_EXCEPTION_SETTLES, QRT_EXCEPTION_PARTS = 7 };
struct qrt_kept_exception {
    int64_t unix_s;
    struct qrt_kept_text parts[QRT_EXCEPTION_PARTS];
};

/* Entries of one event on end. */
struct qrt_kept_run {
    const struct qrt_event *event;
    uint64_t epoch;
    uint64_t len;
    uint64_t last;
    size_t from; /* its first line */
};

struct qrt_kept_bag {
    uint64_t serial;
    struct qrt_kept_text parts[3];
};

struct qrt_collecting {
    const struct qrt_state *state;
    struct qrt_buf texts;
    uint64_t begun; /* where the latest session began … */
    uint64_t first; /* … and the one that was closed last, both included */
    uint64_t last;
    uint64_t epoch;
    int64_t opened_unix_s;
    int64_t closed_unix_s;
    int64_t clock_offset_s;
    bool lasts;
    bool briefly; /* for a sheet */
    uint8_t digest[QRT_HASH_BYTES];
    char ceremony[QRT_WORD_BYTES];
    char result[QRT_WORD_BYTES];
    struct qrt_buf present; /* a line an id */
    struct qrt_buf receipts;
    struct qrt_kept_line lines[QRT_MINUTES_LINES_MAX];
    size_t lines_len;
    struct qrt_kept_run run;
    struct qrt_kept_exception exceptions[QRT_MINUTES_EXCEPTIONS_MAX];
    size_t exceptions_len;
    struct qrt_kept_bag bags[QRT_MINUTES_BAGS_MAX];
    size_t bags_len;
    size_t left_out; /* for want of room */
};

/* Reads the log. *c is made here, and freed by qrt_collecting_free. QRT_E_NOT_FOUND:
 * no session was closed; QRT_E_NOMEM. */
enum qrt_code qrt_minutes_collect(struct qrt_collecting **c, struct qrt_vault *vault,
                                  struct qrt_err *err) QRT_MUST_USE;
/* The same of a session that lasts still, from that entry to the log's last and
 * then these drafts. */
enum qrt_code qrt_minutes_collect_open(struct qrt_collecting **c, struct qrt_vault *vault,
                                       uint64_t first, const struct qrt_draft *drafts,
                                       size_t drafts_len, struct qrt_err *err) QRT_MUST_USE;
void qrt_collecting_free(struct qrt_collecting **c);

/* A text that was kept. */
const char *qrt_collected_text(const struct qrt_collecting *c, struct qrt_kept_text text);

#endif
