/* Sheet descriptions: what stands where on paper, as quorate-print takes it.
 * docs/formats/sheet.md is the format; this is its one writer and one reader.
 * Lengths are in hundredths of a millimetre (_cmm), y runs downwards, and the
 * origin is the upper left corner of the sheet's body, which is 180 mm wide,
 * 257 mm high and centred on the page. */
#ifndef QRT_WORKER_DESCRIPTION_H
#define QRT_WORKER_DESCRIPTION_H

#include "base/bytes.h"
#include <quorate/err.h>
#include <quorate/secret.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QRT_SHEET_BODY_WIDE_CMM 18000
#define QRT_SHEET_BODY_HIGH_CMM 25700
#define QRT_SHEET_PAGES_MAX     32
#define QRT_SHEET_ITEMS_MAX     4096 /* of all pages */
#define QRT_SHEET_TEXT_BYTES    2048

enum qrt_paper { QRT_PAPER_A4 = 0, QRT_PAPER_LETTER = 1 };

/* The first bytes of a description. */
struct qrt_sheet_head {
    enum qrt_paper paper;
    bool practice;       /* every page is stamped PRACTICE */
    int64_t made_unix_s; /* the creation date in the PDF; 0 to year 9999 */
};

enum qrt_sheet_kind {
    QRT_SHEET_PAGE = 'P', /* begins a page; no other field */
    QRT_SHEET_TEXT = 'T', /* text in a box: refused if it does not fit */
    QRT_SHEET_RULE = 'R', /* a line from (x, y) to (x + wide, y + high) */
    QRT_SHEET_FILL = 'F', /* a filled rectangle */
    QRT_SHEET_CODE = 'C', /* a QR code, level Q; (x, y) is a corner of its quiet zone */
    QRT_SHEET_FOLD = 'L', /* marks in the margins at 1/3 and 2/3 of the page */
    QRT_SHEET_END = 'E',  /* the last byte */
};

/* Styles of text, added. */
enum {
    QRT_STYLE_BOLD = 1,
    QRT_STYLE_MONO = 2,
    QRT_STYLE_CENTRE = 4,
    QRT_STYLE_RIGHT = 8,
    QRT_STYLE_SHRINK = 16, /* down to half its size, if it does not fit */
};

/* One item; which fields count depends on `kind`. */
struct qrt_sheet_item {
    enum qrt_sheet_kind kind;
    uint16_t x_cmm, y_cmm;
    uint16_t wide_cmm, high_cmm;
    uint16_t size_dpt;    /* text: tenths of a point, 40 to 720 */
    uint8_t style;        /* text */
    uint16_t stroke_cmm;  /* rule: 1 to 500 */
    uint8_t dashed;       /* rule: 0 or 1 */
    uint8_t grey;         /* fill: 0 black to 255 white */
    uint16_t module_cmm;  /* code: 40 to 500 */
    uint8_t version;      /* code: 1 to 40 */
    uint16_t len_bytes;   /* text, code: 1 to QRT_SHEET_TEXT_BYTES */
    const uint8_t *bytes; /* text: UTF-8; code: characters of QR's alphanumeric mode */
};

/* Modules along an edge of a code of that version, its quiet zone of 4 on
 * either side counted. */
#define QRT_CODE_MODULES(version) (17 + 4 * (version) + 8)

/* Writes a description (which may hold secrets) into guarded memory. Sticky:
 * after the first failure nothing more is added, and `end` tells. */
struct qrt_drawing {
    struct qrt_secret *out;
    size_t items;
    size_t pages;
    struct qrt_err err;
};

/* Inits *out, which the caller owns, and begins. */
void qrt_drawing_begin(struct qrt_drawing *drawing, struct qrt_secret *out,
                       const struct qrt_sheet_head *head);
void qrt_drawing_add(struct qrt_drawing *drawing, const struct qrt_sheet_item *item);
/* Ends it. On any failure since the beginning *out is wiped. QRT_E_RANGE (an
 * item beyond a limit), QRT_E_NOMEM, QRT_E_LOCKED_MEMORY. */
enum qrt_code qrt_drawing_end(struct qrt_drawing *drawing, struct qrt_err *err) QRT_MUST_USE;

/* Reads a description's head, then item by item; the last is QRT_SHEET_END,
 * behind which nothing stands. Item bytes are views. QRT_E_FORMAT; the error
 * names the item by number and never its content. */
struct qrt_sheet_reader {
    struct qrt_reader reader;
    struct qrt_sheet_head head;
    size_t items;
    size_t pages;
};

enum qrt_code qrt_sheet_open(struct qrt_sheet_reader *sheet, const void *bytes, size_t len_bytes,
                             struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_sheet_next(struct qrt_sheet_reader *sheet, struct qrt_sheet_item *item,
                             struct qrt_err *err) QRT_MUST_USE;

#endif
