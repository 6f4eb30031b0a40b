/* The cage: what a worker applies to itself before it sees a foreign byte. */
#ifndef QRT_WORKER_CAGE_H
#define QRT_WORKER_CAGE_H

#include <quorate/err.h>
#include <stdbool.h>
#include <stddef.h>

/* The Landlock ABI of the kernel, or 0 if it has none (selftest tells). */
int qrt_cage_landlock_abi(void);

/* First of all in a worker: qrt_harden_process, death with the parent, no
 * descriptors besides 0-2. QRT_E_FAILED. */
enum qrt_code qrt_cage_enter(struct qrt_err *err) QRT_MUST_USE;

/* For qrt_cage_close. */
enum {
    QRT_CAGE_PANGO = 1, /* threads of this process may begin, access() is always 0 */
    QRT_CAGE_TIMER = 4, /* its own CPU time may be limited */
    QRT_CAGE_SPOOL =
        2, /* one Unix socket at a time; what opens a file is told that there is none */
};

/* Once its libraries have opened all that they will ever open: no more than
 * data_bytes of writable memory, no new descriptor, no file by Landlock where
 * the kernel has it (*landlocked), and by seccomp, for all threads, nothing
 * but reading descriptor 0, writing 1 and 2, memory that is never executable,
 * and ending. Whatever else it calls kills it, as do the system calls of
 * another architecture. QRT_E_FAILED. */
enum qrt_code qrt_cage_close(bool *landlocked, size_t data_bytes, unsigned flags,
                             struct qrt_err *err) QRT_MUST_USE;

/* Tells the parent that the cage is closed. */
enum qrt_code qrt_cage_greet(bool landlocked, struct qrt_err *err) QRT_MUST_USE;

#endif
