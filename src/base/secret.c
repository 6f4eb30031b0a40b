#include <quorate/secret.h>

#include "base/interrupt.h"
#include <errno.h>
#include <poll.h>
#include <sodium.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The whole pages that hold [data, data + size). */
static void page_span(const struct qrt_secret *secret, void **start, size_t *len_bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uintptr_t first = (uintptr_t)secret->data / page * page;
    uintptr_t end = ((uintptr_t)secret->data + secret->size_bytes + page - 1) / page * page;
    *start = (void *)first;
    *len_bytes = end - first;
}

enum qrt_code qrt_secret_init(struct qrt_secret *secret, size_t size_bytes, struct qrt_err *err)
{
    *secret = (struct qrt_secret){0};
    if (sodium_init() < 0) {
        return qrt_fail(err, QRT_E_FAILED, "libsodium cannot start");
    }
    uint8_t *data = sodium_malloc(size_bytes);
    if (data == NULL) {
        return qrt_fail_os(err, QRT_E_NOMEM, errno, "guarded memory of %zu bytes", size_bytes);
    }
    secret->data = data;
    secret->size_bytes = size_bytes;
    /* sodium_malloc does not tell whether its mlock worked; asking again does. */
    void *start;
    size_t len_bytes;
    page_span(secret, &start, &len_bytes);
    if (mlock(start, len_bytes) != 0) {
        int os = errno;
        qrt_secret_wipe(secret);
        return qrt_fail_os(err, QRT_E_LOCKED_MEMORY, os, "guarded memory of %zu bytes", size_bytes);
    }
    (void)madvise(start, len_bytes, MADV_DONTFORK);
    memset(data, 0, size_bytes);
    return QRT_OK;
}

void qrt_secret_wipe(struct qrt_secret *secret)
{
    if (secret->data != NULL) {
        sodium_free(secret->data);
    }
    *secret = (struct qrt_secret){0};
}

void qrt_secret_move(struct qrt_secret *to, struct qrt_secret *from)
{
    qrt_secret_wipe(to);
    *to = *from;
    *from = (struct qrt_secret){0};
}

enum qrt_code qrt_secret_append(struct qrt_secret *secret, const void *bytes, size_t len_bytes,
                                struct qrt_err *err)
{
    if (len_bytes > secret->size_bytes - secret->len_bytes) {
        return qrt_fail(err, QRT_E_RANGE, "secret longer than %zu bytes", secret->size_bytes);
    }
    if (len_bytes > 0) {
        memcpy(secret->data + secret->len_bytes, bytes, len_bytes);
        secret->len_bytes += len_bytes;
    }
    return QRT_OK;
}

enum qrt_code qrt_secret_read_fd(struct qrt_secret *secret, int fd, struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    secret->len_bytes = 0;
    for (;;) {
        size_t room = secret->size_bytes - secret->len_bytes;
        code = qrt_interrupt_wait(fd, POLLIN, err);
        if (code != QRT_OK) {
            break;
        }
        if (room == 0) {
            /* Full: only an end of file may follow. */
            uint8_t extra;
            ssize_t more = read(fd, &extra, 1);
            if (more == 0) {
                return QRT_OK;
            }
            sodium_memzero(&extra, sizeof extra);
            code = more > 0 ? qrt_fail(err, QRT_E_RANGE, "input longer than %zu bytes",
                                       secret->size_bytes)
                            : qrt_fail_os(err, QRT_E_IO, errno, "descriptor %d", fd);
            break;
        }
        ssize_t got = read(fd, secret->data + secret->len_bytes, room);
        if (got == 0) {
            return QRT_OK;
        }
        if (got > 0) {
            secret->len_bytes += (size_t)got;
        } else if (errno != EINTR) {
            code = qrt_fail_os(err, QRT_E_IO, errno, "descriptor %d", fd);
            break;
        }
    }
    sodium_memzero(secret->data, secret->size_bytes);
    secret->len_bytes = 0;
    return code;
}
