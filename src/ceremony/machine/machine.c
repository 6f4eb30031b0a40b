#include "ceremony/machine/machine.h"

#include "base/file.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "worker/worker.h"
#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#define NAME_BYTES_MAX 120

/* PRETTY_NAME of /etc/os-release, without its quotes, as it may stand in a log. */
static void system_name(struct qrt_buf *out)
{
    QRT_BUF text = {0};
    bool read = qrt_file_read(&text, AT_FDCWD, "/etc/os-release", 65536, NULL) == QRT_OK;
    const char *line = read ? strstr(qrt_buf_str(&text), "PRETTY_NAME=\"") : NULL;
    if (line == NULL) {
        qrt_buf_text(out, "unknown system");
        return;
    }
    line += strlen("PRETTY_NAME=\"");
    size_t len = strcspn(line, "\"\n");
    qrt_text_escape(out, line, len < NAME_BYTES_MAX ? len : NAME_BYTES_MAX);
}

static enum qrt_code add_executable(struct qrt_draft *draft, int fd, const char *name,
                                    struct qrt_err *err)
{
    struct sha256_ctx hash;
    uint8_t chunk[65536];
    uint8_t digest[SHA256_DIGEST_SIZE];
    char hex[2 * sizeof digest + 1];
    char value[160];
    ssize_t got;
    sha256_init(&hash);
    while ((got = read(fd, chunk, sizeof chunk)) > 0) {
        sha256_update(&hash, (size_t)got, chunk);
    }
    if (got < 0) {
        return qrt_fail_os(err, QRT_E_IO, errno, "reading %s", name);
    }
    sha256_digest(&hash, sizeof digest, digest);
    qrt_text_hex(hex, digest, sizeof digest);
    snprintf(value, sizeof value, "%s %s", name, hex);
    qrt_draft_text(draft, "executable", value);
    return QRT_OK;
}

enum qrt_code qrt_machine_describe(struct qrt_draft *draft, struct qrt_err *err)
{
    QRT_BUF release = {0};
    struct utsname kernel;
    system_name(&release);
    if (uname(&kernel) != 0) {
        return qrt_fail_os(err, QRT_E_IO, errno, "the kernel's name");
    }
    qrt_buf_printf(&release, ", Linux %.64s", kernel.release);
    qrt_draft_text(draft, "release", qrt_buf_str(&release));

    static const char *const programs[] = {"quorate", "quorate-print", "quorate-scan",
                                           "quorate-spool"};
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        char path[PATH_MAX] = "/proc/self/exe";
        QRT_FD fd =
            i == 0 || qrt_worker_find(path, programs[i]) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
        if (fd >= 0) {
            enum qrt_code code = add_executable(draft, fd, programs[i], err);
            if (code != QRT_OK) {
                return code;
            }
        }
    }
    return QRT_OK;
}
