#include "unit.h"

#include "base/json.h"
#include "base/text.h"
#include "vault/policy_compare.h"

static json_t *base;

static int load_base(void **state)
{
    (void)state;
    qrt_json_init();
    QRT_JSON vectors = json_load_file(QRT_TESTS_DIR "/vectors/policy.json", 0, NULL);
    base = json_incref(json_object_get(vectors, "base"));
    return base == NULL;
}

static int free_base(void **state)
{
    (void)state;
    json_decref(base);
    return 0;
}

static void parse(struct qrt_policy *policy, const json_t *json)
{
    static char text[1 << 14];
    struct qrt_err err = {0};
    size_t len = json_dumpb(json, text, sizeof text, 0);
    assert_in_range(len, 1, sizeof text);
    if (qrt_policy_parse(policy, text, len, &err) != QRT_OK) {
        fail_msg("%s", err.what);
    }
}

/* The base policy against one that `change` made of it. */
struct pair {
    struct qrt_policy from;
    struct qrt_policy to;
    struct qrt_policy_changes changes;
    struct qrt_err err;
    enum qrt_code code;
    struct qrt_buf told;
};

static void pair_free(struct pair *pair)
{
    qrt_policy_free(&pair->from);
    qrt_policy_free(&pair->to);
    qrt_buf_free(&pair->told);
}
#define PAIR __attribute__((cleanup(pair_free))) struct pair

/* Takes the changed policy over. */
static void compare(struct pair *pair, json_t *changed)
{
    *pair = (struct pair){0};
    parse(&pair->from, base);
    parse(&pair->to, changed);
    json_decref(changed);
    pair->code = qrt_policy_compare(&pair->changes, &pair->from, &pair->to, &pair->err);
    if (pair->code == QRT_OK) {
        qrt_policy_tell_changes(&pair->told, &pair->changes);
    }
}

static json_t *person_of(json_t *policy, const char *id)
{
    size_t i;
    json_t *person;
    json_array_foreach(json_object_get(policy, "people"), i, person)
    {
        if (strcmp(json_string_value(json_object_get(person, "id")), id) == 0) {
            return person;
        }
    }
    fail_msg("%s", id);
    return NULL;
}

static json_t *with_person(const char *id, const char *name, const char *role)
{
    json_t *policy = json_deep_copy(base);
    json_array_append_new(json_object_get(policy, "people"),
                          json_pack("{s:s,s:s,s:[s]}", "id", id, "name", name, "roles", role));
    return policy;
}

static json_t *without_person(json_t *policy, const char *id)
{
    json_t *people = json_object_get(policy, "people");
    for (size_t i = json_array_size(people); i-- > 0;) {
        const json_t *person = json_array_get(people, i);
        if (strcmp(json_string_value(json_object_get(person, "id")), id) == 0) {
            json_array_remove(people, i);
        }
    }
    return policy;
}

static json_t *group_of(json_t *policy, const char *name)
{
    return json_object_get(json_object_get(policy, "groups"), name);
}

static void the_same_policy_has_no_differences(void **state)
{
    (void)state;
    json_t *policy = json_deep_copy(base);
    /* The order of a group's members says nothing, and accounts are the log's. */
    json_t *custodians = json_object_get(group_of(policy, "mfa"), "custodians");
    json_array_append(custodians, json_array_get(custodians, 0));
    json_array_remove(custodians, 0);
    json_object_del(policy, "accounts");
    PAIR pair;
    compare(&pair, policy);
    assert_int_equal(pair.code, QRT_OK);
    assert_false(qrt_policy_changes_anything(&pair.changes));
    assert_string_equal(qrt_buf_str(&pair.told), "");
}

static void who_joins_leaves_and_changes_is_told(void **state)
{
    (void)state;
    json_t *policy = without_person(with_person("witness-2", "Wim Two", "witness"), "witness-1");
    json_object_set_new(person_of(policy, "custodian-p1"), "roles",
                        json_pack("[s,s]", "custodian", "operator"));
    json_object_set_new(person_of(policy, "custodian-m1"), "site", json_string("north"));
    json_object_set_new(person_of(policy, "custodian-m2"), "name", json_string("Mia Tw\u202eo"));
    PAIR pair;
    compare(&pair, policy);
    assert_int_equal(pair.code, QRT_OK);
    assert_int_equal(pair.changes.joined_len, 1);
    assert_string_equal(pair.changes.joined[0]->id, "witness-2");
    assert_int_equal(pair.changes.left_len, 1);
    assert_string_equal(pair.changes.left[0]->id, "witness-1");
    assert_int_equal(pair.changes.changed_len, 3);
    assert_false(pair.changes.rest);
    assert_string_equal(qrt_buf_str(&pair.told),
                        "people: witness-2 joins, witness: Wim Two\n"
                        "people: custodian-p1 is operator, custodian from now on (was custodian)\n"
                        "people: custodian-m1 is at north (was south)\n"
                        "people: custodian-m2 is named Mia Tw\\xE2\\x80\\xAEo (was Mia Two): make "
                        "sure that it is the same person\n"
                        "people: witness-1 is no longer named: Zo\xc3\xab Stra\xc3\x9f"
                        "e\n");
}

static void a_group_that_needs_new_shares_is_told_apart(void **state)
{
    (void)state;
    json_t *policy = with_person("custodian-p4", "Pol Four", "custodian");
    json_t *group = group_of(policy, "password");
    json_array_set_new(json_object_get(group, "custodians"), 1, json_string("custodian-p4"));
    json_object_set_new(group_of(policy, "mfa"), "threshold", json_integer(3));
    PAIR pair;
    compare(&pair, policy);
    assert_int_equal(pair.code, QRT_OK);
    assert_true(pair.changes.members[QRT_GROUP_PASSWORD]);
    assert_false(pair.changes.threshold[QRT_GROUP_PASSWORD]);
    assert_false(pair.changes.members[QRT_GROUP_MFA]);
    assert_true(pair.changes.threshold[QRT_GROUP_MFA]);
    assert_true(qrt_policy_changes_group(&pair.changes, QRT_GROUP_PASSWORD));
    assert_true(qrt_policy_changes_group(&pair.changes, QRT_GROUP_MFA));
    assert_string_equal(qrt_buf_str(&pair.told), "people: custodian-p4 joins, custodian: Pol Four\n"
                                                 "groups.password: custodian-p4 comes in\n"
                                                 "groups.password: custodian-p2 goes out\n"
                                                 "groups.mfa.threshold: 3 (was 2)\n");
}

/* Each rule by itself: what is told, and that nothing else is. */
static void every_rule_that_changes_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        const char *value; /* JSON */
        const char *told;
    } rows[] = {
        {"cosignatures", "2", "cosignatures: 2 (was 1)\n"},
        {"second_person", "true", "second_person: true: a session needs a second person's badge\n"},
        {"drill_days", "30", "drill_days: 30 (was 90)\n"},
        {"after_opening", "\"reissue\"", "after_opening: reissue (was reseal)\n"},
        {"organization", "\"Example plc\"", "organization: Example plc\n"},
        {"machine_exceptions", "[\"swap\"]", "machine_exceptions: swap\n"},
        {"purposes", "[{\"id\":\"a\",\"words\":\"b\"}]", "purposes: others, 1 (were 0)\n"},
        {"sites",
         "[{\"id\":\"north\",\"safes\":[\"n1\",\"n3\"]},{\"id\":\"south\",\"safes\":[\"s1\"]}]",
         "sites: others, 2 (were 2)\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *policy = json_deep_copy(base);
        json_object_set_new(policy, rows[i].key, json_loads(rows[i].value, JSON_DECODE_ANY, NULL));
        PAIR pair;
        compare(&pair, policy);
        assert_int_equal(pair.code, QRT_OK);
        assert_string_equal(qrt_buf_str(&pair.told), rows[i].told);
        assert_true(qrt_policy_changes_anything(&pair.changes));
    }
}

static void another_vaults_policy_cannot_follow(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        const char *value;
        const char *error;
    } rows[] = {
        {"vault", "\"example.com/other\"",
         "vault: this is example.com/root, and the policy of example.com/other"},
        {"practice", "true", "practice: a vault is for practice for all its life, or never"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *policy = json_deep_copy(base);
        json_object_set_new(policy, rows[i].key, json_loads(rows[i].value, JSON_DECODE_ANY, NULL));
        PAIR pair;
        compare(&pair, policy);
        assert_int_equal(pair.code, QRT_E_FORMAT);
        assert_string_equal(pair.err.what, rows[i].error);
        assert_null(pair.changes.from);
    }
}

/* One name, written as people, forms and keyboards write it. */
static const char *const spellings[][6] = {
    {"Zo\u00eb Stra\u00dfe", "ZO\u00cb STRASSE", "zo\u00eb\u00a0stra\u00dfe",
     "Zo\u00eb \u2003 Stra\u1e9ee", "\uff3a\uff2f\u00cb \uff33\uff34\uff32\uff21\uff33\uff33\uff25",
     "Zo\u00eb\u3000Stra\u200bsse"},
    {"I\u015f\u0131k \u0130pek", "I\u015eIK IPEK", "\u0131\u015f\u0131k ipek",
     "i\u015fik \u0130PEK", "I\u015fIk\u1680\u0131pek", "\u0131\u015fik\u2028\u0130pek"},
    {"\u0393\u03b9\u03ce\u03c1\u03b3\u03bf\u03c2", "\u0393\u0399\u038f\u03a1\u0393\u039f\u03a3",
     "\u03b3\u03b9\u03ce\u03c1\u03b3\u03bf\u03c3",
     "\u0393\u03b9\u03ce\u03c1\u03b3\u03bf\u03c2\u2009",
     "\u0393\u03b9\u03ce\u03c1\u03b3\u03bf\u00ad\u03c2",
     "\u202f\u0393\u03b9\u03ce\u03c1\u03b3\u03bf\u03c2"},
    {"Nguy\u1ec5n Th\u1ecb", "NGUY\u1ec4N TH\u1eca", "nguye\u0302\u0303n thi\u0323",
     "Nguy\u00ea\u0303n  Th\u1ecb", "Nguy\u1ec5n\tTh\u1ecb", "nGUY\u1ec5N tH\u1ecb"},
    {"\u01c5eko \ufb01ne", "\u01c4EKO FINE", "d\u017eeko fine", "D\u017eeko F\u0131NE",
     "\u01c6eko \ufb01NE", "D\u017dEKO \uff26\uff29\uff2e\uff25"},
    {"Niamh O'Brien-Kay", "Niamh O\u2019Brien\u2010Kay", "NIAMH O\u02bcBRIEN\u2011KAY",
     "Niamh\u2800O\u2018Brien\u2212Kay", "Niamh\u3164O\uff07Brien\uff0dKay",
     "Niamh \uffa0O`Brien\u2013Kay"},
    {"Niamh O\u00b4Brien Kay", "Niamh O\u2032Brien\u115fKay", "niamh o\u201bbrien kay",
     "Niamh O\u02b9Brien Kay\u3164", "NIAMH O'BRIEN\u00a0KAY", "Niamh O\u02bbBrien Kay"},
};

static void the_spellings_of_a_name_are_one_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        for (size_t a = 0; a < 6; a++) {
            QRT_BUF once = {0};
            QRT_BUF twice = {0};
            qrt_text_fold_name(&once, spellings[i][a]);
            qrt_text_fold_name(&twice, qrt_buf_str(&once));
            assert_string_equal(qrt_buf_str(&once), qrt_buf_str(&twice));
            for (size_t j = 0; j < sizeof spellings / sizeof spellings[0]; j++) {
                for (size_t b = 0; b < 6; b++) {
                    assert_int_equal(qrt_text_same_name(spellings[i][a], spellings[j][b]), i == j);
                }
            }
        }
    }
}

/* Whoever is in one group and comes back with another id is known by the name. */
static void one_person_keeps_one_id(void **state)
{
    (void)state;
    static const char *const names[] = {"PAUL  TWO", "paul\u00a0two", "Paul Two\u200b",
                                        "\uff30aul Two"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        json_t *policy =
            without_person(with_person("custodian-m4", names[i], "custodian"), "custodian-p2");
        json_array_remove(json_object_get(group_of(policy, "password"), "custodians"), 1);
        json_array_append_new(json_object_get(group_of(policy, "mfa"), "custodians"),
                              json_string("custodian-m4"));
        PAIR pair;
        compare(&pair, policy);
        assert_int_equal(pair.code, QRT_E_FORMAT);
        assert_string_equal(pair.err.what, "people: custodian-m4 has the name of custodian-p2: one "
                                           "person keeps one id");
    }
    PAIR pair; /* another name is another person */
    compare(&pair, with_person("custodian-m4", "Paul Too", "custodian"));
    assert_int_equal(pair.code, QRT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_policy_has_no_differences),
        cmocka_unit_test(who_joins_leaves_and_changes_is_told),
        cmocka_unit_test(a_group_that_needs_new_shares_is_told_apart),
        cmocka_unit_test(every_rule_that_changes_is_told),
        cmocka_unit_test(another_vaults_policy_cannot_follow),
        cmocka_unit_test(the_spellings_of_a_name_are_one_name),
        cmocka_unit_test(one_person_keeps_one_id),
    };
    return cmocka_run_group_tests(tests, load_base, free_base);
}
