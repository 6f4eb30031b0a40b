#include "worker/calls.h"

#include "base/bytes.h"
#include "worker/description.h"
#include <string.h>

#define PRINT_TIMEOUT_MS 20000
#define SCAN_TIMEOUT_MS  10000

/* Reads an answer's payload into guarded memory made for its length. */
static enum qrt_code receive(struct qrt_secret *out, struct qrt_worker *worker,
                             enum qrt_frame_type type, uint32_t max_len_bytes, int64_t deadline,
                             struct qrt_err *err)
{
    uint32_t len_bytes;
    enum qrt_code code = qrt_worker_answer(worker, &len_bytes, type, max_len_bytes, deadline, err);
    if (code != QRT_OK) {
        return code;
    }
    code = qrt_secret_init(out, (size_t)len_bytes + 1, err);
    if (code != QRT_OK) {
        qrt_worker_stop(worker); /* its answer stands unread in the pipe */
        return code;
    }
    struct qrt_err why = {0};
    if (qrt_frame_read_bytes(out->data, len_bytes, worker->from_fd, deadline, &why) != QRT_OK) {
        qrt_secret_wipe(out);
        code = qrt_worker_broken(worker, &why);
        return qrt_fail(err, code, "%s", why.what);
    }
    out->len_bytes = len_bytes;
    return QRT_OK;
}

enum qrt_code qrt_print_pdf(struct qrt_secret *pdf, const struct qrt_secret *description,
                            struct qrt_err *err)
{
    qrt_secret_wipe(pdf);
    if (description->len_bytes > QRT_FRAME_SHEET_BYTES) {
        return qrt_fail(err, QRT_E_RANGE, "a sheet description longer than %d bytes",
                        QRT_FRAME_SHEET_BYTES);
    }
    QRT_WORKER worker = {0};
    enum qrt_code code = qrt_worker_start(&worker, QRT_PRINT_PROGRAM, err);
    if (code != QRT_OK) {
        return code;
    }
    int64_t deadline = qrt_frame_deadline(PRINT_TIMEOUT_MS);
    struct qrt_err why = {0};
    code = qrt_frame_write(worker.to_fd, QRT_FRAME_SHEET, (uint32_t)description->len_bytes,
                           description->data, description->len_bytes, deadline, &why);
    if (code != QRT_OK) {
        code = qrt_worker_broken(&worker, &why);
        return qrt_fail(err, code, "%s", why.what);
    }
    return receive(pdf, &worker, QRT_FRAME_PDF, QRT_FRAME_PDF_BYTES, deadline, err);
}

void qrt_scan_wipe(struct qrt_scan *scan)
{
    qrt_secret_wipe(&scan->texts);
    *scan = (struct qrt_scan){0};
}

/* The answer: u8 seen, u8 count, then count texts of u16 length. In place, the
 * bytes of each text move down over its length, and a NUL goes behind. */
static bool take_texts(struct qrt_scan *scan)
{
    struct qrt_reader reader = qrt_reader_of(scan->texts.data, scan->texts.len_bytes);
    scan->seen = qrt_read_u8(&reader);
    scan->count = qrt_read_u8(&reader);
    if (scan->count > QRT_SCAN_TEXTS_MAX || scan->seen < scan->count) {
        return false;
    }
    size_t at = 0;
    for (size_t i = 0; i < scan->count; i++) {
        uint16_t len_bytes = qrt_read_u16(&reader);
        const uint8_t *from = qrt_read_view(&reader, len_bytes);
        if (from == NULL) {
            return false;
        }
        for (uint16_t j = 0; j < len_bytes; j++) {
            if (from[j] < ' ' || from[j] > '~') {
                return false;
            }
        }
        memmove(&scan->texts.data[at], from, len_bytes);
        scan->text[i] = (const char *)&scan->texts.data[at];
        at += len_bytes;
        scan->texts.data[at++] = '\0';
    }
    if (!qrt_reader_done(&reader)) {
        return false;
    }
    scan->texts.len_bytes = at;
    return true;
}

enum qrt_code qrt_scan_image(struct qrt_scan *scan, struct qrt_worker *worker, const void *image,
                             size_t len_bytes, unsigned codes, struct qrt_err *err)
{
    qrt_scan_wipe(scan);
    if (worker->pid <= 0) {
        return qrt_fail(err, QRT_E_WORKER, QRT_SCAN_PROGRAM " is not running");
    }
    if (len_bytes >= QRT_FRAME_IMAGE_BYTES) {
        return qrt_fail(err, QRT_E_RANGE, "an image file of %zu bytes, at most %u are taken",
                        len_bytes, QRT_FRAME_IMAGE_BYTES - 1);
    }
    uint8_t wanted = codes > QRT_SCAN_TEXTS_MAX ? 0 : (uint8_t)codes;
    int64_t deadline = qrt_frame_deadline(SCAN_TIMEOUT_MS);
    struct qrt_err why = {0};
    enum qrt_code code = qrt_frame_write(worker->to_fd, QRT_FRAME_IMAGE, (uint32_t)len_bytes + 1,
                                         &wanted, 1, deadline, &why);
    if (code == QRT_OK) {
        code = qrt_frame_write_bytes(worker->to_fd, image, len_bytes, deadline, &why);
    }
    if (code != QRT_OK) {
        code = qrt_worker_broken(worker, &why);
        return qrt_fail(err, code, "%s", why.what);
    }
    code = receive(&scan->texts, worker, QRT_FRAME_TEXTS, QRT_FRAME_TEXTS_BYTES, deadline, err);
    if (code != QRT_OK) {
        return code;
    }
    if (!take_texts(scan)) {
        qrt_scan_wipe(scan);
        qrt_fail(&why, QRT_E_WORKER, "its answer is malformed");
        code = qrt_worker_broken(worker, &why);
        return qrt_fail(err, code, "%s", why.what);
    }
    return QRT_OK;
}
