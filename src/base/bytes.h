/* One bounded reader and one bounded writer for every binary format.
 * Integers are big-endian. Both are sticky: after the first overrun all later
 * calls do nothing, and `failed` stays true, so that a caller may check once. */
#ifndef QRT_BASE_BYTES_H
#define QRT_BASE_BYTES_H

#include <quorate/err.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct qrt_reader {
    const uint8_t *data;
    size_t len_bytes;
    size_t at;
    bool failed;
};

struct qrt_writer {
    uint8_t *data;
    size_t size_bytes;
    size_t len_bytes; /* written so far */
    bool failed;
};

struct qrt_reader qrt_reader_of(const void *data, size_t len_bytes);
struct qrt_writer qrt_writer_of(void *data, size_t size_bytes);

/* Zero on overrun. */
uint8_t qrt_read_u8(struct qrt_reader *reader);
uint16_t qrt_read_u16(struct qrt_reader *reader);
uint32_t qrt_read_u32(struct qrt_reader *reader);
uint64_t qrt_read_u64(struct qrt_reader *reader);
/* Copies; on overrun `out` is zeroed. */
void qrt_read_bytes(struct qrt_reader *reader, uint8_t *out, size_t len_bytes);
/* A view into the data, NULL on overrun. */
const uint8_t *qrt_read_view(struct qrt_reader *reader, size_t len_bytes);
/* A view of the next line, without its LF; NULL if no LF is left. */
const char *qrt_read_line(struct qrt_reader *reader, size_t *chars);
size_t qrt_reader_left(const struct qrt_reader *reader);
/* True if nothing overran and nothing is left. */
bool qrt_reader_done(const struct qrt_reader *reader);

void qrt_write_u8(struct qrt_writer *writer, uint8_t value);
void qrt_write_u16(struct qrt_writer *writer, uint16_t value);
void qrt_write_u32(struct qrt_writer *writer, uint32_t value);
void qrt_write_u64(struct qrt_writer *writer, uint64_t value);
void qrt_write_bytes(struct qrt_writer *writer, const void *bytes, size_t len_bytes);
/* The characters of a C string, without its end. */
void qrt_write_text(struct qrt_writer *writer, const char *text);

/* A growing buffer of public bytes. A zeroed struct is empty. After a failed
 * allocation `failed` stays true and nothing more is added. */
struct qrt_buf {
    uint8_t *data;
    size_t len_bytes;
    size_t size_bytes;
    bool failed;
};

void qrt_buf_free(struct qrt_buf *buf);
void qrt_buf_add(struct qrt_buf *buf, const void *bytes, size_t len_bytes);
void qrt_buf_text(struct qrt_buf *buf, const char *text);
void qrt_buf_printf(struct qrt_buf *buf, const char *format, ...) QRT_PRINTF(2, 3);
void qrt_buf_u8(struct qrt_buf *buf, uint8_t value);
void qrt_buf_u16(struct qrt_buf *buf, uint16_t value);
void qrt_buf_u32(struct qrt_buf *buf, uint32_t value);
void qrt_buf_u64(struct qrt_buf *buf, uint64_t value);
/* The content as a C string (a NUL is kept behind it); "" for an empty one. */
const char *qrt_buf_str(const struct qrt_buf *buf);
/* QRT_E_NOMEM if an allocation failed. */
enum qrt_code qrt_buf_check(const struct qrt_buf *buf, struct qrt_err *err) QRT_MUST_USE;

#define QRT_BUF __attribute__((cleanup(qrt_buf_free))) struct qrt_buf

#endif
