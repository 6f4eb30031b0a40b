/* quorate-print: one sheet description in, one PDF out, and gone. */
#include "print/fonts.h"
#include "print/render.h"
#include "worker/cage.h"
#include "worker/description.h"
#include "worker/frame.h"
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <quorate/secret.h>
#include <stdlib.h>
#include <unistd.h>

#define DATA_BYTES   (48U << 20)
#define THREAD_BYTES (512U << 10)

/* A drawing with everything that a sheet may hold: what the libraries open
 * lazily is open after it. */
static enum qrt_code warm_up(PangoContext *context, struct qrt_err *err)
{
    static const char text[] = "Warm";
    QRT_SECRET description = {0};
    struct qrt_drawing drawing;
    qrt_drawing_begin(&drawing, &description, &(struct qrt_sheet_head){.practice = true});
    qrt_drawing_add(&drawing, &(struct qrt_sheet_item){.kind = QRT_SHEET_PAGE});
    for (uint8_t style = 0; style < 4; style++) {
        qrt_drawing_add(&drawing, &(struct qrt_sheet_item){.kind = QRT_SHEET_TEXT,
                                                           .wide_cmm = 10000,
                                                           .high_cmm = 2000,
                                                           .size_dpt = 120,
                                                           .style = style,
                                                           .len_bytes = sizeof text - 1,
                                                           .bytes = (const uint8_t *)text});
    }
    enum qrt_code code = qrt_drawing_end(&drawing, err);
    QRT_BUF pdf = {0};
    return code == QRT_OK
               ? render_sheet(&pdf, context, description.data, description.len_bytes, err)
               : code;
}

static enum qrt_code receive(struct qrt_secret *description, struct qrt_err *err)
{
    uint8_t type;
    uint32_t len_bytes;
    enum qrt_code code = qrt_frame_read_head(
        &type, &len_bytes, STDIN_FILENO, (uint32_t)description->size_bytes, QRT_NO_DEADLINE, err);
    if (code == QRT_OK && type != QRT_FRAME_SHEET) {
        code = qrt_fail(err, QRT_E_FORMAT, "a frame of type %u", type);
    }
    if (code == QRT_OK) {
        code =
            qrt_frame_read_bytes(description->data, len_bytes, STDIN_FILENO, QRT_NO_DEADLINE, err);
        description->len_bytes = len_bytes;
    }
    return code;
}

static enum qrt_code run(struct qrt_err *err)
{
    /* One heap and small stacks for pango's threads, within the limit on data. */
    mallopt(M_ARENA_MAX, 1);
    pthread_attr_t small;
    if (pthread_attr_init(&small) != 0 || pthread_attr_setstacksize(&small, THREAD_BYTES) != 0 ||
        pthread_setattr_default_np(&small) != 0) {
        return qrt_fail(err, QRT_E_FAILED, "threads cannot be bounded");
    }
    /* The C library would look for the system's time zone with each date. */
    if (setenv("TZ", "UTC0", 1) != 0) {
        return qrt_fail_os(err, QRT_E_NOMEM, errno, "environment");
    }
    enum qrt_code code = qrt_cage_enter(err);
    if (code != QRT_OK) {
        return code;
    }
    PangoContext *context = NULL;
    code = fonts_open(&context, err);
    if (code == QRT_OK) {
        code = warm_up(context, err);
    }
    struct qrt_secret description = {0};
    if (code == QRT_OK) {
        code = qrt_secret_init(&description, QRT_FRAME_SHEET_BYTES, err);
    }
    bool landlocked;
    if (code == QRT_OK) {
        code = qrt_cage_close(&landlocked, DATA_BYTES, QRT_CAGE_PANGO, err);
    }
    if (code == QRT_OK) {
        code = qrt_cage_greet(landlocked, err);
    }
    if (code == QRT_OK) {
        code = receive(&description, err);
    }
    QRT_BUF pdf = {0};
    if (code == QRT_OK) {
        code = render_sheet(&pdf, context, description.data, description.len_bytes, err);
        qrt_secret_wipe(&description);
    }
    if (code == QRT_OK && pdf.len_bytes > QRT_FRAME_PDF_BYTES) {
        code = qrt_fail(err, QRT_E_RANGE, "a PDF of %zu bytes", pdf.len_bytes);
    }
    if (code == QRT_OK) {
        code = qrt_frame_write(STDOUT_FILENO, QRT_FRAME_PDF, (uint32_t)pdf.len_bytes, pdf.data,
                               pdf.len_bytes, QRT_NO_DEADLINE, err);
    }
    return code;
}

int main(void)
{
    struct qrt_err err = {0};
    enum qrt_code code = run(&err);
    if (code != QRT_OK) {
        (void)!qrt_frame_write_failure(STDOUT_FILENO, &err, NULL);
    }
    /* No destructors of libraries: the kernel frees and forgets all at once. */
    _exit(code == QRT_OK ? 0 : 1);
}
