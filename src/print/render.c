#include "print/render.h"

#include "base/clock.h"
#include "print/fonts.h"
#include "worker/description.h"
#include <cairo-pdf.h>
#include <qrencode.h>
#include <sodium.h>
#include <string.h>

#define POINTS_PER_CMM     (72.0 / 2540.0)
#define SHRINK_STEP        0.95
#define SHRINK_LEAST       0.5
#define SHRINK_WHOLE_WORDS 0.8
#define BANNER_HIGH_CMM    340

static const struct {
    double wide, high; /* points */
} papers[] = {
    [QRT_PAPER_A4] = {210 / 25.4 * 72, 297 / 25.4 * 72},
    [QRT_PAPER_LETTER] = {8.5 * 72, 11 * 72},
};

/* Where a drawing stands. */
struct page {
    cairo_t *cr;
    PangoContext *context;
    double wide, high; /* of the page, points */
    double left, top;  /* of the body */
    struct qrt_err *err;
};

static cairo_status_t add_to_buf(void *closure, const unsigned char *data, unsigned int len_bytes)
{
    struct qrt_buf *buf = closure;
    qrt_buf_add(buf, data, len_bytes);
    return buf->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

static void grey(cairo_t *cr, double value)
{
    cairo_set_source_rgb(cr, value, value, value);
}

/* The word as a shape, so that no program takes its letters for the sheet's,
 * with its middle where the drawing's origin is. */
static void practice_path(const struct page *page, double points)
{
    PangoLayout *layout = pango_layout_new(page->context);
    PangoFontDescription *font = fonts_describe(true, false);
    pango_font_description_set_absolute_size(font, points * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_text(layout, "PRACTICE", -1);
    int wide;
    int high;
    pango_layout_get_size(layout, &wide, &high);
    cairo_move_to(page->cr, -wide / 2.0 / PANGO_SCALE, -high / 2.0 / PANGO_SCALE);
    pango_cairo_layout_path(page->cr, layout);
    pango_font_description_free(font);
    g_object_unref(layout);
}

/* White on black in the margin, out of the way of what is read. */
static void draw_banner(const struct page *page, double x, double y, double turn)
{
    const double wide = 6000 * POINTS_PER_CMM;
    const double high = BANNER_HIGH_CMM * POINTS_PER_CMM;
    cairo_save(page->cr);
    cairo_translate(page->cr, x, y);
    cairo_rotate(page->cr, turn);
    grey(page->cr, 0);
    cairo_rectangle(page->cr, -wide / 2, -high / 2, wide, high);
    cairo_fill(page->cr);
    grey(page->cr, 1);
    practice_path(page, 9);
    cairo_fill(page->cr);
    cairo_restore(page->cr);
}

/* On each panel that a fold leaves: hollow letters across it, through which
 * everything is read, and a banner at both sides. */
static void stamp_practice(const struct page *page)
{
    const double aside = (1000 + BANNER_HIGH_CMM / 2.0) * POINTS_PER_CMM;
    for (int i = 0; i < 3; i++) {
        double middle = page->high * (2 * i + 1) / 6;
        cairo_save(page->cr);
        cairo_translate(page->cr, page->wide / 2, middle);
        cairo_rotate(page->cr, -0.33);
        practice_path(page, 72);
        cairo_restore(page->cr);
        cairo_set_line_width(page->cr, 0.7);
        grey(page->cr, 0.7);
        cairo_stroke(page->cr);
        draw_banner(page, aside, middle, -G_PI_2);
        draw_banner(page, page->wide - aside, middle, G_PI_2);
    }
}

static void draw_folds(const struct page *page)
{
    double margin = 1000 * POINTS_PER_CMM;
    double mark = 400 * POINTS_PER_CMM;
    cairo_set_line_width(page->cr, 0.5);
    grey(page->cr, 0);
    for (int i = 1; i <= 2; i++) {
        double y = page->high * i / 3;
        cairo_move_to(page->cr, margin, y);
        cairo_rel_line_to(page->cr, mark, 0);
        cairo_move_to(page->cr, page->wide - margin, y);
        cairo_rel_line_to(page->cr, -mark, 0);
    }
    cairo_stroke(page->cr);
}

static void draw_rule(const struct page *page, const struct qrt_sheet_item *item)
{
    static const double dash[] = {3, 3};
    cairo_set_line_width(page->cr, item->stroke_cmm * POINTS_PER_CMM);
    cairo_set_dash(page->cr, dash, item->dashed != 0 ? 2 : 0, 0);
    grey(page->cr, 0);
    cairo_move_to(page->cr, page->left + item->x_cmm * POINTS_PER_CMM,
                  page->top + item->y_cmm * POINTS_PER_CMM);
    cairo_rel_line_to(page->cr, item->wide_cmm * POINTS_PER_CMM, item->high_cmm * POINTS_PER_CMM);
    cairo_stroke(page->cr);
    cairo_set_dash(page->cr, NULL, 0, 0);
}

static void draw_fill(const struct page *page, const struct qrt_sheet_item *item)
{
    grey(page->cr, item->grey / 255.0);
    cairo_rectangle(page->cr, page->left + item->x_cmm * POINTS_PER_CMM,
                    page->top + item->y_cmm * POINTS_PER_CMM, item->wide_cmm * POINTS_PER_CMM,
                    item->high_cmm * POINTS_PER_CMM);
    cairo_fill(page->cr);
}

/* True if the layout lies within the box at its present size. */
static bool fits(PangoLayout *layout, const struct qrt_sheet_item *item)
{
    int wide;
    int high;
    pango_layout_get_size(layout, &wide, &high);
    return wide <= item->wide_cmm * POINTS_PER_CMM * PANGO_SCALE + 1 &&
           high <= item->high_cmm * POINTS_PER_CMM * PANGO_SCALE + 1;
}

static bool fit(PangoLayout *layout, const struct qrt_sheet_item *item)
{
    PangoFontDescription *font =
        fonts_describe((item->style & QRT_STYLE_BOLD) != 0, (item->style & QRT_STYLE_MONO) != 0);
    double least = (item->style & QRT_STYLE_SHRINK) != 0 ? SHRINK_LEAST : 1;
    double scale = 1;
    bool done = false;
    while (!done && scale >= least) {
        if (scale < SHRINK_WHOLE_WORDS) {
            /* A word longer than the line is broken, rather than too small to read. */
            pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
        }
        pango_font_description_set_absolute_size(font, item->size_dpt / 10.0 * scale * PANGO_SCALE);
        pango_layout_set_font_description(layout, font);
        done = fits(layout, item);
        scale *= SHRINK_STEP;
    }
    pango_font_description_free(font);
    return done;
}

static enum qrt_code draw_text(const struct page *page, const struct qrt_sheet_item *item)
{
    if (!g_utf8_validate((const char *)item->bytes, item->len_bytes, NULL)) {
        return qrt_fail(page->err, QRT_E_FORMAT, "a text is not UTF-8");
    }
    PangoLayout *layout = pango_layout_new(page->context);
    pango_layout_set_text(layout, (const char *)item->bytes, item->len_bytes);
    pango_layout_set_width(layout, (int)(item->wide_cmm * POINTS_PER_CMM * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD);
    pango_layout_set_alignment(layout, (item->style & QRT_STYLE_CENTRE) != 0  ? PANGO_ALIGN_CENTER
                                       : (item->style & QRT_STYLE_RIGHT) != 0 ? PANGO_ALIGN_RIGHT
                                                                              : PANGO_ALIGN_LEFT);
    enum qrt_code code = QRT_OK;
    if (!fit(layout, item)) {
        code = qrt_fail(page->err, QRT_E_RANGE, "a text does not fit its place");
    } else {
        grey(page->cr, 0);
        cairo_move_to(page->cr, page->left + item->x_cmm * POINTS_PER_CMM,
                      page->top + item->y_cmm * POINTS_PER_CMM);
        pango_cairo_show_layout(page->cr, layout);
    }
    g_object_unref(layout);
    return code;
}

static QRcode *encode(const struct qrt_sheet_item *item)
{
    QRinput *input = QRinput_new2(item->version, QR_ECLEVEL_Q);
    QRcode *code = NULL;
    if (input != NULL && QRinput_append(input, QR_MODE_AN, item->len_bytes, item->bytes) == 0) {
        code = QRcode_encodeInput(input);
    }
    QRinput_free(input);
    return code;
}

/* One path for the whole code: runs filled one by one show seams in viewers. */
static enum qrt_code draw_code(const struct page *page, const struct qrt_sheet_item *item)
{
    QRcode *code = encode(item);
    if (code == NULL || code->version != item->version) {
        QRcode_free(code);
        return qrt_fail(page->err, QRT_E_RANGE, "a code does not fit its version");
    }
    double module = item->module_cmm * POINTS_PER_CMM;
    double side = module * QRT_CODE_MODULES(item->version);
    double x0 = page->left + item->x_cmm * POINTS_PER_CMM;
    double y0 = page->top + item->y_cmm * POINTS_PER_CMM;
    grey(page->cr, 1);
    cairo_rectangle(page->cr, x0, y0, side, side);
    cairo_fill(page->cr);
    size_t width = (size_t)code->width;
    for (size_t y = 0; y < width; y++) {
        for (size_t x = 0; x < width;) {
            size_t run = 0;
            while (x + run < width && (code->data[y * width + x + run] & 1) != 0) {
                run++;
            }
            if (run > 0) {
                cairo_rectangle(page->cr, x0 + (double)(x + 4) * module,
                                y0 + (double)(y + 4) * module, (double)run * module, module);
            }
            x += run + 1;
        }
    }
    grey(page->cr, 0);
    cairo_fill(page->cr);
    sodium_memzero(code->data, width * width);
    QRcode_free(code);
    return QRT_OK;
}

/* Draws a page from the items behind its mark: first what lies beneath. Stops
 * before the next page, with *sheet there and *next its mark or the end. */
static enum qrt_code draw_page(const struct page *page, struct qrt_sheet_reader *sheet,
                               struct qrt_sheet_item *next)
{
    struct qrt_sheet_reader again = *sheet;
    enum qrt_code code = qrt_sheet_next(&again, next, page->err);
    while (code == QRT_OK && next->kind != QRT_SHEET_PAGE && next->kind != QRT_SHEET_END) {
        if (next->kind == QRT_SHEET_FILL) {
            draw_fill(page, next);
        }
        code = qrt_sheet_next(&again, next, page->err);
    }
    if (code == QRT_OK && sheet->head.practice) {
        stamp_practice(page);
    }
    if (code == QRT_OK) {
        code = qrt_sheet_next(sheet, next, page->err);
    }
    while (code == QRT_OK && next->kind != QRT_SHEET_PAGE && next->kind != QRT_SHEET_END) {
        switch (next->kind) {
        case QRT_SHEET_TEXT:
            code = draw_text(page, next);
            break;
        case QRT_SHEET_CODE:
            code = draw_code(page, next);
            break;
        case QRT_SHEET_RULE:
            draw_rule(page, next);
            break;
        case QRT_SHEET_FOLD:
            draw_folds(page);
            break;
        default:
            break;
        }
        if (code != QRT_OK) {
            return qrt_err_prefix(page->err, "sheet, item %zu", sheet->items);
        }
        code = qrt_sheet_next(sheet, next, page->err);
    }
    return code;
}

enum qrt_code render_sheet(struct qrt_buf *pdf, PangoContext *context, const void *description,
                           size_t len_bytes, struct qrt_err *err)
{
    struct qrt_sheet_reader sheet;
    struct qrt_sheet_item item = {0};
    enum qrt_code code = qrt_sheet_open(&sheet, description, len_bytes, err);
    if (code == QRT_OK) {
        code = qrt_sheet_next(&sheet, &item, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    struct page page = {.context = context,
                        .wide = papers[sheet.head.paper].wide,
                        .high = papers[sheet.head.paper].high,
                        .err = err};
    page.left = (page.wide - QRT_SHEET_BODY_WIDE_CMM * POINTS_PER_CMM) / 2;
    page.top = (page.high - QRT_SHEET_BODY_HIGH_CMM * POINTS_PER_CMM) / 2;
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(add_to_buf, pdf, page.wide, page.high);
    char made[QRT_TIME_CHARS + 1];
    qrt_clock_format(made, sheet.head.made_unix_s);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, made);
    page.cr = cairo_create(surface);
    while (code == QRT_OK && item.kind != QRT_SHEET_END) {
        code = draw_page(&page, &sheet, &item);
        cairo_show_page(page.cr);
    }
    cairo_destroy(page.cr);
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (code == QRT_OK && status != CAIRO_STATUS_SUCCESS) {
        code = status == CAIRO_STATUS_NO_MEMORY
                   ? qrt_fail(err, QRT_E_NOMEM, "drawing")
                   : qrt_fail(err, QRT_E_FAILED, "drawing: %s", cairo_status_to_string(status));
    }
    return code;
}
