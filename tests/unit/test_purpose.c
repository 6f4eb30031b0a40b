#include "unit.h"

#include "ceremony/open/purpose.h"

static void says(const struct qrt_policy *policy, const char *purpose, const char *words)
{
    QRT_BUF out = {0};
    qrt_purpose_words(&out, policy, purpose);
    assert_string_equal(qrt_buf_str(&out), words);
}

static void a_root_only_task_is_told_in_words(void **state)
{
    (void)state;
    struct qrt_policy policy = {0};
    says(&policy, "close-account", "Close the account");
    says(&policy, "drill", "Live sign-in as part of a drill");
}

static void what_is_no_task_stands_as_it_is(void **state)
{
    (void)state;
    struct qrt_policy policy = {0};
    says(&policy, "close-accoun", "close-accoun");
    says(&policy, "# Tasks for which AWS asks", "# Tasks for which AWS asks");
    says(&policy, "", "");
}

static void the_policy_s_own_words_come_first(void **state)
{
    (void)state;
    struct qrt_policy_purpose own = {"close-account", "Close it for good"};
    struct qrt_policy policy = {.purposes = &own, .purposes_count = 1};
    says(&policy, "close-account", "Close it for good");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_root_only_task_is_told_in_words),
        cmocka_unit_test(what_is_no_task_stands_as_it_is),
        cmocka_unit_test(the_policy_s_own_words_come_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
