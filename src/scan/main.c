/* quorate-scan: an image in, the texts of its QR codes out, until the parent
 * closes the pipe. */
#include "scan/budget.h"
#include "scan/find.h"
#include "scan/image.h"
#include "worker/cage.h"
#include "worker/frame.h"
#include <malloc.h>
#include <sodium.h>
#include <unistd.h>

#define DATA_BYTES (50U << 20)

/* One image; a bad one is answered with a failure and is no end. */
static enum qrt_code serve(struct finder *finder, struct source *source, uint32_t len_bytes,
                           struct qrt_err *err)
{
    uint8_t wanted = 0;
    enum qrt_code code = budget_begin(err);
    if (code != QRT_OK) {
        return code;
    }
    source_of_frame(source, STDIN_FILENO, len_bytes);
    struct image image = {0};
    QRT_BUF answer = {0};
    struct qrt_err why = {0};
    code = source_read(source, &wanted, 1) ? image_read(&image, source, &why)
                                           : qrt_fail(&why, QRT_E_FORMAT, "an empty frame");
    source_drain(source);
    if (code == QRT_OK) {
        code = finder_find(&answer, finder, &image, wanted, &why);
    }
    image_free(&image);
    if (budget_end(err) != QRT_OK) {
        sodium_memzero(answer.data, answer.len_bytes);
        return QRT_E_FAILED;
    }
    if (code != QRT_OK) {
        return qrt_frame_write_failure(STDOUT_FILENO, &why, err);
    }
    code = qrt_frame_write(STDOUT_FILENO, QRT_FRAME_TEXTS, (uint32_t)answer.len_bytes, answer.data,
                           answer.len_bytes, QRT_NO_DEADLINE, err);
    sodium_memzero(answer.data, answer.len_bytes);
    return code;
}

static enum qrt_code run(struct qrt_err *err)
{
    static struct source source;
    /* Big blocks go back at once: the next image finds the room again. */
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    budget_prepare();
    enum qrt_code code = qrt_cage_enter(err);
    if (code != QRT_OK) {
        return code;
    }
    struct finder *finder = finder_new();
    if (finder == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "zbar");
    }
    bool landlocked;
    code = qrt_cage_close(&landlocked, DATA_BYTES, QRT_CAGE_TIMER, err);
    if (code == QRT_OK) {
        code = qrt_cage_greet(landlocked, err);
    }
    while (code == QRT_OK) {
        uint8_t type;
        uint32_t len_bytes;
        code = qrt_frame_read_head(&type, &len_bytes, STDIN_FILENO, QRT_FRAME_IMAGE_BYTES,
                                   QRT_NO_DEADLINE, err);
        if (code == QRT_OK && type != QRT_FRAME_IMAGE) {
            code = qrt_fail(err, QRT_E_FORMAT, "a frame of type %u", type);
        }
        if (code == QRT_OK) {
            code = serve(finder, &source, len_bytes, err);
        }
    }
    return code == QRT_E_NOT_FOUND ? QRT_OK : code;
}

int main(void)
{
    struct qrt_err err = {0};
    enum qrt_code code = run(&err);
    if (code != QRT_OK) {
        (void)!qrt_frame_write_failure(STDOUT_FILENO, &err, NULL);
    }
    _exit(code == QRT_OK ? 0 : 1);
}
