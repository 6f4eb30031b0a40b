#include "unit.h"

#include "audit/coalition.h"
#include "audit/loss.h"
#include "audit/separation.h"

/* Two password custodians, two MFA custodians, a clerk; each group's cards in a
 * safe of its own. What a test changes is what is to be found. */
struct office {
    struct qrt_facts facts;
    struct qrt_fact_person people[5];
    struct qrt_fact_card cards[4];
    struct qrt_fact_safe safes[3];
    struct qrt_fact_channel channels[2];
    struct qrt_apart found[8];
    size_t found_len;
};

static void office_make(struct office *o)
{
    *o = (struct office){
        .people = {{.id = "p1", .name = "Anna Bauer"},
                   {.id = "p2", .name = "Bert Chan"},
                   {.id = "m1", .name = "Carl Diaz"},
                   {.id = "m2", .name = "Dora Eng"},
                   {.id = "clerk", .name = "Emil Fox"}},
        .cards = {{QRT_GROUP_PASSWORD, 1, 0, 0, 0, false},
                  {QRT_GROUP_PASSWORD, 2, 1, 0, 0, false},
                  {QRT_GROUP_MFA, 3, 2, 1, 1, false},
                  {QRT_GROUP_MFA, 4, 3, 1, 1, false}},
        .safes = {{.name = "a/1", .known = true}, {.name = "b/1", .known = true}, {.name = "c/1"}},
        .channels = {{.kind = QRT_CHANNEL_MAILBOX, .name = "root", .safe = QRT_NOWHERE},
                     {.kind = QRT_CHANNEL_PHONE, .name = "sim", .safe = 2}}};
    qrt_members_add(&o->safes[0].holders, 0);
    qrt_members_add(&o->safes[1].holders, 2);
    qrt_members_add(&o->channels[0].holders, 4);
    qrt_members_add(&o->channels[1].holders, 1);
    o->facts = (struct qrt_facts){.people = o->people,
                                  .people_len = 5,
                                  .cards = o->cards,
                                  .cards_len = 4,
                                  .safes = o->safes,
                                  .safes_len = 3,
                                  .channels = o->channels,
                                  .channels_len = 2,
                                  .threshold = {2, 2}};
}

/* Finds exactly one, and gives it. */
static struct qrt_apart the_one(struct office *o, enum qrt_separation rule)
{
    assert_int_equal(qrt_separation_find(o->found, &o->found_len, 8, &o->facts, NULL), QRT_OK);
    assert_int_equal(o->found_len, 1);
    assert_int_equal(o->found[0].rule, rule);
    return o->found[0];
}

static void an_office_in_order_has_no_finding(void **state)
{
    struct office o;
    (void)state;
    office_make(&o);
    assert_int_equal(qrt_separation_find(o.found, &o.found_len, 8, &o.facts, NULL), QRT_OK);
    assert_int_equal(o.found_len, 0);
}

static void one_person_in_both_groups_is_found_under_another_spelling(void **state)
{
    /* Case, white space, a composed and a decomposed letter, a full-width one. */
    static const char *const spellings[] = {"anna bauer", "  Anna \t Bauer ", "ANNA BAUER",
                                            "\uFF21nna Bauer"};
    struct office o;
    (void)state;
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        office_make(&o);
        o.people[3].name = spellings[i];
        struct qrt_apart apart = the_one(&o, QRT_APART_GROUPS);
        assert_int_equal(apart.person, 0);
        assert_int_equal(apart.other, 3);
    }
    office_make(&o);
    o.people[0].name = "J\u00F6rg Muster";
    o.people[2].name = "Jo\u0308rg MUSTER";
    assert_int_equal(qrt_separation_find(o.found, &o.found_len, 8, &o.facts, NULL), QRT_OK);
    assert_int_equal(o.found_len, 2); /* and both combinations are theirs */
    assert_int_equal(o.found[0].rule, QRT_APART_GROUPS);
    assert_int_equal(o.found[1].rule, QRT_APART_COMBINATIONS);
}

static void a_safe_with_cards_of_both_groups_is_found(void **state)
{
    struct office o;
    (void)state;
    office_make(&o);
    o.cards[2].safe = 2;
    o.cards[1].safe = 2;
    o.channels[1].safe = QRT_NOWHERE;
    assert_int_equal(the_one(&o, QRT_APART_SAFE).safe, 2);
}

static void a_phone_in_a_safe_with_a_card_is_found(void **state)
{
    struct office o;
    (void)state;
    office_make(&o);
    o.channels[1].safe = 1;
    struct qrt_apart apart = the_one(&o, QRT_APART_SAFE_CHANNEL);
    assert_int_equal(apart.safe, 1);
    assert_int_equal(apart.channel, 1);
    /* A token may lie with MFA cards, and not with password cards. */
    o.channels[1].kind = QRT_CHANNEL_DEVICE;
    assert_int_equal(qrt_separation_find(o.found, &o.found_len, 8, &o.facts, NULL), QRT_OK);
    assert_int_equal(o.found_len, 0);
    o.channels[1].safe = 0;
    (void)the_one(&o, QRT_APART_SAFE_CHANNEL);
}

static void whoever_has_mailbox_and_phone_is_found(void **state)
{
    struct office o;
    (void)state;
    office_make(&o);
    o.people[1].name = "EMIL FOX";
    struct qrt_apart apart = the_one(&o, QRT_APART_MAILBOX_PHONE);
    assert_int_equal(apart.person, 4);
    assert_int_equal(apart.other, 1);
    /* Or opens the safe where the phone lies. */
    office_make(&o);
    qrt_members_add(&o.safes[2].holders, 4);
    (void)the_one(&o, QRT_APART_MAILBOX_PHONE);
}

static void whoever_opens_safes_of_both_groups_is_found(void **state)
{
    struct office o;
    (void)state;
    office_make(&o);
    qrt_members_add(&o.safes[1].holders, 0);
    struct qrt_apart apart = the_one(&o, QRT_APART_COMBINATIONS);
    assert_int_equal(apart.person, 0);
    assert_int_equal(apart.other, 0);
}

static void every_card_needed_is_told(void **state)
{
    struct office o;
    (void)state;
    office_make(&o);
    assert_true(qrt_loss_none_to_spare(&o.facts, QRT_GROUP_MFA));
    o.facts.threshold[QRT_GROUP_PASSWORD] = 1;
    assert_false(qrt_loss_none_to_spare(&o.facts, QRT_GROUP_PASSWORD));
    o.people[0].gone = true;
    assert_true(qrt_loss_none_to_spare(&o.facts, QRT_GROUP_PASSWORD));
    o.people[0].gone = false;
    o.cards[1].missing = true;
    assert_true(qrt_loss_none_to_spare(&o.facts, QRT_GROUP_PASSWORD));
    o.facts.threshold[QRT_GROUP_MFA] = 1;
    assert_false(qrt_loss_none_to_spare(&o.facts, QRT_GROUP_MFA));
}

static void one_who_opens_both_safes_is_sufficient_alone(void **state)
{
    static struct qrt_minimal found;
    struct office o;
    (void)state;
    office_make(&o);
    qrt_takeover_find(&found, &o.facts, QRT_TAKEOVER_CARDS, 1);
    assert_int_equal(found.sets_len, 0);
    qrt_members_add(&o.safes[0].holders, 4);
    qrt_members_add(&o.safes[1].holders, 4);
    qrt_takeover_find(&found, &o.facts, QRT_TAKEOVER_CARDS, 1);
    assert_int_equal(found.sets_len, 1);
    for (size_t k = 0; k < found.kinds_len; k++) {
        assert_int_equal(found.sets[0].of_kind[k], qrt_members_has(&found.kinds[k], 4) ? 1 : 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_office_in_order_has_no_finding),
        cmocka_unit_test(one_person_in_both_groups_is_found_under_another_spelling),
        cmocka_unit_test(a_safe_with_cards_of_both_groups_is_found),
        cmocka_unit_test(a_phone_in_a_safe_with_a_card_is_found),
        cmocka_unit_test(whoever_has_mailbox_and_phone_is_found),
        cmocka_unit_test(whoever_opens_safes_of_both_groups_is_found),
        cmocka_unit_test(every_card_needed_is_told),
        cmocka_unit_test(one_who_opens_both_safes_is_sufficient_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
