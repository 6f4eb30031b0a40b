/* What every executable does before anything else. */
#ifndef QRT_BASE_HARDEN_H
#define QRT_BASE_HARDEN_H

#include <quorate/err.h>
#include <stddef.h>

/* No core dump, not dumpable, no new privileges, umask 077, descriptors 0-2
 * open, SIGPIPE ignored, libsodium started. QRT_E_FAILED. */
enum qrt_code qrt_harden_process(struct qrt_err *err) QRT_MUST_USE;

/* Sockets, io_uring, ptrace and other architectures' system calls are refused
 * from here on, for this process and all that it starts. */
enum qrt_code qrt_harden_no_network(struct qrt_err *err) QRT_MUST_USE;

/* Wipes what a secret section may have left below the caller's frame on the
 * stack and in vector registers. */
void qrt_harden_wipe_traces(void);

#endif
