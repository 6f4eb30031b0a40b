#include "unit.h"

#include "base/json.h"

static enum qrt_code parse(const char *bytes, size_t len_bytes, struct qrt_err *err)
{
    QRT_JSON json = NULL;
    enum qrt_code code = qrt_json_parse(&json, bytes, len_bytes, 4096, err);
    assert_int_equal(json != NULL, code == QRT_OK);
    return code;
}

static void only_one_clean_object_is_json(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum qrt_code code;
    } rows[] = {
        {"{}", QRT_OK},
        {" {\"a\": [1, 2.5, null, true, \"\\u00e9\"]}\n", QRT_OK},
        {"", QRT_E_FORMAT},
        {"[]", QRT_E_FORMAT},
        {"7", QRT_E_FORMAT},
        {"\"text\"", QRT_E_FORMAT},
        {"{} x", QRT_E_FORMAT},
        {"{}{}", QRT_E_FORMAT},
        {"{\"a\": 1,}", QRT_E_FORMAT},
        {"{a: 1}", QRT_E_FORMAT},
        {"{\"a\": 01}", QRT_E_FORMAT},
        {"{\"a\": NaN}", QRT_E_FORMAT},
        {"{\"a\": 1", QRT_E_FORMAT},
        {"{\"a\": 1} // no", QRT_E_FORMAT},
        {"\xef\xbb\xbf{}", QRT_E_FORMAT},
        {"{\"a\": 1, \"a\": 1}", QRT_E_FORMAT},
        {"{\"a\": 1, \"\\u0061\": 1}", QRT_E_FORMAT},
        {"{\"b\": {\"a\": 1, \"a\": 1}}", QRT_E_FORMAT},
        {"{\"a\": 99999999999999999999}", QRT_E_RANGE},
        {"{\"a\": \"\xff\"}", QRT_E_FORMAT},
        {"{\"a\": \"\xc0\xaf\"}", QRT_E_FORMAT},
        {"{\"a\": \"\\ud800\"}", QRT_E_FORMAT},
        {"{\"a\": \"\\u0000\"}", QRT_E_FORMAT},
        {"{\"a\": \"\\u001b[2J\"}", QRT_E_FORMAT},
        {"{\"a\": \"\\n\"}", QRT_E_FORMAT},
        {"{\"a\": \"\\u007F\"}", QRT_E_FORMAT},
        {"{\"a\": \"\\u009b\"}", QRT_E_FORMAT},
        {"{\"a\": \"\\u00a0\"}", QRT_OK},
        {"{\"e\\u0301\": 1}", QRT_E_FORMAT},
        {"{\"\\u0007\": 1}", QRT_E_FORMAT},
        {"{\"a\": [[\"e\\u0301\"]]}", QRT_E_FORMAT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct qrt_err err = {0};
        enum qrt_code code = parse(rows[i].text, strlen(rows[i].text), &err);
        if (code != rows[i].code) {
            print_error("row %zu: %s: %s\n", i, rows[i].text, err.what);
        }
        assert_int_equal(code, rows[i].code);
    }
    assert_int_equal(parse("{}\0", 3, NULL), QRT_E_FORMAT);
    assert_int_equal(parse("{\"a\0b\": 1}", 10, NULL), QRT_E_FORMAT);
}

static void size_depth_and_number_are_bounded_before_parsing(void **state)
{
    (void)state;
    char text[4098];
    memset(text, ' ', sizeof text);
    text[0] = '{';
    text[4095] = '}';
    assert_int_equal(parse(text, 4096, NULL), QRT_OK);
    text[4095] = ' ';
    text[4096] = '}';
    assert_int_equal(parse(text, 4097, NULL), QRT_E_RANGE);
    for (unsigned levels = 15; levels <= 16; levels++) {
        size_t n = (size_t)snprintf(text, sizeof text, "{\"a[{\\\"[{\":");
        for (unsigned i = 0; i < levels; i++) {
            text[n++] = '[';
        }
        for (unsigned i = 0; i < levels; i++) {
            text[n++] = ']';
        }
        text[n++] = '}';
        assert_int_equal(parse(text, n, NULL), levels == 15 ? QRT_OK : QRT_E_RANGE);
    }
    size_t size = 3 * (size_t)QRT_JSON_VALUES_MAX + 16;
    char *many = malloc(size);
    assert_non_null(many);
    strcpy(many, "{\"a\":[1");
    size_t n = strlen(many);
    for (unsigned i = 3; i < QRT_JSON_VALUES_MAX; i++) {
        many[n++] = ',';
        many[n++] = '1';
    }
    memcpy(many + n, "]}", 2);
    QRT_JSON json = NULL;
    assert_int_equal(qrt_json_parse(&json, many, n + 2, size, NULL), QRT_OK);
    qrt_json_free(&json);
    memcpy(many + n, ",1]}", 4);
    assert_int_equal(qrt_json_parse(&json, many, n + 4, size, NULL), QRT_E_RANGE);
    free(many);
}

static void one_array_can_be_left_unread(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *left; /* NULL: refused */
    } rows[] = {
        {"{\"many\": [{\"a\": 1}, {}], \"b\": 2}", "{\"many\":[],\"b\":2}"},
        {"{\"many\" :\n[ ]}", "{\"many\":[]}"},
        {"{\"many\": [\"]\", \"\\\"]\", [[]], {\"many\": [1]}]}", "{\"many\":[]}"},
        {"{\"b\": \"\\\\\", \"many\": [1], \"c\": [2]}", "{\"b\":\"\\\\\",\"many\":[],\"c\":[2]}"},
        /* Another place, or another kind of value, is read. */
        {"{\"b\": {\"many\": [1]}}", "{\"b\":{\"many\":[1]}}"},
        {"{\"b\": \"many\", \"c\": [1]}", "{\"b\":\"many\",\"c\":[1]}"},
        {"{\"many\": {\"a\": [1]}}", "{\"many\":{\"a\":[1]}}"},
        {"{\"man\\u0079\": [1]}", "{\"many\":[1]}"},
        /* A second one is still a key that stands twice. */
        {"{\"many\": [1], \"many\": [2]}", NULL},
        {"{\"many\": [1], \"b\"}", NULL},
        {"{\"many\": [1, 2", NULL},
        {"{\"many\": [1, \"", NULL},
        {"{\"many\": [[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]}", NULL},
        {"{\"many\": [1]} x", NULL},
        {"{\"many\":", NULL},
        {"{\"many\"", NULL},
        {"{\"many", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        QRT_JSON json = NULL;
        enum qrt_code code =
            qrt_json_parse_without(&json, rows[i].text, strlen(rows[i].text), 4096, "many", NULL);
        assert_int_equal(code == QRT_OK, rows[i].left != NULL);
        if (code == QRT_OK) {
            char left[256] = {0};
            assert_true(json_dumpb(json, left, sizeof left - 1, JSON_COMPACT) < sizeof left);
            assert_string_equal(left, rows[i].left);
        }
    }
}

static void no_error_quotes_a_secret(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"a\": \"Hunter-22!\" oops}", "{\"a\": \"x\", \"Hunter-22!\": 1, \"Hunter-22!\": 2}",
        "{\"a\": Hunter-22!}",          "{\"a\": \"Hunter-22!\\u0000\"}",
        "{\"a\": \"Hunter-22!\xff\"}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct qrt_err err = {0};
        assert_int_equal(parse(texts[i], strlen(texts[i]), &err), QRT_E_FORMAT);
        assert_null(strstr(err.what, "unter"));
        assert_non_null(strstr(err.what, "line 1, column"));
    }

    const char *text =
        "{\"badges\": {\"Hunter-22!\": 7, \"operator-1\": \"Hunter-22!\"}, \"n\": 2217}";
    QRT_JSON json = NULL;
    struct qrt_err err = {0};
    assert_int_equal(qrt_json_parse(&json, text, strlen(text), 4096, NULL), QRT_OK);
    struct qrt_json top = qrt_json_top(json, true);
    struct qrt_json badges = qrt_json_get(&top, "badges");
    static const char *const known[] = {"operator-1", NULL};
    assert_int_equal(qrt_json_object(&badges, known, &err), QRT_E_FORMAT);
    assert_string_equal(err.what, "badges: no such key: (member 1)");
    struct qrt_json member = {0};
    assert_true(qrt_json_next(&member, &badges));
    QRT_SECRET secret = {0};
    assert_int_equal(qrt_json_secret(&secret, &member, 64, &err), QRT_E_FORMAT);
    assert_string_equal(err.what, "badges.(member 1): is not a text");
    assert_true(qrt_json_next(&member, &badges));
    assert_int_equal(qrt_json_secret(&secret, &member, 9, &err), QRT_E_RANGE);
    assert_string_equal(err.what, "badges.operator-1: is longer than 9 bytes");
    assert_null(secret.data);
    assert_int_equal(qrt_json_secret(&secret, &member, 10, &err), QRT_OK);
    assert_int_equal(secret.len_bytes, 10);
    assert_memory_equal(secret.data, "Hunter-22!", 10);
    assert_false(qrt_json_next(&member, &badges));
    struct qrt_json number = qrt_json_get(&top, "n");
    int64_t n = 0;
    assert_int_equal(qrt_json_integer(&n, &number, 1, 9, &err), QRT_E_RANGE);
    assert_string_equal(err.what, "n: is not 1 to 9");
}

static void getters_name_the_place(void **state)
{
    (void)state;
    const char *text = "{\"a\": [{\"\\u202eb\": [1, \"xy\"]}], \"c\": \"\"}";
    QRT_JSON json = NULL;
    assert_int_equal(qrt_json_parse(&json, text, strlen(text), 4096, NULL), QRT_OK);
    struct qrt_json top = qrt_json_top(json, false);
    struct qrt_json a = qrt_json_get(&top, "a");
    struct qrt_json a0 = qrt_json_at(&a, 0);
    struct qrt_json b = {0};
    assert_true(qrt_json_next(&b, &a0));
    struct qrt_json b1 = qrt_json_at(&b, 1);
    struct qrt_err err;
    int64_t n;
    const char *s;
    assert_int_equal(qrt_json_integer(&n, &b1, 0, 9, &err), QRT_E_FORMAT);
    assert_string_equal(err.what, "a[0].\\xE2\\x80\\xAEb[1]: is not a whole number");
    assert_int_equal(qrt_json_text(&s, &b1, 2, 2, &err), QRT_OK);
    assert_string_equal(s, "xy");
    assert_int_equal(qrt_json_text(&s, &b1, 3, 9, &err), QRT_E_RANGE);
    assert_null(s);
    struct qrt_json d = qrt_json_get(&top, "d");
    struct qrt_json below = qrt_json_get(&d, "e");
    assert_false(qrt_json_is(&below));
    assert_int_equal(qrt_json_text(&s, &below, 0, 9, &err), QRT_E_FORMAT);
    assert_string_equal(err.what, "d.e: is missing");
    QRT_SECRET secret = {0};
    struct qrt_json c = qrt_json_get(&top, "c");
    assert_int_equal(qrt_json_secret(&secret, &c, 9, NULL), QRT_OK);
    assert_int_equal(secret.len_bytes, 0);
}

#ifndef QRT_SANITIZED
/* Freed heap is looked at on purpose, which the sanitizers forbid. */
static void jansson_leaves_no_copy_behind(void **state)
{
    (void)state;
    json_malloc_t make;
    json_free_t drop;
    json_get_alloc_funcs(&make, &drop);
    assert_ptr_not_equal(drop, free);
    char *block = make(64);
    assert_non_null(block);
    memset(block, 'S', 64);
    /* The address goes through an integer so that the compiler does not see
     * the use after the free. */
    volatile uintptr_t address = (uintptr_t)block;
    drop(block);
    const volatile char *was = (const volatile char *)address;
    unsigned left = 0;
    for (unsigned i = 16; i < 64; i++) {
        left += was[i] == 'S';
    }
    assert_int_equal(left, 0);
}
#endif

static int start(void **state)
{
    (void)state;
    qrt_json_init();
    return 0;
}

static void what_is_written_moves_no_screen(void **state)
{
    (void)state;
    QRT_BUF text = {0};
    json_t *json = json_pack("{s:s}", "a\x7f", "\x7f\x7f b\x1b\xc2\x9b\x7f");
    assert_int_equal(qrt_json_write(&text, json, JSON_COMPACT, NULL), QRT_OK);
    assert_string_equal(qrt_buf_str(&text),
                        "{\"a\\u007F\":\"\\u007F\\u007F b\\u001B\\u009B\\u007F\"}\n");
    assert_int_equal(qrt_json_write(&text, NULL, 0, NULL), QRT_E_NOMEM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_one_clean_object_is_json),
        cmocka_unit_test(size_depth_and_number_are_bounded_before_parsing),
        cmocka_unit_test(one_array_can_be_left_unread),
        cmocka_unit_test(no_error_quotes_a_secret),
        cmocka_unit_test(getters_name_the_place),
        cmocka_unit_test(what_is_written_moves_no_screen),
#ifndef QRT_SANITIZED
        cmocka_unit_test(jansson_leaves_no_copy_behind),
#endif
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
