#include "worker/description.h"

#include "worker/frame.h"
#include <string.h>

static const char magic[4] = {'Q', 'S', 'D', '1'};
#define LAST_UNIX_S 253402300799 /* 9999-12-31T23:59:59 */

/* What is wrong with an item's values, or NULL. Asked on writing and reading. */
static const char *bad_box(const struct qrt_sheet_item *item)
{
    bool out = item->x_cmm > QRT_SHEET_BODY_WIDE_CMM || item->y_cmm > QRT_SHEET_BODY_HIGH_CMM ||
               item->wide_cmm > QRT_SHEET_BODY_WIDE_CMM - item->x_cmm ||
               item->high_cmm > QRT_SHEET_BODY_HIGH_CMM - item->y_cmm;
    return out ? "it leaves the sheet's body" : NULL;
}

static bool is_alphanumeric(const uint8_t *bytes, size_t len_bytes)
{
    for (size_t i = 0; i < len_bytes; i++) {
        uint8_t c = bytes[i];
        bool in = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                  (c != 0 && strchr(" $%*+-./:", c) != NULL);
        if (!in) {
            return false;
        }
    }
    return true;
}

static const char *bad_text(const struct qrt_sheet_item *item)
{
    unsigned aligned = item->style & (QRT_STYLE_CENTRE | QRT_STYLE_RIGHT);
    if (item->size_dpt < 40 || item->size_dpt > 720) {
        return "its size is not of 4 to 72 points";
    }
    if (item->style > 31 || aligned == (QRT_STYLE_CENTRE | QRT_STYLE_RIGHT)) {
        return "its style is unknown";
    }
    if (item->len_bytes == 0 || item->len_bytes > QRT_SHEET_TEXT_BYTES) {
        return "its length is out of range";
    }
    for (uint16_t i = 0; i < item->len_bytes; i++) {
        if ((item->bytes[i] < ' ' && item->bytes[i] != '\n') || item->bytes[i] == 0x7f) {
            return "it has a control character";
        }
    }
    return bad_box(item);
}

static const char *bad_code(const struct qrt_sheet_item *item)
{
    if (item->module_cmm < 40 || item->module_cmm > 500 || item->version < 1 ||
        item->version > 40) {
        return "its module or version is out of range";
    }
    if (item->len_bytes == 0 || item->len_bytes > QRT_SHEET_TEXT_BYTES ||
        !is_alphanumeric(item->bytes, item->len_bytes)) {
        return "its text is not for QR's alphanumeric mode";
    }
    unsigned side_cmm = item->module_cmm * (unsigned)QRT_CODE_MODULES(item->version);
    if (side_cmm > QRT_SHEET_BODY_WIDE_CMM) {
        return "it leaves the sheet's body";
    }
    struct qrt_sheet_item box = *item;
    box.wide_cmm = (uint16_t)side_cmm;
    box.high_cmm = (uint16_t)side_cmm;
    return bad_box(&box);
}

static const char *bad_item(const struct qrt_sheet_item *item)
{
    switch (item->kind) {
    case QRT_SHEET_TEXT:
        return bad_text(item);
    case QRT_SHEET_RULE:
        return item->stroke_cmm < 1 || item->stroke_cmm > 500 || item->dashed > 1
                   ? "its stroke is out of range"
                   : bad_box(item);
    case QRT_SHEET_FILL:
        return bad_box(item);
    case QRT_SHEET_CODE:
        return bad_code(item);
    case QRT_SHEET_PAGE:
    case QRT_SHEET_FOLD:
    case QRT_SHEET_END:
        return NULL;
    }
    return "its kind is unknown";
}

/* What is wrong with an item at its place, or NULL. */
static const char *bad_place(const struct qrt_sheet_item *item, size_t items, size_t pages)
{
    if (items >= QRT_SHEET_ITEMS_MAX) {
        return "there are too many items";
    }
    if (item->kind == QRT_SHEET_PAGE) {
        return pages >= QRT_SHEET_PAGES_MAX ? "there are too many pages" : NULL;
    }
    return pages == 0 ? "it stands before the first page" : NULL;
}

static void put(struct qrt_drawing *drawing, const void *bytes, size_t len_bytes)
{
    if (drawing->err.code == QRT_OK) {
        drawing->err.code = qrt_secret_append(drawing->out, bytes, len_bytes, &drawing->err);
    }
}

static void put_int(struct qrt_drawing *drawing, uint64_t value, size_t len_bytes)
{
    uint8_t be[8];
    struct qrt_writer writer = qrt_writer_of(be, sizeof be);
    qrt_write_u64(&writer, value);
    put(drawing, &be[8 - len_bytes], len_bytes);
}

void qrt_drawing_begin(struct qrt_drawing *drawing, struct qrt_secret *out,
                       const struct qrt_sheet_head *head)
{
    *drawing = (struct qrt_drawing){.out = out};
    drawing->err.code = qrt_secret_init(out, QRT_FRAME_SHEET_BYTES, &drawing->err);
    put(drawing, magic, sizeof magic);
    put_int(drawing, head->paper, 1);
    put_int(drawing, head->practice, 1);
    put_int(drawing, (uint64_t)head->made_unix_s, 8);
    if (drawing->err.code == QRT_OK && (head->made_unix_s < 0 || head->made_unix_s > LAST_UNIX_S)) {
        qrt_fail(&drawing->err, QRT_E_RANGE, "sheet: its date is out of range");
    }
}

void qrt_drawing_add(struct qrt_drawing *drawing, const struct qrt_sheet_item *item)
{
    const char *bad = bad_place(item, drawing->items, drawing->pages);
    bad = bad == NULL ? bad_item(item) : bad;
    drawing->items++;
    if (bad != NULL && drawing->err.code == QRT_OK) {
        qrt_fail(&drawing->err, QRT_E_RANGE, "sheet, item %zu: %s", drawing->items, bad);
    }
    put_int(drawing, item->kind, 1);
    if (item->kind == QRT_SHEET_PAGE) {
        drawing->pages++;
        return;
    }
    if (item->kind == QRT_SHEET_FOLD || item->kind == QRT_SHEET_END) {
        return;
    }
    put_int(drawing, item->x_cmm, 2);
    put_int(drawing, item->y_cmm, 2);
    if (item->kind == QRT_SHEET_CODE) {
        put_int(drawing, item->module_cmm, 2);
        put_int(drawing, item->version, 1);
    } else {
        put_int(drawing, item->wide_cmm, 2);
        put_int(drawing, item->high_cmm, 2);
    }
    if (item->kind == QRT_SHEET_RULE) {
        put_int(drawing, item->stroke_cmm, 2);
        put_int(drawing, item->dashed, 1);
        return;
    }
    if (item->kind == QRT_SHEET_FILL) {
        put_int(drawing, item->grey, 1);
        return;
    }
    if (item->kind == QRT_SHEET_TEXT) {
        put_int(drawing, item->size_dpt, 2);
        put_int(drawing, item->style, 1);
    }
    put_int(drawing, item->len_bytes, 2);
    put(drawing, item->bytes, item->len_bytes);
}

enum qrt_code qrt_drawing_end(struct qrt_drawing *drawing, struct qrt_err *err)
{
    qrt_drawing_add(drawing, &(struct qrt_sheet_item){.kind = QRT_SHEET_END});
    if (drawing->err.code != QRT_OK) {
        qrt_secret_wipe(drawing->out);
        return qrt_fail(err, drawing->err.code, "%s", drawing->err.what);
    }
    return QRT_OK;
}

enum qrt_code qrt_sheet_open(struct qrt_sheet_reader *sheet, const void *bytes, size_t len_bytes,
                             struct qrt_err *err)
{
    *sheet = (struct qrt_sheet_reader){.reader = qrt_reader_of(bytes, len_bytes)};
    const uint8_t *first = qrt_read_view(&sheet->reader, sizeof magic);
    uint8_t paper = qrt_read_u8(&sheet->reader);
    uint8_t practice = qrt_read_u8(&sheet->reader);
    uint64_t made_unix_s = qrt_read_u64(&sheet->reader);
    if (first == NULL || memcmp(first, magic, sizeof magic) != 0 || sheet->reader.failed ||
        len_bytes > QRT_FRAME_SHEET_BYTES || paper > QRT_PAPER_LETTER || practice > 1 ||
        made_unix_s > LAST_UNIX_S) {
        return qrt_fail(err, QRT_E_FORMAT, "sheet: its head is malformed");
    }
    sheet->head = (struct qrt_sheet_head){.paper = (enum qrt_paper)paper,
                                          .practice = practice != 0,
                                          .made_unix_s = (int64_t)made_unix_s};
    return QRT_OK;
}

static void read_fields(struct qrt_sheet_item *item, struct qrt_reader *reader)
{
    item->x_cmm = qrt_read_u16(reader);
    item->y_cmm = qrt_read_u16(reader);
    if (item->kind == QRT_SHEET_CODE) {
        item->module_cmm = qrt_read_u16(reader);
        item->version = qrt_read_u8(reader);
    } else {
        item->wide_cmm = qrt_read_u16(reader);
        item->high_cmm = qrt_read_u16(reader);
    }
    if (item->kind == QRT_SHEET_RULE) {
        item->stroke_cmm = qrt_read_u16(reader);
        item->dashed = qrt_read_u8(reader);
        return;
    }
    if (item->kind == QRT_SHEET_FILL) {
        item->grey = qrt_read_u8(reader);
        return;
    }
    if (item->kind == QRT_SHEET_TEXT) {
        item->size_dpt = qrt_read_u16(reader);
        item->style = qrt_read_u8(reader);
    }
    item->len_bytes = qrt_read_u16(reader);
    item->bytes = qrt_read_view(reader, item->len_bytes);
}

enum qrt_code qrt_sheet_next(struct qrt_sheet_reader *sheet, struct qrt_sheet_item *item,
                             struct qrt_err *err)
{
    struct qrt_reader *reader = &sheet->reader;
    uint8_t kind = qrt_read_u8(reader);
    *item = (struct qrt_sheet_item){.kind = (enum qrt_sheet_kind)kind};
    const char *bad = NULL;
    if (kind == QRT_SHEET_TEXT || kind == QRT_SHEET_RULE || kind == QRT_SHEET_FILL ||
        kind == QRT_SHEET_CODE) {
        read_fields(item, reader);
    }
    if (reader->failed) {
        bad = "it breaks off";
    }
    bad = bad == NULL ? bad_place(item, sheet->items, sheet->pages) : bad;
    bad = bad == NULL ? bad_item(item) : bad;
    if (bad == NULL && item->kind == QRT_SHEET_END && !qrt_reader_done(reader)) {
        bad = "something stands behind the end";
    }
    sheet->items++;
    if (bad != NULL) {
        *item = (struct qrt_sheet_item){.kind = QRT_SHEET_END};
        return qrt_fail(err, QRT_E_FORMAT, "sheet, item %zu: %s", sheet->items, bad);
    }
    sheet->pages += item->kind == QRT_SHEET_PAGE;
    return QRT_OK;
}
