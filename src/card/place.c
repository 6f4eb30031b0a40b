#include "card/place.h"

#include "base/text.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TEXT_BYTES 1024

#define LETTER_MM_PER_POINT 0.2 /* DejaVu Sans is 0.19 wide in English text */
#define WIDE_LETTER         1.7 /* in such letters */
#define WORD_CARRIED        4   /* from a line's end to the next, on average */
#define LINE_MM_PER_POINT   0.411

static uint16_t cmm(double mm)
{
    return (uint16_t)(mm * 100 + 0.5);
}

static struct qrt_sheet_item boxed(enum qrt_sheet_kind kind, struct place box)
{
    return (struct qrt_sheet_item){.kind = kind,
                                   .x_cmm = cmm(box.x_mm),
                                   .y_cmm = cmm(box.y_mm),
                                   .wide_cmm = cmm(box.wide_mm),
                                   .high_cmm = cmm(box.high_mm)};
}

void place_text(struct qrt_drawing *drawing, struct place box, double points, unsigned style,
                const char *text)
{
    size_t len_bytes = strlen(text);
    if (len_bytes == 0) {
        return;
    }
    struct qrt_sheet_item item = boxed(QRT_SHEET_TEXT, box);
    item.size_dpt = (uint16_t)(points * 10 + 0.5);
    item.style = (uint8_t)style;
    /* Too long a text becomes one that the drawing refuses. */
    item.len_bytes =
        len_bytes > QRT_SHEET_TEXT_BYTES ? QRT_SHEET_TEXT_BYTES + 1 : (uint16_t)len_bytes;
    item.bytes = (const uint8_t *)text;
    qrt_drawing_add(drawing, &item);
}

void place_foreign(struct qrt_drawing *drawing, struct place box, double points, unsigned style,
                   const char *lead, const char *text)
{
    QRT_BUF shown = {0};
    qrt_buf_text(&shown, lead);
    qrt_text_for_paper(&shown, text, strlen(text));
    struct qrt_err err;
    if (qrt_buf_check(&shown, &err) != QRT_OK && drawing->err.code == QRT_OK) {
        drawing->err = err;
    }
    place_text(drawing, box, points, style | QRT_STYLE_SHRINK, qrt_buf_str(&shown));
}

void place_textf(struct qrt_drawing *drawing, struct place box, double points, unsigned style,
                 const char *format, ...)
{
    char text[TEXT_BYTES];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (n < 0 || n >= (int)sizeof text) {
        qrt_fail(&drawing->err, QRT_E_RANGE, "sheet: a text is longer than %d bytes",
                 TEXT_BYTES - 1);
        return;
    }
    place_text(drawing, box, points, style, text);
}

void place_fill(struct qrt_drawing *drawing, struct place box, unsigned grey)
{
    struct qrt_sheet_item item = boxed(QRT_SHEET_FILL, box);
    item.grey = (uint8_t)grey;
    qrt_drawing_add(drawing, &item);
}

void place_rule(struct qrt_drawing *drawing, struct place line, double stroke_mm, bool dashed)
{
    struct qrt_sheet_item item = boxed(QRT_SHEET_RULE, line);
    item.stroke_cmm = cmm(stroke_mm);
    item.dashed = dashed;
    qrt_drawing_add(drawing, &item);
}

unsigned place_version(size_t len_chars)
{
    /* ISO/IEC 18004, table 7: alphanumeric characters at level Q. */
    static const uint16_t most[] = {16,   29,   47,   67,   87,   108,  125,  157,  189,  221,
                                    259,  296,  352,  376,  426,  470,  531,  574,  644,  702,
                                    742,  823,  890,  963,  1041, 1094, 1172, 1263, 1322, 1429,
                                    1499, 1618, 1700, 1787, 1867, 1966, 2071, 2181, 2298, 2420};
    for (unsigned i = 0; i < sizeof most / sizeof most[0]; i++) {
        if (len_chars <= most[i]) {
            return i + 1;
        }
    }
    return 0;
}

void place_code(struct qrt_drawing *drawing, double x_mm, double y_mm, double module_mm,
                unsigned version, const char *text)
{
    struct qrt_sheet_item item = boxed(QRT_SHEET_CODE, (struct place){x_mm, y_mm, 0, 0});
    size_t len_bytes = strlen(text);
    item.module_cmm = cmm(module_mm);
    item.version = (uint8_t)version;
    item.len_bytes =
        len_bytes > QRT_SHEET_TEXT_BYTES ? QRT_SHEET_TEXT_BYTES + 1 : (uint16_t)len_bytes;
    item.bytes = (const uint8_t *)text;
    qrt_drawing_add(drawing, &item);
}

void place_page(struct qrt_drawing *drawing)
{
    qrt_drawing_add(drawing, &(struct qrt_sheet_item){.kind = QRT_SHEET_PAGE});
}

void place_folds(struct qrt_drawing *drawing)
{
    qrt_drawing_add(drawing, &(struct qrt_sheet_item){.kind = QRT_SHEET_FOLD});
}

void place_blank(struct qrt_drawing *drawing, struct place box, double from_mm, const char *label)
{
    place_text(drawing, (struct place){box.x_mm, box.y_mm, from_mm - box.x_mm - 1, box.high_mm}, 12,
               0, label);
    place_rule(
        drawing,
        (struct place){from_mm, box.y_mm + box.high_mm - 0.5, box.x_mm + box.wide_mm - from_mm, 0},
        0.2, false);
}

unsigned place_lines(double wide_mm, double points, const char *text)
{
    /* Where a line is full is guessed on the careful side; the box that comes
     * of it shrinks a text that is wider still. */
    const double most = wide_mm / (points * LETTER_MM_PER_POINT);
    unsigned lines = 1;
    double used = 0;
    for (const char *p = text; *p != '\0'; p++) {
        if (((unsigned char)*p & 0xC0) == 0x80) {
            continue; /* inside a character */
        }
        used = *p == '\n' ? 0 : used + ((unsigned char)*p < 0x80 ? 1 : WIDE_LETTER);
        if (*p == '\n' || used > most) {
            lines++;
            used = *p == '\n' ? 0 : WORD_CARRIED;
        }
    }
    return lines;
}

double place_high(unsigned lines, double points)
{
    return lines * points * LINE_MM_PER_POINT + 0.3;
}

bool place_is_hex(const char *text, size_t chars)
{
    uint8_t bytes[32];
    return text != NULL && chars <= 2 * sizeof bytes &&
           qrt_text_unhex(bytes, chars / 2, text, strlen(text));
}

bool place_is_code(const char *text, char type, size_t max_chars)
{
    static const char head[] = "QUORATE1:";
    const size_t at = sizeof head - 1;
    return text != NULL && strncmp(text, head, at) == 0 && text[at] == type &&
           text[at + 1] == ':' && strlen(text) <= max_chars;
}

void place_groups(char *out, size_t size_bytes, const char *hex)
{
    size_t at = 0;
    for (size_t i = 0; hex[i] != '\0' && at + 2 < size_bytes; i++) {
        if (i > 0 && i % 4 == 0) {
            out[at++] = i % 32 == 0 ? '\n' : ' ';
        }
        out[at++] = hex[i];
    }
    out[at] = '\0';
}
