#include "log/evidence.h"

#include "base/file.h"
#include "base/text.h"
#include "log/db.h"
#include "log/keystate.h"
#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const files[] = {QRT_DB_FILE, QRT_DB_JOURNAL, QRT_KEYSTATE_FILE};
#define FILES (sizeof files / sizeof files[0])

/* Feeds a file, if it is there, to the hash, and to a copy if there is one. */
static enum qrt_code pass_file(struct sha256_ctx *hash, int copy_fd, int dir_fd, const char *name,
                               struct qrt_err *err)
{
    uint8_t chunk[65536];
    QRT_FD fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        return errno == ENOENT ? QRT_OK : qrt_fail_os(err, QRT_E_IO, errno, "%s", name);
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

static enum qrt_code name_evidence(char name[static QRT_EVIDENCE_NAME_CHARS + 1], int dir_fd,
                                   struct qrt_err *err)
{
    struct sha256_ctx hash;
    uint8_t digest[SHA256_DIGEST_SIZE];
    char hex[2 * sizeof digest + 1];
    sha256_init(&hash);
    for (size_t i = 0; i < FILES; i++) {
        enum qrt_code code = pass_file(&hash, -1, dir_fd, files[i], err);
        if (code != QRT_OK) {
            return code;
        }
    }
    sha256_digest(&hash, sizeof digest, digest);
    qrt_text_hex(hex, digest, sizeof digest);
    snprintf(name, QRT_EVIDENCE_NAME_CHARS + 1, "%s%s", QRT_EVIDENCE_PREFIX, hex);
    return QRT_OK;
}

enum qrt_code qrt_evidence_save(char name[static QRT_EVIDENCE_NAME_CHARS + 1], int dir_fd,
                                struct qrt_err *err)
{
    enum qrt_code code = name_evidence(name, dir_fd, err);
    if (code != QRT_OK) {
        return code;
    }
    if (mkdirat(dir_fd, name, 0700) != 0 && errno != EEXIST) {
        return qrt_fail_os(err, QRT_E_IO, errno, "%s", name);
    }
    QRT_FD folder = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (folder < 0) {
        return qrt_fail_os(err, QRT_E_IO, errno, "%s", name);
    }
    for (size_t i = 0; code == QRT_OK && i < FILES; i++) {
        code = qrt_evidence_copy(folder, dir_fd, files[i], err);
    }
    if (code == QRT_OK) {
        code = qrt_fd_sync(folder, name, err);
    }
    return code == QRT_OK ? qrt_fd_sync(dir_fd, "the vault's directory", err) : code;
}
