#include "worker/frame.h"

#include "base/bytes.h"
#include <errno.h>
#include <poll.h>
#include <sodium.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t qrt_frame_deadline(int timeout_ms)
{
    return now_ms() + timeout_ms;
}

/* A caged worker may not poll, and never has a deadline. What is there when it has
 * passed is taken: this process may have stood still meanwhile. */
static enum qrt_code wait_for(int fd, short events, int64_t deadline, struct qrt_err *err)
{
    while (deadline != QRT_NO_DEADLINE) {
        int64_t left_ms = deadline - now_ms();
        int wait_ms = left_ms <= 0 ? 0 : left_ms > 60000 ? 60000 : (int)left_ms;
        struct pollfd poll_fd = {.fd = fd, .events = events};
        int rc = poll(&poll_fd, 1, wait_ms);
        if (rc > 0) {
            break;
        }
        if (rc < 0 && errno != EINTR) {
            return qrt_fail_os(err, QRT_E_IO, errno, "waiting");
        }
        if (left_ms <= 0) {
            return qrt_fail(err, QRT_E_WORKER, "no answer in time");
        }
    }
    return QRT_OK;
}

/* *got_bytes tells a clean end (0) from a broken one. */
static enum qrt_code read_all(uint8_t *out, size_t len_bytes, size_t *got_bytes, int fd,
                              int64_t deadline, struct qrt_err *err)
{
    *got_bytes = 0;
    while (*got_bytes < len_bytes) {
        enum qrt_code code = wait_for(fd, POLLIN, deadline, err);
        if (code != QRT_OK) {
            return code;
        }
        ssize_t got = read(fd, &out[*got_bytes], len_bytes - *got_bytes);
        if (got == 0) {
            return qrt_fail(err, QRT_E_WORKER, "the stream breaks off");
        }
        if (got > 0) {
            *got_bytes += (size_t)got;
        } else if (errno != EINTR && errno != EAGAIN) {
            return qrt_fail_os(err, QRT_E_IO, errno, "reading a frame");
        }
    }
    return QRT_OK;
}

enum qrt_code qrt_frame_read_bytes(void *out, size_t len_bytes, int fd, int64_t deadline,
                                   struct qrt_err *err)
{
    size_t got_bytes;
    enum qrt_code code = read_all(out, len_bytes, &got_bytes, fd, deadline, err);
    if (code != QRT_OK) {
        sodium_memzero(out, len_bytes);
    }
    return code;
}

enum qrt_code qrt_frame_read_head(uint8_t *type, uint32_t *len_bytes, int fd,
                                  uint32_t max_len_bytes, int64_t deadline, struct qrt_err *err)
{
    uint8_t head[QRT_FRAME_HEAD_BYTES] = {0};
    size_t got_bytes;
    *type = 0;
    *len_bytes = 0;
    enum qrt_code code = read_all(head, sizeof head, &got_bytes, fd, deadline, err);
    if (code == QRT_E_WORKER && got_bytes == 0 &&
        (deadline == QRT_NO_DEADLINE || now_ms() < deadline)) {
        return qrt_fail(err, QRT_E_NOT_FOUND, "the other side has closed");
    }
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_reader reader = qrt_reader_of(head, sizeof head);
    uint32_t announced_bytes = qrt_read_u32(&reader);
    if (announced_bytes > max_len_bytes) {
        return qrt_fail(err, QRT_E_WORKER, "a frame of %u bytes, at most %u are taken",
                        announced_bytes, max_len_bytes);
    }
    *type = qrt_read_u8(&reader);
    *len_bytes = announced_bytes;
    return QRT_OK;
}

enum qrt_code qrt_frame_write_bytes(int fd, const void *bytes, size_t len_bytes, int64_t deadline,
                                    struct qrt_err *err)
{
    const uint8_t *from = bytes;
    size_t put_bytes = 0;
    while (put_bytes < len_bytes) {
        enum qrt_code code = wait_for(fd, POLLOUT, deadline, err);
        if (code != QRT_OK) {
            return code;
        }
        ssize_t put = write(fd, &from[put_bytes], len_bytes - put_bytes);
        if (put >= 0) {
            put_bytes += (size_t)put;
        } else if (errno == EPIPE) {
            return qrt_fail(err, QRT_E_WORKER, "the other side is gone");
        } else if (errno != EINTR && errno != EAGAIN) {
            return qrt_fail_os(err, QRT_E_IO, errno, "writing a frame");
        }
    }
    return QRT_OK;
}

enum qrt_code qrt_frame_write(int fd, enum qrt_frame_type type, uint32_t len_bytes,
                              const void *part, size_t part_len_bytes, int64_t deadline,
                              struct qrt_err *err)
{
    uint8_t head[QRT_FRAME_HEAD_BYTES];
    struct qrt_writer writer = qrt_writer_of(head, sizeof head);
    qrt_write_u32(&writer, len_bytes);
    qrt_write_u8(&writer, (uint8_t)type);
    enum qrt_code code = qrt_frame_write_bytes(fd, head, sizeof head, deadline, err);
    return code == QRT_OK ? qrt_frame_write_bytes(fd, part, part_len_bytes, deadline, err) : code;
}

/* A code's place in this list is its byte in a failure frame. */
static const enum qrt_code travelling[] = {QRT_E_FAILED, QRT_E_NOMEM,   QRT_E_FORMAT,
                                           QRT_E_RANGE,  QRT_E_REFUSED, QRT_E_NOT_FOUND};
#define TRAVELLING (sizeof travelling / sizeof travelling[0])

enum qrt_code qrt_frame_write_failure(int fd, const struct qrt_err *why, struct qrt_err *err)
{
    uint8_t reason = 0;
    for (size_t i = 0; i < TRAVELLING; i++) {
        reason = travelling[i] == why->code ? (uint8_t)i : reason;
    }
    uint8_t payload[QRT_FRAME_FAILED_BYTES];
    struct qrt_writer writer = qrt_writer_of(payload, sizeof payload);
    qrt_write_u8(&writer, reason);
    qrt_write_bytes(&writer, why->what, strnlen(why->what, sizeof payload - 1));
    return qrt_frame_write(fd, QRT_FRAME_FAILED, (uint32_t)writer.len_bytes, payload,
                           writer.len_bytes, QRT_NO_DEADLINE, err);
}

enum qrt_code qrt_frame_read_failure(int fd, uint32_t len_bytes, int64_t deadline,
                                     struct qrt_err *err)
{
    uint8_t payload[QRT_FRAME_FAILED_BYTES];
    if (len_bytes == 0 || len_bytes > sizeof payload) {
        return qrt_fail(err, QRT_E_WORKER, "a failure frame of %u bytes", len_bytes);
    }
    enum qrt_code code = qrt_frame_read_bytes(payload, len_bytes, fd, deadline, err);
    if (code != QRT_OK) {
        return code;
    }
    for (uint32_t i = 1; i < len_bytes; i++) {
        if (payload[i] < ' ' || payload[i] > '~') {
            return qrt_fail(err, QRT_E_WORKER, "a failure frame that is no text");
        }
    }
    if (payload[0] >= TRAVELLING) {
        return qrt_fail(err, QRT_E_WORKER, "a failure frame of unknown reason %u", payload[0]);
    }
    return qrt_fail(err, travelling[payload[0]], "%.*s", (int)len_bytes - 1,
                    (const char *)payload + 1);
}
