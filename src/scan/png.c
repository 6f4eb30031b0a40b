#include "scan/image.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

/* What libpng's callbacks and its long jump need. */
struct decoding {
    png_structp png;
    png_infop info;
    struct source *source;
    struct image *image;
    uint8_t *rows;
    enum qrt_code code;
    struct qrt_err *err;
};

_Noreturn static void on_error(png_structp png, png_const_charp message)
{
    struct decoding *decoding = png_get_error_ptr(png);
    if (decoding->code == QRT_OK) {
        decoding->code = qrt_fail(decoding->err, QRT_E_FORMAT, "PNG: %.80s", message);
    }
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
}

static void on_read(png_structp png, png_bytep out, size_t len_bytes)
{
    struct decoding *decoding = png_get_io_ptr(png);
    if (!source_read(decoding->source, out, len_bytes)) {
        png_error(png, "it breaks off");
    }
}

/* Whatever the pixels are: one byte of grey each, on white. */
static void ask_for_grey(struct decoding *decoding)
{
    png_structp png = decoding->png;
    png_infop info = decoding->info;
    png_byte colour = png_get_color_type(png, info);
    png_set_expand(png);
    png_set_scale_16(png);
    if ((colour & PNG_COLOR_MASK_ALPHA) != 0 || png_get_valid(png, info, PNG_INFO_tRNS) != 0) {
        /* Of 8 bits for 16-bit files too: they are scaled before. */
        png_color_16 white = {.red = 255, .green = 255, .blue = 255, .gray = 255};
        png_set_background(png, &white, PNG_BACKGROUND_GAMMA_SCREEN, 0, 1.0);
    }
    if ((colour & PNG_COLOR_MASK_COLOR) != 0) {
        png_set_rgb_to_gray_fixed(png, PNG_ERROR_ACTION_NONE, -1, -1);
    }
}

/* Interlaced rows come in seven passes over the whole image. */
static void read_interlaced(struct decoding *decoding, int passes)
{
    png_uint_32 wide = png_get_image_width(decoding->png, decoding->info);
    png_uint_32 high = png_get_image_height(decoding->png, decoding->info);
    if (decoding->image->shrink != 1) {
        decoding->code = qrt_fail(decoding->err, QRT_E_RANGE,
                                  "PNG: an interlaced image of %u x %u pixels", wide, high);
        png_error(decoding->png, "too large");
    }
    for (int pass = 0; pass < passes; pass++) {
        for (png_uint_32 y = 0; y < high; y++) {
            png_read_row(decoding->png, &decoding->image->pixels[(size_t)y * wide], NULL);
        }
    }
}

static void decode(struct decoding *decoding)
{
    png_structp png = decoding->png;
    png_set_read_fn(png, decoding, on_read);
    png_set_user_limits(png, IMAGE_SIDE_MAX * 100, IMAGE_SIDE_MAX * 100);
    png_set_chunk_malloc_max(png, 1U << 20);
    png_set_chunk_cache_max(png, 8);
    /* Texts and colour profiles are inflated otherwise, and a profile may err. */
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_AS_DEFAULT, (png_const_bytep) "tRNS", 1);
    png_read_info(png, decoding->info);
    png_uint_32 wide = png_get_image_width(png, decoding->info);
    png_uint_32 high = png_get_image_height(png, decoding->info);
    decoding->code = image_begin(decoding->image, wide, high, decoding->err);
    if (decoding->code != QRT_OK) {
        png_error(png, "refused");
    }
    ask_for_grey(decoding);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, decoding->info);
    if (png_get_rowbytes(png, decoding->info) != wide) {
        png_error(png, "its pixels do not become grey");
    }
    if (passes > 1) {
        read_interlaced(decoding, passes);
    } else {
        decoding->rows = malloc(wide);
        if (decoding->rows == NULL) {
            decoding->code = qrt_fail(decoding->err, QRT_E_NOMEM, "PNG");
            png_error(png, "memory");
        }
        for (png_uint_32 y = 0; y < high; y++) {
            png_read_row(png, decoding->rows, NULL);
            image_row(decoding->image, decoding->rows);
        }
    }
    png_read_end(png, NULL);
    if (source_fill(decoding->source)) {
        png_error(png, "something stands behind its end");
    }
}

enum qrt_code png_decode(struct image *image, struct source *source, struct qrt_err *err)
{
    struct decoding decoding = {.source = source, .image = image, .err = err};
    decoding.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &decoding, on_error, on_warning);
    decoding.info = decoding.png == NULL ? NULL : png_create_info_struct(decoding.png);
    if (decoding.info == NULL) {
        png_destroy_read_struct(&decoding.png, NULL, NULL);
        return qrt_fail(err, QRT_E_NOMEM, "PNG");
    }
    if (setjmp(png_jmpbuf(decoding.png)) == 0) {
        decode(&decoding);
    }
    png_destroy_read_struct(&decoding.png, &decoding.info, NULL);
    free(decoding.rows);
    return decoding.code;
}
