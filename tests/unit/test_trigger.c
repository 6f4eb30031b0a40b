/* What happens that asks for a review of everything, and who takes receipts home. */
#include "unit/world.h"

#include "vault/review.h"

static size_t put_opened(struct world *w, const char *release, const char *executable)
{
    return put(w, QRT_EV_SESSION_OPENED, "operator-1", "clock-offset-s", "0", "release", release,
               "executable", executable, NULL);
}

/* The last cause, once it was looked that there are so many. */
static const char *cause(const struct world *w, size_t count)
{
    assert_int_equal(w->state.triggers.len, count);
    return count == 0 ? "" : QRT_ROW(&w->state, triggers, qrt_trigger, count - 1)->cause;
}

static void what_asks_for_a_review_is_told_with_its_cause(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    size_t before = w.state.triggers.len;
    assert_int_equal(before, 0); /* nothing of a founding does */
    assert_int_equal(put(&w, QRT_EV_BAG_SEALED, "operator-1", "bag", "A-1", "serial", "1", "site",
                         "site-1", "safe", "safe-1", NULL),
                     0);
    assert_int_equal(
        put(&w, QRT_EV_SEAL_CHECKED, "operator-1", "bag", "A-1", "result", "whole", NULL), 0);
    cause(&w, 0);
    assert_int_equal(
        put(&w, QRT_EV_SEAL_CHECKED, "operator-1", "bag", "A-1", "result", "broken", NULL), 0);
    assert_string_equal(cause(&w, 1), "bag A-1 was found broken");
    assert_int_equal(put(&w, QRT_EV_CARD_VOIDED, "operator-1", "serial", "1", "reason", "x", NULL),
                     0);
    assert_string_equal(cause(&w, 2), "card 1 of custodian-p1 was declared void");
    assert_int_equal(
        put(&w, QRT_EV_PERSON_LEFT, "operator-1", "person", "custodian-p2", "reason", "x", NULL),
        0);
    assert_string_equal(cause(&w, 3), "custodian-p2 left");
    assert_int_equal(put(&w, QRT_EV_REGISTER_SET, "operator-1", "register", "trigger", "name",
                         "2026-05", "value", "kind=service", NULL),
                     0);
    assert_string_equal(cause(&w, 4), "service was told (2026-05)");
    assert_int_equal(
        put(&w, QRT_EV_REGISTER_SET, "operator-1", "register", "trigger", "name", "2026-05", NULL),
        0); /* to take it away asks for nothing */
    cause(&w, 4);
}

static void other_software_asks_for_a_review_and_the_same_does_not(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put_opened(&w, "Debian 12", "quorate " HASH), 0);
    size_t before = w.state.triggers.len; /* the founding's session may have had another one */
    assert_int_equal(put_opened(&w, "Debian 12", "quorate " HASH), 0);
    cause(&w, before);
    assert_int_equal(put_opened(&w, "Debian 12", "quorate x"), 0);
    assert_string_equal(cause(&w, before + 1), "the software is another one");
    assert_int_equal(put_opened(&w, "Debian 13", "quorate x"), 0);
    cause(&w, before + 2);
    assert_int_equal(put_opened(&w, "Debian 13", "quorate x"), 0);
    cause(&w, before + 2);
}

/* By the place of entries, for a session has one time. */
static void what_is_attested_behind_it_answers_it(void **state)
{
    (void)state;
    static const int64_t day_s = 86400;
    struct qrt_trigger triggers[] = {{10, 100 * day_s, "a", 0}, {20, 100 * day_s, "b", 0}};
    struct qrt_review_row last = {.signed_at = 15, .time_unix_s = 100 * day_s};
    struct qrt_review_channel channel = {.since = 5, .since_unix_s = 99 * day_s};
    struct qrt_state log = {.triggers = {.data = triggers, .len = 2, .capacity = 2}};
    struct qrt_review_state judged = qrt_review_judge(&channel, &log, 90, 101 * day_s);
    assert_true(judged.open && judged.asked == &triggers[0]);
    assert_true(judged.due_unix_s == 114 * day_s);
    channel.last = &last;
    judged = qrt_review_judge(&channel, &log, 90, 101 * day_s);
    assert_true(judged.open && judged.asked == &triggers[1]);
    last.signed_at = 21;
    judged = qrt_review_judge(&channel, &log, 90, 101 * day_s);
    assert_true(!judged.open && judged.asked == NULL && judged.due_unix_s == 190 * day_s);
    judged = qrt_review_judge(&channel, &log, 90, 190 * day_s + 1);
    assert_true(judged.open);
    last.signed_at = 9; /* what is due before, stays so */
    judged = qrt_review_judge(&channel, &log, 7, 101 * day_s);
    assert_true(judged.due_unix_s == 107 * day_s);
    channel.last = NULL; /* and what became theirs behind it, it does not ask for */
    channel.since = 30;
    judged = qrt_review_judge(&channel, &log, 90, 101 * day_s);
    assert_true(judged.open && judged.asked == NULL && judged.due_unix_s == 189 * day_s);
}

static void a_close_says_who_takes_a_receipt_home(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    const struct qrt_person *person = qrt_state_person(&w.state, "custodian-p1");
    assert_int_equal(person->receipt, QRT_NEVER);
    assert_int_equal(put(&w, QRT_EV_SESSION_CLOSED, "operator-1", "minutes", HASH, "receipt",
                         "custodian-m1", "receipt", "custodian-p1", NULL),
                     0);
    person = qrt_state_person(&w.state, "custodian-p1");
    assert_int_equal(person->receipt, w.index - 1);
    assert_int_equal(person->receipt_unix_s, 1795219201);
    assert_int_equal(qrt_state_person(&w.state, "custodian-m1")->receipt, w.index - 1);
    assert_int_equal(qrt_state_person(&w.state, "custodian-m2")->receipt, QRT_NEVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_asks_for_a_review_is_told_with_its_cause),
        cmocka_unit_test(other_software_asks_for_a_review_and_the_same_does_not),
        cmocka_unit_test(what_is_attested_behind_it_answers_it),
        cmocka_unit_test(a_close_says_who_takes_a_receipt_home),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
