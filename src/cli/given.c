#include "cli/given.h"

#include "base/file.h"
#include "base/text.h"
#include "card/code.h"
#include "cli/cli.h"
#include <fcntl.h>
#include <string.h>

/* The path stands in the error as it may be shown, in place of how it is. One that leads
 * nowhere is a mistake of the command line. */
static enum qrt_code name_path(enum qrt_code code, const struct qrt_err *why, const char *path,
                               struct qrt_err *err)
{
    QRT_BUF shown = {0};
    const char *name = path[0] == '\0' ? "an empty path" : qrt_cli_shown(&shown, path);
    code = code == QRT_E_NOT_FOUND ? QRT_E_USAGE : code;
    return why->os != 0 ? qrt_fail_os(err, code, why->os, "%.120s", name)
                        : qrt_fail(err, code, "%.120s: %s", name,
                                   code == QRT_E_RANGE ? "too long"
                                   : code == QRT_E_IO  ? "not a file that can be read"
                                                       : qrt_code_words(code));
}

enum qrt_code qrt_given_file(struct qrt_buf *out, const char *path, size_t max_bytes,
                             struct qrt_err *err)
{
    struct qrt_err why = {0};
    enum qrt_code code = qrt_file_read(out, AT_FDCWD, path, max_bytes, &why);
    return code == QRT_OK ? code : name_path(code, &why, path, err);
}

enum qrt_code qrt_given_create(const char *path, const struct qrt_buf *bytes, struct qrt_err *err)
{
    struct qrt_err why = {0};
    enum qrt_code code = qrt_file_create_at(path, bytes->data, bytes->len_bytes, &why);
    return code == QRT_OK ? code : name_path(code, &why, path, err);
}

enum qrt_code qrt_given_serial(uint32_t *serial, const char *given, struct qrt_err *err)
{
    uint64_t value = 0;
    if (!qrt_text_u64(given, strlen(given), UINT32_MAX, &value) || value == 0) {
        return qrt_fail(err, QRT_E_USAGE, "a card's serial: not a number from 1 on");
    }
    *serial = (uint32_t)value;
    return QRT_OK;
}

enum qrt_code qrt_given_receipt(struct qrt_receipt *receipt, const char *given, struct qrt_err *err)
{
    QRT_BUF text = {0};
    enum qrt_code code = QRT_OK;
    if (qrt_code_is(given, strlen(given))) {
        qrt_buf_text(&text, given);
        code = qrt_buf_check(&text, err);
    } else {
        code = qrt_given_file(&text, given, QRT_RECEIPT_CHARS + 64, err);
    }
    if (code == QRT_OK) {
        code = qrt_receipt_read(receipt, qrt_buf_str(&text), text.len_bytes, err);
        if (code != QRT_OK) {
            qrt_err_prefix(err, "the receipt");
        }
    }
    return code;
}
