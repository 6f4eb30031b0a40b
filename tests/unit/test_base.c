#include "unit.h"

#include "base/base32.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/text.h"
#include <quorate/secret.h>

static void base32_gives_the_rfc_vectors(void **state)
{
    (void)state;
    static const char *rows[][2] = {{"", ""},
                                    {"f", "MY"},
                                    {"fo", "MZXQ"},
                                    {"foo", "MZXW6"},
                                    {"foob", "MZXW6YQ"},
                                    {"fooba", "MZXW6YTB"},
                                    {"foobar", "MZXW6YTBOI"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[32] = {0};
        size_t n = strlen(rows[i][0]);
        qrt_base32_encode(text, QRT_BASE32_CHARS(n), (const uint8_t *)rows[i][0], n);
        assert_string_equal(text, rows[i][1]);
        uint8_t back[16];
        size_t len;
        assert_int_equal(qrt_base32_decode(back, sizeof back, &len, text, strlen(text), NULL), 0);
        assert_int_equal(len, n);
        assert_memory_equal(back, rows[i][0], n);
    }
}

static void base32_refuses_every_other_form(void **state)
{
    (void)state;
    static const char *rows[] = {
        "M", "MZX", "MZXW6Y", "mzxw6", "MZXW6===", "MZ", "MZXW1", "MZXW8", "MZXR", "MZXW\xc3"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t out[16];
        size_t len;
        struct qrt_err err;
        assert_int_equal(qrt_base32_decode(out, sizeof out, &len, rows[i], strlen(rows[i]), &err),
                         QRT_E_FORMAT);
        assert_int_equal(len, 0);
    }
    uint8_t two[2];
    size_t len;
    assert_int_equal(qrt_base32_decode(two, 2, &len, "MZXW6", 5, NULL), QRT_E_RANGE);
}

static void base32_knows_each_of_the_256_characters(void **state)
{
    (void)state;
    for (unsigned c = 0; c < 256; c++) {
        char text[8] = {(char)c, 'A', 'A', 'A', 'A', 'A', 'A', 'A'};
        uint8_t out[5];
        size_t len;
        int ok = (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7');
        enum qrt_code code = qrt_base32_decode(out, 5, &len, text, 8, NULL);
        assert_int_equal(code, ok ? QRT_OK : QRT_E_FORMAT);
        if (ok) {
            assert_int_equal(out[0] >> 3, c >= 'A' ? c - 'A' : c - '2' + 26);
        }
    }
}

static void a_reader_stays_failed_after_an_overrun(void **state)
{
    (void)state;
    uint8_t data[] = {1, 2, 3, 4, 5, 6, 7};
    struct qrt_reader r = qrt_reader_of(data, sizeof data);
    assert_int_equal(qrt_read_u16(&r), 0x0102);
    assert_int_equal(qrt_read_u32(&r), 0x03040506);
    assert_int_equal(qrt_read_u16(&r), 0);
    assert_true(r.failed);
    assert_int_equal(qrt_read_u8(&r), 0);
    assert_false(qrt_reader_done(&r));
}

static void a_writer_never_passes_its_end(void **state)
{
    (void)state;
    uint8_t data[5] = {0, 0, 0, 0, 9};
    struct qrt_writer w = qrt_writer_of(data, 4);
    qrt_write_u16(&w, 0x0a0b);
    qrt_write_u32(&w, 1);
    qrt_write_u8(&w, 7);
    assert_true(w.failed);
    assert_int_equal(w.len_bytes, 2);
    assert_int_equal(data[4], 9);
}

static void a_time_is_read_only_in_its_one_form(void **state)
{
    (void)state;
    int64_t t;
    assert_true(qrt_clock_parse("2026-11-21T00:00:01Z", 20, &t));
    assert_int_equal(t, 1795219201);
    static const char *bad[] = {"2026-11-31T00:00:01Z", "2026-11-21T24:00:01Z",
                                "2026-11-21T00:00:60Z", "2026-11-21 00:00:01Z",
                                "2026-11-21T00:00:01z", "2026-13-21T00:00:01Z",
                                "+026-11-21T00:00:01Z"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(qrt_clock_parse(bad[i], 20, &t));
    }
}

static void hostile_text_is_made_visible(void **state)
{
    (void)state;
    static const char *rows[][2] = {
        {"plain", "plain"},
        {"\x1b[31mred", "\\x1B[31mred"},
        {"a\nb", "a\\x0Ab"},
        {"\xc2\x9b", "\\xC2\\x9B"},
        {"\xe2\x80\xaegnp", "\\xE2\\x80\\xAEgnp"},
        {"\xe2\x80\x8b", "\\xE2\\x80\\x8B"},
        {"\xff", "\\xFF"},
        {"Zo\xc3\xab \\", "Zo\xc3\xab \\\\"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        QRT_BUF out = {0};
        qrt_text_escape(&out, rows[i][0], strlen(rows[i][0]));
        assert_string_equal(qrt_buf_str(&out), rows[i][1]);
    }
}

static void paper_shows_one_sign_for_each_hostile_character(void **state)
{
    (void)state;
#define SIGN "\xEF\xBF\xBD"
    static const char *rows[][2] = {
        {"Z\xc3\xbcrich \\ \xd7\x90", "Z\xc3\xbcrich \\ \xd7\x90"}, {"a\nb\x1b", "a" SIGN "b" SIGN},
        {"\xe2\x80\xaegnp\xe2\x80\x8b", SIGN "gnp" SIGN},           {"\xff\xc2\xad", SIGN SIGN},
        {"a\xcc\x81\xcc\x82\xcc\x83", "a\xcc\x81\xcc\x82" SIGN},    {"\xcc\x81", SIGN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        QRT_BUF out = {0};
        qrt_text_for_paper(&out, rows[i][0], strlen(rows[i][0]));
        assert_string_equal(qrt_buf_str(&out), rows[i][1]);
    }
}

static void one_person_under_two_spellings_is_one_person(void **state)
{
    (void)state;
    assert_true(qrt_text_same_name("Zo\xc3\xab  Example", " zoe\xcc\x88 EXAMPLE "));
    assert_true(qrt_text_same_name("stra\xc3\x9f"
                                   "e",
                                   "STRASSE"));
    assert_true(qrt_text_same_name("ex\xe2\x80\x8b"
                                   "ample",
                                   "example"));
    assert_false(qrt_text_same_name("custodian-p1", "custodian-p2"));
}

static void a_name_of_marks_that_show_nothing_is_not_seen(void **state)
{
    (void)state;
    assert_false(qrt_text_is_seen(""));
    assert_false(qrt_text_is_seen("\xe2\x80\x8b \xe2\x81\xa0\xc2\xad"));
    assert_true(qrt_text_is_seen("\xe2\x80\x8b"
                                 "a"));
    assert_true(qrt_text_is_seen("\xe2\x9c\x93"));
}

static void a_secret_holds_no_more_than_its_size(void **state)
{
    (void)state;
    QRT_SECRET s = {0};
    assert_int_equal(qrt_secret_init(&s, 4, NULL), QRT_OK);
    assert_int_equal(qrt_secret_append(&s, "abc", 3, NULL), QRT_OK);
    assert_int_equal(qrt_secret_append(&s, "de", 2, NULL), QRT_E_RANGE);
    assert_int_equal(s.len_bytes, 3);
    QRT_SECRET t = {0};
    qrt_secret_move(&t, &s);
    assert_null(s.data);
    assert_memory_equal(t.data, "abc", 3);
}

static void decimals_have_one_form(void **state)
{
    (void)state;
    uint64_t v;
    assert_true(qrt_text_u64("18446744073709551615", 20, UINT64_MAX, &v));
    assert_int_equal(v, UINT64_MAX);
    assert_false(qrt_text_u64("18446744073709551616", 20, UINT64_MAX, &v));
    assert_false(qrt_text_u64("01", 2, 9, &v));
    assert_false(qrt_text_u64("", 0, 9, &v));
    assert_false(qrt_text_u64("+1", 2, 9, &v));
    assert_false(qrt_text_u64("10", 2, 9, &v));
}

static void a_time_is_read_back_over_ten_thousand_years(void **state)
{
    (void)state;
    /* Five days less some seconds, so that hours, minutes and seconds change too. */
    for (int64_t t = -62167219200; t <= 253402300799; t += 5 * 86400 - 3661) {
        char text[QRT_TIME_CHARS + 1];
        int64_t back;
        qrt_clock_format(text, t);
        assert_true(qrt_clock_parse(text, QRT_TIME_CHARS, &back));
        assert_int_equal(back, t);
    }
    static const struct {
        const char *text;
        int good;
    } rows[] = {
        {"2000-02-29T00:00:00Z", 1}, {"2024-02-29T00:00:00Z", 1}, {"1900-02-29T00:00:00Z", 0},
        {"2100-02-29T00:00:00Z", 0}, {"2023-02-29T00:00:00Z", 0}, {"2024-02-30T00:00:00Z", 0},
        {"2024-04-31T00:00:00Z", 0}, {"2024-12-31T23:59:59Z", 1}, {"2024-13-01T00:00:00Z", 0},
        {"2024-00-01T00:00:00Z", 0}, {"2024-01-00T00:00:00Z", 0}, {"2024-01-01T24:00:00Z", 0},
        {"2024-01-01T00:60:00Z", 0}, {"2024-01-01T00:00:-1Z", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t ignored;
        assert_int_equal(qrt_clock_parse(rows[i].text, QRT_TIME_CHARS, &ignored), rows[i].good);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base32_gives_the_rfc_vectors),
        cmocka_unit_test(base32_refuses_every_other_form),
        cmocka_unit_test(base32_knows_each_of_the_256_characters),
        cmocka_unit_test(a_reader_stays_failed_after_an_overrun),
        cmocka_unit_test(a_writer_never_passes_its_end),
        cmocka_unit_test(a_time_is_read_only_in_its_one_form),
        cmocka_unit_test(hostile_text_is_made_visible),
        cmocka_unit_test(one_person_under_two_spellings_is_one_person),
        cmocka_unit_test(a_name_of_marks_that_show_nothing_is_not_seen),
        cmocka_unit_test(paper_shows_one_sign_for_each_hostile_character),
        cmocka_unit_test(a_secret_holds_no_more_than_its_size),
        cmocka_unit_test(decimals_have_one_form),
        cmocka_unit_test(a_time_is_read_back_over_ten_thousand_years),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
