#include "unit/unit.h"

#include "worker/description.h"
#include "worker/frame.h"

static const struct qrt_sheet_head head = {
    .paper = QRT_PAPER_LETTER, .practice = true, .made_unix_s = 1767225600};

static const struct qrt_sheet_item items[] = {
    {.kind = QRT_SHEET_PAGE},
    {.kind = QRT_SHEET_FOLD},
    {.kind = QRT_SHEET_TEXT,
     .x_cmm = 100,
     .y_cmm = 200,
     .wide_cmm = 5000,
     .high_cmm = 600,
     .size_dpt = 125,
     .style = QRT_STYLE_BOLD | QRT_STYLE_RIGHT,
     .len_bytes = 7,
     .bytes = (const uint8_t *)"Z\xc3\xbc"
                               "ri\nx"},
    {.kind = QRT_SHEET_RULE,
     .x_cmm = 1,
     .y_cmm = 2,
     .high_cmm = 300,
     .stroke_cmm = 20,
     .dashed = 1},
    {.kind = QRT_SHEET_FILL, .wide_cmm = 18000, .high_cmm = 25700, .grey = 230},
    {.kind = QRT_SHEET_CODE,
     .x_cmm = 10,
     .y_cmm = 20,
     .module_cmm = 80,
     .version = 1,
     .len_bytes = 10,
     .bytes = (const uint8_t *)"AZ09 $%*+-"},
    {.kind = QRT_SHEET_PAGE},
};
#define ITEMS (sizeof items / sizeof items[0])

static void describe(struct qrt_secret *out)
{
    struct qrt_drawing drawing;
    qrt_drawing_begin(&drawing, out, &head);
    for (size_t i = 0; i < ITEMS; i++) {
        qrt_drawing_add(&drawing, &items[i]);
    }
    assert_int_equal(qrt_drawing_end(&drawing, NULL), QRT_OK);
}

/* Reads to the end, or to the first refusal. */
static enum qrt_code read_all(const void *bytes, size_t len_bytes)
{
    struct qrt_sheet_reader sheet;
    struct qrt_sheet_item item = {0};
    enum qrt_code code = qrt_sheet_open(&sheet, bytes, len_bytes, NULL);
    while (code == QRT_OK && item.kind != QRT_SHEET_END) {
        code = qrt_sheet_next(&sheet, &item, NULL);
    }
    return code;
}

static void a_description_is_read_as_it_was_written(void **state)
{
    (void)state;
    QRT_SECRET out = {0};
    describe(&out);
    struct qrt_sheet_reader sheet;
    assert_int_equal(qrt_sheet_open(&sheet, out.data, out.len_bytes, NULL), QRT_OK);
    assert_int_equal(sheet.head.paper, head.paper);
    assert_true(sheet.head.practice);
    assert_int_equal(sheet.head.made_unix_s, head.made_unix_s);
    QRT_SECRET again = {0};
    struct qrt_drawing drawing;
    qrt_drawing_begin(&drawing, &again, &head);
    for (size_t i = 0; i < ITEMS; i++) {
        struct qrt_sheet_item item;
        assert_int_equal(qrt_sheet_next(&sheet, &item, NULL), QRT_OK);
        assert_int_equal(item.kind, items[i].kind);
        assert_int_equal(item.y_cmm, items[i].y_cmm);
        assert_int_equal(item.len_bytes, items[i].len_bytes);
        qrt_drawing_add(&drawing, &item);
    }
    assert_int_equal(qrt_drawing_end(&drawing, NULL), QRT_OK);
    assert_int_equal(again.len_bytes, out.len_bytes);
    assert_memory_equal(again.data, out.data, out.len_bytes);
    struct qrt_sheet_item end;
    assert_int_equal(qrt_sheet_next(&sheet, &end, NULL), QRT_OK);
    assert_int_equal(end.kind, QRT_SHEET_END);
}

static void a_description_cut_anywhere_is_refused(void **state)
{
    (void)state;
    QRT_SECRET out = {0};
    describe(&out);
    assert_int_equal(read_all(out.data, out.len_bytes), QRT_OK);
    for (size_t cut = 0; cut < out.len_bytes; cut++) {
        assert_int_equal(read_all(out.data, cut), QRT_E_FORMAT);
    }
}

static void bytes_behind_the_end_are_refused(void **state)
{
    (void)state;
    QRT_SECRET out = {0};
    describe(&out);
    out.data[out.len_bytes] = 0;
    assert_int_equal(read_all(out.data, out.len_bytes + 1), QRT_E_FORMAT);
    out.data[out.len_bytes] = QRT_SHEET_END;
    assert_int_equal(read_all(out.data, out.len_bytes + 1), QRT_E_FORMAT);
}

static void each_head_but_the_right_one_is_refused(void **state)
{
    (void)state;
    QRT_SECRET out = {0};
    describe(&out);
    static const struct {
        size_t at;
        uint8_t value;
    } rows[] = {{0, 'q'}, {3, '2'}, {4, 2}, {5, 2}, {6, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t was = out.data[rows[i].at];
        out.data[rows[i].at] = rows[i].value;
        assert_int_equal(read_all(out.data, out.len_bytes), QRT_E_FORMAT);
        out.data[rows[i].at] = was;
    }
    assert_int_equal(read_all(out.data, out.len_bytes), QRT_OK);
}

/* Written raw, so that reading is asked, and through the drawing. */
static void refused(const struct qrt_sheet_item *item)
{
    QRT_SECRET out = {0};
    struct qrt_drawing drawing;
    struct qrt_err err;
    qrt_drawing_begin(&drawing, &out, &head);
    qrt_drawing_add(&drawing, &items[0]);
    qrt_drawing_add(&drawing, item);
    assert_int_equal(qrt_drawing_end(&drawing, &err), QRT_E_RANGE);
    assert_non_null(strstr(err.what, "item 2"));
    assert_null(out.data);
}

static void an_item_beyond_a_limit_is_not_written(void **state)
{
    (void)state;
    struct qrt_sheet_item item = items[2];
    item.x_cmm = QRT_SHEET_BODY_WIDE_CMM - 4999;
    refused(&item);
    item = items[2];
    item.size_dpt = 39;
    refused(&item);
    item = items[2];
    item.style = QRT_STYLE_CENTRE | QRT_STYLE_RIGHT;
    refused(&item);
    item = items[2];
    item.style = 32;
    refused(&item);
    item = items[2];
    item.bytes = (const uint8_t *)"escape\x1b";
    refused(&item);
    item = items[2];
    item.len_bytes = 0;
    refused(&item);
    item = items[3];
    item.stroke_cmm = 0;
    refused(&item);
    item = items[5];
    item.bytes = (const uint8_t *)"abcdefghij";
    refused(&item);
    item = items[5];
    item.version = 41;
    refused(&item);
    item = items[5];
    item.module_cmm = 500;
    item.version = 40;
    refused(&item);
    item = (struct qrt_sheet_item){.kind = (enum qrt_sheet_kind)'X'};
    refused(&item);
}

static void an_item_beyond_a_limit_is_not_read(void **state)
{
    (void)state;
    /* Each byte of a small description turned into each other value: what is
     * still read must be what the writer would write. */
    QRT_SECRET out = {0};
    struct qrt_drawing drawing;
    qrt_drawing_begin(&drawing, &out, &head);
    qrt_drawing_add(&drawing, &items[0]);
    qrt_drawing_add(&drawing, &items[5]);
    assert_int_equal(qrt_drawing_end(&drawing, NULL), QRT_OK);
    unsigned read = 0;
    for (size_t at = 14; at < out.len_bytes; at++) {
        uint8_t was = out.data[at];
        for (unsigned value = 0; value < 256; value++) {
            out.data[at] = (uint8_t)value;
            struct qrt_sheet_reader sheet;
            struct qrt_sheet_item first;
            struct qrt_sheet_item item;
            assert_int_equal(qrt_sheet_open(&sheet, out.data, out.len_bytes, NULL), QRT_OK);
            if (qrt_sheet_next(&sheet, &first, NULL) != QRT_OK ||
                qrt_sheet_next(&sheet, &item, NULL) != QRT_OK || first.kind != QRT_SHEET_PAGE) {
                continue;
            }
            QRT_SECRET again = {0};
            qrt_drawing_begin(&drawing, &again, &head);
            qrt_drawing_add(&drawing, &first);
            qrt_drawing_add(&drawing, &item);
            assert_int_equal(qrt_drawing_end(&drawing, NULL), QRT_OK);
            read++;
        }
        out.data[at] = was;
    }
    assert_true(read > 256);
}

static void pages_and_items_are_counted(void **state)
{
    (void)state;
    QRT_SECRET out = {0};
    struct qrt_drawing drawing;
    qrt_drawing_begin(&drawing, &out, &head);
    for (size_t i = 0; i < QRT_SHEET_PAGES_MAX; i++) {
        qrt_drawing_add(&drawing, &items[0]);
    }
    assert_int_equal(qrt_drawing_end(&drawing, NULL), QRT_OK);
    /* One page more, by hand. */
    out.data[out.len_bytes - 1] = QRT_SHEET_PAGE;
    out.data[out.len_bytes] = QRT_SHEET_END;
    assert_int_equal(read_all(out.data, out.len_bytes + 1), QRT_E_FORMAT);
    qrt_secret_wipe(&out);

    qrt_drawing_begin(&drawing, &out, &head);
    qrt_drawing_add(&drawing, &items[1]); /* before any page */
    assert_int_equal(qrt_drawing_end(&drawing, NULL), QRT_E_RANGE);

    qrt_drawing_begin(&drawing, &out, &head);
    qrt_drawing_add(&drawing, &items[0]);
    for (size_t i = 0; i < QRT_SHEET_ITEMS_MAX; i++) {
        qrt_drawing_add(&drawing, &items[1]);
    }
    assert_int_equal(qrt_drawing_end(&drawing, NULL), QRT_E_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_description_is_read_as_it_was_written),
        cmocka_unit_test(a_description_cut_anywhere_is_refused),
        cmocka_unit_test(bytes_behind_the_end_are_refused),
        cmocka_unit_test(each_head_but_the_right_one_is_refused),
        cmocka_unit_test(an_item_beyond_a_limit_is_not_written),
        cmocka_unit_test(an_item_beyond_a_limit_is_not_read),
        cmocka_unit_test(pages_and_items_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
