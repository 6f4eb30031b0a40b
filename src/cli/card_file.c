#include "cli/card_file.h"

#include "base/file.h"
#include "worker/calls.h"
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_MAX_BYTES   (64 * 1024 * 1024)
#define FILE_SMALL_BYTES (1024 * 1024)
#define CODES_PER_CARD   2

static bool is_image(const struct qrt_secret *bytes)
{
    const uint8_t *d = bytes->data;
    return bytes->len_bytes >= 4 &&
           (memcmp(d, "\x89PNG", 4) == 0 || memcmp(d, "\xff\xd8", 2) == 0 ||
            (d[0] == 'P' && (d[1] == '5' || d[1] == '2') &&
             (d[2] == '\n' || d[2] == ' ' || d[2] == '#')));
}

static enum qrt_code take_image(struct qrt_presented *card, struct qrt_worker *scanner,
                                const struct qrt_secret *image, unsigned codes, struct qrt_err *err)
{
    QRT_SCAN scan = {0};
    struct qrt_err why = {0};
    enum qrt_code code = QRT_OK;
    if (scanner->pid == 0) {
        code = qrt_worker_start(scanner, QRT_SCAN_PROGRAM, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    code = qrt_scan_image(&scan, scanner, image->data, image->len_bytes, codes, &why);
    if (code == QRT_E_NOMEM || code == QRT_E_LOCKED_MEMORY) {
        *err = why;
        return code;
    }
    card->how = "code";
    if (code != QRT_OK || scan.count == 0) {
        card->unreadable = code != QRT_OK ? "an image that cannot be read" : "no code in it";
        return QRT_OK;
    }
    card->texts = scan.count;
    card->damaged = scan.count < codes;
    qrt_secret_move(&card->bytes, &scan.texts);
    return QRT_OK;
}

static enum qrt_code take_text(struct qrt_presented *card, struct qrt_secret *text,
                               struct qrt_err *err)
{
    card->how = "words";
    if (memchr(text->data, 0, text->len_bytes) != NULL) {
        card->unreadable = "neither an image nor text";
        return QRT_OK;
    }
    enum qrt_code code = qrt_secret_append(text, "", 1, err);
    if (code == QRT_OK) {
        qrt_secret_move(&card->bytes, text);
        card->texts = 1;
    }
    return code;
}

/* What cannot be read is a card refused: it spoils no quorum. */
static enum qrt_code read_file(struct qrt_presented *card, struct qrt_worker *scanner,
                               const char *path, unsigned codes, struct qrt_err *err)
{
    *card = (struct qrt_presented){.name = path};
    QRT_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        card->unreadable = "not a file that can be read";
        return QRT_OK;
    }
    if (st.st_size == 0 || st.st_size > FILE_MAX_BYTES) {
        card->unreadable = st.st_size == 0 ? "an empty file" : "a file too large for a card";
        return QRT_OK;
    }
    QRT_SECRET bytes = {0};
    struct qrt_err why = {0};
    enum qrt_code code = qrt_secret_init(&bytes, (size_t)st.st_size + 1, &why);
    if (code == QRT_OK) {
        code = qrt_secret_read_fd(&bytes, fd, &why);
    }
    if (code == QRT_E_LOCKED_MEMORY && st.st_size <= FILE_SMALL_BYTES) {
        *err = why;
        return code;
    }
    if (code != QRT_OK) {
        card->unreadable = code == QRT_E_IO ? "not a file that can be read"
                                            : "a file too large for guarded memory";
        return QRT_OK;
    }
    return is_image(&bytes) ? take_image(card, scanner, &bytes, codes, err)
                            : take_text(card, &bytes, err);
}

enum qrt_code qrt_card_file_read(struct qrt_presented *card, struct qrt_worker *scanner,
                                 const char *path, struct qrt_err *err)
{
    return read_file(card, scanner, path, CODES_PER_CARD, err);
}

enum qrt_code qrt_sheet_file_read(struct qrt_presented *sheet, struct qrt_worker *scanner,
                                  const char *path, struct qrt_err *err)
{
    return read_file(sheet, scanner, path, 0, err);
}
