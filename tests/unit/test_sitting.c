#include "vault/sitting.h"
#include "world.h"

#define TEXT_50  "the spare phone, whose name is written out in full"
#define TEXT_200 TEXT_50 TEXT_50 TEXT_50 TEXT_50

static size_t put_opened(struct world *w, const char *lasts, const char *who)
{
    return put(w, QRT_EV_SESSION_OPENED, "operator-1", "lasts", lasts, "present", "operator-1",
               "present", who, "clock-offset-s", "-7", "release", "a system", NULL);
}

static size_t put_person(struct world *w, enum qrt_event_id event, const char *person)
{
    return put(w, event, "operator-1", "person", person, NULL);
}

static size_t put_thing(struct world *w, enum qrt_event_id event, const char *thing,
                        const char *person)
{
    return put(w, event, "operator-1", "thing", thing, "person", person, NULL);
}

static size_t put_settled(struct world *w, const char *person, const char *thing)
{
    return put(w, QRT_EV_EXCEPTION, "operator-1", "step", "a", "expected", "b", "happened", "c",
               "decided", "d", "settles-person", person, "settles-thing", thing, NULL);
}

static size_t put_closed(struct world *w, const char *who)
{
    return put(w, QRT_EV_SESSION_CLOSED, "operator-1", "minutes", HASH, "present", "operator-1",
               "present", who, "badge-missing", who, NULL);
}

/* A founded vault, and a session with operator-1 and custodian-p1 that lasts. */
static void world_sitting(struct world *w)
{
    world_founded(w);
    assert_int_equal(put_opened(w, "yes", "custodian-p1"), 0);
}

static const char *where(const struct world *w, const char *kind, const char *name)
{
    const struct qrt_presence *presence = qrt_state_presence(&w->state, kind, name);
    return presence == NULL ? "unknown" : presence->whereabouts;
}

static void a_session_lasts_only_if_it_says_so(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put_opened(&w, NULL, "custodian-p1"), 0);
    assert_null(qrt_state_sitting(&w.state));
    assert_int_equal(put_opened(&w, NULL, "custodian-p1"), 0); /* the one before was interrupted */
    assert_int_equal(put_opened(&w, "yes", "custodian-p1"), 0);
    assert_non_null(qrt_state_sitting(&w.state));
    assert_int_equal(qrt_state_sitting(&w.state)->clock_offset_s, -7);
    assert_int_equal(seal(&w, OPERATOR_1), 0);
}

static void while_one_lasts_no_other_is_opened(void **state)
{
    (void)state;
    static const char *const lasts[] = {NULL, "yes"};
    for (size_t i = 0; i < 2; i++) {
        WORLD w;
        world_sitting(&w);
        assert_int_equal(seal(&w, OPERATOR_1), 0);
        assert_int_equal(put_opened(&w, lasts[i], "custodian-p1"), 0); /* quorums may */
        assert_int_equal(seal(&w, OPERATOR_1), 1);
        assert_int_equal(w.faults.list[0].index, w.index - 1);
    }
}

static void without_one_nobody_goes_out_or_comes_back(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put_person(&w, QRT_EV_PERSON_OUT, "operator-1"), 1);
    assert_int_equal(put_person(&w, QRT_EV_PERSON_BACK, "operator-1"), 1);
    assert_int_equal(put_thing(&w, QRT_EV_THING_OUT, "phone", "operator-1"), 1);
    assert_int_equal(put_thing(&w, QRT_EV_THING_BACK, "phone", "operator-1"), 1);
    assert_int_equal(put(&w, QRT_EV_SESSION_NOTED, "operator-1", "text", "x", NULL), 1);
    assert_int_equal(put_settled(&w, "operator-1", NULL), 1);
    assert_int_equal(put_closed(&w, "custodian-p1"), 0); /* of a small session */
}

static void who_is_in_the_room_goes_out_and_who_is_not_comes_in(void **state)
{
    (void)state;
    WORLD w;
    world_sitting(&w);
    assert_int_equal(put_person(&w, QRT_EV_PERSON_OUT, "custodian-p2"), 1);
    assert_int_equal(put_person(&w, QRT_EV_PERSON_BACK, "custodian-p1"), 1);
    assert_int_equal(put_person(&w, QRT_EV_PERSON_OUT, "custodian-p1"), 0);
    assert_string_equal(where(&w, QRT_PERSON, "custodian-p1"), QRT_OUTSIDE);
    assert_int_equal(put_person(&w, QRT_EV_PERSON_OUT, "custodian-p1"), 1);
    assert_int_equal(put_person(&w, QRT_EV_PERSON_BACK, "custodian-p1"), 0);
    assert_int_equal(put_person(&w, QRT_EV_PERSON_BACK, "custodian-p2"), 0); /* joins */
    assert_int_equal(put_person(&w, QRT_EV_PERSON_BACK, "nobody"), 1);
    assert_string_equal(where(&w, QRT_PERSON, "custodian-p2"), QRT_HERE);
}

static void a_thing_goes_out_and_comes_back_in_turn(void **state)
{
    (void)state;
    WORLD w;
    world_sitting(&w);
    assert_int_equal(strlen(TEXT_200), 200);
    assert_int_equal(put_thing(&w, QRT_EV_THING_BACK, TEXT_200, "operator-1"), 1);
    assert_int_equal(put_thing(&w, QRT_EV_THING_OUT, TEXT_200, "nobody"), 1);
    assert_int_equal(put_thing(&w, QRT_EV_THING_OUT, TEXT_200, "operator-1"), 0);
    assert_int_equal(put_thing(&w, QRT_EV_THING_OUT, TEXT_200, "operator-1"), 1);
    assert_int_equal(put_thing(&w, QRT_EV_THING_OUT, TEXT_200 "x", "operator-1"), 1);
    assert_int_equal(put_thing(&w, QRT_EV_THING_BACK, TEXT_200, "custodian-p1"), 0);
    assert_int_equal(put_thing(&w, QRT_EV_THING_BACK, TEXT_200, "custodian-p1"), 1);
}

static void the_close_waits_for_whoever_and_whatever_is_outside(void **state)
{
    (void)state;
    for (int thing = 0; thing < 2; thing++) {
        WORLD w;
        world_sitting(&w);
        assert_int_equal(thing ? put_thing(&w, QRT_EV_THING_OUT, "phone", "custodian-p1")
                               : put_person(&w, QRT_EV_PERSON_OUT, "custodian-p1"),
                         0);
        size_t faults = put_closed(&w, "custodian-p1");
        assert_int_equal(faults, thing ? 1 : 2); /* outside, and said to be present */
        assert_non_null(strstr(w.faults.list[0].text, thing ? "phone" : "custodian-p1"));
    }
}

static void an_exception_settles_what_will_not_come_back(void **state)
{
    (void)state;
    WORLD w;
    world_sitting(&w);
    (void)put_person(&w, QRT_EV_PERSON_BACK, "custodian-p2");
    (void)put_person(&w, QRT_EV_PERSON_OUT, "custodian-p1");
    (void)put_thing(&w, QRT_EV_THING_OUT, "phone", "custodian-p1");
    assert_int_equal(put_settled(&w, "custodian-p2", NULL), 1); /* in the room */
    assert_int_equal(put_settled(&w, NULL, "Phone"), 1);        /* another name */
    assert_int_equal(put_settled(&w, "custodian-p1", "phone"), 0);
    assert_int_equal(put_settled(&w, "custodian-p1", "phone"), 2);                /* once */
    assert_int_equal(put_thing(&w, QRT_EV_THING_BACK, "phone", "operator-1"), 0); /* all the same */
    assert_int_equal(put_closed(&w, "custodian-p2"), 0);
    assert_null(qrt_state_sitting(&w.state));
    assert_int_equal(seal(&w, OPERATOR_1), 0);
}

static void who_is_present_at_the_close_is_who_is_in_the_room(void **state)
{
    (void)state;
    WORLD w;
    world_sitting(&w);
    assert_int_equal(put_closed(&w, "custodian-p2"), 2); /* one too few, one too many */
}

static void a_note_has_a_limit(void **state)
{
    (void)state;
    char text[QRT_NOTE_TEXT_BYTES + 2];
    WORLD w;
    world_sitting(&w);
    memset(text, 'x', sizeof text);
    text[QRT_NOTE_TEXT_BYTES + 1] = '\0';
    assert_int_equal(put(&w, QRT_EV_SESSION_NOTED, "operator-1", "text", text, NULL), 1);
    text[QRT_NOTE_TEXT_BYTES] = '\0';
    assert_int_equal(put(&w, QRT_EV_SESSION_NOTED, "operator-1", "text", text, NULL), 0);
}

static void a_session_holds_so_many_people_and_things_and_no_more(void **state)
{
    (void)state;
    size_t put_in = 2;
    WORLD w;
    world_sitting(&w);
    for (; put_in < QRT_PRESENCES_MAX + 1; put_in++) {
        char name[16];
        snprintf(name, sizeof name, "thing %zu", put_in);
        assert_int_equal(put_thing(&w, QRT_EV_THING_OUT, name, "operator-1"),
                         put_in < QRT_PRESENCES_MAX ? 0 : 1);
        qrt_buf_free(&w.texts[--w.texts_len]); /* the world holds few */
    }
}

static void nobody_of_another_session_is_in_the_room(void **state)
{
    (void)state;
    WORLD w;
    world_sitting(&w);
    assert_int_equal(put_closed(&w, "custodian-p1"), 0);
    assert_int_equal(put_opened(&w, "yes", "nobody"), 1);
    assert_string_equal(where(&w, QRT_PERSON, "custodian-p1"), "unknown");
    assert_string_equal(where(&w, QRT_PERSON, "operator-1"), QRT_HERE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_lasts_only_if_it_says_so),
        cmocka_unit_test(while_one_lasts_no_other_is_opened),
        cmocka_unit_test(without_one_nobody_goes_out_or_comes_back),
        cmocka_unit_test(who_is_in_the_room_goes_out_and_who_is_not_comes_in),
        cmocka_unit_test(a_thing_goes_out_and_comes_back_in_turn),
        cmocka_unit_test(the_close_waits_for_whoever_and_whatever_is_outside),
        cmocka_unit_test(an_exception_settles_what_will_not_come_back),
        cmocka_unit_test(who_is_present_at_the_close_is_who_is_in_the_room),
        cmocka_unit_test(a_note_has_a_limit),
        cmocka_unit_test(a_session_holds_so_many_people_and_things_and_no_more),
        cmocka_unit_test(nobody_of_another_session_is_in_the_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
