#include "unit.h"

#include "base/json.h"
#include "vault/policy.h"

#define VECTORS    QRT_TESTS_DIR "/vectors/policy.json"
#define TEXT_BYTES ((size_t)1 << 20)

static json_t *vectors;
static char text[TEXT_BYTES];

static int load_vectors(void **state)
{
    (void)state;
    qrt_json_init();
    vectors = json_load_file(VECTORS, 0, NULL);
    return vectors == NULL;
}

static int free_vectors(void **state)
{
    (void)state;
    json_decref(vectors);
    return 0;
}

/* Sets or removes what `at`, a path of keys and indices parted by slashes, names. */
static void change(json_t *place, const char *at, json_t *value)
{
    char way[128];
    snprintf(way, sizeof way, "%s", at + 1);
    char *rest = way;
    char *step = strsep(&rest, "/");
    for (; rest != NULL; step = strsep(&rest, "/")) {
        place = json_is_array(place) ? json_array_get(place, strtoul(step, NULL, 10))
                                     : json_object_get(place, step);
        assert_non_null(place);
    }
    if (json_is_array(place)) {
        assert_int_equal(json_array_set(place, strtoul(step, NULL, 10), value), 0);
    } else if (value != NULL) {
        assert_int_equal(json_object_set(place, step, value), 0);
    } else {
        assert_int_equal(json_object_del(place, step), 0);
    }
}

/* Writes the base policy, changed at one place (or not), to `text`. */
static size_t write_policy(const char *at, json_t *value)
{
    QRT_JSON json = json_deep_copy(json_object_get(vectors, "base"));
    if (at != NULL) {
        change(json, at, value);
    }
    return json_dumpb(json, text, sizeof text, JSON_INDENT(1));
}

static void each_case_gets_its_verdict_and_its_words(void **state)
{
    (void)state;
    size_t index;
    json_t *row;
    json_array_foreach(json_object_get(vectors, "cases"), index, row)
    {
        size_t len = write_policy(json_string_value(json_object_get(row, "at")),
                                  json_object_get(row, "value"));
        const char *error = json_string_value(json_object_get(row, "error"));
        QRT_POLICY policy = {0};
        struct qrt_err err = {0};
        enum qrt_code code = qrt_policy_parse(&policy, text, len, &err);
        assert_string_equal(err.what, error != NULL ? error : "");
        assert_int_equal(qrt_code_exit(code), error != NULL ? 2 : 0);
        assert_int_equal(policy.json == NULL, error != NULL);
    }
    assert_true(index > 80);
}

static void a_policy_is_read_whole(void **state)
{
    (void)state;
    size_t len = write_policy(NULL, NULL);
    QRT_POLICY policy = {0};
    assert_int_equal(qrt_policy_parse(&policy, text, len, NULL), QRT_OK);
    assert_string_equal(policy.origin, "example.com/root");
    assert_string_equal(policy.organization, "Example Ltd");
    assert_int_equal(policy.people_count, 8);
    assert_int_equal(policy.people[2].roles, QRT_ROLE_CUSTODIAN | QRT_ROLE_WITNESS);
    assert_string_equal(policy.people[4].site, "south");
    assert_null(policy.people[5].site);
    assert_int_equal(policy.groups[QRT_GROUP_MFA].threshold, 2);
    assert_int_equal(policy.groups[QRT_GROUP_MFA].count, 3);
    assert_string_equal(policy.groups[QRT_GROUP_PASSWORD].custodians[1], "custodian-p2");
    assert_int_equal(policy.accounts_count, 2);
    assert_string_equal(qrt_policy_account(&policy, "payments")->email, "p@b.io");
    assert_int_equal(policy.drill_days, 90);
    assert_int_equal(policy.cosignatures, 1);
    assert_int_equal(qrt_policy_site(&policy, "north")->safes_count, 2);
    assert_null(qrt_policy_person(&policy, "nobody"));
    enum qrt_group group;
    assert_true(qrt_policy_group_of(&policy, &group, "custodian-m3"));
    assert_int_equal(group, QRT_GROUP_MFA);
    assert_false(qrt_policy_group_of(&policy, &group, "operator-1"));
    assert_false(qrt_policy_excepts(&policy, "swap"));
}

static void the_rules_of_a_policy_are_read_without_its_accounts(void **state)
{
    (void)state;
    size_t len = write_policy(NULL, NULL);
    QRT_POLICY policy = {0};
    assert_int_equal(qrt_policy_parse_rules(&policy, text, len, NULL), QRT_OK);
    assert_int_equal(policy.accounts_count, 0);
    assert_int_equal(policy.people_count, 8);
    assert_int_equal(qrt_policy_site(&policy, "north")->safes_count, 2);
}

static void warnings_name_what_may_be_regretted(void **state)
{
    (void)state;
    QRT_POLICY policy = {0};
    json_t *group = json_pack("{s:i,s:[s],s:b}", "threshold", 1, "custodians", "custodian-m1",
                              "accept_single_holder", 1);
    size_t len = write_policy("/groups/mfa", group);
    json_decref(group);
    assert_int_equal(qrt_policy_parse(&policy, text, len, NULL), QRT_OK);
    QRT_BUF lines = {0};
    qrt_policy_warn(&lines, &policy);
    assert_non_null(strstr(qrt_buf_str(&lines), "groups.mfa: one holder stands"));
    assert_non_null(strstr(qrt_buf_str(&lines), "groups.mfa: all 1 are needed"));
    assert_null(strstr(qrt_buf_str(&lines), "groups.password"));
    assert_non_null(strstr(qrt_buf_str(&lines), "one operator alone"));
}

static void limits_on_numbers_hold(void **state)
{
    (void)state;
    json_t *accounts = json_array();
    for (int i = 0; i <= QRT_POLICY_ACCOUNTS_MAX; i++) {
        json_array_append_new(accounts, json_pack("{s:o,s:s,s:s}", "id", json_sprintf("%012d", i),
                                                  "name", "Account", "email", "root@example.com"));
    }
    struct qrt_err err = {0};
    QRT_POLICY policy = {0};
    size_t len = write_policy("/accounts", accounts);
    assert_int_equal(qrt_policy_parse(&policy, text, len, &err), QRT_E_RANGE);
    assert_string_equal(err.what, "accounts: 4097 of them are more than 4096");
    json_array_remove(accounts, 0);
    len = write_policy("/accounts", accounts);
    assert_int_equal(qrt_policy_parse(&policy, text, len, &err), QRT_OK);
    assert_int_equal(policy.accounts_count, QRT_POLICY_ACCOUNTS_MAX);
    json_decref(accounts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_case_gets_its_verdict_and_its_words),
        cmocka_unit_test(a_policy_is_read_whole),
        cmocka_unit_test(the_rules_of_a_policy_are_read_without_its_accounts),
        cmocka_unit_test(warnings_name_what_may_be_regretted),
        cmocka_unit_test(limits_on_numbers_hold),
    };
    return cmocka_run_group_tests(tests, load_vectors, free_vectors);
}
