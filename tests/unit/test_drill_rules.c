/* What the log's rules say of drills, grades and actions. */
#include "unit/world.h"

#include "vault/drill.h"
#include <stdio.h>

static const char *begin(struct world *w, const char *level, const char *group)
{
    static char text[24];
    snprintf(text, sizeof text, "%llu", (unsigned long long)w->index);
    assert_int_equal(put(w, QRT_EV_INTENT, "operator-1", "ceremony", "drill", "level", level,
                         group == NULL ? "ticket" : "group", group == NULL ? "t" : group, NULL),
                     0);
    return text;
}

static size_t grade(struct world *w, const char *intent, const char *subject, const char *word)
{
    return put(w, QRT_EV_DRILL_GRADED, "operator-1", "intent", intent, "subject", subject, "grade",
               word, NULL);
}

/* Accepts and grades those cards. */
static void show(struct world *w, const char *intent, const char *cards)
{
    for (const char *at = cards; *at != '\0'; at++) {
        const char serial[] = {*at, '\0'};
        assert_int_equal(put_accepted(w, intent, serial), 0);
        assert_int_equal(grade(w, intent, serial, "good"), 0);
    }
}

static void done_needs_the_quorum_of_its_level(void **state)
{
    (void)state;
    static const struct {
        const char *level;
        const char *group;
        const char *cards;
        size_t faults;
    } cases[] = {
        {"group", "password", "12", 0}, {"group", "password", "1", 1}, {"group", "mfa", "456", 0},
        {"group", "mfa", "4", 1},       {"group", "password", "", 1},  {"full", NULL, "1245", 0},
        {"full", NULL, "12", 1},        {"full", NULL, "45", 1},       {"full", NULL, "124", 1},
        {"full", NULL, "123456", 0},    {"seals", NULL, "", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        WORLD w;
        world_founded(&w);
        const char *intent = begin(&w, cases[i].level, cases[i].group);
        show(&w, intent, cases[i].cards);
        assert_int_equal(put_outcome(&w, intent, "done"), cases[i].faults);
        assert_int_equal(seal(&w, OPERATOR_1), 0);
    }
}

static void a_drill_is_of_a_known_level_and_shows_nothing(void **state)
{
    (void)state;
    static const char *const wrong[][4] = {{"group", NULL, NULL, NULL},
                                           {"half", NULL, NULL, NULL},
                                           {"full", "group", "mfa", NULL},
                                           {"seals", "group", "mfa", NULL},
                                           {"group", "group", "both", NULL},
                                           {"full", "show", "password", NULL},
                                           {"full", "account", "123456789012", NULL}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        WORLD w;
        world_founded(&w);
        assert_int_equal(put(&w, QRT_EV_INTENT, "operator-1", "ceremony", "drill", "level",
                             wrong[i][0], wrong[i][1], wrong[i][2], NULL),
                         1);
    }
}

/* A drill of seals, and those whole or else broken in it. */
static const char *tour(struct world *w, const char *whole, const char *broken)
{
    const char *intent = begin(w, "seals", NULL);
    for (; *whole != '\0'; whole++) {
        assert_int_equal(put_check(w, (const char[]){'A', *whole, '\0'}, "whole", NULL), 0);
    }
    for (; *broken != '\0'; broken++) {
        assert_int_equal(put_check(w, (const char[]){'A', *broken, '\0'}, "broken", NULL), 0);
    }
    return intent;
}

static void a_drill_of_seals_grades_the_cards_whose_bags_it_saw(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put_bag(&w, "A1", "1"), 0);
    assert_int_equal(put_bag(&w, "A2", "2"), 0);
    assert_int_equal(put_bag(&w, "A3", "3"), 0);
    assert_int_equal(put_check(&w, "A1", "whole", NULL), 0); /* before it */
    const char *intent = tour(&w, "2", "3");
    assert_int_equal(grade(&w, intent, "1", "good"), 1);
    assert_int_equal(grade(&w, intent, "2", "failed"), 1);
    assert_int_equal(grade(&w, intent, "3", "good"), 1);
    assert_int_equal(put_outcome(&w, intent, "failed"), 0);
    intent = tour(&w, "23", "");
    assert_int_equal(put_check(&w, "A3", "wrong-number", "B9"), 0); /* the last one counts */
    assert_int_equal(grade(&w, intent, "2", "damaged"), 1);
    assert_int_equal(grade(&w, intent, "3", "failed"), 0);
    assert_int_equal(put_outcome(&w, intent, "done"), 0);
    const struct qrt_drill *drill = QRT_ROW(&w.state, drills, qrt_drill, 1);
    assert_int_equal(drill->seals, 3);
    assert_int_equal(drill->seals_wrong, 1);
    assert_int_equal(put_outcome(&w, tour(&w, "1", ""), "done"), 1); /* no grade of it */
    /* It lies in another bag since, at which nobody looked. */
    intent = tour(&w, "1", "");
    assert_int_equal(put_bag(&w, "A4", "1"), 0);
    assert_int_equal(grade(&w, intent, "1", "good"), 1);
    assert_int_equal(put_outcome(&w, intent, "done"), 0);
}

/* Also where what lay in it is a device, which has no grade. */
static void a_drill_of_seals_is_clean_if_every_bag_was_whole(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put_bag(&w, "A1", "1"), 0);
    assert_int_equal(put(&w, QRT_EV_BAG_SEALED, "operator-1", "bag", "A2", "account",
                         "123456789012", "site", "site-1", "safe", "safe-2", NULL),
                     0);
    const char *intent = tour(&w, "12", "");
    assert_int_equal(grade(&w, intent, "1", "good"), 0);
    assert_int_equal(put_outcome(&w, intent, "done"), 0);
    intent = tour(&w, "1", "2");
    assert_int_equal(grade(&w, intent, "1", "good"), 0);
    assert_int_equal(put_outcome(&w, intent, "done"), 0);
    assert_true(qrt_drill_is_clean(&w.state, QRT_ROW(&w.state, drills, qrt_drill, 0)));
    assert_false(qrt_drill_is_clean(&w.state, QRT_ROW(&w.state, drills, qrt_drill, 1)));
}

static void cards_of_another_group_are_not_for_a_drill(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    const char *intent = begin(&w, "group", "password");
    assert_int_equal(put_accepted(&w, intent, "1"), 0);
    assert_int_equal(put_accepted(&w, intent, "4"), 1);
    assert_int_equal(put_outcome(&w, intent, "failed"), 0);
    intent = begin(&w, "seals", NULL);
    assert_int_equal(put_accepted(&w, intent, "1"), 1);
}

static void a_grade_is_of_what_the_drill_saw_and_stands_once(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(grade(&w, "2", "1", "good"), 1); /* none is under way */
    const char *intent = begin(&w, "full", NULL);
    assert_int_equal(put_accepted(&w, intent, "1"), 0);
    assert_int_equal(grade(&w, intent, "2", "good"), 1); /* it did not come */
    assert_int_equal(grade(&w, intent, "1", "failed"), 1);
    assert_int_equal(grade(&w, intent, "1", "good"), 1); /* there is one */
    assert_int_equal(grade(&w, intent, "7", "failed"), 1);
    assert_int_equal(grade(&w, intent, "0", "failed"), 1);
    assert_int_equal(grade(&w, intent, "3", "ready"), 1);
    assert_int_equal(grade(&w, intent, "4", "failed"), 0);
    assert_int_equal(grade(&w, intent, "custodian-p1", "good"), 1);
    assert_int_equal(grade(&w, intent, "custodian-p2", "absent"), 0);
    assert_int_equal(grade(&w, intent, "nobody", "ready"), 1);
    assert_int_equal(grade(&w, "2", "custodian-m1", "ready"), 1); /* of that one */
    assert_int_equal(put_outcome(&w, intent, "abandoned"), 1);
}

static void a_drill_is_done_when_every_card_that_came_is_graded(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    const char *intent = begin(&w, "group", "mfa");
    show(&w, intent, "45");
    assert_int_equal(put_accepted(&w, intent, "6"), 0);
    assert_int_equal(put_outcome(&w, intent, "done"), 1);
}

static size_t put_change(struct world *w, size_t which)
{
    switch (which) {
    case 0:
        return put_key(w, "2");
    case 1:
        return put_edition(w, "mfa", "2");
    case 2:
        return put_card(w, "mfa", "7", "3", "custodian-m1");
    case 3:
        return put(w, QRT_EV_ITEM_DEPOSITED, "operator-1", "account", "123456789012", "kind",
                   "password", "serial", "2", "generation", "1", "ciphertext", HASH, NULL);
    case 4:
        return put(w, QRT_EV_ITEM_SEALED, "operator-1", "account", "123456789012", "kind",
                   "password", "serial", "2", "generation", "1", "ciphertext", HASH, NULL);
    case 5:
        return put(w, QRT_EV_DEPOSIT_REFUSED, "operator-1", "deposit", "3", "reason", "x", NULL);
    case 6:
        return put(w, QRT_EV_ITEM_DELETED, "operator-1", "account", "123456789012", "kind",
                   "password", "serial", "1", "generation", "1", "ciphertext", HASH, NULL);
    case 7:
        return put_shown(w, "2", "123456789012", "password");
    case 8:
        return put(w, QRT_EV_CARD_PROVED, "operator-1", "serial", "1", "how", "code", "result",
                   "accepted", NULL);
    case 9:
        return put(w, QRT_EV_CARD_VOIDED, "operator-1", "serial", "1", "reason", "x", NULL);
    default:
        return put(w, QRT_EV_POLICY_CHANGED, "operator-1", "policy", HASH, "group",
                   "mfa 2 custodian-m1,custodian-m2", "cosignatures", "1", NULL);
    }
}

static bool names_drill(const struct world *w)
{
    for (size_t i = 0; i < w->faults.len; i++) {
        if (strstr(w->faults.list[i].text, "a drill is under way") != NULL) {
            return true;
        }
    }
    return false;
}

static void a_drill_changes_nothing(void **state)
{
    (void)state;
    for (size_t which = 0; which < 11; which++) {
        WORLD w;
        world_founded(&w);
        const char *intent = begin(&w, "full", NULL);
        assert_true(put_change(&w, which) > 0);
        assert_true(names_drill(&w));
        qrt_faults_free(&w.faults);
        /* Its end frees the log: what may come then is not the drill's to judge. */
        assert_int_equal(put_outcome(&w, intent, "failed"), 0);
        (void)put_change(&w, which);
        assert_false(names_drill(&w));
    }
    WORLD w;
    world_founded(&w);
    const char *intent = begin(&w, "full", NULL);
    assert_int_equal(put_outcome(&w, intent, "failed"), 0);
    assert_int_equal(put_change(&w, 3), 0); /* a deposit after it is right */
}

static size_t open_action(struct world *w, const char *number, const char *owner, const char *due)
{
    return put(w, QRT_EV_ACTION_OPENED, "operator-1", "action", number, "owner", owner, "due", due,
               "text", "print it anew", NULL);
}

static void actions_are_numbered_owned_due_and_closed_once(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(open_action(&w, "1", "custodian-p1", "2031-02-28"), 0);
    assert_int_equal(open_action(&w, "2", "nobody", "2031-02-28"), 1);
    assert_int_equal(open_action(&w, "3", "custodian-p1", "2031-02-29"), 1);
    assert_int_equal(open_action(&w, "9", "custodian-p1", "2031-02-28"), 1);
    assert_int_equal(open_action(&w, "5", "custodian-p1", "2031-2-28"), 1);
    assert_int_equal(qrt_state_actions_open(&w.state), 5);
    assert_int_equal(put(&w, QRT_EV_ACTION_CLOSED, "operator-1", "action", "1", "text", "so", NULL),
                     0);
    assert_int_equal(put(&w, QRT_EV_ACTION_CLOSED, "operator-1", "action", "1", "text", "so", NULL),
                     1);
    assert_int_equal(put(&w, QRT_EV_ACTION_CLOSED, "operator-1", "action", "6", "text", "so", NULL),
                     1);
    assert_int_equal(put(&w, QRT_EV_ACTION_CLOSED, "operator-1", "action", "x", "text", "so", NULL),
                     1);
    const struct qrt_action *action = qrt_state_action(&w.state, 2);
    assert_false(qrt_action_is_overdue(action, action->due_unix_s + 86399));
    assert_true(qrt_action_is_overdue(action, action->due_unix_s + 86400));
    assert_false(qrt_action_is_overdue(qrt_state_action(&w.state, 1), INT64_MAX));
}

static bool drill_is_clean(struct world *w, const char *card_grade, const char *person_grade,
                           const char *refused, const char *result)
{
    const char *intent = begin(w, "group", "mfa");
    show(w, intent, "4");
    assert_int_equal(put_accepted(w, intent, "5"), 0);
    assert_int_equal(grade(w, intent, "5", card_grade), 0);
    assert_int_equal(grade(w, intent, "custodian-m1", person_grade), 0);
    if (refused != NULL) {
        assert_int_equal(
            put(w, QRT_EV_CARD_REFUSED, "operator-1", "intent", intent, "reason", refused, NULL),
            0);
    }
    assert_int_equal(put_outcome(w, intent, result), 0);
    const struct qrt_drill *drill = QRT_ROW(&w->state, drills, qrt_drill, w->state.drills.len - 1);
    return qrt_drill_is_clean(&w->state, drill);
}

static void a_drill_is_clean_if_there_is_nothing_to_improve(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_true(drill_is_clean(&w, "good", "ready", NULL, "done"));
    assert_true(drill_is_clean(&w, "good", "ready", "unreadable", "done"));
    assert_false(drill_is_clean(&w, "good", "ready", "forged", "done"));
    assert_false(drill_is_clean(&w, "good", "ready", /* longer than any that there is: no fault */
                                "unreadable, unreadable, unreadable", "done"));
    assert_false(drill_is_clean(&w, "damaged", "ready", NULL, "done"));
    assert_false(drill_is_clean(&w, "good", "helped", NULL, "done"));
    assert_false(drill_is_clean(&w, "good", "ready", NULL, "failed"));
    assert_int_equal(open_action(&w, "1", "custodian-p1", "2031-02-28"), 0);
    assert_false(drill_is_clean(&w, "good", "ready", NULL, "done"));
    assert_int_equal(put(&w, QRT_EV_ACTION_CLOSED, "operator-1", "action", "1", "text", "so", NULL),
                     0);
    assert_true(drill_is_clean(&w, "good", "ready", NULL, "done"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(done_needs_the_quorum_of_its_level),
        cmocka_unit_test(a_drill_is_of_a_known_level_and_shows_nothing),
        cmocka_unit_test(cards_of_another_group_are_not_for_a_drill),
        cmocka_unit_test(a_grade_is_of_what_the_drill_saw_and_stands_once),
        cmocka_unit_test(a_drill_is_done_when_every_card_that_came_is_graded),
        cmocka_unit_test(a_drill_of_seals_grades_the_cards_whose_bags_it_saw),
        cmocka_unit_test(a_drill_of_seals_is_clean_if_every_bag_was_whole),
        cmocka_unit_test(a_drill_changes_nothing),
        cmocka_unit_test(actions_are_numbered_owned_due_and_closed_once),
        cmocka_unit_test(a_drill_is_clean_if_there_is_nothing_to_improve),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
