#include "report/drill.h"

#include "base/clock.h"
#include "base/text.h"
#include "log/inspect.h"
#include "report/drill_json.h"
#include "vault/drill.h"
#include <stdlib.h>
#include <string.h>

/* What went wrong: texts, from what the log has of the drill and its session. */
struct finding {
    const struct qrt_drill *drill;
    uint64_t from; /* the intent, in this log */
    bool ended;    /* the session, or another began */
    json_t *texts;
    bool failed;
};

static void add(struct finding *f, const struct qrt_buf *text)
{
    f->failed = f->failed || text->failed ||
                json_array_append_new(f->texts, json_string(qrt_buf_str(text))) != 0;
}

/* Appends ", KEY: value" of an entry, if it has that key. */
static void say(struct qrt_buf *text, const struct qrt_entry *entry, const char *key)
{
    struct qrt_span value;
    if (qrt_entry_get(entry, key, &value)) {
        qrt_buf_printf(text, ", %s: ", key);
        qrt_span_unescape(text, value);
    }
}

static bool read_entry(void *ctx, const struct qrt_entry *entry)
{
    struct finding *f = ctx;
    QRT_BUF text = {0};
    if (entry->index < f->from) {
        return true;
    }
    switch (entry->event->id) {
    case QRT_EV_CARD_REFUSED:
        qrt_buf_text(&text, "a card was refused");
        say(&text, entry, "reason");
        say(&text, entry, "serial");
        add(f, &text);
        break;
    case QRT_EV_EXCEPTION:
        qrt_buf_text(&text, "exception");
        say(&text, entry, "step");
        say(&text, entry, "expected");
        say(&text, entry, "happened");
        say(&text, entry, "decided");
        add(f, &text);
        break;
    case QRT_EV_OUTCOME:
        qrt_buf_text(&text, "the drill was not done");
        say(&text, entry, "result");
        say(&text, entry, "reason");
        if (text.len_bytes > 0 && strstr(qrt_buf_str(&text), "result: done") == NULL) {
            add(f, &text);
        }
        break;
    case QRT_EV_SESSION_CLOSED:
    case QRT_EV_SESSION_OPENED:
        f->ended = true;
        break;
    default:
        break;
    }
    return !f->ended;
}

static void add_grades(struct finding *f, const struct qrt_state *state)
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

static json_t *findings(struct qrt_vault *vault, const struct qrt_drill *drill, struct qrt_err *err)
{
    struct finding f = {.drill = drill, .texts = json_array()};
    f.failed = f.texts == NULL;
    add_grades(&f, &vault->state);
    if (drill->intent < (int64_t)vault->state.former_entries) {
        QRT_BUF text = {0};
        qrt_buf_text(&text,
                     "its entries stand in a former log of this vault, which is kept with it");
        add(&f, &text);
    } else {
        f.from = (uint64_t)drill->intent - vault->state.former_entries;
        if (qrt_log_each_entry(&vault->log, read_entry, &f, err) != QRT_OK) {
            json_decref(f.texts);
            return NULL;
        }
    }
    if (f.failed) {
        (void)qrt_fail(err, QRT_E_NOMEM, "a drill's report");
        json_decref(f.texts);
        return NULL;
    }
    return f.texts;
}

/* Those that came from it, and all that are open. */
static json_t *actions(const struct qrt_state *state, const struct qrt_drill *drill,
                       int64_t now_unix_s)
{
    json_t *list = json_array();
    for (size_t i = 0; i < state->actions.len; i++) {
        const struct qrt_action *action = QRT_ROW(state, actions, qrt_action, i);
        if (action->intent == drill->intent || action->closed == QRT_NEVER) {
            json_array_append_new(list, qrt_action_json(action, now_unix_s));
        }
    }
    return list;
}

/* The people of the report have names, for those who sign it. */
static void name_people(json_t *drill, const struct qrt_vault *vault)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(drill, "people"), i, row)
    {
        const char *id = json_string_value(json_object_get(row, "person"));
        const struct qrt_policy_person *person =
            id == NULL ? NULL : qrt_policy_person(&vault->policy, id);
        const struct qrt_person *known = id == NULL ? NULL : qrt_state_person(&vault->state, id);
        json_object_set_new(row, "name", json_string(person == NULL ? "" : person->name));
        json_object_set_new(row, "roles", json_string(known == NULL ? "" : known->roles));
    }
}

static json_t *head(const struct qrt_log *log)
{
    char root[2 * QRT_HASH_BYTES + 1];
    char genesis[2 * QRT_HASH_BYTES + 1];
    char id[2 * QRT_VAULT_ID_BYTES + 1];
    qrt_text_hex(root, log->head.root, QRT_HASH_BYTES);
    qrt_text_hex(genesis, log->fingerprint, QRT_HASH_BYTES);
    qrt_text_hex(id, log->vault_id, QRT_VAULT_ID_BYTES);
    return json_pack("{s:s, s:s, s:s, s:I, s:s}", "origin", log->origin, "vault_id", id, "genesis",
                     genesis, "size", (json_int_t)log->head.size, "root", root);
}

enum qrt_code qrt_drill_report(json_t **report, struct qrt_vault *vault, size_t number,
                               int64_t now_unix_s, struct qrt_err *err)
{
    const struct qrt_state *state = &vault->state;
    QRT_COVERAGE coverage = {0};
    char now[QRT_TIME_CHARS + 1];
    *report = NULL;
    if (number == 0 || number > state->drills.len) {
        return qrt_fail(err, QRT_E_NOT_FOUND, "drill %zu: there is none of that number", number);
    }
    const struct qrt_drill *drill = QRT_ROW(state, drills, qrt_drill, number - 1);
    struct qrt_err why = {0};
    enum qrt_code code = qrt_coverage_make(&coverage, state, err);
    if (code != QRT_OK) {
        return code;
    }
    json_t *texts = findings(vault, drill, &why);
    if (texts == NULL) {
        return qrt_fail(err, QRT_E_IO, "%s", why.what);
    }
    json_t *of_drill = qrt_drill_json(state, drill);
    name_people(of_drill, vault);
    qrt_clock_format(now, now_unix_s);
    *report = json_pack("{s:s, s:s, s:b, s:s, s:o, s:o, s:o, s:o, s:o}", "format",
                        "quorate/drill/v1", "organization", vault->policy.organization, "practice",
                        state->practice, "time", now, "drill", of_drill, "findings", texts,
                        "actions", actions(state, drill, now_unix_s), "coverage",
                        qrt_coverage_json(&coverage,
                                          qrt_coverage_due_unix_s(state, vault->policy.drill_days),
                                          now_unix_s),
                        "log", head(&vault->log));
    return *report != NULL ? QRT_OK : qrt_fail(err, QRT_E_NOMEM, "a drill's report");
}
