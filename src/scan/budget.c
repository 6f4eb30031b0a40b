#include "scan/budget.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/time.h>
#include <time.h>

/* zbar cannot be stopped in the middle: an attempt begins while half of the
 * time is left, and what then takes all of it ends with the process. */
#define ATTEMPTS_US 450000
#ifdef QRT_SANITIZED
#define LIMIT_US 60000000
#else
#define LIMIT_US 900000
#endif

static double begun_us;

/* CPU time of this process; a clock on the wall would count other programs. */
static double spent_us(void)
{
    struct timespec spent;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return (double)spent.tv_sec * 1e6 + (double)spent.tv_nsec / 1e3;
}

void budget_prepare(void)
{
    sigset_t set;
    signal(SIGPROF, SIG_DFL);
    sigemptyset(&set);
    sigaddset(&set, SIGPROF);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static enum qrt_code set_limit(long us, struct qrt_err *err)
{
    struct itimerval timer = {.it_value = {us / 1000000, us % 1000000}};
    return setitimer(ITIMER_PROF, &timer, NULL) == 0
               ? QRT_OK
               : qrt_fail_os(err, QRT_E_FAILED, errno, "no limit to the time of an image");
}

enum qrt_code budget_begin(struct qrt_err *err)
{
    begun_us = spent_us();
    return set_limit(LIMIT_US, err);
}

enum qrt_code budget_end(struct qrt_err *err)
{
    return set_limit(0, err);
}

bool budget_allows(void)
{
    return spent_us() - begun_us < ATTEMPTS_US;
}
