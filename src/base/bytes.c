#include "base/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct qrt_reader qrt_reader_of(const void *data, size_t len_bytes)
{
    return (struct qrt_reader){.data = data, .len_bytes = len_bytes};
}

struct qrt_writer qrt_writer_of(void *data, size_t size_bytes)
{
    return (struct qrt_writer){.data = data, .size_bytes = size_bytes};
}

const uint8_t *qrt_read_view(struct qrt_reader *reader, size_t len_bytes)
{
    if (reader->failed || len_bytes > reader->len_bytes - reader->at) {
        reader->failed = true;
        return NULL;
    }
    const uint8_t *view = reader->data + reader->at;
    reader->at += len_bytes;
    return view;
}

static uint64_t read_be(struct qrt_reader *reader, size_t len_bytes)
{
    const uint8_t *p = qrt_read_view(reader, len_bytes);
    uint64_t value = 0;
    for (size_t i = 0; p != NULL && i < len_bytes; i++) {
        value = value << 8 | p[i];
    }
    return value;
}

uint8_t qrt_read_u8(struct qrt_reader *reader)
{
    return (uint8_t)read_be(reader, 1);
}

uint16_t qrt_read_u16(struct qrt_reader *reader)
{
    return (uint16_t)read_be(reader, 2);
}

uint32_t qrt_read_u32(struct qrt_reader *reader)
{
    return (uint32_t)read_be(reader, 4);
}

uint64_t qrt_read_u64(struct qrt_reader *reader)
{
    return read_be(reader, 8);
}

void qrt_read_bytes(struct qrt_reader *reader, uint8_t *out, size_t len_bytes)
{
    const uint8_t *p = qrt_read_view(reader, len_bytes);
    if (p == NULL) {
        memset(out, 0, len_bytes);
    } else if (len_bytes > 0) {
        memcpy(out, p, len_bytes);
    }
}

const char *qrt_read_line(struct qrt_reader *reader, size_t *chars)
{
    size_t left = qrt_reader_left(reader);
    const uint8_t *start = left == 0 ? NULL : reader->data + reader->at;
    const uint8_t *end = left == 0 ? NULL : memchr(start, '\n', left);
    *chars = end == NULL ? 0 : (size_t)(end - start);
    return end == NULL ? NULL : (const char *)qrt_read_view(reader, *chars + 1);
}

size_t qrt_reader_left(const struct qrt_reader *reader)
{
    return reader->failed ? 0 : reader->len_bytes - reader->at;
}

bool qrt_reader_done(const struct qrt_reader *reader)
{
    return !reader->failed && reader->at == reader->len_bytes;
}

void qrt_write_bytes(struct qrt_writer *writer, const void *bytes, size_t len_bytes)
{
    if (writer->failed || len_bytes > writer->size_bytes - writer->len_bytes) {
        writer->failed = true;
        return;
    }
    if (len_bytes > 0) {
        memcpy(writer->data + writer->len_bytes, bytes, len_bytes);
        writer->len_bytes += len_bytes;
    }
}

static void to_be(uint8_t out[static 8], uint64_t value)
{
    for (size_t i = 0; i < 8; i++) {
        out[i] = (uint8_t)(value >> (56 - 8 * i));
    }
}

static void write_be(struct qrt_writer *writer, uint64_t value, size_t len_bytes)
{
    uint8_t be[8];
    to_be(be, value);
    qrt_write_bytes(writer, be + 8 - len_bytes, len_bytes);
}

void qrt_write_u8(struct qrt_writer *writer, uint8_t value)
{
    write_be(writer, value, 1);
}

void qrt_write_u16(struct qrt_writer *writer, uint16_t value)
{
    write_be(writer, value, 2);
}

void qrt_write_u32(struct qrt_writer *writer, uint32_t value)
{
    write_be(writer, value, 4);
}

void qrt_write_u64(struct qrt_writer *writer, uint64_t value)
{
    write_be(writer, value, 8);
}

void qrt_write_text(struct qrt_writer *writer, const char *text)
{
    qrt_write_bytes(writer, text, strlen(text));
}

void qrt_buf_free(struct qrt_buf *buf)
{
    free(buf->data);
    *buf = (struct qrt_buf){0};
}

static bool reserve(struct qrt_buf *buf, size_t more)
{
    if (buf->failed) {
        return false;
    }
    if (more < buf->size_bytes - buf->len_bytes) {
        return true; /* one byte stays for the NUL */
    }
    size_t size = buf->size_bytes == 0 ? 256 : buf->size_bytes;
    while (size - buf->len_bytes <= more) {
        if (size > SIZE_MAX / 2) {
            buf->failed = true;
            return false;
        }
        size *= 2;
    }
    uint8_t *data = realloc(buf->data, size);
    if (data == NULL) {
        buf->failed = true;
        return false;
    }
    buf->data = data;
    buf->size_bytes = size;
    return true;
}

void qrt_buf_add(struct qrt_buf *buf, const void *bytes, size_t len_bytes)
{
    if (len_bytes > 0 && reserve(buf, len_bytes)) {
        memcpy(buf->data + buf->len_bytes, bytes, len_bytes);
        buf->len_bytes += len_bytes;
        buf->data[buf->len_bytes] = 0;
    }
}

void qrt_buf_text(struct qrt_buf *buf, const char *text)
{
    qrt_buf_add(buf, text, strlen(text));
}

void qrt_buf_printf(struct qrt_buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n >= 0 && reserve(buf, (size_t)n)) {
        vsnprintf((char *)buf->data + buf->len_bytes, (size_t)n + 1, format, again);
        buf->len_bytes += (size_t)n;
    }
    va_end(again);
}

static void buf_be(struct qrt_buf *buf, uint64_t value, size_t len_bytes)
{
    uint8_t be[8];
    to_be(be, value);
    qrt_buf_add(buf, be + 8 - len_bytes, len_bytes);
}

void qrt_buf_u8(struct qrt_buf *buf, uint8_t value)
{
    buf_be(buf, value, 1);
}

void qrt_buf_u16(struct qrt_buf *buf, uint16_t value)
{
    buf_be(buf, value, 2);
}

void qrt_buf_u32(struct qrt_buf *buf, uint32_t value)
{
    buf_be(buf, value, 4);
}

void qrt_buf_u64(struct qrt_buf *buf, uint64_t value)
{
    buf_be(buf, value, 8);
}

const char *qrt_buf_str(const struct qrt_buf *buf)
{
    return buf->data == NULL ? "" : (const char *)buf->data;
}

enum qrt_code qrt_buf_check(const struct qrt_buf *buf, struct qrt_err *err)
{
    return buf->failed ? qrt_fail(err, QRT_E_NOMEM, "buffer") : QRT_OK;
}
