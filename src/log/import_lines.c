#include "log/import_lines.h"

#include "base/file.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define CHUNK_BYTES (64 * 1024)
/* Six characters for a byte of an entry at most, and what stands around it. */
#define LINE_MAX_BYTES (6 * 65535 + 4096)

enum qrt_code qrt_lines_open(struct qrt_lines *lines, int dir_fd, const char *path,
                             struct qrt_err *err)
{
    lines->path = path;
    lines->fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    lines->is_open = lines->fd >= 0;
    return lines->is_open ? QRT_OK : qrt_fail_os(err, QRT_E_IO, errno, "%s", path);
}

void qrt_lines_close(struct qrt_lines *lines)
{
    if (lines->is_open) {
        qrt_fd_close(&lines->fd);
    }
    qrt_buf_free(&lines->ahead);
    *lines = (struct qrt_lines){0};
}

static enum qrt_code read_more(struct qrt_lines *lines, struct qrt_err *err)
{
    uint8_t chunk[CHUNK_BYTES];
    if (lines->at > 0) {
        lines->ahead.len_bytes -= lines->at;
        memmove(lines->ahead.data, lines->ahead.data + lines->at, lines->ahead.len_bytes);
        lines->at = 0;
    }
    ssize_t got;
    do {
        got = read(lines->fd, chunk, sizeof chunk);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        return qrt_fail_os(err, QRT_E_IO, errno, "%s", lines->path);
    }
    lines->ended = got == 0;
    qrt_buf_add(&lines->ahead, chunk, (size_t)got);
    return qrt_buf_check(&lines->ahead, err);
}

/* How long the next line is, its LF included; less than LINE_MAX_BYTES, even if
 * the file's is longer. 0 at the end. */
static enum qrt_code next_line(struct qrt_lines *lines, size_t *len_bytes, struct qrt_err *err)
{
    for (;;) {
        size_t left = lines->ahead.len_bytes - lines->at;
        const uint8_t *start = left == 0 ? NULL : lines->ahead.data + lines->at;
        const uint8_t *end = left == 0 ? NULL : memchr(start, '\n', left);
        *len_bytes = end == NULL ? left : (size_t)(end + 1 - start);
        if (end != NULL || lines->ended || left >= LINE_MAX_BYTES) {
            return QRT_OK;
        }
        enum qrt_code code = read_more(lines, err);
        if (code != QRT_OK) {
            return code;
        }
    }
}

enum qrt_code qrt_lines_check(struct qrt_lines *lines, struct qrt_faults *faults, uint64_t index,
                              const struct qrt_buf *want, struct qrt_err *err)
{
    size_t len;
    if (!lines->is_open) {
        return QRT_OK;
    }
    enum qrt_code code = next_line(lines, &len, err);
    if (code != QRT_OK) {
        return code;
    }
    const uint8_t *have = len == 0 ? NULL : lines->ahead.data + lines->at;
    size_t same = 0;
    while (want != NULL && same < len && same < want->len_bytes && have[same] == want->data[same]) {
        same++;
    }
    if (len == 0 || (want != NULL && (same < len || same < want->len_bytes))) {
        qrt_faults_add_file(faults, lines->path, lines->offset + same,
                            len == 0 ? "entry %llu has no line" : "the line is not entry %llu",
                            (unsigned long long)index);
    }
    lines->at += len;
    lines->offset += len;
    return QRT_OK;
}

enum qrt_code qrt_lines_end(struct qrt_lines *lines, struct qrt_faults *faults, struct qrt_err *err)
{
    size_t len = 0;
    enum qrt_code code = lines->is_open ? next_line(lines, &len, err) : QRT_OK;
    if (code == QRT_OK && len > 0) {
        lines->more = true;
        qrt_faults_add_file(faults, lines->path, lines->offset,
                            "there are lines behind that of the last entry");
    }
    return code;
}
