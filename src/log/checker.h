/* Checks the signatures of a log beside its replay: in a second thread where
 * one can be had, for the arithmetic takes as long as all the rest. */
#ifndef QRT_LOG_CHECKER_H
#define QRT_LOG_CHECKER_H

#include "log/note.h"
#include "log/views.h"
#include <pthread.h>

/* How many signatures a replay lets gather before it hands them over. */
#define QRT_CHECKER_BATCH 64

/* A zeroed one is idle. Must not move between the first batch and the end. */
struct qrt_checker {
    bool tried; /* to have a thread */
    bool threaded;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool ends;
    bool busy;                   /* the batch is the thread's */
    struct qrt_signatures batch; /* what the thread checks */
    struct qrt_faults theirs;    /* the thread's findings */
    struct qrt_faults ours;      /* the caller's, who checks while the thread is busy */
    bool no_memory;
};

/* Adds a fault for each signature that is wrong. */
void qrt_signatures_check(const struct qrt_signatures *signatures, struct qrt_faults *faults);

/* Takes the list, which is then empty; batches come in the order of their
 * entries. */
void qrt_checker_take(struct qrt_checker *checker, struct qrt_signatures *signatures);

/* Waits until all is checked, and adds what was found in the order of the
 * entries. *checker is then idle. QRT_E_NOMEM: not all was checked, or told. */
enum qrt_code qrt_checker_end(struct qrt_checker *checker, struct qrt_faults *faults,
                              struct qrt_err *err) QRT_MUST_USE;

/* Forgets what was found. */
void qrt_checker_free(struct qrt_checker *checker);
#define QRT_CHECKER __attribute__((cleanup(qrt_checker_free))) struct qrt_checker

#endif
