/* Worker processes: started, heard out, and buried. */
#ifndef QRT_WORKER_WORKER_H
#define QRT_WORKER_WORKER_H

#include "worker/frame.h"
#include <limits.h>
#include <quorate/err.h>
#include <stdbool.h>
#include <sys/types.h>

/* A running worker, or (pid 0) none; a zeroed struct is a valid empty one. */
struct qrt_worker {
    pid_t pid;
    int to_fd;
    int from_fd;
    bool landlocked;  /* it told that Landlock holds, besides seccomp */
    const char *name; /* of the program; a literal */
};

/* Where the program `name` ("quorate-print", …) lies: in the directory of this
 * process's own executable, or else where it is installed, seen from there, so
 * that an installed tree can be moved. False if it is in neither. */
bool qrt_worker_find(char path[static PATH_MAX], const char *name);

/* Starts `name` with posix_spawn, from where qrt_worker_find sees it. It gets descriptors 0-2 (the
 * last is /dev/null) and an empty environment. Returns once it has told that its cage is closed.
 * The process must ignore SIGPIPE. On failure *worker is zeroed. QRT_E_WORKER; QRT_E_NOT_FOUND,
 * from quorate-print, if a font is missing. */
enum qrt_code qrt_worker_start(struct qrt_worker *worker, const char *name,
                               struct qrt_err *err) QRT_MUST_USE;

/* Kills and reaps; accepts a zeroed struct, leaves a zeroed struct. */
void qrt_worker_stop(struct qrt_worker *worker);

#define QRT_WORKER __attribute__((cleanup(qrt_worker_stop))) struct qrt_worker

/* Reads the head of the answer. A failure frame ends here: its code and words
 * are returned and the worker lives on. Anything else but `type` with at most
 * max_len_bytes, silence until the moment, or death stops the worker:
 * QRT_E_WORKER. */
enum qrt_code qrt_worker_answer(struct qrt_worker *worker, uint32_t *len_bytes,
                                enum qrt_frame_type type, uint32_t max_len_bytes, int64_t deadline,
                                struct qrt_err *err) QRT_MUST_USE;

/* Stops a worker that broke its word, and says how it ended in *err.
 * Returns QRT_E_WORKER. */
enum qrt_code qrt_worker_broken(struct qrt_worker *worker, struct qrt_err *err) QRT_MUST_USE;

#endif
