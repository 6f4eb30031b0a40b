/* Interruptions: SIGINT, SIGTERM and SIGHUP wait until a ceremony may stop. No
 * handler ever runs, so none can find a secret in a register and spill it. */
#ifndef QRT_BASE_INTERRUPT_H
#define QRT_BASE_INTERRUPT_H

#include <quorate/err.h>
#include <stdbool.h>
#include <stddef.h>

/* Holds those signals back from here on; until then, and in a process that
 * never calls this, they do what they always do. QRT_E_FAILED. */
enum qrt_code qrt_interrupt_hold(struct qrt_err *err) QRT_MUST_USE;

/* Has one come? QRT_E_INTERRUPTED then, at a place where nothing is half done. */
enum qrt_code qrt_interrupt_check(struct qrt_err *err) QRT_MUST_USE;

/* Waits until `events` (of poll) hold for the descriptor: before a read or
 * write that may take as long as a person does. QRT_E_INTERRUPTED, QRT_E_IO. */
enum qrt_code qrt_interrupt_wait(int fd, short events, struct qrt_err *err) QRT_MUST_USE;

/* The same for at most timeout_ms milliseconds (-1: for ever), which may pass:
 * *ready says whether the events hold. */
enum qrt_code qrt_interrupt_wait_for(bool *ready, int fd, short events, int timeout_ms,
                                     struct qrt_err *err) QRT_MUST_USE;

/* Writes all bytes (which may be secret) to a pipe that somebody reads in
 * their own time. QRT_E_INTERRUPTED, QRT_E_IO. */
enum qrt_code qrt_interrupt_write(int fd, const void *bytes, size_t len_bytes,
                                  struct qrt_err *err) QRT_MUST_USE;

#endif
