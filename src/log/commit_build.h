/* What a commit will write, put together: entries with their place and salt, the
 * next key, the checkpoint and its cosignatures. Nothing is written here. */
#ifndef QRT_LOG_COMMIT_BUILD_H
#define QRT_LOG_COMMIT_BUILD_H

#include "log/log.h"

/* A commit being put together. */
struct qrt_building {
    struct qrt_log *log;
    struct qrt_record record;
    struct qrt_buf *texts; /* one per entry */
    struct qrt_buf checkpoint;
    struct qrt_buf cosignatures;
    struct qrt_frontier frontier;
    struct qrt_entry *entries;
    size_t texts_len;
};

void qrt_building_free(struct qrt_building *building);
#define QRT_BUILDING __attribute__((cleanup(qrt_building_free))) struct qrt_building

/* Builds the record of the log's next commit, by the cosigners, of whom the first
 * acts; *building has its log, and is zeroed else. The next key's seed stands in
 * the log's keys then. The record's documents are the caller's. */
enum qrt_code qrt_commit_build(struct qrt_building *building, const struct qrt_draft *drafts,
                               size_t drafts_len, const struct qrt_cosigner *cosigners,
                               size_t cosigners_len, struct qrt_err *err) QRT_MUST_USE;

#endif
