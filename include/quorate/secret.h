/* Guarded memory: the only place where a secret may stand. */
#ifndef QUORATE_SECRET_H
#define QUORATE_SECRET_H

#include <quorate/err.h>
#include <stddef.h>
#include <stdint.h>

/* A buffer of guard pages, locked in RAM, left out of core dumps and not
 * inherited by a fork. A zeroed struct is a valid empty one. The content is
 * secret; the sizes are public. Owned by whoever inited it. */
struct qrt_secret {
    uint8_t *data;
    size_t size_bytes; /* capacity */
    size_t len_bytes;  /* how much of it is in use */
};

/* Allocates `size_bytes` (at least 1) zeroed, len_bytes 0. On failure *secret
 * is zeroed. QRT_E_NOMEM; QRT_E_LOCKED_MEMORY if the kernel will not lock. */
enum qrt_code qrt_secret_init(struct qrt_secret *secret, size_t size_bytes,
                              struct qrt_err *err) QRT_MUST_USE;

/* Wipes and frees; accepts a zeroed struct, leaves a zeroed struct. */
void qrt_secret_wipe(struct qrt_secret *secret);

/* Moves *from into *to (which is wiped first); *from is left zeroed. */
void qrt_secret_move(struct qrt_secret *to, struct qrt_secret *from);

/* Appends bytes (secret). QRT_E_RANGE, nothing written, if they do not fit. */
enum qrt_code qrt_secret_append(struct qrt_secret *secret, const void *bytes, size_t len_bytes,
                                struct qrt_err *err) QRT_MUST_USE;

/* Reads the descriptor to its end with read(2) straight into the buffer.
 * QRT_E_RANGE if more than the capacity comes; QRT_E_IO; QRT_E_INTERRUPTED
 * where signals are held back. On failure emptied. */
enum qrt_code qrt_secret_read_fd(struct qrt_secret *secret, int fd,
                                 struct qrt_err *err) QRT_MUST_USE;

#define QRT_SECRET __attribute__((cleanup(qrt_secret_wipe))) struct qrt_secret

#endif
