#include "scan/image.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

#include <jerror.h>

#define SCANS_MAX    100 /* of a progressive file; cameras write about 10 */
#define MEMORY_BYTES (36L << 20)

struct decoding {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_source_mgr reading;
    struct jpeg_progress_mgr progress;
    struct source *source;
    struct image *image;
    uint8_t *row;
    enum qrt_code code;
    struct qrt_err *err;
    jmp_buf jump;
};

static struct decoding *of(j_common_ptr jpeg)
{
    return jpeg->client_data;
}

_Noreturn static void stop(struct decoding *decoding, enum qrt_code code, const char *what)
{
    decoding->code = qrt_fail(decoding->err, code, "JPEG: %.100s", what);
    longjmp(decoding->jump, 1);
}

_Noreturn static void on_error(j_common_ptr jpeg)
{
    char text[JMSG_LENGTH_MAX];
    if (jpeg->err->msg_code == JERR_NO_BACKING_STORE) {
        stop(of(jpeg), QRT_E_RANGE, "so large a progressive file needs too much memory");
    }
    jpeg->err->format_message(jpeg, text);
    stop(of(jpeg), QRT_E_FORMAT, text);
}

static void on_message(j_common_ptr jpeg, int level)
{
    (void)jpeg;
    (void)level;
}

static void on_progress(j_common_ptr jpeg)
{
    struct decoding *decoding = of(jpeg);
    if (decoding->jpeg.input_scan_number > SCANS_MAX) {
        stop(decoding, QRT_E_RANGE, "it has too many scans");
    }
}

static void on_start(j_decompress_ptr jpeg)
{
    (void)jpeg;
}

static boolean on_fill(j_decompress_ptr jpeg)
{
    struct decoding *decoding = of((j_common_ptr)jpeg);
    struct source *source = decoding->source;
    if (!source_fill(source)) {
        stop(decoding, QRT_E_FORMAT, "it breaks off");
    }
    jpeg->src->next_input_byte = &source->data[source->at];
    jpeg->src->bytes_in_buffer = source->len_bytes - source->at;
    source->at = source->len_bytes;
    return TRUE;
}

static void on_skip(j_decompress_ptr jpeg, long len_bytes)
{
    while (len_bytes > 0) {
        if (jpeg->src->bytes_in_buffer == 0) {
            on_fill(jpeg);
        }
        size_t part = jpeg->src->bytes_in_buffer;
        part = part > (size_t)len_bytes ? (size_t)len_bytes : part;
        jpeg->src->next_input_byte += part;
        jpeg->src->bytes_in_buffer -= part;
        len_bytes -= (long)part;
    }
}

/* Adobe writes its inks inverted: 255 is none, as light is. */
static void inks_to_grey(uint8_t *row, uint32_t wide, bool inverted)
{
    for (uint32_t x = 0; x < wide; x++) {
        const uint8_t *ink = &row[(size_t)4 * x];
        unsigned colours = ((unsigned)ink[0] + ink[1] + ink[2]) / 3;
        unsigned black = ink[3];
        if (!inverted) {
            colours = 255 - colours;
            black = 255 - black;
        }
        row[x] = (uint8_t)(colours * black / 255);
    }
}

static void decode(struct decoding *decoding)
{
    j_decompress_ptr jpeg = &decoding->jpeg;
    jpeg_create_decompress(jpeg);
    jpeg->client_data = decoding;
    jpeg->src = &decoding->reading;
    jpeg->progress = &decoding->progress;
    jpeg->mem->max_memory_to_use = MEMORY_BYTES;
    jpeg_read_header(jpeg, TRUE);
    decoding->code = image_check(jpeg->image_width, jpeg->image_height, decoding->err);
    if (decoding->code != QRT_OK) {
        longjmp(decoding->jump, 1);
    }
    bool inks = jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK;
    jpeg->out_color_space = inks ? JCS_CMYK : JCS_GRAYSCALE;
    /* The library halves for less than the decoding of all pixels would cost. */
    jpeg->scale_denom = 1;
    while ((uint64_t)(jpeg->image_width / jpeg->scale_denom) *
               (jpeg->image_height / jpeg->scale_denom) >
           IMAGE_PIXELS_KEPT) {
        jpeg->scale_denom *= 2;
    }
    jpeg_start_decompress(jpeg);
    decoding->code =
        image_begin(decoding->image, jpeg->output_width, jpeg->output_height, decoding->err);
    if (decoding->code != QRT_OK) {
        longjmp(decoding->jump, 1);
    }
    decoding->row = malloc((size_t)jpeg->output_width * (inks ? 4 : 1));
    if (decoding->row == NULL) {
        stop(decoding, QRT_E_NOMEM, "memory");
    }
    while (jpeg->output_scanline < jpeg->output_height) {
        JSAMPROW rows[1] = {decoding->row};
        if (jpeg_read_scanlines(jpeg, rows, 1) != 1) {
            stop(decoding, QRT_E_FORMAT, "it breaks off");
        }
        if (inks) {
            inks_to_grey(decoding->row, jpeg->output_width, jpeg->saw_Adobe_marker);
        }
        image_row(decoding->image, decoding->row);
    }
    /* What stands behind the end is let be: cameras pad. */
    jpeg_finish_decompress(jpeg);
}

enum qrt_code jpeg_decode(struct image *image, struct source *source, struct qrt_err *err)
{
    struct decoding *decoding = calloc(1, sizeof *decoding);
    if (decoding == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "JPEG");
    }
    decoding->source = source;
    decoding->image = image;
    decoding->err = err;
    decoding->jpeg.err = jpeg_std_error(&decoding->errors);
    decoding->jpeg.client_data = decoding;
    decoding->errors.error_exit = on_error;
    decoding->errors.emit_message = on_message;
    decoding->progress.progress_monitor = on_progress;
    decoding->reading.init_source = on_start;
    decoding->reading.fill_input_buffer = on_fill;
    decoding->reading.skip_input_data = on_skip;
    decoding->reading.resync_to_restart = jpeg_resync_to_restart;
    decoding->reading.term_source = on_start;
    if (setjmp(decoding->jump) == 0) {
        decode(decoding);
    }
    jpeg_destroy_decompress(&decoding->jpeg);
    free(decoding->row);
    enum qrt_code code = decoding->code;
    free(decoding);
    return code;
}
