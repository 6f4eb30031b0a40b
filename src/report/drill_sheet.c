#include "report/drill.h"

#include "base/clock.h"
#include "report/drill_parts.h"
#include <stdio.h>
#include <string.h>

#define LOG_MM 75.0

static const char *level_words(const char *level)
{
    if (strcmp(level, "group") == 0) {
        return "one group: its half was rebuilt, and no vault key was formed";
    }
    return strcmp(level, "full") == 0
               ? "both groups: the vault key was rebuilt, and nothing was opened"
               : "a tour of the safes: no bag was opened";
}

static void facts(struct flow *flow, const json_t *report)
{
    const json_t *drill = json_object_get(report, "drill");
    const json_t *seconds = json_object_get(drill, "seconds_to_quorum");
    const char *result = qrt_drill_text(drill, "result");
    place_foreign(&flow->drawing, (struct place){0, flow->y_mm, FLOW_WIDE_MM, 10}, 20,
                  QRT_STYLE_BOLD, "", flow->title);
    flow->y_mm += 12;
    flow_pair(flow, "Organisation", qrt_drill_text(report, "organization"));
    flow_pair(flow, "Vault", qrt_drill_text(json_object_get(report, "log"), "origin"));
    flow_pairf(flow, "Drill", "number %lld, %.10s %.5s UTC", qrt_drill_number(drill, "number"),
               qrt_drill_text(drill, "time"),
               strlen(qrt_drill_text(drill, "time")) > 11 ? qrt_drill_text(drill, "time") + 11
                                                          : "");
    if (json_is_integer(json_object_get(drill, "until"))) {
        flow_pairf(flow, "In the log", "entries %lld to %lld", qrt_drill_number(drill, "index"),
                   qrt_drill_number(drill, "until"));
    } else {
        flow_pairf(flow, "In the log", "from entry %lld", qrt_drill_number(drill, "index"));
    }
    flow_pair(flow, "Operator", qrt_drill_text(drill, "operator"));
    flow_pairf(flow, "Level", "%s%s%s", qrt_drill_text(drill, "level"),
               qrt_drill_text(drill, "group")[0] != '\0' ? ", " : "",
               qrt_drill_text(drill, "group"));
    flow_pair(flow, "", level_words(qrt_drill_text(drill, "level")));
    flow_pairf(flow, "Result", "%s, %s", result[0] == '\0' ? "under way" : result,
               json_is_true(json_object_get(drill, "clean")) ? "clean" : "not clean");
    if (json_is_integer(seconds)) {
        long long all = (long long)json_integer_value(seconds);
        flow_pairf(flow, "Time to quorum", "%lld min %lld s, by the log's own times", all / 60,
                   all % 60);
    } else if (strcmp(qrt_drill_text(drill, "level"), "seals") != 0) {
        flow_pair(flow, "Time to quorum", "there was no quorum");
    }
}

static void log_head(struct flow *flow, const json_t *report)
{
    const json_t *log = json_object_get(report, "log");
    char words[320];
    flow_need(flow, LOG_MM);
    flow_heading(flow, "The log from which this was made");
    flow_pair(flow, "Origin", qrt_drill_text(log, "origin"));
    flow_hex_pair(flow, "Vault id", qrt_drill_text(log, "vault_id"));
    flow_pairf(flow, "Entries", "%lld, up to epoch %lld", qrt_drill_number(log, "size"),
               qrt_drill_number(log, "epoch"));
    flow_hex_pair(flow, "Root of the log", qrt_drill_text(log, "root"));
    flow_pair(flow, "The same in base64", qrt_drill_text(log, "root_base64"));
    flow_hex_pair(flow, "Genesis fingerprint", qrt_drill_text(log, "genesis"));
    snprintf(words, sizeof words,
             "For the auditor: in an export of the log the file chain/%lld has these entries and "
             "this root on its second and third line. quorate log verify, or without this "
             "software examples/verify_log.py, holds it against every entry.",
             qrt_drill_number(log, "epoch"));
    flow_row(flow, (const struct flow_cell[]){{0, FLOW_WIDE_MM, words, 0}}, 1);
}

/* Whoever was there, and the auditor who reads it. */
static void signatures(struct flow *flow, const json_t *drill)
{
    size_t i;
    const json_t *at;
    flow_heading(flow, "Signed by those who were there, and by the auditor");
    json_array_foreach(json_object_get(drill, "people"), i, at)
    {
        if (strcmp(qrt_drill_text(at, "grade"), "absent") != 0) {
            flow_sign(flow, qrt_drill_text(at, "name"), qrt_drill_text(at, "person"),
                      qrt_drill_text(at, "roles"), "");
        }
    }
    flow_sign(flow, "Auditor", "", "", "read, and held against the log");
}

static enum qrt_code draw(struct qrt_secret *description, size_t *pages, const json_t *report,
                          enum qrt_paper paper, struct qrt_err *err)
{
    struct flow flow = {.title = "Report of an access drill", .pages = *pages};
    const json_t *drill = json_object_get(report, "drill");
    const char *time = qrt_drill_text(report, "time");
    int64_t made_unix_s = 0;
    (void)qrt_clock_parse(time, strlen(time), &made_unix_s);
    qrt_drawing_begin(
        &flow.drawing, description,
        &(struct qrt_sheet_head){.paper = paper,
                                 .practice = json_is_true(json_object_get(report, "practice")),
                                 .made_unix_s = made_unix_s});
    flow_next_page(&flow);
    facts(&flow, report);
    qrt_drill_table_graded(&flow, report);
    qrt_drill_table_proved(&flow, report);
    qrt_drill_table_seals(&flow, report);
    qrt_drill_table_findings(&flow, report);
    qrt_drill_table_actions(&flow, report);
    qrt_drill_table_coverage(&flow, report);
    log_head(&flow, report);
    signatures(&flow, drill);
    *pages = flow.drawing.pages;
    return qrt_drawing_end(&flow.drawing, err);
}

enum qrt_code qrt_sheet_drill_describe(struct qrt_secret *description, const json_t *report,
                                       enum qrt_paper paper, struct qrt_err *err)
{
    size_t pages = 0;
    qrt_secret_wipe(description);
    enum qrt_code code = draw(description, &pages, report, paper, err);
    qrt_secret_wipe(description);
    return code == QRT_OK ? draw(description, &pages, report, paper, err) : code;
}
