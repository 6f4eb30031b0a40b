/* What minutes say of an entry: a sentence for every event, without leaving out
 * what people must know, and without a trace of how it was made. */
#include "unit.h"

#include "ceremony/session/minutes_tell.h"
#include <stdio.h>
#include <string.h>

/* Not read aloud: what programs hold against one another, and references. */
static bool is_for_programs(const struct qrt_event *event, const struct qrt_event_key *key)
{
    static const char *const names[] = {"vkey",   "executable",   "next-key",
                                        "intent", "member-index", "lasts"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(key->name, names[i]) == 0) {
            return true;
        }
    }
    return key->form == QRT_FORM_DIGEST || key->form == QRT_FORM_BASE64 ||
           key->form == QRT_FORM_YES || event->id == QRT_EV_GENESIS ||
           event->id == QRT_EV_SESSION_CLOSED;
}

static void tell(struct qrt_buf *out, const struct qrt_event *event, unsigned left_out)
{
    QRT_BUF lines = {0};
    for (size_t i = 0; i < event->keys_len; i++) {
        const struct qrt_event_key *key = &event->keys[i];
        if ((key->flags & left_out) == 0) {
            qrt_buf_printf(&lines, "%s <%s>\n", key->name, key->name);
        }
    }
    qrt_minutes_tell(out, event, (struct qrt_span){qrt_buf_str(&lines), lines.len_bytes}, false);
}

static void test_every_event_is_told_with_its_values(void **state)
{
    (void)state;
    for (int id = 0; id < QRT_EVENTS; id++) {
        const struct qrt_event *event = qrt_event_by_id((enum qrt_event_id)id);
        QRT_BUF all = {0};
        QRT_BUF least = {0};
        tell(&all, event, 0);
        tell(&least, event, QRT_KEY_OPTIONAL | QRT_KEY_REPEATED);
        for (size_t i = 0; i < event->keys_len; i++) {
            char value[32];
            snprintf(value, sizeof value, "<%s>", event->keys[i].name);
            bool is_said = strstr(qrt_buf_str(&all), value) != NULL;
            if (is_said == is_for_programs(event, &event->keys[i])) {
                fail_msg("%s, %s: %s", event->name, value, qrt_buf_str(&all));
            }
        }
        if (all.len_bytes == 0 || strpbrk(qrt_buf_str(&all), "{}[]") != NULL ||
            strpbrk(qrt_buf_str(&least), "{}[]") != NULL) {
            fail_msg("%s: %s; %s", event->name, qrt_buf_str(&all), qrt_buf_str(&least));
        }
    }
}

static void assert_told(const char *event, const char *lines, const char *want)
{
    QRT_BUF text = {0};
    qrt_minutes_tell(&text, qrt_event_by_name(event, strlen(event)),
                     (struct qrt_span){lines, strlen(lines)}, false);
    assert_string_equal(qrt_buf_str(&text), want);
}

static void test_sentences(void **state)
{
    (void)state;
    assert_told("card-accepted", "intent 5\nserial 3\nhow words\nresult accepted\n",
                "card 3 is read by its words: accepted");
    assert_told("card-accepted", "intent 5\nserial 3\nhow code\nresult accepted\nsuspect yes\n",
                "card 3 is read by its code: accepted, although it is suspect");
    assert_told("card-refused", "reason short\n", "a card is refused: short");
    assert_told("card-refused", "intent 5\nserial 9\nreason void\n",
                "a card is refused, number 9: void");
    assert_told("card-destroyed", "serial 3\nwitness a-1\nwitness b-1\n",
                "card 3 is destroyed before a-1, b-1");
    /* Braces and brackets of the entry's own are text. */
    assert_told("session-noted", "text {serial} [x] %5B%25\n", "note: {serial} [x] [%");
}

static void test_what_is_long_is_cut_between_characters(void **state)
{
    (void)state;
    for (size_t shift = 0; shift < 3; shift++) {
        QRT_BUF lines = {0};
        QRT_BUF text = {0};
        qrt_buf_printf(&lines, "text %.*s", (int)shift, "xx");
        for (int i = 0; i < 600; i++) {
            qrt_buf_text(&lines, "%E2%82%AC");
        }
        qrt_buf_text(&lines, "\n");
        qrt_minutes_tell(&text, qrt_event_by_id(QRT_EV_SESSION_NOTED),
                         (struct qrt_span){qrt_buf_str(&lines), lines.len_bytes}, true);
        const char *cut = strstr(qrt_buf_str(&text), " (the rest");
        assert_non_null(cut);
        assert_memory_equal(cut - 3, "\xE2\x82\xAC", 3);
        assert_in_range(text.len_bytes, 1000, 1300);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_event_is_told_with_its_values),
        cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_what_is_long_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
