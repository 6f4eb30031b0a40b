#include "log/checker.h"

#include <signal.h>

#define STACK_BYTES ((size_t)512 * 1024)

void qrt_signatures_check(const struct qrt_signatures *signatures, struct qrt_faults *faults)
{
    for (size_t i = 0; i < signatures->len; i++) {
        const struct qrt_signature_due *due = &signatures->list[i];
        if (qrt_signature_verify(signatures, i)) {
            continue;
        }
        if (due->fault != NULL) {
            qrt_faults_add(faults, due->index, due->epoch, "%s: %s",
                           qrt_signature_name(signatures, i), due->fault);
        } else if (due->type == QRT_KEY_TYPE_LOG) {
            qrt_faults_add(faults, due->index, due->epoch,
                           "the checkpoint is not signed by the key announced for it");
        } else {
            qrt_faults_add(faults, due->index, due->epoch,
                           "the cosignature of %s is not one of this checkpoint",
                           qrt_signature_name(signatures, i));
        }
    }
}

static void empty(struct qrt_signatures *signatures)
{
    signatures->len = 0;
    signatures->bytes.len_bytes = 0;
}

/* Everything that passes between the threads passes under the mutex; while
 * `busy` is set, the batch and `theirs` are the thread's alone. */
static void *work(void *ctx)
{
    struct qrt_checker *checker = ctx;
    pthread_mutex_lock(&checker->mutex);
    while (checker->busy || !checker->ends) {
        if (!checker->busy) {
            pthread_cond_wait(&checker->changed, &checker->mutex);
            continue;
        }
        pthread_mutex_unlock(&checker->mutex);
        qrt_signatures_check(&checker->batch, &checker->theirs);
        pthread_mutex_lock(&checker->mutex);
        checker->busy = false;
    }
    pthread_mutex_unlock(&checker->mutex);
    return NULL;
}

/* Without a thread the caller checks all: slower, and the same. Signals stay
 * with the thread that was there. */
static void start(struct qrt_checker *checker)
{
    pthread_attr_t attributes;
    sigset_t all;
    sigset_t former;
    checker->tried = true;
    if (pthread_attr_init(&attributes) != 0) {
        return;
    }
    pthread_mutex_init(&checker->mutex, NULL);
    pthread_cond_init(&checker->changed, NULL);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &former);
    checker->threaded = pthread_attr_setstacksize(&attributes, STACK_BYTES) == 0 &&
                        pthread_create(&checker->thread, &attributes, work, checker) == 0;
    pthread_sigmask(SIG_SETMASK, &former, NULL);
    pthread_attr_destroy(&attributes);
}

/* True, and the list is the thread's, if it had nothing to do. */
static bool hand_over(struct qrt_checker *checker, struct qrt_signatures *signatures)
{
    pthread_mutex_lock(&checker->mutex);
    bool idle = !checker->busy;
    if (idle) {
        struct qrt_signatures done = checker->batch;
        checker->batch = *signatures;
        *signatures = done;
        checker->busy = true;
        pthread_cond_signal(&checker->changed);
    }
    pthread_mutex_unlock(&checker->mutex);
    return idle;
}

void qrt_checker_take(struct qrt_checker *checker, struct qrt_signatures *signatures)
{
    if (signatures->bytes.failed) {
        checker->no_memory = true;
        qrt_signatures_free(signatures);
        return;
    }
    if (!checker->tried) {
        start(checker);
    }
    if (!checker->threaded || !hand_over(checker, signatures)) {
        qrt_signatures_check(signatures, &checker->ours);
    }
    empty(signatures);
}

static void stop(struct qrt_checker *checker)
{
    if (checker->threaded) {
        pthread_mutex_lock(&checker->mutex);
        checker->ends = true;
        pthread_cond_signal(&checker->changed);
        pthread_mutex_unlock(&checker->mutex);
        pthread_join(checker->thread, NULL);
        pthread_cond_destroy(&checker->changed);
        pthread_mutex_destroy(&checker->mutex);
        checker->threaded = false;
    }
}

enum qrt_code qrt_checker_end(struct qrt_checker *checker, struct qrt_faults *faults,
                              struct qrt_err *err)
{
    stop(checker);
    const struct qrt_faults *ours = &checker->ours;
    const struct qrt_faults *theirs = &checker->theirs;
    for (size_t i = 0, k = 0; i < ours->len || k < theirs->len;) {
        bool next_is_ours =
            k == theirs->len || (i < ours->len && ours->list[i].index < theirs->list[k].index);
        const struct qrt_fault *next = next_is_ours ? &ours->list[i++] : &theirs->list[k++];
        qrt_faults_add(faults, next->index, next->epoch, "%s", next->text);
    }
    bool lacking = checker->no_memory || (ours->more && ours->len < QRT_FAULTS_MAX) ||
                   (theirs->more && theirs->len < QRT_FAULTS_MAX);
    faults->more = faults->more || ours->more || theirs->more;
    qrt_checker_free(checker);
    return lacking ? qrt_fail(err, QRT_E_NOMEM, "the log's signatures") : QRT_OK;
}

void qrt_checker_free(struct qrt_checker *checker)
{
    stop(checker);
    qrt_signatures_free(&checker->batch);
    qrt_faults_free(&checker->ours);
    qrt_faults_free(&checker->theirs);
    *checker = (struct qrt_checker){0};
}
