#include "report/drill.h"

#include "base/base64.h"
#include "base/clock.h"
#include "base/text.h"
#include "report/drill_json.h"
#include "report/drill_parts.h"

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
    char base64[QRT_BASE64_CHARS(QRT_HASH_BYTES) + 1];
    qrt_base64_encode(base64, log->head.root, QRT_HASH_BYTES);
    return json_pack("{s:s, s:s, s:s, s:I, s:I, s:s, s:s}", "origin", log->origin, "vault_id", id,
                     "genesis", genesis, "epoch", (json_int_t)log->head.epochs - 1, "size",
                     (json_int_t)log->head.size, "root", root, "root_base64", base64);
}

static json_t *of_drill(const struct qrt_drill_finding *f, const struct qrt_vault *vault)
{
    const struct qrt_state *state = &vault->state;
    json_t *json = qrt_drill_json(state, f->drill);
    name_people(json, vault);
    json_object_set_new(json, "operator",
                        f->operator_id[0] == '\0' ? json_null() : json_string(f->operator_id));
    json_object_set_new(json, "until",
                        f->until == QRT_NEVER
                            ? json_null()
                            : json_integer((json_int_t)state->former_entries + f->until));
    return json;
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
    QRT_DRILL_FINDING f = {0};
    const struct qrt_drill *drill = QRT_ROW(state, drills, qrt_drill, number - 1);
    enum qrt_code code = qrt_coverage_make(&coverage, state, err);
    if (code != QRT_OK || (code = qrt_drill_find(&f, vault, drill, err)) != QRT_OK) {
        return code;
    }
    qrt_clock_format(now, now_unix_s);
    int64_t due_unix_s = qrt_coverage_due_unix_s(state, vault->policy.drill_days);
    *report = json_pack(
        "{s:s, s:s, s:b, s:s, s:o, s:O, s:O, s:O, s:o, s:o, s:o}", "format", "quorate/drill/v1",
        "organization", vault->policy.organization, "practice", state->practice, "time", now,
        "drill", of_drill(&f, vault), "findings", f.texts, "proved", f.proved, "seals", f.seals,
        "actions", actions(state, drill, now_unix_s), "coverage",
        qrt_coverage_json(&coverage, due_unix_s, now_unix_s), "log", head(&vault->log));
    return *report != NULL ? QRT_OK : qrt_fail(err, QRT_E_NOMEM, "a drill's report");
}
