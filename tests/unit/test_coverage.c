/* Coverage of drills: who was shown when, and who is to come next. */
#include "unit/world.h"

#include "audit/coverage.h"
#include <stdio.h>

/* A drill in which those cards are shown, and those people graded. */
static void drill(struct world *w, const char *level, const char *group, const char *cards,
                  const char *person, const char *grade, const char *result)
{
    char intent[24];
    snprintf(intent, sizeof intent, "%llu", (unsigned long long)w->index);
    assert_int_equal(put(w, QRT_EV_INTENT, "operator-1", "ceremony", "drill", "level", level,
                         group == NULL ? "ticket" : "group", group == NULL ? "t" : group, NULL),
                     0);
    for (const char *at = cards; *at != '\0'; at++) {
        const char serial[] = {*at, '\0'};
        assert_int_equal(put_accepted(w, intent, serial), 0);
        assert_int_equal(put(w, QRT_EV_DRILL_GRADED, "operator-1", "intent", intent, "subject",
                             serial, "grade", "good", NULL),
                         0);
    }
    if (person != NULL) {
        assert_int_equal(put(w, QRT_EV_DRILL_GRADED, "operator-1", "intent", intent, "subject",
                             person, "grade", grade, NULL),
                         0);
    }
    assert_int_equal(put_outcome(w, intent, result), 0);
    assert_int_equal(seal(w, OPERATOR_1), 0);
}

/* A drill of seals in which that bag was whole. */
static void look(struct world *w, const char *bag, const char *serial)
{
    char intent[24];
    snprintf(intent, sizeof intent, "%llu", (unsigned long long)w->index);
    assert_int_equal(
        put(w, QRT_EV_INTENT, "operator-1", "ceremony", "drill", "level", "seals", NULL), 0);
    assert_int_equal(put_check(w, bag, "whole", NULL), 0);
    assert_int_equal(put(w, QRT_EV_DRILL_GRADED, "operator-1", "intent", intent, "subject", serial,
                         "grade", "good", NULL),
                     0);
    assert_int_equal(put_outcome(w, intent, "done"), 0);
    assert_int_equal(seal(w, OPERATOR_1), 0);
}

static const struct qrt_coverage_row *card(const struct qrt_coverage *coverage, int64_t serial)
{
    size_t i = 0;
    while (i < coverage->cards_len && coverage->cards[i].serial != serial) {
        i++;
    }
    assert_true(i < coverage->cards_len);
    return &coverage->cards[i];
}

static const struct qrt_coverage_row *person(const struct qrt_coverage *coverage, const char *id)
{
    size_t i = 0;
    while (i < coverage->people_len && strcmp(coverage->people[i].person, id) != 0) {
        i++;
    }
    assert_true(i < coverage->people_len);
    return &coverage->people[i];
}

static void prove(struct world *w, const char *serial)
{
    assert_int_equal(put(w, QRT_EV_CARD_PROVED, "operator-1", "serial", serial, "how", "code",
                         "result", "accepted", NULL),
                     0);
}

static void a_card_is_covered_until_it_missed_as_many_drills_of_its_group(void **state)
{
    (void)state;
    WORLD w;
    QRT_COVERAGE c = {0};
    world_founded(&w);
    assert_int_equal(put_bag(&w, "A3", "3"), 0);
    for (unsigned i = 0; i < 3; i++) {
        drill(&w, "group", "password", "12", NULL, NULL, "done");
        drill(&w, "group", "mfa", "45", NULL, NULL, "done");
        look(&w, "A3", "3"); /* tells of no card */
        drill(&w, "full", NULL, "1", NULL, NULL, "failed");
    }
    assert_int_equal(qrt_coverage_make(&c, &w.state, NULL), QRT_OK);
    assert_int_equal(c.cards_len, 6);
    assert_int_equal(card(&c, 3)->missed, 3);
    assert_true(card(&c, 3)->covered);
    assert_int_equal(card(&c, 1)->missed, 0);
    assert_true(c.cards[0].serial == 3 || c.cards[0].serial == 6);
    assert_true(c.cards[1].serial == 3 || c.cards[1].serial == 6);
    qrt_coverage_free(&c);
    drill(&w, "full", NULL, "1245", NULL, NULL, "done");
    assert_int_equal(qrt_coverage_make(&c, &w.state, NULL), QRT_OK);
    assert_false(card(&c, 3)->covered);
    assert_false(card(&c, 6)->covered);
    assert_true(card(&c, 4)->covered);
    qrt_coverage_free(&c);
    prove(&w, "3"); /* its holder alone */
    assert_int_equal(qrt_coverage_make(&c, &w.state, NULL), QRT_OK);
    assert_true(card(&c, 3)->covered);
    assert_int_equal(card(&c, 3)->missed, 0);
    assert_true(person(&c, "custodian-p3")->covered);
    assert_false(person(&c, "custodian-m3")->covered);
}

static void who_was_absent_was_not_there(void **state)
{
    (void)state;
    WORLD w;
    QRT_COVERAGE c = {0};
    world_founded(&w);
    drill(&w, "full", NULL, "1245", "operator-2", "absent", "done");
    drill(&w, "full", NULL, "1245", "operator-1", "helped", "done");
    assert_int_equal(qrt_coverage_make(&c, &w.state, NULL), QRT_OK);
    assert_int_equal(person(&c, "operator-2")->missed, 2);
    assert_int_equal(person(&c, "operator-1")->missed, 0);
}

static void a_quorum_is_picked_of_those_who_missed_most(void **state)
{
    (void)state;
    WORLD w;
    QRT_COVERAGE c = {0};
    world_founded(&w);
    drill(&w, "full", NULL, "1256", NULL, NULL, "done");
    prove(&w, "2");
    assert_int_equal(qrt_coverage_make(&c, &w.state, NULL), QRT_OK);
    static const bool picked[] = {true, false, true, true, true, false};
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(card(&c, (int64_t)i + 1)->picked, picked[i]);
    }
    assert_true(person(&c, "custodian-p3")->picked);
    assert_false(person(&c, "custodian-p2")->picked);
    qrt_coverage_free(&c);
    /* Whoever would be covered no more comes beside the quorum. */
    for (unsigned i = 0; i < 3; i++) {
        drill(&w, "group", "password", "12", NULL, NULL, "done");
    }
    drill(&w, "group", "password", "13", NULL, NULL, "done");
    drill(&w, "group", "password", "13", NULL, NULL, "done");
    drill(&w, "group", "password", "13", NULL, NULL, "done");
    assert_int_equal(qrt_coverage_make(&c, &w.state, NULL), QRT_OK);
    assert_int_equal(c.cards[0].serial, 2);
    assert_int_equal(card(&c, 2)->missed, 3);
    assert_true(card(&c, 2)->picked && card(&c, 1)->picked && !card(&c, 3)->picked);
}

static void a_void_card_is_nobodys_to_drill(void **state)
{
    (void)state;
    WORLD w;
    QRT_COVERAGE c = {0};
    world_founded(&w);
    QRT_ROW(&w.state, cards, qrt_card_row, 1)->voided = 9;
    assert_int_equal(qrt_coverage_make(&c, &w.state, NULL), QRT_OK);
    assert_int_equal(c.cards_len, 5);
    assert_string_equal(person(&c, "custodian-p2")->group, "");
}

static void who_cannot_come_is_not_picked_and_others_are(void **state)
{
    (void)state;
    WORLD w;
    QRT_COVERAGE c = {0};
    world_founded(&w);
    for (unsigned i = 0; i < 3; i++) { /* cards 1 and 4 would be covered no more */
        drill(&w, "full", NULL, "2356", NULL, NULL, "done");
    }
    assert_int_equal(qrt_coverage_make(&c, &w.state, NULL), QRT_OK);
    assert_true(card(&c, 1)->picked && card(&c, 2)->picked && !card(&c, 3)->picked);
    assert_true(card(&c, 4)->picked && card(&c, 5)->picked && !card(&c, 6)->picked);
    qrt_coverage_free(&c);
    QRT_ROW(&w.state, cards, qrt_card_row, 0)->suspect = 9;
    for (size_t i = 0; i < w.state.people.len; i++) {
        struct qrt_person *gone = QRT_ROW(&w.state, people, qrt_person, i);
        gone->gone = strcmp(gone->id, "custodian-m1") == 0 ? 9 : QRT_NEVER;
    }
    assert_int_equal(qrt_coverage_make(&c, &w.state, NULL), QRT_OK);
    assert_int_equal(c.cards_len, 6); /* all are listed */
    static const bool picked[] = {false, true, true, false, true, true};
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(card(&c, (int64_t)i + 1)->picked, picked[i]);
    }
    qrt_coverage_free(&c);
    QRT_ROW(&w.state, cards, qrt_card_row, 0)->voided = 10; /* no longer only suspect */
    assert_int_equal(qrt_coverage_make(&c, &w.state, NULL), QRT_OK);
    assert_int_equal(c.cards_len, 5);
    assert_true(card(&c, 2)->picked && card(&c, 3)->picked);
}

static void a_bag_is_seen_in_four_drills_of_any_level_and_safes_are_picked_whole(void **state)
{
    (void)state;
    WORLD w;
    QRT_COVERAGE c = {0};
    world_founded(&w);
    static const char *const bags[][3] = {{"A1", "1", "safe-2"},
                                          {"A2", "2", "safe-1"},
                                          {"A3", "3", "safe-2"},
                                          {"A4", "4", "safe-3"},
                                          {"A5", "5", "safe-3"}};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(put(&w, QRT_EV_BAG_SEALED, "operator-1", "bag", bags[i][0], "serial",
                             bags[i][1], "site", "site-1", "safe", bags[i][2], NULL),
                         0);
    }
    assert_int_equal(qrt_coverage_make(&c, &w.state, NULL), QRT_OK);
    assert_int_equal(c.bags_len, 5);
    for (size_t i = 0; i < 5; i++) { /* the safe of the first alone */
        assert_true(c.bags[i].picked == (c.bags[i].serial == 1 || c.bags[i].serial == 3));
    }
    qrt_coverage_free(&c);
    drill(&w, "group", "mfa", "45", NULL, NULL, "done"); /* opens two */
    look(&w, "A1", "1");
    drill(&w, "group", "mfa", "45", NULL, NULL, "done");
    assert_int_equal(put(&w, QRT_EV_BAG_MOVED, "operator-1", "bag", "A3", "site", "site-1", "safe",
                         "safe-2", NULL),
                     0);
    assert_int_equal(qrt_coverage_make(&c, &w.state, NULL), QRT_OK);
    assert_int_equal(c.bags_len, 3);
    static const struct {
        int64_t serial;
        size_t missed;
        bool picked;
    } wanted[] = {{2, 3, true}, {1, 1, false}, {3, 0, false}};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(c.bags[i].serial, wanted[i].serial);
        assert_int_equal(c.bags[i].missed, wanted[i].missed);
        assert_int_equal(c.bags[i].picked, wanted[i].picked);
        assert_true(c.bags[i].covered);
    }
    qrt_coverage_free(&c);
    drill(&w, "group", "mfa", "45", NULL, NULL, "done");
    drill(&w, "group", "mfa", "45", NULL, NULL, "failed");
    assert_int_equal(qrt_coverage_make(&c, &w.state, NULL), QRT_OK);
    assert_false(c.bags[0].covered);
    assert_true(c.bags[1].covered);
    qrt_coverage_free(&c);
    assert_int_equal(put_check(&w, "A2", "missing", NULL), 0); /* in no drill */
    assert_int_equal(qrt_coverage_make(&c, &w.state, NULL), QRT_OK);
    assert_int_equal(c.bags[2].serial, 2);
    assert_true(c.bags[2].covered);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_is_covered_until_it_missed_as_many_drills_of_its_group),
        cmocka_unit_test(who_was_absent_was_not_there),
        cmocka_unit_test(a_quorum_is_picked_of_those_who_missed_most),
        cmocka_unit_test(a_void_card_is_nobodys_to_drill),
        cmocka_unit_test(who_cannot_come_is_not_picked_and_others_are),
        cmocka_unit_test(a_bag_is_seen_in_four_drills_of_any_level_and_safes_are_picked_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
