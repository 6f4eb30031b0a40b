/* Bags and seals: their numbers, and the rules of the entries about them. */
#include "unit/world.h"

#include "vault/bag.h"

static const char *word(const struct world *w, uint64_t serial)
{
    return qrt_card_state_word(&w->state, qrt_state_card(&w->state, serial));
}

static void a_number_is_what_is_printed_on_bags(void **state)
{
    (void)state;
    static const char *const good[] = {"1",   "AB-1001", "ab 1001/7",
                                       "A.B", "x",       "12345678901234567890123456789012"};
    static const char *const bad[] = {
        "",          " 1",       "1 ",       "-1",   "1-",   "A_1",
        "A\xD0\x90", "\xD0\x90", "A\x1b[2J", "A\n1", "A\t1", "123456789012345678901234567890123"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(qrt_bag_number_is(good[i]));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(qrt_bag_number_is(bad[i]));
    }
}

static void two_numbers_are_the_same_as_people_read_them(void **state)
{
    (void)state;
    assert_true(qrt_bag_number_same("AB-1001", "ab 1001"));
    assert_true(qrt_bag_number_same("A.B/1 0-0", "AB100"));
    assert_false(qrt_bag_number_same("AB1001", "AB100"));
    assert_false(qrt_bag_number_same("AB100", "AB1001"));
    assert_false(qrt_bag_number_same("O1", "01"));
    assert_false(qrt_bag_number_same("A", ""));
}

static void a_bag_is_spoken_of_where_its_number_stands_by_itself(void **state)
{
    (void)state;
    static const char *const yes[][2] = {
        {"Q-3", "the bag q-3"},
        {"Q-3", "bag no. Q 3, with a label"},
        {"Q-3", "(q3)"},
        {"10047", "the envelope 10047"},
        {"7", "the bag no. 7"},
        {"BLUE", "the blue bag"},
        {"A.B/1 0-0", "an AB-100"},
        {"2026", "bag 2026"},
    };
    static const char *const no[][2] = {
        {"Q-3", "q-31"},
        {"Q-3", "the iq 3"},
        {"Q-3", "q"},
        {"Q-3", "q, 3"},
        {"7", "7 envelopes"},
        {"2026", "the contract of 2026"},
        {"BLUE", "a blue phone"},
        {"Q-3", "q-3\xc3\xa9"},
        {"Q-3", "\xc3\xa9q-3"},
        {"7", "the bagpipe 7"},
        {"Q-3", ""},
    };
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
        assert_true(qrt_bag_number_in(yes[i][0], yes[i][1]));
    }
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++) {
        assert_false(qrt_bag_number_in(no[i][0], no[i][1]));
    }
}

static void a_number_is_sealed_once(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put_bag(&w, "A-1", "1"), 0);
    assert_int_equal(put_bag(&w, "A-1", "2"), 1);
    assert_int_equal(put_bag(&w, "a 1", "2"), 1);
    assert_int_equal(put_bag(&w, "A-2", "2"), 0);
    assert_int_equal(w.state.bags.len, 2);
}

static void a_bag_is_for_a_card_or_a_device(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(
        put(&w, QRT_EV_BAG_SEALED, "operator-1", "bag", "A-1", "site", "s", "safe", "t", NULL), 1);
    assert_int_equal(put(&w, QRT_EV_BAG_SEALED, "operator-1", "bag", "A-1", "serial", "1",
                         "account", "123456789012", "site", "s", "safe", "t", NULL),
                     1);
    assert_int_equal(put(&w, QRT_EV_BAG_SEALED, "operator-1", "bag", "A-1", "account", "nobody",
                         "site", "s", "safe", "t", NULL),
                     1);
    assert_int_equal(w.state.bags.len, 0);
    assert_int_equal(put(&w, QRT_EV_BAG_SEALED, "operator-1", "bag", "A-1", "account",
                         "123456789012", "site", "s", "safe", "t", NULL),
                     0);
    assert_non_null(qrt_state_bag_of_device(&w.state, "123456789012"));
    assert_null(qrt_state_bag_of_card(&w.state, 0));
}

static void a_bag_lies_in_a_safe_with_a_name_and_people_watch(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put(&w, QRT_EV_BAG_SEALED, "operator-1", "bag", "A-1", "serial", "1", "site",
                         "Site 1", "safe", "safe-1", NULL),
                     1);
    assert_int_equal(put(&w, QRT_EV_BAG_SEALED, "operator-1", "bag", "A-2", "serial", "2", "site",
                         "site-1", "safe", "safe-1", "witness", "operator-1", NULL),
                     1);
    assert_int_equal(put(&w, QRT_EV_BAG_SEALED, "operator-1", "bag", "A-3", "serial", "3", "site",
                         "site-1", "safe", "safe-1", "witness", "nobody", NULL),
                     1);
    assert_int_equal(put(&w, QRT_EV_BAG_SEALED, "operator-1", "bag", "A-4", "serial", "4", "site",
                         "site-1", "safe", "safe-1", "witness", "custodian-p1", NULL),
                     0);
}

static void what_is_sealed_anew_leaves_its_bag(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put_bag(&w, "A-1", "1"), 0);
    assert_int_equal(qrt_state_bag(&w.state, "A-1")->opened, QRT_NEVER);
    assert_int_equal(put(&w, QRT_EV_BAG_MOVED, "operator-1", "bag", "A-1", "site", "site-2", "safe",
                         "safe-9", NULL),
                     0);
    assert_string_equal(qrt_state_bag(&w.state, "A-1")->safe, "safe-9");
    assert_int_equal(put_bag(&w, "A-2", "1"), 0);
    assert_true(qrt_state_bag(&w.state, "A-1")->opened > 0);
    assert_string_equal(qrt_state_bag_of_card(&w.state, 1)->bag, "A-2");
    assert_int_equal(put(&w, QRT_EV_BAG_MOVED, "operator-1", "bag", "A-1", "site", "site-1", "safe",
                         "safe-1", NULL),
                     1);
    assert_int_equal(put_check(&w, "A-1", "whole", NULL), 1);
    assert_int_equal(put_check(&w, "A-9", "whole", NULL), 1);
    assert_int_equal(put_check(&w, "a 2", "whole", NULL), 1); /* the log has one name for it */
    assert_int_equal(put_check(&w, "A-2", "whole", NULL), 0);
}

static void a_card_that_is_read_has_left_its_bag(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put_bag(&w, "A-1", "1"), 0);
    assert_int_equal(put_bag(&w, "A-2", "2"), 0);
    const char *intent = put_intent(&w);
    assert_int_equal(put_accepted(&w, intent, "1"), 0);
    assert_true(qrt_state_bag(&w.state, "A-1")->opened > 0);
    assert_int_equal(put(&w, QRT_EV_CARD_PROVED, "operator-1", "serial", "2", "how", "code",
                         "result", "accepted", NULL),
                     0);
    assert_true(qrt_state_bag(&w.state, "A-2")->opened > 0);
}

static void a_seal_is_found_in_one_of_four_ways(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put_bag(&w, "A-1", "1"), 0);
    assert_int_equal(put_check(&w, "A-1", "fine", NULL), 1);
    assert_int_equal(put_check(&w, "A-1", "wrong-number", NULL), 1);
    assert_int_equal(put_check(&w, "A-1", "wrong-number", "a1"), 1);
    assert_int_equal(put_check(&w, "A-1", "wrong-number", "?"), 1);
    assert_int_equal(put_check(&w, "A-1", "whole", "A-2"), 1);
    assert_int_equal(put(&w, QRT_EV_SEAL_CHECKED, "operator-1", "bag", "A-1", "result", "whole",
                         "person", "nobody", NULL),
                     1);
    assert_int_equal(put(&w, QRT_EV_SEAL_CHECKED, "operator-1", "bag", "A-1", "result", "whole",
                         "person", "custodian-m1", NULL),
                     0);
    assert_string_equal(word(&w, 1), "suspect"); /* of the faults above, which count all the same */
}

static void a_card_is_suspect_until_it_is_void(void **state)
{
    (void)state;
    static const char *const found[] = {"broken", "missing", "wrong-number"};
    for (size_t i = 0; i < 3; i++) {
        WORLD w;
        world_founded(&w);
        assert_int_equal(put_bag(&w, "A-1", "1"), 0);
        assert_int_equal(put_check(&w, "A-1", "whole", NULL), 0);
        assert_string_equal(word(&w, 1), "live");
        assert_int_equal(put_check(&w, "A-1", found[i], i == 2 ? "B-1" : NULL), 0);
        assert_string_equal(word(&w, 1), "suspect");
        int64_t since = qrt_state_card(&w.state, 1)->suspect;
        assert_int_equal(put_check(&w, "A-1", "whole", NULL), 0);
        assert_int_equal(put_bag(&w, "A-2", "1"), 0);
        assert_int_equal(put_check(&w, "A-2", "missing", NULL), 0);
        assert_int_equal(qrt_state_card(&w.state, 1)->suspect, since);
        assert_string_equal(word(&w, 1), "suspect");
        assert_int_equal(
            put(&w, QRT_EV_CARD_VOIDED, "operator-1", "serial", "1", "reason", "x", NULL), 0);
        assert_string_equal(word(&w, 1), "void");
    }
}

static void a_suspect_card_counts_for_who_says_so(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put_bag(&w, "A-1", "1"), 0);
    assert_int_equal(put_check(&w, "A-1", "broken", NULL), 0);
    const char *intent = put_intent(&w);
    assert_int_equal(put_accepted(&w, intent, "1"), 1);
    assert_int_equal(w.state.accepted_len[QRT_GROUP_PASSWORD], 0);
    assert_int_equal(put(&w, QRT_EV_CARD_ACCEPTED, "operator-1", "intent", intent, "serial", "1",
                         "how", "code", "result", "accepted", "suspect", "yes", NULL),
                     0);
    assert_int_equal(w.state.accepted_len[QRT_GROUP_PASSWORD], 1);
    assert_int_equal(put(&w, QRT_EV_CARD_ACCEPTED, "operator-1", "intent", intent, "serial", "2",
                         "how", "code", "result", "accepted", "suspect", "yes", NULL),
                     1);
    assert_int_equal(w.state.accepted_len[QRT_GROUP_PASSWORD], 1);
}

static void only_a_void_card_is_destroyed_and_before_others(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put_bag(&w, "A-1", "1"), 0);
    assert_int_equal(put(&w, QRT_EV_CARD_DESTROYED, "operator-1", "serial", "1", "witness",
                         "custodian-p1", NULL),
                     1);
    assert_int_equal(put(&w, QRT_EV_CARD_VOIDED, "operator-1", "serial", "1", "reason", "x", NULL),
                     0);
    assert_int_equal(put_bag(&w, "A-2", "1"), 1);
    assert_int_equal(put(&w, QRT_EV_CARD_DESTROYED, "operator-1", "serial", "99", "witness",
                         "custodian-p1", NULL),
                     1);
    assert_int_equal(put(&w, QRT_EV_CARD_DESTROYED, "operator-1", "serial", "1", "witness",
                         "custodian-p1", NULL),
                     0);
    assert_string_equal(word(&w, 1), "destroyed");
    assert_true(qrt_state_bag(&w.state, "A-1")->opened > 0);
    assert_int_equal(put(&w, QRT_EV_CARD_DESTROYED, "operator-1", "serial", "1", "witness",
                         "custodian-p1", NULL),
                     1);
    assert_int_equal(put(&w, QRT_EV_CARD_VOIDED, "operator-1", "serial", "2", "reason", "x", NULL),
                     0);
    assert_int_equal(put(&w, QRT_EV_CARD_DESTROYED, "operator-1", "serial", "2", NULL), 1);
    assert_string_equal(word(&w, 2), "destroyed"); /* it is told, and not undone */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_is_what_is_printed_on_bags),
        cmocka_unit_test(two_numbers_are_the_same_as_people_read_them),
        cmocka_unit_test(a_bag_is_spoken_of_where_its_number_stands_by_itself),
        cmocka_unit_test(a_number_is_sealed_once),
        cmocka_unit_test(a_bag_is_for_a_card_or_a_device),
        cmocka_unit_test(a_bag_lies_in_a_safe_with_a_name_and_people_watch),
        cmocka_unit_test(what_is_sealed_anew_leaves_its_bag),
        cmocka_unit_test(a_card_that_is_read_has_left_its_bag),
        cmocka_unit_test(a_seal_is_found_in_one_of_four_ways),
        cmocka_unit_test(a_card_is_suspect_until_it_is_void),
        cmocka_unit_test(a_suspect_card_counts_for_who_says_so),
        cmocka_unit_test(only_a_void_card_is_destroyed_and_before_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
