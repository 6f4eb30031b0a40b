/* An image file, become grey pixels row by row, of bounded size throughout. */
#ifndef QRT_SCAN_IMAGE_H
#define QRT_SCAN_IMAGE_H

#include <quorate/err.h>
#include <stddef.h>
#include <stdint.h>

#define IMAGE_SIDE_MAX    12000
#define IMAGE_PIXELS_MAX  (36U << 20) /* of the file: A4 at 600 dpi */
#define IMAGE_PIXELS_KEPT (12U << 20) /* in memory: larger files are halved or more */

/* The bytes of a file as they come, from a frame's payload or from memory. */
struct source {
    int fd;              /* -1: all is in memory */
    uint32_t left_bytes; /* of the payload, still in the pipe */
    const uint8_t *data;
    size_t len_bytes;
    size_t at;
    uint8_t buffer[65536];
};

void source_of_frame(struct source *source, int fd, uint32_t len_bytes);
void source_of_memory(struct source *source, const void *bytes, size_t len_bytes);

/* Makes at least one more byte stand at data[at]; false at the end. */
int source_fill(struct source *source);
/* Copies len_bytes; false if there are not so many. */
int source_read(struct source *source, uint8_t *out, size_t len_bytes);
/* Reads what is left, to nowhere. */
void source_drain(struct source *source);

/* Grey pixels, 0 black, without padding between rows. */
struct image {
    uint8_t *pixels;
    unsigned wide;
    unsigned high;
    /* While it is read: */
    unsigned shrink; /* so many pixels of the file on a side become one */
    unsigned rows_in;
    unsigned wide_in;
    uint32_t *sums;
};

void image_free(struct image *image);

/* Decodes a PNG, JPEG or binary PGM, told apart by its first bytes. On failure
 * *image is empty. QRT_E_FORMAT, QRT_E_RANGE (too large), QRT_E_NOMEM. */
enum qrt_code image_read(struct image *image, struct source *source,
                         struct qrt_err *err) QRT_MUST_USE;

/* For the decoders: the size is checked and memory taken, then each row of
 * the file, wide_in grey pixels, is added from top to bottom. */
enum qrt_code image_begin(struct image *image, uint32_t wide, uint32_t high,
                          struct qrt_err *err) QRT_MUST_USE;
void image_row(struct image *image, const uint8_t *row);

/* QRT_E_RANGE if a file of that size is not taken. */
enum qrt_code image_check(uint32_t wide, uint32_t high, struct qrt_err *err) QRT_MUST_USE;

enum qrt_code png_decode(struct image *image, struct source *source,
                         struct qrt_err *err) QRT_MUST_USE;
enum qrt_code jpeg_decode(struct image *image, struct source *source,
                          struct qrt_err *err) QRT_MUST_USE;
enum qrt_code pgm_decode(struct image *image, struct source *source,
                         struct qrt_err *err) QRT_MUST_USE;

#endif
