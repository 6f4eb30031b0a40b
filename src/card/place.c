#include "card/place.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TEXT_BYTES 1024

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
