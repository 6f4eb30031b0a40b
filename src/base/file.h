/* Files: exclusive, durable, atomic. Every path is resolved below a directory
 * descriptor, so that a vault that is moved while open stays one vault. */
#ifndef QRT_BASE_FILE_H
#define QRT_BASE_FILE_H

#include "base/bytes.h"
#include <quorate/err.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void qrt_fd_close(int *fd); /* closes if >= 0, leaves -1; for cleanup */
#define QRT_FD __attribute__((cleanup(qrt_fd_close))) int

/* Opens a regular file for reading, with those flags besides; it never waits.
 * QRT_E_NOT_FOUND, QRT_E_IO. *fd is then -1. */
enum qrt_code qrt_file_open(int *fd, int dir_fd, const char *name, int flags,
                            struct qrt_err *err) QRT_MUST_USE;
/* Reads a whole regular file of at most max_bytes into *out (replaced).
 * QRT_E_NOT_FOUND, QRT_E_RANGE if larger, QRT_E_IO. */
enum qrt_code qrt_file_read(struct qrt_buf *out, int dir_fd, const char *name, size_t max_bytes,
                            struct qrt_err *err) QRT_MUST_USE;

/* Reads a descriptor to its end, at most max_bytes. */
enum qrt_code qrt_fd_read_all(struct qrt_buf *out, int fd, size_t max_bytes,
                              struct qrt_err *err) QRT_MUST_USE;

/* Writes all bytes to a descriptor. QRT_E_IO. */
enum qrt_code qrt_fd_write_all(int fd, const void *bytes, size_t len_bytes,
                               struct qrt_err *err) QRT_MUST_USE;

/* Creates a file that must not exist yet (0600), writes, fsyncs it and its
 * directory. On failure nothing is left behind. QRT_E_EXISTS, QRT_E_IO. */
enum qrt_code qrt_file_create(int dir_fd, const char *name, const void *bytes, size_t len_bytes,
                              struct qrt_err *err) QRT_MUST_USE;

/* The same at a path, from the current directory on. */
enum qrt_code qrt_file_create_at(const char *path, const void *bytes, size_t len_bytes,
                                 struct qrt_err *err) QRT_MUST_USE;

/* Replaces a file's content atomically and durably: `NAME.new` is written and
 * fsynced, changes places with NAME, and the directory is fsynced; only then is the
 * former file, which is `NAME.new` now, overwritten with zeros and synced. It stays
 * as the spare that the next replacement writes into: *spare is then true, and
 * whoever replaces no more removes it. *spare must be false before the first.
 * Where the file system cannot exchange two files, or NAME was not there, `NAME.new`
 * is renamed, the former overwritten while it is held open, and no spare is left.
 * On failure either content stands, and `NAME.new`, if it is there, must be left
 * until the directory is synced: it may be the other. QRT_E_EXISTS if it is there
 * and is no spare; QRT_E_IO. */
enum qrt_code qrt_file_replace(int dir_fd, const char *name, bool *spare, const void *bytes,
                               size_t len_bytes, struct qrt_err *err) QRT_MUST_USE;

/* Overwrites with zeros, syncs and unlinks a file if it is there. */
enum qrt_code qrt_file_shred(int dir_fd, const char *name, struct qrt_err *err) QRT_MUST_USE;

/* Is there nothing in an open directory, but for files of the name `except`
 * (which may be NULL)? QRT_E_IO. */
enum qrt_code qrt_dir_is_empty(bool *empty, int dir_fd, const char *except,
                               struct qrt_err *err) QRT_MUST_USE;

/* Opens the directory in which a path lies. QRT_E_NOT_FOUND, QRT_E_IO. */
enum qrt_code qrt_dir_open_parent(int *fd, const char *path, struct qrt_err *err) QRT_MUST_USE;

/* Syncs it: the path is a new one. QRT_E_IO. */
enum qrt_code qrt_dir_sync_parent(const char *path, struct qrt_err *err) QRT_MUST_USE;

enum qrt_code qrt_fd_sync(int fd, const char *what, struct qrt_err *err) QRT_MUST_USE;

#endif
