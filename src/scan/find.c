#include "scan/find.h"

#include "scan/budget.h"
#include "worker/frame.h"
#include <iconv.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <zbar.h>

#define CODES_MAX  64   /* QRT_SCAN_TEXTS_MAX */
#define TEXT_BYTES 4296 /* the most that a QR code's alphanumeric mode holds */

/* A code found, and where, in pixels of the image. */
struct code {
    char *text; /* NULL: not printable */
    size_t len_bytes;
    double x, y, reach;
};

struct finder {
    zbar_image_scanner_t *scanner;
    iconv_t held[3];
    struct code codes[CODES_MAX];
    size_t count;
};

static zbar_image_scanner_t *scanner_new(void)
{
    zbar_image_scanner_t *scanner = zbar_image_scanner_create();
    if (scanner != NULL) {
        zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
        zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
    }
    return scanner;
}

struct finder *finder_new(void)
{
    struct finder *finder = calloc(1, sizeof *finder);
    if (finder == NULL) {
        return NULL;
    }
    /* zbar opens these for every code; held, their modules stay loaded. */
    static const char *const from[] = {"ISO8859-1", "SJIS", "BIG5"};
    for (size_t i = 0; i < 3; i++) {
        finder->held[i] = iconv_open("UTF-8", from[i]);
    }
    finder->scanner = scanner_new();
    if (finder->scanner == NULL) {
        finder_free(finder);
        return NULL;
    }
    return finder;
}

static void forget(struct finder *finder)
{
    for (size_t i = 0; i < finder->count; i++) {
        if (finder->codes[i].text != NULL) {
            sodium_memzero(finder->codes[i].text, finder->codes[i].len_bytes);
            free(finder->codes[i].text);
        }
    }
    finder->count = 0;
}

/* zbar keeps what it decoded for the next image; a scanner that goes is wiped. */
static enum qrt_code renew(struct finder *finder, struct qrt_err *err)
{
    if (finder->scanner != NULL) {
        zbar_image_scanner_destroy(finder->scanner);
    }
    finder->scanner = scanner_new();
    return finder->scanner != NULL ? QRT_OK : qrt_fail(err, QRT_E_NOMEM, "zbar");
}

void finder_free(struct finder *finder)
{
    forget(finder);
    if (finder->scanner != NULL) {
        zbar_image_scanner_destroy(finder->scanner);
    }
    for (size_t i = 0; i < 3; i++) {
        if (finder->held[i] != (iconv_t)-1) {
            iconv_close(finder->held[i]);
        }
    }
    free(finder);
}

/* Where a symbol lies: the middle of its corners, and half its extent. */
static struct code place(const zbar_symbol_t *symbol, double scale)
{
    unsigned corners = zbar_symbol_get_loc_size(symbol);
    int left = INT32_MAX;
    int right = INT32_MIN;
    int top = INT32_MAX;
    int bottom = INT32_MIN;
    for (unsigned i = 0; i < corners; i++) {
        int x = zbar_symbol_get_loc_x(symbol, i);
        int y = zbar_symbol_get_loc_y(symbol, i);
        left = x < left ? x : left;
        right = x > right ? x : right;
        top = y < top ? y : top;
        bottom = y > bottom ? y : bottom;
    }
    if (corners == 0) {
        return (struct code){0};
    }
    double wide = ((double)right - left) * scale;
    double high = ((double)bottom - top) * scale;
    return (struct code){.x = left * scale + wide / 2,
                         .y = top * scale + high / 2,
                         .reach = (wide > high ? wide : high) / 2};
}

static bool is_printable(const char *text, size_t len_bytes)
{
    for (size_t i = 0; i < len_bytes; i++) {
        if (text[i] < ' ' || text[i] > '~') {
            return false;
        }
    }
    return len_bytes > 0 && len_bytes <= TEXT_BYTES;
}

/* Keeps a symbol unless an earlier attempt read it at the same place. */
static void keep(struct finder *finder, const zbar_symbol_t *symbol, double scale)
{
    struct code code = place(symbol, scale);
    for (size_t i = 0; i < finder->count; i++) {
        const struct code *old = &finder->codes[i];
        double dx = code.x - old->x;
        double dy = code.y - old->y;
        if (dx * dx + dy * dy < old->reach * old->reach) {
            return;
        }
    }
    if (finder->count == CODES_MAX) {
        return;
    }
    const char *text = zbar_symbol_get_data(symbol);
    size_t len_bytes = zbar_symbol_get_data_length(symbol);
    if (is_printable(text, len_bytes)) {
        code.text = malloc(len_bytes);
        code.len_bytes = len_bytes;
        if (code.text != NULL) {
            memcpy(code.text, text, len_bytes);
        }
    }
    finder->codes[finder->count++] = code;
}

/* Reads what an image shows; `scale` makes its pixels those of the file's, and
 * only every `density`th line is looked along. */
static void attempt(struct finder *finder, const struct image *pixels, double scale, int density)
{
    if (pixels->wide == 0 || pixels->high == 0) {
        return;
    }
    zbar_image_t *image = zbar_image_create();
    if (image == NULL) {
        return;
    }
    zbar_image_scanner_set_config(finder->scanner, ZBAR_NONE, ZBAR_CFG_X_DENSITY, density);
    zbar_image_scanner_set_config(finder->scanner, ZBAR_NONE, ZBAR_CFG_Y_DENSITY, density);
    zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
    zbar_image_set_size(image, pixels->wide, pixels->high);
    zbar_image_set_data(image, pixels->pixels, (unsigned long)pixels->wide * pixels->high, NULL);
    zbar_scan_image(finder->scanner, image);
    for (const zbar_symbol_t *symbol = zbar_image_first_symbol(image); symbol != NULL;
         symbol = zbar_symbol_next(symbol)) {
        if (zbar_symbol_get_type(symbol) == ZBAR_QRCODE) {
            keep(finder, symbol, scale);
        }
    }
    zbar_image_destroy(image);
}

/* Each pixel of the half is the mean of four. */
static void halve(struct image *out, const struct image *image)
{
    out->wide = image->wide / 2;
    out->high = image->high / 2;
    for (unsigned y = 0; y < out->high; y++) {
        const uint8_t *upper = &image->pixels[(size_t)2 * y * image->wide];
        const uint8_t *lower = &upper[image->wide];
        for (unsigned x = 0; x < out->wide; x++) {
            unsigned at = 2 * x;
            out->pixels[(size_t)y * out->wide + x] =
                (uint8_t)((upper[at] + upper[at + 1] + lower[at] + lower[at + 1] + 2) / 4);
        }
    }
}

/* Weights 1 2 1, across and down; the border stays. */
static void blur(struct image *out, const struct image *image)
{
    unsigned wide = image->wide;
    out->wide = wide;
    out->high = image->high;
    memcpy(out->pixels, image->pixels, (size_t)wide * image->high);
    for (unsigned y = 1; y + 1 < image->high; y++) {
        const uint8_t *b = &image->pixels[(size_t)y * wide];
        const uint8_t *a = &image->pixels[(size_t)(y - 1) * wide];
        const uint8_t *c = &image->pixels[(size_t)(y + 1) * wide];
        for (unsigned x = 1; x + 1 < wide; x++) {
            unsigned sum = a[x - 1] + 2U * a[x] + a[x + 1] + 2U * b[x - 1] + 4U * b[x] +
                           2U * b[x + 1] + c[x - 1] + 2U * c[x] + c[x + 1];
            out->pixels[(size_t)y * wide + x] = (uint8_t)((sum + 8) / 16);
        }
    }
}

/* The ladder: until enough is found, cheap attempts first. Half the size reads
 * more of noisy scans than the full one, in a quarter of the time; the blur
 * mends JPEG blocks and salt; the untouched image is what zbarimg sees. An
 * image made to be slow gets no further attempt. */
static enum qrt_code climb(struct finder *finder, const struct image *image, unsigned wanted,
                           struct qrt_err *err)
{
    static const struct {
        bool halved, blurred;
        int density;
    } attempts[] = {
        {true, false, 2}, {true, false, 1}, {false, true, 1}, {false, false, 1}, {true, true, 1}};
    const size_t enough = wanted == 0 ? SIZE_MAX : wanted;
    const size_t size_bytes = (size_t)image->wide * image->high;
    struct image half = {.pixels = malloc(size_bytes / 4 + 1)};
    struct image soft = {.pixels = malloc(size_bytes)};
    enum qrt_code code = QRT_OK;
    if (half.pixels == NULL || soft.pixels == NULL) {
        code = qrt_fail(err, QRT_E_NOMEM, "an image's second copy");
    } else {
        halve(&half, image);
        for (size_t i = 0;
             i < sizeof attempts / sizeof attempts[0] && finder->count < enough && budget_allows();
             i++) {
            const struct image *from = attempts[i].halved ? &half : image;
            if (attempts[i].blurred) {
                blur(&soft, from);
                from = &soft;
            }
            attempt(finder, from, attempts[i].halved ? 2 : 1, attempts[i].density);
        }
    }
    image_free(&half);
    image_free(&soft);
    return code;
}

enum qrt_code finder_find(struct qrt_buf *answer, struct finder *finder, const struct image *image,
                          unsigned wanted, struct qrt_err *err)
{
    enum qrt_code code = finder->scanner != NULL ? QRT_OK : renew(finder, err);
    if (code == QRT_OK) {
        code = climb(finder, image, wanted, err);
    }
    uint8_t texts = 0;
    size_t len_bytes = 2;
    for (size_t i = 0; i < finder->count; i++) {
        struct code *found = &finder->codes[i];
        if (found->text != NULL && len_bytes + 2 + found->len_bytes <= QRT_FRAME_TEXTS_BYTES) {
            texts++;
            len_bytes += 2 + found->len_bytes;
        }
    }
    if (code == QRT_OK) {
        qrt_buf_u8(answer, (uint8_t)finder->count);
        qrt_buf_u8(answer, texts);
    }
    for (size_t i = 0; code == QRT_OK && i < finder->count && texts > 0; i++) {
        if (finder->codes[i].text != NULL) {
            qrt_buf_u16(answer, (uint16_t)finder->codes[i].len_bytes);
            qrt_buf_add(answer, finder->codes[i].text, finder->codes[i].len_bytes);
            texts--;
        }
    }
    forget(finder);
    if (code == QRT_OK) {
        code = renew(finder, err);
    }
    return code == QRT_OK ? qrt_buf_check(answer, err) : code;
}
