/* The files of an export in the making: each is new, and its digest is kept for
 * SHA256SUMS, which ends it. */
#ifndef QRT_LOG_EXPORT_FILES_H
#define QRT_LOG_EXPORT_FILES_H

#include "log/export_parts.h"

struct qrt_export_sum {
    char *path;
    uint8_t digest[QRT_HASH_BYTES];
};

struct qrt_export_files {
    int dir_fd; /* -1: none is open */
    struct qrt_export_sum *sums;
    size_t len;
    size_t capacity;
    uint64_t bytes;
};

void qrt_export_files_free(struct qrt_export_files *files);
#define QRT_EXPORT_FILES __attribute__((cleanup(qrt_export_files_free))) struct qrt_export_files

/* Makes the directory, or takes an empty one. QRT_E_EXISTS, QRT_E_IO. */
enum qrt_code qrt_export_files_create(struct qrt_export_files *files, const char *dir,
                                      struct qrt_err *err) QRT_MUST_USE;

/* Creates one file, and the directories on its way. It is not durable yet. */
enum qrt_code qrt_export_put(struct qrt_export_files *files, const char *path, const void *bytes,
                             size_t len_bytes, struct qrt_err *err) QRT_MUST_USE;

/* The same as a sink. */
struct qrt_file_sink qrt_export_sink(struct qrt_export_files *files);

/* One file that comes in parts. */
struct qrt_export_stream {
    bool is_open;
    int fd;
    const char *path; /* borrowed */
    uint64_t bytes;
    struct qrt_sha256 hash;
    struct qrt_buf waiting;
};

enum qrt_code qrt_export_stream_open(struct qrt_export_stream *stream,
                                     struct qrt_export_files *files, const char *path,
                                     struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_export_stream_add(struct qrt_export_stream *stream, const void *bytes,
                                    size_t len_bytes, struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_export_stream_end(struct qrt_export_stream *stream,
                                    struct qrt_export_files *files,
                                    struct qrt_err *err) QRT_MUST_USE;
void qrt_export_stream_free(struct qrt_export_stream *stream);

/* Appends SHA256SUMS as the files so far make it; sorts them. */
void qrt_export_sums(struct qrt_buf *out, struct qrt_export_files *files);

/* Makes all durable, and then SHA256SUMS. */
enum qrt_code qrt_export_files_finish(struct qrt_export_files *files, const char *dir,
                                      struct qrt_err *err) QRT_MUST_USE;

#endif
