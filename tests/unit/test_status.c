/* What status says is due, and when. */
#include "unit/office.h"

static void a_vault_in_order_has_four_days_to_keep(void **ctx)
{
    struct office *o = *ctx;
    judge(o, 0);
    for (size_t i = 0; i < o->status.len; i++) {
        if (o->status.list[i].state != QRT_CONCERN_DUE) {
            fail_msg("%s: %s", o->status.list[i].what, o->status.list[i].text);
        }
    }
    assert_int_equal(o->status.count[QRT_CONCERN_DUE], 4);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "drill", "none since the founding"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "review", "0 of 9 not attested"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "copy", "for b; that of a is newer"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "receipt", "of 2024-10-04: p1"), 1);
}

static void copies_and_receipts_are_overdue_like_a_drill(void **ctx)
{
    struct office *o = *ctx;
    struct qrt_rows *registers = &o->vault.state.registers;
    struct qrt_person *p1 = QRT_ROW(&o->vault.state, people, qrt_person, 2);
    judge(o, 90);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "copy", ""), 1);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "receipt", ""), 1);
    judge(o, 91);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "copy", "for b"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "receipt", "p1"), 1);
    put(o, "copy", "3", "safe=a/8\ntaken=2025-01-01\n");
    judge(o, 91); /* a newer one at the same site helps nobody at the other */
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "copy", "for b"), 1);
    put(o, "copy", "4", "safe=b/8\ntaken=2025-01-02\n");
    judge(o, 91);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "copy", ""), 0);
    registers->len -= 3; /* the first alone is left */
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "copy", "lie at a alone"), 1);
    registers->len--;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "copy", "knows of no copy"), 1);
    p1->gone = 9; /* who left may have thrown it away */
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "receipt", "nobody was given one"), 1);
    struct qrt_person *m1 = QRT_ROW(&o->vault.state, people, qrt_person, 5);
    m1->receipt = 4;
    judge(o, 91);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "receipt", "m1"), 1);
}

static void happen(struct office *o, int64_t place, int64_t days, const char *cause)
{
    struct qrt_trigger *trigger = ADD(o, triggers, qrt_trigger);
    *trigger = (struct qrt_trigger){.place = place, .time_unix_s = FOUNDED + days * DAY};
    snprintf(trigger->cause, sizeof trigger->cause, "%s", cause);
}

static void what_happens_asks_for_a_review_within_two_weeks(void **ctx)
{
    struct office *o = *ctx;
    struct qrt_rows *reviews = &o->vault.state.reviews;
    happen(o, 100, 10, "p3 left");
    happen(o, 110, 11, "the software is another one");
    judge(o, 24);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "review",
                          "9 of 9 not attested; asked for because p3 left, and by 1"),
                     1);
    judge(o, 25);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "review", "9 of 9"), 1);
    for (size_t i = 0; i < reviews->len; i++) {
        struct qrt_review_row *row = QRT_ROW(&o->vault.state, reviews, qrt_review_row, i);
        row->signed_at = 105;
        row->time_unix_s = FOUNDED + 12 * DAY;
    }
    judge(o, 25); /* what was attested after the first is asked for by the second still */
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "review", "because the software is another one"), 1);
    for (size_t i = 0; i + 1 < reviews->len; i++) {
        QRT_ROW(&o->vault.state, reviews, qrt_review_row, i)->signed_at = 120;
    }
    judge(o, 26);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "review", "1 of 9"), 1);
    QRT_ROW(&o->vault.state, reviews, qrt_review_row, reviews->len - 1)->signed_at = 120;
    judge(o, 26);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "review", "0 of 9 not attested"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "review", "asked for"), 0);
}

static void an_answer_is_of_what_was_there_when_it_was_given(void **ctx)
{
    struct office *o = *ctx;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "review", "0 of 9 not attested"), 1);
    QRT_ROW(&o->vault.state, cards, qrt_card_row, 0)->issued = 3;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "review", "1 of 9 not attested"), 1);
    QRT_ROW(&o->vault.state, registers, qrt_register_row, 0)->changed = 3; /* the mailbox */
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "review", "2 of 9 not attested"), 1);
    QRT_ROW(&o->vault.state, reviews, qrt_review_row, 0)->signed_at = 4;
    QRT_ROW(&o->vault.state, reviews, qrt_review_row, 1)->signed_at = 4;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "review", "1 of 9 not attested"), 1);
    snprintf(QRT_ROW(&o->vault.state, reviews, qrt_review_row, 6)->result, 3, "no");
    judge(o, 0); /* what was denied stays so until it is answered anew */
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "review", "mailbox:root: no"), 1);
}

static void add_drill(struct office *o, int64_t intent, int day, const char *level,
                      const char *group)
{
    struct qrt_ceremony *ceremony = ADD(o, ceremonies, qrt_ceremony);
    struct qrt_drill *drill = ADD(o, drills, qrt_drill);
    *ceremony = (struct qrt_ceremony){.name = "drill",
                                      .result = "done",
                                      .intent = intent,
                                      .outcome = intent,
                                      .time_unix_s = FOUNDED + day * DAY};
    drill->intent = intent;
    snprintf(drill->level, sizeof drill->level, "%s", level);
    snprintf(drill->group_name, sizeof drill->group_name, "%s", group);
}

static void drill_and_review_are_overdue_a_second_after_their_day(void **ctx)
{
    struct office *o = *ctx;
    judge(o, 90);
    assert_int_equal(o->status.count[QRT_CONCERN_OVERDUE], 0);
    qrt_status_free(&o->status);
    assert_int_equal(qrt_status_judge(&o->status, &o->vault, FOUNDED + 90 * DAY + 1, NULL), QRT_OK);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "drill", ""), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "review", "9 of 9"), 1);
    add_drill(o, 9, 80, "full", "");
    add_drill(o, 10, 85, "group", "mfa");
    add_drill(o, 11, 100, "seals", ""); /* puts off nothing */
    judge(o, 170);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "drill", ""), 0);
    judge(o, 171);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "drill", "the password group every 90"), 1);
    add_drill(o, 12, 110, "group", "password");
    judge(o, 175);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "drill", ""), 0);
    judge(o, 176);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "drill", "the MFA group every 90"), 1);
}

static void a_clock_of_1970_makes_nothing_less_due(void **ctx)
{
    struct office *o = *ctx;
    o->vault.log.last_time_unix_s = FOUNDED + 100 * DAY;
    qrt_status_free(&o->status);
    assert_int_equal(qrt_status_judge(&o->status, &o->vault, DAY, NULL), QRT_OK);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "clock", ""), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "drill", ""), 1);
}

/* The log itself went from day 100 to day 5: until everybody has attested, day 100 counts. */
static void a_log_that_goes_back_makes_nothing_less_due(void **ctx)
{
    struct office *o = *ctx;
    struct qrt_rows *reviews = &o->vault.state.reviews;
    happen(o, 100, 5, "the log's time goes back at entry 100");
    QRT_ROW(&o->vault.state, triggers, qrt_trigger, 0)->back_from_unix_s = FOUNDED + 100 * DAY;
    o->vault.log.last_time_unix_s = FOUNDED + 5 * DAY;
    judge(o, 6);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "clock", "at entry 100, from 2025-01-12"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "drill", ""), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "review", "the log's time goes back"), 1);
    for (size_t i = 0; i < reviews->len; i++) {
        QRT_ROW(&o->vault.state, reviews, qrt_review_row, i)->signed_at = i == 0 ? 99 : 101;
    }
    judge(o, 6);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "drill", ""), 1);
    QRT_ROW(&o->vault.state, reviews, qrt_review_row, 0)->signed_at = 101;
    judge(o, 6);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "clock", ""), 0);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "drill", ""), 0);
}

static void a_date_to_come_puts_nothing_off_unnoticed(void **ctx)
{
    struct office *o = *ctx;
    static const char *const kinds[] = {"drill", "review", "receipt", "copy"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        judge(o, 1);
        assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, kinds[i], "a day to come"), 0);
    }
    add_drill(o, 9, 9000, "full", "");
    QRT_ROW(&o->vault.state, reviews, qrt_review_row, 3)->time_unix_s += 9000 * DAY;
    QRT_ROW(&o->vault.state, people, qrt_person, 2)->receipt_unix_s += 9000 * DAY;
    put(o, "copy", "3", "safe=c/9\ntaken=2042-10-04\n");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        judge(o, 1);
        assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, kinds[i], "a day to come"), 1);
    }
}

static void what_was_not_said_or_denied_is_told(void **ctx)
{
    struct office *o = *ctx;
    QRT_ROW(&o->vault.state, reviews, qrt_review_row, 0)->time_unix_s = FOUNDED - DAY;
    snprintf(QRT_ROW(&o->vault.state, reviews, qrt_review_row, 1)->result, 3, "no");
    o->vault.state.reviews.len--; /* the phone's */
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "review", "1 of 9 not attested"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "review", "p2 said of password-card: no"), 1);
    judge(o, 89);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "review", ""), 0);
    qrt_status_free(&o->status);
    assert_int_equal(qrt_status_judge(&o->status, &o->vault, FOUNDED + 89 * DAY + 1, NULL), QRT_OK);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "review", "2 of 9"), 1);
}

static void an_action_of_somebody_who_left_waits_for_no_day(void **ctx)
{
    struct office *o = *ctx;
    struct qrt_action *action = ADD(o, actions, qrt_action);
    *action = (struct qrt_action){.number = 1,
                                  .owner = "p2",
                                  .text = "a new lamp",
                                  .closed = QRT_NEVER,
                                  .due_unix_s = FOUNDED + 50 * DAY};
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "action", "1, p2: a new lamp"), 1);
    QRT_ROW(&o->vault.state, people, qrt_person, 3)->gone = 1; /* p2 */
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "action", ""), 0);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "action", "1, p2, who left: a new lamp"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_vault_in_order_has_four_days_to_keep),
        TEST(copies_and_receipts_are_overdue_like_a_drill),
        TEST(what_happens_asks_for_a_review_within_two_weeks),
        TEST(an_answer_is_of_what_was_there_when_it_was_given),
        TEST(drill_and_review_are_overdue_a_second_after_their_day),
        TEST(a_clock_of_1970_makes_nothing_less_due),
        TEST(a_log_that_goes_back_makes_nothing_less_due),
        TEST(a_date_to_come_puts_nothing_off_unnoticed),
        TEST(what_was_not_said_or_denied_is_told),
        TEST(an_action_of_somebody_who_left_waits_for_no_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
