/* Frames: how a worker and its parent talk over two pipes. A frame is its
 * payload's length (u32), its type (u8) and the payload. docs/formats/sheet.md */
#ifndef QRT_WORKER_FRAME_H
#define QRT_WORKER_FRAME_H

#include <quorate/err.h>
#include <stddef.h>
#include <stdint.h>

#define QRT_FRAME_HEAD_BYTES 5

enum qrt_frame_type {
    QRT_FRAME_READY = 1,   /* worker: the cage is closed; u8, 1 if Landlock holds */
    QRT_FRAME_SHEET = 2,   /* parent: a sheet description (secret) */
    QRT_FRAME_PDF = 3,     /* worker: the sheet as PDF (secret) */
    QRT_FRAME_IMAGE = 4,   /* parent: u8 codes wanted, then an image file */
    QRT_FRAME_TEXTS = 5,   /* worker: what the image said (secret) */
    QRT_FRAME_FAILED = 6,  /* worker: u8 reason, then printable ASCII */
    QRT_FRAME_PRINTER = 7, /* parent: u8 length, the server's socket, then the printer's name */
    QRT_FRAME_JOB = 8,     /* parent: u8 both sides, u8 length, a title, then a PDF (secret) */
    QRT_FRAME_ASK = 9,     /* parent: u32 job */
    QRT_FRAME_FORGET = 10, /* parent: u32 job, to be cancelled and purged */
    QRT_FRAME_STATE = 11,  /* worker: u32 job, u8 state, u8 flags, then reasons with commas */
};

#define QRT_FRAME_SHEET_BYTES  65536
#define QRT_FRAME_PDF_BYTES    (4U << 20)
#define QRT_FRAME_IMAGE_BYTES  (64U << 20)
#define QRT_FRAME_TEXTS_BYTES  65536
#define QRT_FRAME_FAILED_BYTES 200
#define QRT_FRAME_STATE_BYTES  512
#define QRT_FRAME_JOB_BYTES    (QRT_FRAME_PDF_BYTES + 257)

#define QRT_NO_DEADLINE INT64_MAX

/* The moment `timeout_ms` from now, for the calls below. */
int64_t qrt_frame_deadline(int timeout_ms);

/* Reads a frame's head. QRT_E_NOT_FOUND at a clean end of the stream;
 * QRT_E_WORKER if the stream breaks off, the moment passes, or the payload
 * would be longer than max_len_bytes; QRT_E_IO. On failure *type is 0. */
enum qrt_code qrt_frame_read_head(uint8_t *type, uint32_t *len_bytes, int fd,
                                  uint32_t max_len_bytes, int64_t deadline,
                                  struct qrt_err *err) QRT_MUST_USE;

/* Reads exactly len_bytes; codes as above, on failure `out` is zeroed. */
enum qrt_code qrt_frame_read_bytes(void *out, size_t len_bytes, int fd, int64_t deadline,
                                   struct qrt_err *err) QRT_MUST_USE;

/* Writes a head for len_bytes, then the first part of the payload; the rest
 * may follow with qrt_frame_write_bytes. SIGPIPE must be ignored.
 * QRT_E_WORKER if the other side is gone or the moment passes; QRT_E_IO. */
enum qrt_code qrt_frame_write(int fd, enum qrt_frame_type type, uint32_t len_bytes,
                              const void *part, size_t part_len_bytes, int64_t deadline,
                              struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_frame_write_bytes(int fd, const void *bytes, size_t len_bytes, int64_t deadline,
                                    struct qrt_err *err) QRT_MUST_USE;

/* The failure frame: only these codes travel, all else is QRT_E_FAILED. */
enum qrt_code qrt_frame_write_failure(int fd, const struct qrt_err *why,
                                      struct qrt_err *err) QRT_MUST_USE;

/* Reads the payload of a failure frame and fills *err from it; its text is
 * foreign and is checked. Returns the worker's code, or QRT_E_WORKER. */
enum qrt_code qrt_frame_read_failure(int fd, uint32_t len_bytes, int64_t deadline,
                                     struct qrt_err *err) QRT_MUST_USE;

#endif
