/* What may be kept of a device, of security questions, or as a note. */
#include "unit.h"

#include "vault/item_text.h"
#include <string.h>

static enum qrt_code check_of(const char *kind, const char *text)
{
    struct qrt_err err;
    return qrt_item_text_check(kind, (const uint8_t *)text, strlen(text), &err);
}

static void lines_of_names_and_texts_are_taken(void **state)
{
    (void)state;
    assert_int_equal(check_of("device", "serial: GAKT0001\nbag: A-1007\nPIN: 4711"), QRT_OK);
    assert_int_equal(check_of("questions", "First teacher?: Ms. J\xc3\xbc"
                                           "rgens: the elder"),
                     QRT_OK);
    assert_int_equal(check_of("note", "Any line: or none\nwill do"), QRT_OK);
}

static void what_is_no_text_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "no name",      ": no name",    "name:",        "name: ",      "name:x",
        "a: b\n",       "a: b\n\nc: d", "a: b ",        " a: b",       "a: \x1b[2J",
        "a: b\r\nc: d", "a: \xff",      "a: e\xcc\x81", "a: \xc2\x9b", "a:  b",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (check_of("device", bad[i]) != QRT_E_FORMAT) {
            fail_msg("taken: %zu", i);
        }
    }
    assert_int_equal(check_of("note", "a\tb"), QRT_E_FORMAT);
    assert_int_equal(check_of("note", ""), QRT_E_RANGE);
}

static void a_text_has_at_most_1024_bytes(void **state)
{
    (void)state;
    char text[1026];
    memset(text, 'x', sizeof text);
    text[1024] = '\0';
    assert_int_equal(check_of("note", text), QRT_OK);
    text[1024] = 'x';
    text[1025] = '\0';
    assert_int_equal(check_of("note", text), QRT_E_RANGE);
}

static void there_are_five_kinds(void **state)
{
    (void)state;
    static const char *const kinds[] = {"password", "totp", "device", "questions", "note"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        assert_true(qrt_item_is_kind(kinds[i]));
        assert_int_equal(qrt_item_is_text(kinds[i]), i >= 2);
    }
    assert_false(qrt_item_is_kind("pin"));
    assert_false(qrt_item_is_kind(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_names_and_texts_are_taken),
        cmocka_unit_test(what_is_no_text_is_refused),
        cmocka_unit_test(a_text_has_at_most_1024_bytes),
        cmocka_unit_test(there_are_five_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
