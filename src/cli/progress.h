/* A line on standard error that tells how far a long reading is: on a terminal
 * only, written over in place, gone at the end. */
#ifndef QRT_CLI_PROGRESS_H
#define QRT_CLI_PROGRESS_H

#include "cli/cli.h"
#include <stdint.h>

/* A zeroed one tells nothing. */
struct qrt_progress_line {
    bool wanted;
    int64_t next_ms; /* when it is drawn next */
    unsigned drawn;  /* columns in use */
};

/* Wanted on a terminal, unless the command line says --quiet or --json. */
void qrt_progress_start(struct qrt_progress_line *line, const struct qrt_cli *cli);
/* Draws it, seldom enough to cost nothing. `all` 0: not known. */
void qrt_progress_tell(struct qrt_progress_line *line, uint64_t done, uint64_t all);
/* Takes it away. */
void qrt_progress_end(struct qrt_progress_line *line);

#endif
