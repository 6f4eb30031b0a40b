#include "unit.h"

#include "vault/apply.h"
#include "vault/register_forms.h"

static struct qrt_state state;

static int state_make(void **ctx)
{
    (void)ctx;
    struct qrt_person *person = qrt_state_add_row(&state.people, sizeof *person);
    snprintf(person->id, sizeof person->id, "custodian-p1");
    struct qrt_account *account = qrt_state_add_row(&state.accounts, sizeof *account);
    snprintf(account->id, sizeof account->id, "123456789012");
    return qrt_state_index_account(&state) ? 0 : 1;
}

static int state_drop(void **ctx)
{
    (void)ctx;
    qrt_state_free(&state);
    return 0;
}

static const char *const form_names[] = {"text", "masked",  "mail",   "reader", "person", "account",
                                         "date", "offset",  "hours",  "place",  "node",   "id",
                                         "yes",  "contact", "device", "trigger"};
#define FORMS (sizeof form_names / sizeof form_names[0])

static void every_form_takes_what_the_vectors_say(void **ctx)
{
    char line[512];
    unsigned count[FORMS][2] = {{0}};
    (void)ctx;
    FILE *file = fopen(QRT_TESTS_DIR "/vectors/register.tsv", "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        char *answer = strchr(line, '\t');
        char *text = strchr(answer + 1, '\t');
        *answer++ = *text++ = '\0';
        text[strcspn(text, "\n")] = '\0';
        size_t form = 0;
        while (strcmp(form_names[form], line) != 0) {
            assert_true(++form < FORMS);
        }
        bool yes = strcmp(answer, "yes") == 0;
        if (qrt_register_is_form((enum qrt_register_form)form, &state, text) != yes) {
            fail_msg("%s: %s: %s", line, answer, text);
        }
        count[form][yes]++;
    }
    fclose(file);
    for (size_t form = 0; form < FORMS; form++) {
        assert_true(count[form][0] > 0 && count[form][1] > 0);
    }
}

static const char *check(const char *reg, const char *values)
{
    static char why[128];
    return qrt_register_check(why, qrt_register_find(reg), &state, values);
}

static void a_row_has_the_keys_of_its_register(void **ctx)
{
    (void)ctx;
    assert_null(check("mailbox", "address=root@example.com\nrecipient=custodian-p1\n"));
    assert_null(check("mailbox", "")); /* taken away */
    assert_string_equal(check("mailbox", "recipient=custodian-p1\n"), "address is missing");
    assert_string_equal(check("mailbox", "address=a@example.com\naddress=b@example.com\n"),
                        "address stands twice");
    assert_string_equal(check("mailbox", "address=a@example.com\nrecipient=custodian-p1\n"
                                         "recipient=custodian-p1\n"),
                        "a value stands twice");
    assert_non_null(check("mailbox", "address=a@example.com\nholder=custodian-p1\n"));
    assert_non_null(check("mailbox", "address\n"));
    assert_non_null(check("mailbox", "=a@example.com\n"));
    assert_non_null(check("phone", "number=+49 170 1234567\n"));
    assert_null(check("phone", "number=+49 *** **67\nholder=custodian-p1\n"));
    assert_null(qrt_register_find("vault"));
}

static void at_most_32_values_are_taken(void **ctx)
{
    char values[2048] = "";
    (void)ctx;
    for (unsigned i = 0; i < 33; i++) {
        snprintf(values + strlen(values), sizeof values - strlen(values), "needs=n%u\n", i);
        assert_int_equal(check("dependency", values) == NULL, i < 32);
    }
}

static void parts_are_read_as_they_are_written(void **ctx)
{
    (void)ctx;
    struct qrt_register_row row = {.value = "hours=mon-fri 08:15-24:00\nhours=sun 00:00-06:00\n"
                                            "utc-offset=-03:30\n"};
    struct qrt_span value;
    size_t at = 0;
    assert_true(qrt_register_next(&row, "hours", &at, &value));
    struct qrt_register_hours hours = qrt_register_hours(value);
    assert_int_equal(hours.first_day, 0);
    assert_int_equal(hours.last_day, 4);
    assert_int_equal(hours.from_min, 495);
    assert_int_equal(hours.to_min, 1440);
    assert_true(qrt_register_next(&row, "hours", &at, &value));
    hours = qrt_register_hours(value);
    assert_int_equal(hours.first_day, 6);
    assert_int_equal(hours.last_day, 6);
    assert_false(qrt_register_next(&row, "hours", &at, &value));
    assert_true(qrt_register_get(&row, "utc-offset", &value));
    assert_int_equal(qrt_register_offset(value), -210);
    assert_false(qrt_register_get(&row, "hour", &value));
    assert_int_equal(qrt_register_date((struct qrt_span){"1970-01-11", 10}), 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_takes_what_the_vectors_say),
        cmocka_unit_test(a_row_has_the_keys_of_its_register),
        cmocka_unit_test(at_most_32_values_are_taken),
        cmocka_unit_test(parts_are_read_as_they_are_written),
    };
    return cmocka_run_group_tests(tests, state_make, state_drop);
}
