#include "report/drill_parts.h"

#include "base/clock.h"
#include "base/text.h"
#include "log/inspect.h"
#include <string.h>

void qrt_drill_finding_free(struct qrt_drill_finding *finding)
{
    json_decref(finding->texts);
    json_decref(finding->proved);
    json_decref(finding->seals);
}

static void add(struct qrt_drill_finding *f, const struct qrt_buf *text)
{
    f->failed = f->failed || text->failed ||
                json_array_append_new(f->texts, json_string(qrt_buf_str(text))) != 0;
}

/* Appends "BEFORE VALUE" of an entry, if it has that key. */
static void say(struct qrt_buf *text, const char *before, const struct qrt_entry *entry,
                const char *key)
{
    struct qrt_span value;
    if (qrt_entry_get(entry, key, &value)) {
        qrt_buf_text(text, before);
        qrt_span_unescape(text, value);
    }
}

static json_t *value_json(const struct qrt_entry *entry, const char *key)
{
    QRT_BUF text = {0};
    say(&text, "", entry, key);
    return text.len_bytes == 0 ? json_null() : json_string(qrt_buf_str(&text));
}

static uint64_t number_of(const struct qrt_entry *entry, const char *key)
{
    struct qrt_span value;
    uint64_t number = 0;
    return qrt_entry_get(entry, key, &value) &&
                   qrt_text_u64(value.data, value.len_bytes, UINT32_MAX, &number)
               ? number
               : 0;
}

static json_t *time_json(const struct qrt_entry *entry)
{
    char time[QRT_TIME_CHARS + 1];
    qrt_clock_format(time, entry->time_unix_s);
    return json_string(time);
}

/* Proofs of single cards, and seals, count from the drill before. */
static void read_between(struct qrt_drill_finding *f, const struct qrt_entry *entry)
{
    if (entry->event->id == QRT_EV_CARD_PROVED) {
        f->failed = f->failed || json_array_append_new(
                                     f->proved, json_pack("{s:I, s:o}", "serial",
                                                          (json_int_t)number_of(entry, "serial"),
                                                          "time", time_json(entry))) != 0;
    } else if (entry->event->id == QRT_EV_SEAL_CHECKED) {
        f->failed =
            f->failed ||
            json_array_append_new(
                f->seals,
                json_pack("{s:o, s:o, s:o, s:o, s:o, s:b}", "bag", value_json(entry, "bag"),
                          "result", value_json(entry, "result"), "seen", value_json(entry, "seen"),
                          "person", value_json(entry, "person"), "time", time_json(entry),
                          "in_drill", entry->index > f->from)) != 0;
    }
}

static void read_outcome(struct qrt_drill_finding *f, const struct qrt_entry *entry)
{
    QRT_BUF text = {0};
    struct qrt_span result;
    f->until = (int64_t)entry->index;
    if (!qrt_entry_get(entry, "result", &result) || !qrt_span_is(result, "done")) {
        say(&text, "the drill ended: ", entry, "result");
        say(&text, ", ", entry, "reason");
        add(f, &text);
    }
}

static void read_own(struct qrt_drill_finding *f, const struct qrt_entry *entry)
{
    QRT_BUF text = {0};
    struct qrt_span result;
    switch (entry->event->id) {
    case QRT_EV_INTENT:
        f->ended = entry->index > f->from;
        if (!f->ended) {
            (void)!qrt_span_copy(f->operator_id, sizeof f->operator_id, entry->actor);
        }
        break;
    case QRT_EV_CARD_REFUSED:
        say(&text, "card ", entry, "serial");
        qrt_buf_text(&text, text.len_bytes == 0 ? "a card" : "");
        say(&text, " was refused: ", entry, "reason");
        add(f, &text);
        break;
    case QRT_EV_SEAL_CHECKED:
        say(&text, "bag ", entry, "bag");
        say(&text, ": ", entry, "result");
        say(&text, ", the number read was ", entry, "seen");
        if (!qrt_entry_get(entry, "result", &result) || !qrt_span_is(result, "whole")) {
            add(f, &text);
        }
        break;
    case QRT_EV_EXCEPTION:
        say(&text, "exception at ", entry, "step");
        say(&text, ": expected: ", entry, "expected");
        say(&text, "; happened: ", entry, "happened");
        say(&text, "; decided: ", entry, "decided");
        add(f, &text);
        break;
    case QRT_EV_OUTCOME:
        read_outcome(f, entry);
        break;
    case QRT_EV_SESSION_CLOSED:
    case QRT_EV_SESSION_OPENED:
        f->ended = true;
        break;
    default:
        break;
    }
}

static bool read_entry(void *ctx, const struct qrt_entry *entry)
{
    struct qrt_drill_finding *f = ctx;
    if (entry->index >= f->from) {
        read_own(f, entry);
    }
    if (!f->ended && entry->index >= f->since) {
        read_between(f, entry);
    }
    return !f->ended;
}

static void add_grades(struct qrt_drill_finding *f, const struct qrt_state *state)
{
    for (size_t i = 0; i < state->grades.len; i++) {
        const struct qrt_grade *grade = QRT_ROW(state, grades, qrt_grade, i);
        if (grade->intent == f->drill->intent && !qrt_grade_is_best(grade->grade)) {
            bool card = strspn(grade->subject, "0123456789") == strlen(grade->subject);
            QRT_BUF text = {0};
            qrt_buf_printf(&text, "%s%s: %s", card ? "card " : "", grade->subject, grade->grade);
            add(f, &text);
        }
    }
    if (f->drill->actions_open > 0) {
        QRT_BUF text = {0};
        qrt_buf_printf(&text, "actions that were open when it began: %lld",
                       (long long)f->drill->actions_open);
        add(f, &text);
    }
}

/* The place of the intent of the drill before it in this log; 0: there is none. */
static uint64_t drill_before(const struct qrt_state *state, const struct qrt_drill *drill)
{
    int64_t since = 0;
    for (size_t i = 0; i < state->drills.len; i++) {
        const struct qrt_drill *other = QRT_ROW(state, drills, qrt_drill, i);
        if (other->intent < drill->intent && qrt_drill_is_done(state, other)) {
            since = other->intent - (int64_t)state->former_entries;
        }
    }
    return since > 0 ? (uint64_t)since : 0;
}

static enum qrt_code read_log(struct qrt_drill_finding *f, struct qrt_vault *vault,
                              struct qrt_err *err)
{
    const struct qrt_state *state = &vault->state;
    add_grades(f, state);
    if (f->drill->intent < (int64_t)state->former_entries) {
        QRT_BUF text = {0};
        qrt_buf_text(&text, "its entries stand in a former log of this vault, kept with it");
        add(f, &text);
        return QRT_OK;
    }
    f->from = (uint64_t)f->drill->intent - state->former_entries;
    f->since = drill_before(state, f->drill);
    return qrt_log_each_entry(&vault->log, read_entry, f, err);
}

/* Whose card was proved, and what lies in the bags. */
static void name_things(const struct qrt_drill_finding *f, const struct qrt_state *state)
{
    size_t i;
    json_t *row;
    json_array_foreach(f->proved, i, row)
    {
        const struct qrt_card_row *card =
            qrt_state_card(state, (uint64_t)json_integer_value(json_object_get(row, "serial")));
        json_object_set_new(row, "custodian", json_string(card == NULL ? "" : card->custodian));
    }
    json_array_foreach(f->seals, i, row)
    {
        const char *number = json_string_value(json_object_get(row, "bag"));
        const struct qrt_bag *bag = number == NULL ? NULL : qrt_state_bag(state, number);
        bool device = bag != NULL && bag->account[0] != '\0';
        json_object_set_new(row, "serial",
                            bag == NULL || device ? json_null() : json_integer(bag->serial));
        json_object_set_new(row, "account", device ? json_string(bag->account) : json_null());
    }
}

enum qrt_code qrt_drill_find(struct qrt_drill_finding *finding, struct qrt_vault *vault,
                             const struct qrt_drill *drill, struct qrt_err *err)
{
    *finding = (struct qrt_drill_finding){.drill = drill,
                                          .texts = json_array(),
                                          .proved = json_array(),
                                          .seals = json_array(),
                                          .until = QRT_NEVER};
    enum qrt_code code = read_log(finding, vault, err);
    name_things(finding, &vault->state);
    return code == QRT_OK && finding->failed ? qrt_fail(err, QRT_E_NOMEM, "a drill's report")
                                             : code;
}
