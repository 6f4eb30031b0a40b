#include "base/interrupt.h"

#include "base/file.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>

/* Readable once a signal that is held back has come; -1 if none are. */
static int signals_fd = -1;

static void held(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
}

enum qrt_code qrt_interrupt_hold(struct qrt_err *err)
{
    sigset_t set;
    held(&set);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0) {
        return qrt_fail_os(err, QRT_E_FAILED, errno, "signals");
    }
    signals_fd = signalfd(signals_fd, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return signals_fd >= 0 ? QRT_OK : qrt_fail_os(err, QRT_E_FAILED, errno, "signals");
}

enum qrt_code qrt_interrupt_check(struct qrt_err *err)
{
    /* Only where held back: elsewhere they have done their work already. The
     * descriptor is not read, so that what has come stays. */
    struct pollfd poll_fd = {.fd = signals_fd, .events = POLLIN};
    if (signals_fd >= 0 && poll(&poll_fd, 1, 0) > 0) {
        return qrt_fail(err, QRT_E_INTERRUPTED, "a signal asked to stop");
    }
    return QRT_OK;
}

enum qrt_code qrt_interrupt_wait_for(bool *ready, int fd, short events, int timeout_ms,
                                     struct qrt_err *err)
{
    struct pollfd fds[] = {{.fd = fd, .events = events}, {.fd = signals_fd, .events = POLLIN}};
    int rc;
    *ready = false;
    do {
        rc = poll(fds, 2, timeout_ms);
    } while (rc < 0 && errno == EINTR);
    if (rc < 0) {
        return qrt_fail_os(err, QRT_E_IO, errno, "waiting");
    }
    if (signals_fd >= 0 && fds[1].revents != 0) {
        return qrt_interrupt_check(err);
    }
    *ready = rc > 0;
    return QRT_OK;
}

enum qrt_code qrt_interrupt_wait(int fd, short events, struct qrt_err *err)
{
    /* A pipe's wrong end would never be ready: reading or writing it tells. */
    int mode = fcntl(fd, F_GETFL) & O_ACCMODE;
    bool ready;
    return signals_fd < 0 || mode == (events == POLLIN ? O_WRONLY : O_RDONLY)
               ? QRT_OK
               : qrt_interrupt_wait_for(&ready, fd, events, -1, err);
}

enum qrt_code qrt_interrupt_write(int fd, const void *bytes, size_t len_bytes, struct qrt_err *err)
{
    const unsigned char *from = bytes;
    enum qrt_code code = QRT_OK;
    for (size_t at = 0; code == QRT_OK && at < len_bytes; at += PIPE_BUF) {
        /* A pipe that can be written takes so much without blocking. */
        size_t part = len_bytes - at < PIPE_BUF ? len_bytes - at : PIPE_BUF;
        code = qrt_interrupt_wait(fd, POLLOUT, err);
        if (code == QRT_OK) {
            code = qrt_fd_write_all(fd, &from[at], part, err);
        }
    }
    return code;
}
