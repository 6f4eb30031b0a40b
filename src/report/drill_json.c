#include "report/drill_json.h"

#include "base/clock.h"
#include "vault/drill.h"
#include <stdlib.h>
#include <string.h>

static json_t *time_json(int64_t unix_s)
{
    char time[QRT_TIME_CHARS + 1];
    qrt_clock_format(time, unix_s);
    return json_string(time);
}

/* Cards by serial; people by id. */
static void add_grades(json_t *cards, json_t *people, const struct qrt_state *state,
                       const struct qrt_drill *drill)
{
    for (size_t i = 0; i < state->grades.len; i++) {
        const struct qrt_grade *grade = QRT_ROW(state, grades, qrt_grade, i);
        if (grade->intent != drill->intent) {
            continue;
        }
        if (strspn(grade->subject, "0123456789") == strlen(grade->subject)) {
            const struct qrt_card_row *card =
                qrt_state_card(state, strtoull(grade->subject, NULL, 10));
            json_array_append_new(
                cards, json_pack("{s:I, s:s, s:s, s:s}", "serial",
                                 card == NULL ? (json_int_t)0 : (json_int_t)card->serial, "group",
                                 card == NULL ? "" : card->group_name, "custodian",
                                 card == NULL ? "" : card->custodian, "grade", grade->grade));
        } else {
            json_array_append_new(
                people, json_pack("{s:s, s:s}", "person", grade->subject, "grade", grade->grade));
        }
    }
}

static json_t *actions_of(const struct qrt_state *state, const struct qrt_drill *drill)
{
    json_t *list = json_array();
    for (size_t i = 0; i < state->actions.len; i++) {
        const struct qrt_action *action = QRT_ROW(state, actions, qrt_action, i);
        if (action->intent == drill->intent) {
            json_array_append_new(list, json_integer(action->number));
        }
    }
    return list;
}

json_t *qrt_drill_json(const struct qrt_state *state, const struct qrt_drill *drill)
{
    const struct qrt_ceremony *ceremony = qrt_drill_ceremony(state, drill);
    size_t number = (size_t)(drill - (const struct qrt_drill *)state->drills.data) + 1;
    int64_t seconds = qrt_drill_quorum_s(drill);
    json_t *cards = json_array();
    json_t *people = json_array();
    add_grades(cards, people, state, drill);
    bool ended = ceremony != NULL && ceremony->outcome != QRT_NEVER;
    return json_pack(
        "{s:I, s:s, s:s?, s:I, s:o, s:s?, s:b, s:o, s:I, s:I, s:I, s:I, s:o, s:o, s:o}", "number",
        (json_int_t)number, "level", drill->level, "group",
        drill->group_name[0] == '\0' ? NULL : drill->group_name, "index", (json_int_t)drill->intent,
        "time", time_json(drill->begun_unix_s), "result", ended ? ceremony->result : NULL, "clean",
        qrt_drill_is_clean(state, drill), "seconds_to_quorum",
        seconds == QRT_NEVER ? json_null() : json_integer(seconds), "refused",
        (json_int_t)drill->refused, "seals_checked", (json_int_t)drill->seals, "seals_wrong",
        (json_int_t)drill->seals_wrong, "actions_open_before", (json_int_t)drill->actions_open,
        "cards", cards, "people", people, "actions", actions_of(state, drill));
}

const char *qrt_action_word(const struct qrt_action *action, int64_t now_unix_s)
{
    return action->closed != QRT_NEVER                 ? "closed"
           : qrt_action_is_overdue(action, now_unix_s) ? "overdue"
                                                       : "open";
}

json_t *qrt_action_json(const struct qrt_action *action, int64_t now_unix_s)
{
    return json_pack("{s:I, s:s, s:s, s:s, s:s, s:o, s:s?}", "action", (json_int_t)action->number,
                     "owner", action->owner, "due", action->due, "state",
                     qrt_action_word(action, now_unix_s), "text", action->text, "drill",
                     action->intent == QRT_NEVER ? json_null() : json_integer(action->intent),
                     "done", action->done[0] == '\0' ? NULL : action->done);
}

static json_t *last_json(const struct qrt_coverage_row *row)
{
    return row->last == QRT_NEVER ? json_null() : time_json(row->last_unix_s);
}

static json_t *covered_json(const struct qrt_coverage_row *row)
{
    json_t *json = json_pack("{s:s, s:s?, s:o, s:I, s:b, s:b}", "person", row->person, "group",
                             row->group[0] == '\0' ? NULL : row->group, "last", last_json(row),
                             "drills_missed", (json_int_t)row->missed, "covered", row->covered,
                             "picked", row->picked);
    if (json != NULL && row->serial > 0) {
        json_object_set_new(json, "serial", json_integer(row->serial));
        json_object_set_new(json, "bag",
                            row->bag == NULL ? json_null() : json_string(row->bag->bag));
        json_object_set_new(json, "site",
                            row->bag == NULL ? json_null() : json_string(row->bag->site));
        json_object_set_new(json, "safe",
                            row->bag == NULL ? json_null() : json_string(row->bag->safe));
    }
    return json;
}

static json_t *covered_bag_json(const struct qrt_coverage_row *row)
{
    const struct qrt_bag *bag = row->bag;
    return json_pack("{s:s, s:o, s:s?, s:s, s:s, s:o, s:I, s:b, s:b}", "bag", bag->bag, "serial",
                     row->serial > 0 ? json_integer(row->serial) : json_null(), "account",
                     bag->account[0] == '\0' ? NULL : bag->account, "site", bag->site, "safe",
                     bag->safe, "last", last_json(row), "drills_missed", (json_int_t)row->missed,
                     "covered", row->covered, "picked", row->picked);
}

json_t *qrt_coverage_json(const struct qrt_coverage *coverage, int64_t due_unix_s,
                          int64_t now_unix_s)
{
    json_t *cards = json_array();
    json_t *people = json_array();
    json_t *bags = json_array();
    for (size_t i = 0; i < coverage->cards_len; i++) {
        json_array_append_new(cards, covered_json(&coverage->cards[i]));
    }
    for (size_t i = 0; i < coverage->people_len; i++) {
        json_array_append_new(people, covered_json(&coverage->people[i]));
    }
    for (size_t i = 0; i < coverage->bags_len; i++) {
        json_array_append_new(bags, covered_bag_json(&coverage->bags[i]));
    }
    return json_pack("{s:i, s:o, s:b, s:o, s:o, s:o}", "coverage_drills", QRT_COVERAGE_DRILLS,
                     "due", time_json(due_unix_s), "overdue", due_unix_s < now_unix_s, "cards",
                     cards, "people", people, "bags", bags);
}
