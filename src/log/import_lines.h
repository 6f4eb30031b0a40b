/* entries.jsonl as it is read, a line at a time. */
#ifndef QRT_LOG_IMPORT_LINES_H
#define QRT_LOG_IMPORT_LINES_H

#include "base/bytes.h"
#include "log/views.h"
#include <quorate/err.h>

/* A zeroed one is closed, and has no line. */
struct qrt_lines {
    bool is_open;
    bool ended; /* nothing is left in the file */
    bool more;  /* than there are entries, as qrt_lines_end found */
    int fd;
    const char *path; /* borrowed */
    struct qrt_buf ahead;
    size_t at;       /* in `ahead`: where the next line begins */
    uint64_t offset; /* … in the file */
};

enum qrt_code qrt_lines_open(struct qrt_lines *lines, int dir_fd, const char *path,
                             struct qrt_err *err) QRT_MUST_USE;
void qrt_lines_close(struct qrt_lines *lines);

/* Holds the next line against the one of entry `index`; NULL: of an entry that
 * has none. Adds a fault if it is another, or not there. */
enum qrt_code qrt_lines_check(struct qrt_lines *lines, struct qrt_faults *faults, uint64_t index,
                              const struct qrt_buf *want, struct qrt_err *err) QRT_MUST_USE;
/* Adds a fault if a line is left. */
enum qrt_code qrt_lines_end(struct qrt_lines *lines, struct qrt_faults *faults,
                            struct qrt_err *err) QRT_MUST_USE;

#endif
