#include "scan/image.h"

#include <stdlib.h>

static enum qrt_code malformed(struct qrt_err *err, const char *what)
{
    return qrt_fail(err, QRT_E_FORMAT, "PGM: %s", what);
}

static int next_byte(struct source *source)
{
    return source_fill(source) ? source->data[source->at++] : -1;
}

/* A decimal after white space and comments, and the one byte behind it. */
static int header_number(struct source *source, uint32_t *out)
{
    int c = next_byte(source);
    while (c == '#' || c == ' ' || (c >= '\t' && c <= '\r')) {
        while (c == '#' && c >= 0) {
            do {
                c = next_byte(source);
            } while (c >= 0 && c != '\n');
        }
        c = c < 0 ? c : next_byte(source);
    }
    uint32_t value = 0;
    if (c < '0' || c > '9') {
        return 0;
    }
    for (; c >= '0' && c <= '9'; c = next_byte(source)) {
        value = value * 10 + (uint32_t)(c - '0');
        if (value > 1000000) {
            return 0;
        }
    }
    *out = value;
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void to_grey(uint8_t *out, const uint8_t *in, uint32_t wide, uint32_t most)
{
    for (uint32_t x = 0; x < wide; x++) {
        uint32_t value = most > 255 ? (uint32_t)in[2 * x] << 8 | in[2 * x + 1] : in[x];
        out[x] = (uint8_t)(value >= most ? 255 : value * 255 / most);
    }
}

enum qrt_code pgm_decode(struct image *image, struct source *source, struct qrt_err *err)
{
    uint8_t magic[2];
    uint32_t wide;
    uint32_t high;
    uint32_t most;
    if (!source_read(source, magic, sizeof magic) || magic[1] != '5') {
        return malformed(err, "only the binary form, P5, is taken");
    }
    if (!header_number(source, &wide) || !header_number(source, &high) ||
        !header_number(source, &most) || most == 0 || most > 65535) {
        return malformed(err, "its header is malformed");
    }
    enum qrt_code code = image_begin(image, wide, high, err);
    if (code != QRT_OK) {
        return code;
    }
    size_t row_bytes = (size_t)wide * (most > 255 ? 2 : 1);
    uint8_t *row = malloc(row_bytes + wide);
    if (row == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "PGM");
    }
    for (uint32_t y = 0; y < high && code == QRT_OK; y++) {
        if (!source_read(source, row, row_bytes)) {
            code = malformed(err, "it breaks off");
        } else if (most == 255) {
            image_row(image, row);
        } else {
            to_grey(&row[row_bytes], row, wide, most);
            image_row(image, &row[row_bytes]);
        }
    }
    free(row);
    if (code == QRT_OK && source_fill(source)) {
        code = malformed(err, "something stands behind its pixels");
    }
    return code;
}
