#include "log/evidence.h"

#include "base/file.h"
#include "base/text.h"
#include "log/db.h"
#include "log/keystate.h"
#include "log/predecessor.h"
#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void feed_head(struct sha256_ctx *hash, const char *name, uint64_t len_bytes)
{
    uint8_t head[64];
    struct qrt_writer writer = qrt_writer_of(head, sizeof head);
    qrt_write_u8(&writer, (uint8_t)strlen(name));
    qrt_write_text(&writer, name);
    qrt_write_u64(&writer, len_bytes);
    sha256_update(hash, writer.len_bytes, head);
}

/* The first two are the database's. */
static const char *const files[] = {QRT_DB_FILE, QRT_DB_JOURNAL, QRT_DB_FILE "-wal",
                                    QRT_DB_FILE "-shm"};
#define DATABASE_FILES 2
#define ALL_FILES      (sizeof files / sizeof files[0])
#define KEY_COPY       QRT_KEYSTATE_FILE ".clear"

/* Feeds a file to the hash (its name, its length, its bytes), and to a copy if
 * there is one. */
static enum qrt_code pass_file(struct sha256_ctx *hash, int copy_fd, int dir_fd, const char *name,
                               struct qrt_err *err)
{
    uint8_t chunk[65536];
    struct stat st;
    QRT_FD fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) {
        return errno == ENOENT ? QRT_OK : qrt_fail_os(err, QRT_E_IO, errno, "%s", name);
    }
    if (fstat(fd, &st) != 0) {
        return qrt_fail_os(err, QRT_E_IO, errno, "%s", name);
    }
    if (hash != NULL) {
        feed_head(hash, name, (uint64_t)st.st_size);
    }
    for (;;) {
        ssize_t got = read(fd, chunk, sizeof chunk);
        if (got == 0) {
            return QRT_OK;
        }
        if (got < 0) {
            return qrt_fail_os(err, QRT_E_IO, errno, "%s", name);
        }
        if (hash != NULL) {
            sha256_update(hash, (size_t)got, chunk);
        }
        if (copy_fd >= 0) {
            enum qrt_code code = qrt_fd_write_all(copy_fd, chunk, (size_t)got, err);
            if (code != QRT_OK) {
                return code;
            }
        }
    }
}

enum qrt_code qrt_evidence_copy(int to_dir_fd, int from_dir_fd, const char *file,
                                struct qrt_err *err)
{
    if (faccessat(from_dir_fd, file, F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
        return QRT_OK;
    }
    QRT_FD fd =
        openat(to_dir_fd, file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return qrt_fail_os(err, QRT_E_IO, errno, "saving %s as evidence", file);
    }
    enum qrt_code code = pass_file(NULL, fd, from_dir_fd, file, err);
    return code == QRT_OK ? qrt_fd_sync(fd, file, err) : code;
}

/* log.key without its sealed keys; empty if it is not there or not whole. */
static enum qrt_code read_clear_key(struct qrt_buf *clear, int dir_fd, struct qrt_err *err)
{
    struct qrt_keystate key;
    struct qrt_err why = {0};
    enum qrt_code code = qrt_keystate_read(&key, dir_fd, &why);
    if (code == QRT_OK) {
        qrt_buf_add(clear, key.sealed_ad.data, key.sealed_ad.len_bytes);
        qrt_keystate_free(&key);
        return qrt_buf_check(clear, err);
    }
    if (code == QRT_E_NOMEM || code == QRT_E_IO) {
        return qrt_fail(err, code, "%s", why.what);
    }
    return QRT_OK;
}

static const char tag[] = "quorate/evidence/v1";

static void begin_name(struct sha256_ctx *hash)
{
    sha256_init(hash);
    sha256_update(hash, sizeof tag - 1, (const uint8_t *)tag);
}

static void end_name(char name[static QRT_EVIDENCE_NAME_CHARS + 1], struct sha256_ctx *hash)
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    char hex[2 * sizeof digest + 1];
    sha256_digest(hash, sizeof digest, digest);
    qrt_text_hex(hex, digest, sizeof digest);
    snprintf(name, QRT_EVIDENCE_NAME_CHARS + 1, "%s%s", QRT_EVIDENCE_PREFIX, hex);
}

static enum qrt_code name_evidence(char name[static QRT_EVIDENCE_NAME_CHARS + 1], int dir_fd,
                                   size_t count, const struct qrt_buf *clear, struct qrt_err *err)
{
    struct sha256_ctx hash;
    begin_name(&hash);
    for (size_t i = 0; i < count; i++) {
        enum qrt_code code = pass_file(&hash, -1, dir_fd, files[i], err);
        if (code != QRT_OK) {
            return code;
        }
    }
    if (clear->len_bytes > 0) {
        feed_head(&hash, KEY_COPY, clear->len_bytes);
        sha256_update(&hash, clear->len_bytes, clear->data);
    }
    end_name(name, &hash);
    return QRT_OK;
}

static enum qrt_code write_clear_key(int folder, const struct qrt_buf *clear, struct qrt_err *err)
{
    if (clear->len_bytes == 0 || faccessat(folder, KEY_COPY, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
        return QRT_OK;
    }
    return qrt_file_create(folder, KEY_COPY, clear->data, clear->len_bytes, err);
}

static enum qrt_code open_folder(int *folder, int dir_fd, const char *name, struct qrt_err *err)
{
    if (mkdirat(dir_fd, name, 0700) != 0 && errno != EEXIST) {
        return qrt_fail_os(err, QRT_E_IO, errno, "%s", name);
    }
    *folder = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    return *folder >= 0 ? QRT_OK : qrt_fail_os(err, QRT_E_IO, errno, "%s", name);
}

enum qrt_code qrt_evidence_save(char name[static QRT_EVIDENCE_NAME_CHARS + 1], int dir_fd,
                                enum qrt_evidence_files which, struct qrt_err *err)
{
    QRT_BUF clear = {0};
    size_t count = which == QRT_EVIDENCE_ALL ? ALL_FILES : DATABASE_FILES;
    enum qrt_code code = QRT_OK;
    if (which == QRT_EVIDENCE_ALL) {
        code = read_clear_key(&clear, dir_fd, err);
    }
    if (code == QRT_OK) {
        code = name_evidence(name, dir_fd, count, &clear, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    QRT_FD folder = -1;
    code = open_folder(&folder, dir_fd, name, err);
    for (size_t i = 0; code == QRT_OK && i < count; i++) {
        code = qrt_evidence_copy(folder, dir_fd, files[i], err);
    }
    if (code == QRT_OK) {
        code = write_clear_key(folder, &clear, err);
    }
    if (code == QRT_OK) {
        code = qrt_fd_sync(folder, name, err);
    }
    return code == QRT_OK ? qrt_fd_sync(dir_fd, "the vault's directory", err) : code;
}

/* A file that is not what the folder's name says was cut short by a crash. */
static enum qrt_code put_file(int folder, const struct qrt_evidence_file *file, struct qrt_err *err)
{
    QRT_BUF there = {0};
    enum qrt_code code = qrt_file_create(folder, file->name, file->data, file->len_bytes, err);
    if (code != QRT_E_EXISTS) {
        return code;
    }
    if (qrt_file_read(&there, folder, file->name, file->len_bytes, err) == QRT_OK &&
        there.len_bytes == file->len_bytes &&
        memcmp(there.data, file->data, file->len_bytes) == 0) {
        return QRT_OK;
    }
    return unlinkat(folder, file->name, 0) == 0
               ? qrt_file_create(folder, file->name, file->data, file->len_bytes, err)
               : qrt_fail_os(err, QRT_E_IO, errno, "%s", file->name);
}

enum qrt_code qrt_evidence_put(char name[static QRT_EVIDENCE_NAME_CHARS + 1], int dir_fd,
                               const struct qrt_evidence_file *put, size_t put_len,
                               struct qrt_err *err)
{
    struct sha256_ctx hash;
    QRT_FD folder = -1;
    begin_name(&hash);
    for (size_t i = 0; i < put_len; i++) {
        feed_head(&hash, put[i].name, put[i].len_bytes);
        sha256_update(&hash, put[i].len_bytes, put[i].data);
    }
    end_name(name, &hash);
    enum qrt_code code = open_folder(&folder, dir_fd, name, err);
    for (size_t i = 0; code == QRT_OK && i < put_len; i++) {
        code = put_file(folder, &put[i], err);
    }
    return code == QRT_OK ? qrt_fd_sync(dir_fd, "the vault's directory", err) : code;
}

#define KEPT_FILE "file"

enum qrt_code qrt_evidence_check(const char *name, int dir_fd, struct qrt_err *err)
{
    uint8_t have[QRT_HASH_BYTES];
    char hex[2 * QRT_HASH_BYTES + 1];
    QRT_FD folder = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (folder < 0) {
        return qrt_fail(err, errno == ENOENT ? QRT_E_NOT_FOUND : QRT_E_IO, "%s", name);
    }
    enum qrt_code code = qrt_file_hash(have, folder, KEPT_FILE, err);
    if (code != QRT_OK) {
        return code;
    }
    qrt_text_hex(hex, have, sizeof have);
    return strcmp(hex, name + strlen(QRT_EVIDENCE_PREFIX)) == 0
               ? QRT_OK
               : qrt_fail(err, QRT_E_TAMPERED, "%s: was changed", name);
}

static enum qrt_code copy_path(int folder, const char *path, struct qrt_err *err)
{
    QRT_FD fd = openat(folder, KEPT_FILE, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return qrt_fail_os(err, QRT_E_IO, errno, "keeping a file as evidence");
    }
    enum qrt_code code = pass_file(NULL, fd, AT_FDCWD, path, err);
    return code == QRT_OK ? qrt_fd_sync(fd, KEPT_FILE, err) : code;
}

enum qrt_code qrt_evidence_keep(const char *name, int dir_fd, const char *path, struct qrt_err *err)
{
    QRT_FD folder = -1;
    enum qrt_code code = open_folder(&folder, dir_fd, name, err);
    if (code != QRT_OK || qrt_evidence_check(name, dir_fd, NULL) == QRT_OK) {
        return code;
    }
    if (unlinkat(folder, KEPT_FILE, 0) != 0 && errno != ENOENT) {
        return qrt_fail_os(err, QRT_E_IO, errno, "%s", name);
    }
    code = copy_path(folder, path, err);
    if (code == QRT_OK && qrt_evidence_check(name, dir_fd, NULL) != QRT_OK) {
        code = qrt_fail(err, QRT_E_IO, "a file was changed while it was read");
    }
    if (code == QRT_OK && (code = qrt_fd_sync(folder, name, err)) == QRT_OK) {
        return qrt_fd_sync(dir_fd, "the vault's directory", err);
    }
    unlinkat(folder, KEPT_FILE, 0);
    unlinkat(dir_fd, name, AT_REMOVEDIR);
    return code;
}
