#include "unit/unit.h"

#include "base/bytes.h"
#include "worker/calls.h"
#include <png.h>
#include <qrencode.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zlib.h>

#include <jpeglib.h>

/* A page with one code twice, 8-bit grey. */
#define WIDE 600
#define HIGH 300
#define TEXT "QUORATE1:B:AAAQEAYEAUDAOCAJ"

static uint8_t page[HIGH][WIDE];

static void draw(const char *text)
{
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_Q, QR_MODE_8, 1);
    assert_non_null(code);
    memset(page, 255, sizeof page);
    for (int y = 0; y < code->width * 6; y++) {
        for (int x = 0; x < code->width * 6; x++) {
            if ((code->data[y / 6 * code->width + x / 6] & 1) != 0) {
                page[40 + y][40 + x] = 0;
                page[60 + y][340 + x] = 0;
            }
        }
    }
    QRcode_free(code);
}

/* ---- files of each kind, made by the libraries' own writers ---- */

static struct qrt_buf file;

static void png_out(png_structp png, png_bytep bytes, size_t len_bytes)
{
    (void)png;
    qrt_buf_add(&file, bytes, len_bytes);
}

static void png_flush_out(png_structp png)
{
    (void)png;
}

/* The page in a PNG of that colour type and depth. */
static void make_png(int colour, int depth, int interlace)
{
    qrt_buf_free(&file);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    png_set_write_fn(png, NULL, png_out, png_flush_out);
    png_set_IHDR(png, info, WIDE, HIGH, depth, colour, interlace, 0, 0);
    png_color palette[2] = {{10, 20, 30}, {250, 240, 230}};
    if (colour == PNG_COLOR_TYPE_PALETTE) {
        png_set_PLTE(png, info, palette, 2);
    }
    png_write_info(png, info);
    size_t channels = png_get_channels(png, info);
    size_t bytes = depth == 16 ? 2 : 1;
    static uint8_t pixels[HIGH][WIDE * 8];
    static png_bytep rows[HIGH];
    for (size_t y = 0; y < HIGH; y++) {
        memset(pixels[y], 0, sizeof pixels[y]);
        rows[y] = pixels[y];
        for (size_t x = 0; x < WIDE; x++) {
            bool white = page[y][x] != 0;
            if (depth == 1) {
                pixels[y][x / 8] |= (uint8_t)((white ? 0x80 : 0) >> x % 8);
                continue;
            }
            uint8_t *pixel = &pixels[y][x * channels * bytes];
            bool alpha = (colour & PNG_COLOR_MASK_ALPHA) != 0;
            for (size_t i = 0; i < channels * bytes; i++) {
                /* With alpha, black all over; the paper shines through. */
                bool covers = i >= (channels - 1) * bytes;
                pixel[i] = (alpha ? covers && !white : white) ? 255 : 0;
            }
            if (colour == PNG_COLOR_TYPE_PALETTE) {
                *pixel = white;
            }
        }
    }
    png_write_image(png, rows);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
}

static void make_jpeg(J_COLOR_SPACE space, unsigned channels, boolean progressive)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    unsigned char *out = NULL;
    unsigned long len_bytes = 0;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &out, &len_bytes);
    jpeg.image_width = WIDE;
    jpeg.image_height = HIGH;
    jpeg.input_components = (int)channels;
    jpeg.in_color_space = space;
    jpeg_set_defaults(&jpeg);
    if (progressive) {
        jpeg_simple_progression(&jpeg);
    }
    jpeg_start_compress(&jpeg, TRUE);
    static uint8_t row[WIDE * 4];
    for (size_t y = 0; y < HIGH; y++) {
        for (size_t i = 0; i < (size_t)WIDE * channels; i++) {
            row[i] = page[y][i / channels];
        }
        JSAMPROW rows[1] = {row};
        jpeg_write_scanlines(&jpeg, rows, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    qrt_buf_free(&file);
    qrt_buf_add(&file, out, len_bytes);
    free(out);
}

static void make_pgm(unsigned most)
{
    qrt_buf_free(&file);
    qrt_buf_printf(&file, "P5\n# a page\n%d %d\n%u\n", WIDE, HIGH, most);
    for (size_t i = 0; i < sizeof page; i++) {
        unsigned value = page[i / WIDE][i % WIDE] != 0 ? most : 0;
        if (most > 255) {
            qrt_buf_u16(&file, (uint16_t)value);
        } else {
            qrt_buf_u8(&file, (uint8_t)value);
        }
    }
}

/* ---- asking ---- */

static struct qrt_worker worker;

#ifndef QRT_SANITIZED
static size_t peak_kib(pid_t pid)
{
    char path[64];
    char line[256];
    size_t kib = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *status = fopen(path, "r");
    assert_non_null(status);
    while (fgets(line, sizeof line, status) != NULL) {
        if (strncmp(line, "VmHWM:", 6) == 0) {
            kib = strtoul(&line[6], NULL, 10);
        }
    }
    fclose(status);
    return kib;
}

/* What the worker has computed for: other programs' load is none of it. */
static double cpu_s(pid_t pid)
{
    char path[64];
    unsigned long user = 0;
    unsigned long kernel = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *stat = fopen(path, "r");
    assert_non_null(stat);
    assert_int_equal(
        fscanf(stat, "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel),
        2);
    fclose(stat);
    return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

#endif

/* Scans `file`: whatever it is, the worker lives on, small and quick. */
static enum qrt_code ask(struct qrt_scan *scan, struct qrt_err *err)
{
#ifndef QRT_SANITIZED
    double before_s = cpu_s(worker.pid);
#endif
    enum qrt_code code = qrt_scan_image(scan, &worker, file.data, file.len_bytes, 2, err);
#ifndef QRT_SANITIZED
    assert_true(cpu_s(worker.pid) - before_s < 1.0);
    assert_true(peak_kib(worker.pid) < 64U << 10);
#endif
    assert_int_not_equal(worker.pid, 0);
    return code;
}

static void reads(const char *text, size_t count)
{
    QRT_SCAN scan = {0};
    struct qrt_err err = {0};
    if (ask(&scan, &err) != QRT_OK) {
        fail_msg("%s", err.what);
    }
    assert_int_equal(scan.count, count);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(scan.text[i], text);
    }
}

static void refuses(enum qrt_code code, const char *what)
{
    QRT_SCAN scan = {0};
    struct qrt_err err = {0};
    assert_int_equal(ask(&scan, &err), code);
    assert_null(scan.texts.data);
    assert_int_equal(scan.count, 0);
    if (strstr(err.what, what) == NULL) {
        fail_msg("%s, not %s", err.what, what);
    }
}

/* ---- what is asked ---- */

static void every_kind_of_image_is_read(void **state)
{
    (void)state;
    draw(TEXT);
    static const struct {
        int colour, depth, interlace;
    } pngs[] = {
        {PNG_COLOR_TYPE_GRAY, 8, 0},        {PNG_COLOR_TYPE_GRAY, 1, 0},
        {PNG_COLOR_TYPE_GRAY, 16, 0},       {PNG_COLOR_TYPE_RGB, 8, 0},
        {PNG_COLOR_TYPE_RGB, 16, 0},        {PNG_COLOR_TYPE_RGB_ALPHA, 8, 0},
        {PNG_COLOR_TYPE_RGB_ALPHA, 16, 0},  {PNG_COLOR_TYPE_GRAY_ALPHA, 8, 0},
        {PNG_COLOR_TYPE_GRAY_ALPHA, 16, 0}, {PNG_COLOR_TYPE_PALETTE, 8, 0},
        {PNG_COLOR_TYPE_GRAY, 8, 1},        {PNG_COLOR_TYPE_RGB, 8, 1},
        {PNG_COLOR_TYPE_PALETTE, 8, 1},
    };
    for (size_t i = 0; i < sizeof pngs / sizeof pngs[0]; i++) {
        make_png(pngs[i].colour, pngs[i].depth, pngs[i].interlace);
        reads(TEXT, 2);
    }
    make_jpeg(JCS_GRAYSCALE, 1, FALSE);
    reads(TEXT, 2);
    make_jpeg(JCS_RGB, 3, FALSE);
    reads(TEXT, 2);
    make_jpeg(JCS_RGB, 3, TRUE);
    reads(TEXT, 2);
    make_jpeg(JCS_CMYK, 4, FALSE);
    reads(TEXT, 2);
    static const unsigned most[] = {255, 15, 1, 256, 65535};
    for (size_t i = 0; i < sizeof most / sizeof most[0]; i++) {
        make_pgm(most[i]);
        reads(TEXT, 2);
    }
}

static void a_page_without_codes_is_no_failure(void **state)
{
    (void)state;
    memset(page, 255, sizeof page);
    make_png(PNG_COLOR_TYPE_GRAY, 8, 0);
    reads("", 0);
}

static void a_text_that_is_not_printable_is_only_counted(void **state)
{
    (void)state;
    draw("QUORATE1:\x1b[2J");
    make_png(PNG_COLOR_TYPE_GRAY, 8, 0);
    QRT_SCAN scan = {0};
    assert_int_equal(ask(&scan, NULL), QRT_OK);
    assert_int_equal(scan.seen, 2);
    assert_int_equal(scan.count, 0);
}

static void a_file_that_breaks_off_is_refused(void **state)
{
    (void)state;
    draw(TEXT);
    for (int kind = 0; kind < 4; kind++) {
        if (kind == 0) {
            make_png(PNG_COLOR_TYPE_GRAY, 8, 0);
        } else if (kind == 1) {
            make_jpeg(JCS_GRAYSCALE, 1, FALSE);
        } else if (kind == 2) {
            make_jpeg(JCS_RGB, 3, TRUE);
        } else {
            make_pgm(255);
        }
        size_t whole_bytes = file.len_bytes;
        for (size_t i = 0; i < 20; i++) {
            file.len_bytes = (whole_bytes - 1) * i / 20;
            refuses(QRT_E_FORMAT, "");
        }
        file.len_bytes = whole_bytes - 1;
        refuses(QRT_E_FORMAT, "breaks off");
        file.len_bytes = whole_bytes;
        reads(TEXT, 2);
    }
}

static void bytes_behind_the_image_are_refused_but_after_a_jpeg(void **state)
{
    (void)state;
    draw(TEXT);
    make_png(PNG_COLOR_TYPE_GRAY, 8, 0);
    qrt_buf_u8(&file, 0);
    refuses(QRT_E_FORMAT, "behind its end");
    make_pgm(255);
    qrt_buf_u8(&file, 0);
    refuses(QRT_E_FORMAT, "behind its pixels");
    make_jpeg(JCS_GRAYSCALE, 1, FALSE);
    qrt_buf_u8(&file, 0);
    reads(TEXT, 2);
}

static void what_is_no_image_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "GIF89a",
                                        "P2\n1 1\n1\n1\n",
                                        "P5",
                                        "P5\n0 5\n255\n",
                                        "P5\n1 1\n0\n ",
                                        "P5\n1 1\n65536\n  ",
                                        "P5\n-1 1\n255\n",
                                        "P5\n99999999999 1\n255\n",
                                        "P5 1 1 255",
                                        "P5 # 1 1",
                                        "\x89PNG",
                                        "\x89PNG\r\n\x1a\n",
                                        "\xff\xd8\xff",
                                        "\xff"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        qrt_buf_free(&file);
        qrt_buf_text(&file, texts[i]);
        refuses(QRT_E_FORMAT, "");
    }
}

/* A PNG of that size, all white, of which only `rows` rows are there. */
static void make_bomb(uint32_t wide, uint32_t high, uint32_t rows)
{
    static const uint8_t signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    uLongf packed_bytes = compressBound((uLong)rows * (wide + 1));
    uint8_t *raw = calloc(rows, wide + 1);
    uint8_t *packed = malloc(packed_bytes);
    assert_int_equal(compress2(packed, &packed_bytes, raw, (uLong)rows * (wide + 1), 9), Z_OK);
    qrt_buf_free(&file);
    qrt_buf_add(&file, signature, sizeof signature);
    for (int chunk = 0; chunk < 3; chunk++) {
        QRT_BUF body = {0};
        qrt_buf_text(&body, chunk == 0 ? "IHDR" : chunk == 1 ? "IDAT" : "IEND");
        if (chunk == 0) {
            qrt_buf_u32(&body, wide);
            qrt_buf_u32(&body, high);
            qrt_buf_add(&body, "\10\0\0\0\0", 5);
        } else if (chunk == 1) {
            qrt_buf_add(&body, packed, packed_bytes);
        }
        qrt_buf_u32(&file, (uint32_t)body.len_bytes - 4);
        qrt_buf_add(&file, body.data, body.len_bytes);
        qrt_buf_u32(&file, (uint32_t)crc32(0, body.data, (uInt)body.len_bytes));
    }
    free(raw);
    free(packed);
}

static void a_decompression_bomb_is_refused(void **state)
{
    (void)state;
    make_bomb(30000, 30000, 100);
    refuses(QRT_E_RANGE, "30000 x 30000");
    make_bomb(12000, 12000, 100);
    refuses(QRT_E_RANGE, "12000 x 12000");
    make_bomb(12001, 1, 1);
    refuses(QRT_E_RANGE, "12001 x 1");
    qrt_buf_free(&file);
    qrt_buf_text(&file, "P5 30000 30000 255\n");
    refuses(QRT_E_RANGE, "30000 x 30000");
    /* A JPEG may tell a size that it does not have. */
    draw(TEXT);
    make_jpeg(JCS_GRAYSCALE, 1, FALSE);
    for (size_t i = 0; i + 8 < file.len_bytes; i++) {
        if (file.data[i] == 0xff && file.data[i + 1] == 0xc0) {
            memcpy(&file.data[i + 5], "\x75\x30\x75\x30", 4);
        }
    }
    refuses(QRT_E_RANGE, "30000 x 30000");
}

/* The largest that is taken, in colour where that costs more. */
static void the_largest_image_stays_within_the_memory(void **state)
{
    (void)state;
    make_bomb(3145, 12000, 12000);
    QRT_SCAN scan = {0};
    struct qrt_err err = {0};
    assert_int_equal(ask(&scan, &err), QRT_OK);
    assert_int_equal(scan.seen, 0);
}

static void a_broken_image_does_not_spoil_the_next(void **state)
{
    (void)state;
    draw(TEXT);
    for (int i = 0; i < 20; i++) {
        make_png(PNG_COLOR_TYPE_RGB, 8, 0);
        file.data[file.len_bytes / 2] ^= 0xff;
        refuses(QRT_E_FORMAT, "PNG");
        file.data[file.len_bytes / 2] ^= 0xff;
        reads(TEXT, 2);
    }
    /* Refused at its head, with much of it still in the pipe. */
    make_pgm(65535);
    file.data[1] = '6';
    refuses(QRT_E_FORMAT, "P5");
    file.data[1] = '5';
    reads(TEXT, 2);
}

#ifndef QRT_SANITIZED

/* ---- pictures made to be slow, of the size of a page at 300 dpi ---- */

enum { PICTURE_WIDE = 2480, PICTURE_HIGH = 3508 };

/* Black where it is true. */
typedef bool shade(unsigned x, unsigned y, unsigned size);

/* The corner of a QR code, again and again, `size` pixels a module. */
static bool corners(unsigned x, unsigned y, unsigned size)
{
    unsigned column = x / size % 8;
    unsigned row = y / size % 8;
    unsigned across = column > 3 ? column - 3 : 3 - column;
    unsigned down = row > 3 ? row - 3 : 3 - row;
    unsigned ring = across > down ? across : down;
    return ring != 2 && ring != 4;
}

static bool checkers(unsigned x, unsigned y, unsigned size)
{
    return (x / size + y / size) % 2 == 0;
}

static bool noise(unsigned x, unsigned y, unsigned size)
{
    static uint32_t random = 1;
    (void)x;
    (void)y;
    random = random * 1664525 + 1013904223;
    return (random >> 16) % size == 0;
}

/* Each line looks like the middle of a corner. */
static bool stripes(unsigned x, unsigned y, unsigned size)
{
    (void)y;
    return corners(x, 3 * size, size);
}

static bool stripes_down(unsigned x, unsigned y, unsigned size)
{
    return stripes(y, x, size);
}

static double children_s(void)
{
    struct rusage used;
    assert_int_equal(getrusage(RUSAGE_CHILDREN, &used), 0);
    assert_true(used.ru_maxrss < 64 << 10);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* How long a worker of its own has for the file, its whole life counted: user and system. */
static double life_s(void)
{
    QRT_SCAN scan = {0};
    struct qrt_err err = {0};
    double before_s = children_s();
    assert_int_equal(qrt_worker_start(&worker, QRT_SCAN_PROGRAM, NULL), QRT_OK);
    enum qrt_code code = qrt_scan_image(&scan, &worker, file.data, file.len_bytes, 2, &err);
    assert_true(code == QRT_OK || code == QRT_E_WORKER);
    assert_int_equal(scan.count, 0);
    qrt_worker_stop(&worker);
    return children_s() - before_s;
}

/* The least of at most three lives: what else a machine does slows its processors too. */
static void a_picture_made_to_be_slow_is_given_up_within_a_second(void **state)
{
    (void)state;
    static const struct {
        shade *black;
        unsigned size;
    } pictures[] = {{corners, 1},  {corners, 2},  {corners, 3},      {corners, 4},
                    {corners, 10}, {corners, 40}, {checkers, 1},     {checkers, 2},
                    {noise, 2},    {noise, 7},    {stripes, 2},      {stripes, 4},
                    {stripes, 20}, {checkers, 9}, {stripes_down, 2}, {stripes_down, 4}};
    qrt_worker_stop(&worker);
    for (size_t i = 0; i < sizeof pictures / sizeof pictures[0]; i++) {
        qrt_buf_free(&file);
        qrt_buf_printf(&file, "P5 %d %d 255\n", PICTURE_WIDE, PICTURE_HIGH);
        for (unsigned y = 0; y < PICTURE_HIGH; y++) {
            uint8_t row[PICTURE_WIDE];
            for (unsigned x = 0; x < PICTURE_WIDE; x++) {
                row[x] = pictures[i].black(x, y, pictures[i].size) ? 0 : 255;
            }
            qrt_buf_add(&file, row, sizeof row);
        }
        double took_s = life_s();
        for (int again = 0; again < 2 && took_s >= 1.0; again++) {
            double next_s = life_s();
            took_s = next_s < took_s ? next_s : took_s;
        }
        if (took_s >= 1.0) {
            fail_msg("picture %zu took %.2f s", i, took_s);
        }
    }
    assert_int_equal(qrt_worker_start(&worker, QRT_SCAN_PROGRAM, NULL), QRT_OK);
    draw(TEXT);
    make_pgm(255);
    reads(TEXT, 2);
}

#endif

static int start(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    struct qrt_err err;
    if (qrt_worker_start(&worker, QRT_SCAN_PROGRAM, &err) != QRT_OK) {
        fprintf(stderr, "%s\n", err.what);
        return -1;
    }
    return 0;
}

static int stop(void **state)
{
    (void)state;
    qrt_worker_stop(&worker);
    qrt_buf_free(&file);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_image_is_read),
        cmocka_unit_test(a_page_without_codes_is_no_failure),
        cmocka_unit_test(a_text_that_is_not_printable_is_only_counted),
        cmocka_unit_test(a_file_that_breaks_off_is_refused),
        cmocka_unit_test(bytes_behind_the_image_are_refused_but_after_a_jpeg),
        cmocka_unit_test(what_is_no_image_is_refused),
        cmocka_unit_test(a_decompression_bomb_is_refused),
        cmocka_unit_test(the_largest_image_stays_within_the_memory),
        cmocka_unit_test(a_broken_image_does_not_spoil_the_next),
#ifndef QRT_SANITIZED
        cmocka_unit_test(a_picture_made_to_be_slow_is_given_up_within_a_second),
#endif
    };
    return cmocka_run_group_tests(tests, start, stop);
}
