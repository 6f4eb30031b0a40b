#include "scan/image.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void source_of_frame(struct source *source, int fd, uint32_t len_bytes)
{
    source->fd = fd;
    source->left_bytes = len_bytes;
    source->data = source->buffer;
    source->len_bytes = 0;
    source->at = 0;
}

void source_of_memory(struct source *source, const void *bytes, size_t len_bytes)
{
    source_of_frame(source, -1, 0);
    source->data = bytes;
    source->len_bytes = len_bytes;
}

int source_fill(struct source *source)
{
    if (source->at < source->len_bytes) {
        return 1;
    }
    size_t want =
        source->left_bytes < sizeof source->buffer ? source->left_bytes : sizeof source->buffer;
    ssize_t got = 0;
    if (want > 0) {
        do {
            got = read(source->fd, source->buffer, want);
        } while (got < 0 && errno == EINTR);
    }
    if (got <= 0) {
        source->left_bytes = 0;
        return 0;
    }
    source->left_bytes -= (uint32_t)got;
    source->at = 0;
    source->len_bytes = (size_t)got;
    return 1;
}

int source_read(struct source *source, uint8_t *out, size_t len_bytes)
{
    size_t done = 0;
    while (done < len_bytes) {
        if (!source_fill(source)) {
            return 0;
        }
        size_t part = source->len_bytes - source->at;
        if (part > len_bytes - done) {
            part = len_bytes - done;
        }
        memcpy(&out[done], &source->data[source->at], part);
        source->at += part;
        done += part;
    }
    return 1;
}

void source_drain(struct source *source)
{
    do {
        source->at = source->len_bytes;
    } while (source_fill(source));
}

void image_free(struct image *image)
{
    if (image->pixels != NULL) {
        sodium_memzero(image->pixels, (size_t)image->wide * image->high);
    }
    free(image->pixels);
    free(image->sums);
    *image = (struct image){0};
}

enum qrt_code image_check(uint32_t wide, uint32_t high, struct qrt_err *err)
{
    if (wide == 0 || high == 0) {
        return qrt_fail(err, QRT_E_FORMAT, "an image without pixels");
    }
    if (wide > IMAGE_SIDE_MAX || high > IMAGE_SIDE_MAX ||
        (uint64_t)wide * high > IMAGE_PIXELS_MAX) {
        return qrt_fail(err, QRT_E_RANGE,
                        "an image of %u x %u pixels; at most %u on a side and %u in all are taken",
                        wide, high, IMAGE_SIDE_MAX, IMAGE_PIXELS_MAX);
    }
    return QRT_OK;
}

enum qrt_code image_begin(struct image *image, uint32_t wide, uint32_t high, struct qrt_err *err)
{
    enum qrt_code code = image_check(wide, high, err);
    if (code != QRT_OK) {
        return code;
    }
    image_free(image);
    unsigned shrink = 1;
    while ((uint64_t)(wide / shrink) * (high / shrink) > IMAGE_PIXELS_KEPT) {
        shrink++;
    }
    image->shrink = shrink;
    image->wide_in = wide;
    image->wide = wide < shrink ? 1 : wide / shrink;
    image->high = high < shrink ? 1 : high / shrink;
    /* White where a broken file leaves rows out. */
    size_t size_bytes = (size_t)image->wide * image->high;
    image->pixels = malloc(size_bytes);
    image->sums = shrink > 1 ? calloc(image->wide, sizeof *image->sums) : NULL;
    if (image->pixels == NULL || (shrink > 1 && image->sums == NULL)) {
        image->wide = 0;
        image_free(image);
        return qrt_fail(err, QRT_E_NOMEM, "an image of %u x %u pixels", wide, high);
    }
    memset(image->pixels, 255, size_bytes);
    return QRT_OK;
}

void image_row(struct image *image, const uint8_t *row)
{
    unsigned shrink = image->shrink;
    unsigned y = image->rows_in / shrink;
    image->rows_in++;
    if (y >= image->high) {
        return;
    }
    uint8_t *out = &image->pixels[(size_t)y * image->wide];
    if (shrink == 1) {
        memcpy(out, row, image->wide);
        return;
    }
    for (unsigned x = 0; x < image->wide; x++) {
        for (unsigned i = 0; i < shrink && x * shrink + i < image->wide_in; i++) {
            image->sums[x] += row[x * shrink + i];
        }
    }
    if (image->rows_in % shrink == 0) {
        for (unsigned x = 0; x < image->wide; x++) {
            out[x] = (uint8_t)(image->sums[x] / (shrink * shrink));
        }
        memset(image->sums, 0, image->wide * sizeof *image->sums);
    }
}

enum qrt_code image_read(struct image *image, struct source *source, struct qrt_err *err)
{
    *image = (struct image){0};
    if (!source_fill(source)) {
        return qrt_fail(err, QRT_E_FORMAT, "an empty file is no image");
    }
    enum qrt_code code;
    switch (source->data[source->at]) {
    case 0x89:
        code = png_decode(image, source, err);
        break;
    case 0xff:
        code = jpeg_decode(image, source, err);
        break;
    case 'P':
        code = pgm_decode(image, source, err);
        break;
    default:
        code = qrt_fail(err, QRT_E_FORMAT, "the file is neither PNG nor JPEG nor binary PGM");
        break;
    }
    if (code != QRT_OK) {
        image_free(image);
    }
    return code;
}
