#include "world.h"

#define POLICY_2 "11112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define POLICY_3 "22222233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define P_1      (1U << 2)
#define P_2      (1U << 3)
#define M_1      (1U << 5)

#define MFA      "mfa 2 custodian-m1,custodian-m2,custodian-m3"
#define PASSWORD "password 2 custodian-p1,custodian-p2,custodian-p3"

static size_t put_policy(struct world *w, const char *policy, const char *mfa, const char *password)
{
    return put(w, QRT_EV_POLICY_CHANGED, "operator-1", "policy", policy, "group", mfa, "group",
               password, "cosignatures", "1", NULL);
}

static size_t put_person(struct world *w, enum qrt_event_id event, const char *id, const char *role,
                         const char *policy)
{
    return put(w, event, "operator-1", "person", id, "role", role, "policy", policy, NULL);
}

static size_t put_left(struct world *w, const char *actor, const char *id)
{
    return put(w, QRT_EV_PERSON_LEFT, actor, "person", id, "reason", "another employer", NULL);
}

static void vkey_text(char out[static QRT_VKEY_MAX_CHARS + 1], const char *person,
                      const uint8_t key[static QRT_SIGN_KEY_BYTES])
{
    struct qrt_vkey vkey;
    char name[QRT_KEY_NAME_MAX_CHARS + 1];
    snprintf(name, sizeof name, "%s/%s", ORIGIN, person);
    assert_int_equal(qrt_vkey_make(&vkey, name, QRT_KEY_TYPE_COSIGN, qrt_sign_public(key), NULL),
                     QRT_OK);
    qrt_vkey_format(out, &vkey);
}

static size_t put_issued(struct world *w, const char *person,
                         const uint8_t key[static QRT_SIGN_KEY_BYTES])
{
    char vkey[QRT_VKEY_MAX_CHARS + 1];
    vkey_text(vkey, person, key);
    return put(w, QRT_EV_BADGE_ISSUED, "operator-1", "person", person, "vkey", vkey, "form",
               "wallet", NULL);
}

static size_t put_voided(struct world *w, const char *actor, const char *person,
                         const uint8_t key[static QRT_SIGN_KEY_BYTES])
{
    char vkey[QRT_VKEY_MAX_CHARS + 1];
    vkey_text(vkey, person, key);
    return put(w, QRT_EV_BADGE_VOIDED, actor, "person", person, "vkey", vkey, "reason", "lost",
               NULL);
}

/* Under the badges whose bits are set, and of others by name and key. */
static size_t seal_with(struct world *w, unsigned cosigners, const char *person,
                        const uint8_t key[static QRT_SIGN_KEY_BYTES])
{
    QRT_BUF lines = {0};
    for (size_t i = 0; i < PEOPLE; i++) {
        if ((cosigners & 1U << i) != 0) {
            add_line(&lines, w->origin, people[i], w->keys[i], NOTE_TEXT);
        }
    }
    add_line(&lines, w->origin, person, key, NOTE_TEXT);
    return seal_lines(w, &lines);
}

static const char *roles_of(const struct world *w, const char *person)
{
    return qrt_state_person(&w->state, person)->roles;
}

static void whoever_joins_does_so_by_a_policy_and_signs_with_the_badge(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put_person(&w, QRT_EV_PERSON_ADDED, "witness-9", "witness", POLICY_2), 0);
    assert_int_equal(put_policy(&w, POLICY_2, MFA, PASSWORD), 0);
    assert_int_equal(put_issued(&w, "witness-9", w.fresh[0]), 0);
    assert_int_equal(seal_with(&w, OPERATOR_1 | OPERATOR_2, "witness-9", w.fresh[0]), 0);
    assert_string_equal(roles_of(&w, "witness-9"), "witness");
    /* An id is of one person for ever. */
    assert_int_equal(put_person(&w, QRT_EV_PERSON_ADDED, "witness-9", "witness", POLICY_3), 1);
    assert_int_equal(put_person(&w, QRT_EV_PERSON_ADDED, "king-1", "king", POLICY_3), 2);
    assert_int_equal(put_policy(&w, POLICY_3, MFA, PASSWORD), 0);
    assert_int_equal(seal(&w, OPERATOR_1 | OPERATOR_2), 0);
}

static void a_person_whom_no_policy_names_is_a_fault(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    uint64_t at = w.index;
    assert_int_equal(put_person(&w, QRT_EV_PERSON_ADDED, "witness-8", "witness", POLICY_2), 0);
    assert_int_equal(seal(&w, OPERATOR_1 | P_1), 1);
    assert_int_equal(w.faults.list[w.faults.len - 1].index, at);
    /* Before it, not behind it; and of that policy. */
    assert_int_equal(put_policy(&w, POLICY_2, MFA, PASSWORD), 0);
    assert_int_equal(put_person(&w, QRT_EV_PERSON_ADDED, "witness-7", "witness", POLICY_2), 0);
    assert_int_equal(seal(&w, OPERATOR_1 | P_1), 1);
    assert_int_equal(put_person(&w, QRT_EV_PERSON_ADDED, "witness-6", "witness", POLICY_3), 0);
    assert_int_equal(put_person(&w, QRT_EV_PERSON_ADDED, "witness-5", "witness", POLICY_2), 1);
    assert_int_equal(put_policy(&w, POLICY_3, MFA, PASSWORD), 1);
    assert_int_equal(seal(&w, OPERATOR_1 | P_1), 0);
}

/* The evil case: whoever makes a badge for nobody has two. */
static void nobody_agrees_to_their_own_second_badge(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put_person(&w, QRT_EV_PERSON_ADDED, "operator-9", "operator", POLICY_2), 0);
    assert_int_equal(put_policy(&w, POLICY_2, MFA, PASSWORD), 0);
    assert_int_equal(put_issued(&w, "operator-9", w.fresh[0]), 0);
    assert_int_equal(seal_with(&w, OPERATOR_1, "operator-9", w.fresh[0]), 1);
    /* Nor by a badge of somebody whose own was lost, in the same commit. */
    assert_int_equal(put_voided(&w, "operator-1", "custodian-p1", w.keys[2]), 0);
    assert_int_equal(put_issued(&w, "custodian-p1", w.fresh[1]), 0);
    assert_int_equal(seal_with(&w, OPERATOR_1, "custodian-p1", w.fresh[1]), 1);
    /* It counts from the next commit on, and the former one no more. */
    assert_int_equal(put_left(&w, "operator-1", "custodian-m3"), 0);
    assert_int_equal(seal_with(&w, OPERATOR_1, "custodian-p1", w.fresh[1]), 0);
    assert_int_equal(put_left(&w, "operator-1", "custodian-m2"), 0);
    assert_int_equal(seal(&w, OPERATOR_1 | P_1), 2);
}

static void one_badge_is_not_enough_for_any_of_it(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put_policy(&w, POLICY_2, MFA, PASSWORD), 0);
    assert_int_equal(seal(&w, OPERATOR_1), 1);
    assert_int_equal(put_person(&w, QRT_EV_PERSON_CHANGED, "custodian-p1", "custodian", POLICY_3),
                     0);
    assert_int_equal(put_policy(&w, POLICY_3, MFA, PASSWORD), 0);
    assert_int_equal(seal(&w, OPERATOR_1), 1);
    assert_int_equal(put_left(&w, "operator-1", "custodian-m3"), 0);
    assert_int_equal(seal(&w, OPERATOR_1), 1);
    assert_int_equal(put_voided(&w, "operator-1", "custodian-p1", w.keys[2]), 0);
    assert_int_equal(seal(&w, OPERATOR_1), 1);
    assert_int_equal(put_issued(&w, "custodian-p1", w.fresh[0]), 0);
    assert_int_equal(seal_with(&w, OPERATOR_1, "custodian-p1", w.fresh[0]), 1);
}

static void a_badge_is_issued_to_whoever_is_there_and_has_none(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put_issued(&w, "nobody", w.fresh[0]), 1);
    assert_int_equal(put_issued(&w, "custodian-p1", w.fresh[0]), 1);
    assert_int_equal(put_left(&w, "operator-1", "custodian-p2"), 0);
    assert_int_equal(put_issued(&w, "custodian-p2", w.fresh[0]), 1);
    assert_int_equal(seal(&w, OPERATOR_1 | OPERATOR_2), 0);
    /* Somebody else's key; the name of somebody else; one that nobody has. */
    assert_int_equal(put_voided(&w, "operator-1", "custodian-p1", w.keys[2]), 0);
    assert_int_equal(put_issued(&w, "custodian-p1", w.keys[0]), 1);
    assert_int_equal(seal(&w, OPERATOR_1 | OPERATOR_2), 1);
    WORLD v;
    world_founded(&v);
    assert_int_equal(put_voided(&v, "operator-1", "custodian-p1", v.keys[2]), 0);
    assert_int_equal(put_issued(&v, "custodian-p1", v.fresh[0]), 0);
    assert_int_equal(seal(&v, OPERATOR_1 | OPERATOR_2), 1);
}

static void a_badge_is_voided_by_its_key_and_once(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put_voided(&w, "operator-1", "custodian-p1", w.keys[3]), 1);
    assert_int_equal(put_voided(&w, "operator-1", "custodian-p1", w.keys[2]), 0);
    assert_int_equal(put_voided(&w, "operator-1", "custodian-p1", w.keys[2]), 1);
    assert_int_equal(seal(&w, OPERATOR_1 | OPERATOR_2), 0);
    /* A void badge used. */
    assert_int_equal(put_exception(&w, "operator-1"), 0);
    assert_int_equal(seal(&w, OPERATOR_1 | P_1), 1);
}

static void whoever_left_signs_and_acts_no_more(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put_left(&w, "operator-1", "operator-2"), 0);
    assert_int_equal(put_left(&w, "operator-1", "operator-2"), 1);
    assert_int_equal(seal(&w, OPERATOR_1 | OPERATOR_2), 2); /* one badge, and one of nobody */
    assert_int_equal(put_exception(&w, "operator-2"), 0);
    assert_int_equal(seal(&w, OPERATOR_1 | OPERATOR_2), 2);
    assert_int_equal(put_person(&w, QRT_EV_PERSON_CHANGED, "operator-2", "operator", POLICY_2), 1);
    assert_int_equal(put_person(&w, QRT_EV_PERSON_ADDED, "operator-2", "operator", POLICY_2), 1);
    assert_int_equal(put_policy(&w, POLICY_2, MFA, PASSWORD), 0);
    assert_int_equal(seal(&w, OPERATOR_1 | P_1), 0);
}

static void whoever_acts_stays_an_operator_with_a_badge(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put_left(&w, "operator-1", "operator-1"), 0);
    assert_true(seal(&w, OPERATOR_2 | P_1) > 0);
    WORLD v;
    world_founded(&v);
    assert_int_equal(put_voided(&v, "operator-1", "operator-1", v.keys[0]), 0);
    assert_true(seal(&v, OPERATOR_2 | P_1) > 0);
    WORLD u;
    world_founded(&u);
    assert_int_equal(put_person(&u, QRT_EV_PERSON_CHANGED, "operator-1", "custodian", POLICY_2), 0);
    assert_int_equal(put_policy(&u, POLICY_2, MFA, PASSWORD), 0);
    assert_int_equal(seal(&u, OPERATOR_1 | P_1), 1);
}

static void another_group_needs_new_shares(void **state)
{
    (void)state;
    static const char *const rows[][3] = {
        {MFA, PASSWORD, "0"},
        {"mfa 2 custodian-m3,custodian-m1,custodian-m2", PASSWORD, "0"},
        {"mfa 3 custodian-m1,custodian-m2,custodian-m3", PASSWORD, "1"},
        {"mfa 2 custodian-m1,custodian-m2", PASSWORD, "1"},
        {"mfa 2 custodian-m1,custodian-m2", "password 2 custodian-m3,custodian-p1,custodian-p2",
         "2"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        WORLD w;
        world_founded(&w);
        uint64_t at = w.index;
        assert_int_equal(put_policy(&w, POLICY_2, rows[i][0], rows[i][1]), 0);
        assert_int_equal(seal(&w, OPERATOR_1 | M_1), rows[i][2][0] - '0');
        assert_true(w.faults.len == 0 || w.faults.list[0].index == at);
    }
}

static void a_custodian_who_left_stays_in_the_group_until_its_shares_are_new(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put_left(&w, "operator-1", "custodian-p2"), 0);
    assert_int_equal(seal(&w, OPERATOR_1 | P_1), 0);
    assert_int_equal(put_policy(&w, POLICY_2, MFA, PASSWORD), 0);
    assert_int_equal(seal(&w, OPERATOR_1 | P_1), 0);
    /* Their card is out, and a quorum of it and another still opens. */
    const char *intent = put_intent(&w);
    for (const char *const *s = (const char *const[]){"1", "2", "4", "5", NULL}; *s != NULL; s++) {
        assert_int_equal(put_accepted(&w, intent, *s), 0);
    }
    assert_int_equal(put_outcome(&w, intent, "done"), 0);
    assert_int_equal(seal(&w, OPERATOR_1), 0);
    /* Without the role nobody is in a group. */
    assert_int_equal(put_person(&w, QRT_EV_PERSON_CHANGED, "custodian-p1", "witness", POLICY_3), 0);
    assert_int_equal(put_policy(&w, POLICY_3, MFA, PASSWORD), 1);
}

static void who_left_before_the_split_gets_no_card(void **state)
{
    (void)state;
    WORLD w;
    world_until_intent(&w);
    assert_int_equal(put_left(&w, "operator-1", "custodian-p2"), 0);
    assert_int_equal(seal(&w, OPERATOR_1 | P_1), 0);
    assert_int_equal(put_key(&w, "1"), 0);
    assert_int_equal(put_edition(&w, "password", "2"), 0);
    assert_int_equal(put_card(&w, "password", "1", "0", "custodian-p1"), 0);
    assert_int_equal(put_card(&w, "password", "2", "1", "custodian-p2"), 1);
}

static void new_roles_count_from_there_on(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    struct qrt_draft draft = {0};
    qrt_draft_start(&draft, QRT_EV_PERSON_CHANGED, "operator-1");
    qrt_draft_text(&draft, "person", "custodian-p2");
    qrt_draft_text(&draft, "role", "custodian");
    qrt_draft_text(&draft, "role", "operator");
    qrt_draft_text(&draft, "policy", POLICY_2);
    assert_int_equal(put_draft(&w, &draft), 0);
    assert_int_equal(put_policy(&w, POLICY_2, MFA, PASSWORD), 0);
    assert_int_equal(seal(&w, OPERATOR_1 | P_1), 0);
    assert_string_equal(roles_of(&w, "custodian-p2"), "operator,custodian");
    assert_int_equal(put_exception(&w, "custodian-p2"), 0);
    assert_int_equal(seal(&w, P_2), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_joins_does_so_by_a_policy_and_signs_with_the_badge),
        cmocka_unit_test(a_person_whom_no_policy_names_is_a_fault),
        cmocka_unit_test(nobody_agrees_to_their_own_second_badge),
        cmocka_unit_test(one_badge_is_not_enough_for_any_of_it),
        cmocka_unit_test(a_badge_is_issued_to_whoever_is_there_and_has_none),
        cmocka_unit_test(a_badge_is_voided_by_its_key_and_once),
        cmocka_unit_test(whoever_left_signs_and_acts_no_more),
        cmocka_unit_test(whoever_acts_stays_an_operator_with_a_badge),
        cmocka_unit_test(another_group_needs_new_shares),
        cmocka_unit_test(a_custodian_who_left_stays_in_the_group_until_its_shares_are_new),
        cmocka_unit_test(who_left_before_the_split_gets_no_card),
        cmocka_unit_test(new_roles_count_from_there_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
