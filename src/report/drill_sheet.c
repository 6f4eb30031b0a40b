#include "report/drill.h"

#include "base/clock.h"
#include "report/flow.h"
#include <stdio.h>
#include <string.h>

#define SIGN_MM 17.0
#define ROW_MM  12.0

static const char *text_of(const json_t *at, const char *key)
{
    const char *text = json_string_value(json_object_get(at, key));
    return text == NULL ? "" : text;
}

static long long number_of(const json_t *at, const char *key)
{
    return (long long)json_integer_value(json_object_get(at, key));
}

/* The day of a time; "never" without one. */
static const char *day_of(char day[static 11], const json_t *at, const char *key)
{
    snprintf(day, 11, "%.10s", text_of(at, key)[0] == '\0' ? "never" : text_of(at, key));
    return day;
}

static const char *level_words(const char *level)
{
    if (strcmp(level, "group") == 0) {
        return "one group: its half was rebuilt, no vault key was formed";
    }
    return strcmp(level, "full") == 0 ? "both groups: the vault key was rebuilt, nothing was opened"
                                      : "bags and seals: nothing was opened";
}

static void facts(struct flow *flow, const json_t *report)
{
    const json_t *drill = json_object_get(report, "drill");
    const json_t *seconds = json_object_get(drill, "seconds_to_quorum");
    const char *result = text_of(drill, "result");
    place_foreign(&flow->drawing, (struct place){0, flow->y_mm, FLOW_WIDE_MM, 10}, 20,
                  QRT_STYLE_BOLD, "", flow->title);
    flow->y_mm += 12;
    flow_pair(flow, "Organisation", text_of(report, "organization"));
    flow_pair(flow, "Vault", text_of(json_object_get(report, "log"), "origin"));
    flow_pairf(flow, "Drill", "number %lld, %.10s %.5s UTC, entry %lld of the log",
               number_of(drill, "number"), text_of(drill, "time"),
               strlen(text_of(drill, "time")) > 11 ? text_of(drill, "time") + 11 : "",
               number_of(drill, "index"));
    flow_pairf(flow, "Level", "%s%s%s", text_of(drill, "level"),
               text_of(drill, "group")[0] != '\0' ? " " : "", text_of(drill, "group"));
    flow_pair(flow, "", level_words(text_of(drill, "level")));
    flow_pairf(flow, "Result", "%s%s", result[0] == '\0' ? "under way" : result,
               json_is_true(json_object_get(drill, "clean")) ? ", clean" : ", not clean");
    if (json_is_integer(seconds)) {
        long long all = (long long)json_integer_value(seconds);
        flow_pairf(flow, "Time to quorum", "%lld min %lld s, by the log's own times", all / 60,
                   all % 60);
    } else {
        flow_pair(flow, "Time to quorum", "there was none");
    }
}

/* A table: columns, and rows of texts, a rule under its head. */
struct column {
    double x_mm, wide_mm;
    const char *name;
};

static void head(struct flow *flow, const struct column *columns, size_t columns_len)
{
    struct flow_cell cells[8];
    for (size_t i = 0; i < columns_len; i++) {
        cells[i] = (struct flow_cell){columns[i].x_mm, columns[i].wide_mm, columns[i].name,
                                      QRT_STYLE_BOLD};
    }
    flow_row(flow, cells, columns_len);
    place_rule(&flow->drawing, (struct place){0, flow->y_mm, FLOW_WIDE_MM, 0}, 0.2, false);
    flow->y_mm += 1;
}

static void row(struct flow *flow, const struct column *columns, const char *const *texts,
                size_t columns_len)
{
    struct flow_cell cells[8];
    if (flow->y_mm + ROW_MM > FLOW_BOTTOM_MM) {
        flow_next_page(flow);
        head(flow, columns, columns_len);
    }
    for (size_t i = 0; i < columns_len; i++) {
        cells[i] = (struct flow_cell){columns[i].x_mm, columns[i].wide_mm, texts[i], 0};
    }
    flow_row(flow, cells, columns_len);
}

static void none(struct flow *flow, const char *words)
{
    flow_row(flow, (const struct flow_cell[]){{0, FLOW_WIDE_MM, words, 0}}, 1);
}

static void graded(struct flow *flow, const json_t *drill)
{
    static const struct column cards[] = {
        {0, 20, "Card"}, {22, 34, "Group"}, {58, 70, "Custodian"}, {130, 50, "Grade"}};
    static const struct column people[] = {{0, 56, "Person"}, {58, 70, "Name"}, {130, 50, "Grade"}};
    size_t i;
    const json_t *at;
    flow_heading(flow, "The cards that came");
    if (json_array_size(json_object_get(drill, "cards")) == 0) {
        none(flow, "none");
    } else {
        head(flow, cards, 4);
    }
    json_array_foreach(json_object_get(drill, "cards"), i, at)
    {
        char serial[24];
        snprintf(serial, sizeof serial, "%lld", number_of(at, "serial"));
        row(flow, cards,
            (const char *const[]){serial, text_of(at, "group"), text_of(at, "custodian"),
                                  text_of(at, "grade")},
            4);
    }
    flow_heading(flow, "The people");
    head(flow, people, 3);
    json_array_foreach(json_object_get(drill, "people"), i, at)
    {
        row(flow, people,
            (const char *const[]){text_of(at, "person"), text_of(at, "name"), text_of(at, "grade")},
            3);
    }
}

static void wrong(struct flow *flow, const json_t *report)
{
    const json_t *findings = json_object_get(report, "findings");
    size_t i;
    const json_t *at;
    flow_heading(flow, "What went wrong");
    if (json_array_size(findings) == 0) {
        none(flow, "nothing");
    }
    json_array_foreach(findings, i, at)
    {
        flow_row(flow,
                 (const struct flow_cell[]){{0, 6, "-", 0}, {6, 174, json_string_value(at), 0}}, 2);
    }
}

static void to_do(struct flow *flow, const json_t *report)
{
    static const struct column columns[] = {
        {0, 12, "No."}, {14, 34, "Owner"}, {50, 26, "Due"}, {78, 22, "State"}, {102, 78, "Action"}};
    const json_t *actions = json_object_get(report, "actions");
    size_t i;
    const json_t *at;
    flow_heading(flow, "Actions: from this drill, and all that are open");
    if (json_array_size(actions) == 0) {
        none(flow, "none");
        return;
    }
    head(flow, columns, 5);
    json_array_foreach(actions, i, at)
    {
        char number[24];
        snprintf(number, sizeof number, "%lld", number_of(at, "action"));
        row(flow, columns,
            (const char *const[]){number, text_of(at, "owner"), text_of(at, "due"),
                                  text_of(at, "state"), text_of(at, "text")},
            5);
    }
}

static void covered(struct flow *flow, const json_t *coverage, const char *key)
{
    static const struct column columns[] = {{0, 20, "Card"},     {22, 26, "Group"},
                                            {50, 52, "Person"},  {104, 26, "There last"},
                                            {132, 20, "Missed"}, {154, 26, ""}};
    size_t i;
    const json_t *at;
    head(flow, columns, 6);
    json_array_foreach(json_object_get(coverage, key), i, at)
    {
        char serial[24] = "";
        char missed[24];
        char day[11];
        if (json_object_get(at, "serial") != NULL) {
            snprintf(serial, sizeof serial, "%lld", number_of(at, "serial"));
        }
        snprintf(missed, sizeof missed, "%lld", number_of(at, "drills_missed"));
        bool is_covered = json_is_true(json_object_get(at, "covered"));
        bool picked = json_is_true(json_object_get(at, "picked"));
        row(flow, columns,
            (const char *const[]){serial, text_of(at, "group"), text_of(at, "person"),
                                  day_of(day, at, "last"), missed,
                                  !is_covered ? "not covered"
                                  : picked    ? "comes next"
                                              : ""},
            6);
    }
}

static void log_head(struct flow *flow, const json_t *report)
{
    const json_t *log = json_object_get(report, "log");
    flow_heading(flow, "The log from which this was made");
    flow_pair(flow, "Origin", text_of(log, "origin"));
    flow_hex_pair(flow, "Vault id", text_of(log, "vault_id"));
    flow_pairf(flow, "Entries", "%lld", number_of(log, "size"));
    flow_hex_pair(flow, "Root of the log", text_of(log, "root"));
    flow_hex_pair(flow, "Genesis fingerprint", text_of(log, "genesis"));
    none(flow,
         "Whoever has the vault or an export of its log verifies both with `quorate log verify`, "
         "or without this software with examples/verify_log.py: the first so many entries "
         "have this root.");
}

static void sign(struct flow *flow, const char *name, const char *below)
{
    flow_need(flow, SIGN_MM);
    double y = flow->y_mm + 2;
    struct qrt_drawing *drawing = &flow->drawing;
    place_foreign(drawing, (struct place){0, y + 1, 85, 5}, FLOW_TEXT_POINTS, QRT_STYLE_BOLD, "",
                  name);
    place_foreign(drawing, (struct place){0, y + 6, 85, 5}, 9, 0, "", below);
    place_rule(drawing, (struct place){90, y + 11, 58, 0}, 0.2, false);
    place_rule(drawing, (struct place){152, y + 11, 28, 0}, 0.2, false);
    place_text(drawing, (struct place){90, y + 11.3, 58, 4}, 8, 0, "signature");
    place_text(drawing, (struct place){152, y + 11.3, 28, 4}, 8, 0, "date");
    flow->y_mm += SIGN_MM;
}

/* Whoever was there, and the auditor who reads it. */
static void signatures(struct flow *flow, const json_t *drill)
{
    size_t i;
    const json_t *at;
    flow_heading(flow, "Seen, and so it was");
    json_array_foreach(json_object_get(drill, "people"), i, at)
    {
        if (strcmp(text_of(at, "grade"), "absent") != 0) {
            char below[128];
            snprintf(below, sizeof below, "%s; %s", text_of(at, "person"), text_of(at, "roles"));
            sign(flow, text_of(at, "name"), below);
        }
    }
    sign(flow, "", "the auditor: read, and held against the log");
}

static enum qrt_code draw(struct qrt_secret *description, size_t *pages, const json_t *report,
                          enum qrt_paper paper, struct qrt_err *err)
{
    struct flow flow = {.title = "Report of an access drill", .pages = *pages};
    const json_t *drill = json_object_get(report, "drill");
    const json_t *coverage = json_object_get(report, "coverage");
    const char *time = text_of(report, "time");
    int64_t made_unix_s = 0;
    (void)qrt_clock_parse(time, strlen(time), &made_unix_s);
    qrt_drawing_begin(
        &flow.drawing, description,
        &(struct qrt_sheet_head){.paper = paper,
                                 .practice = json_is_true(json_object_get(report, "practice")),
                                 .made_unix_s = made_unix_s});
    flow_next_page(&flow);
    facts(&flow, report);
    graded(&flow, drill);
    wrong(&flow, report);
    to_do(&flow, report);
    char heading[96];
    char due[11];
    snprintf(heading, sizeof heading, "Coverage: once in %lld drills; the next is due %s",
             number_of(coverage, "coverage_drills"), day_of(due, coverage, "due"));
    flow_heading(&flow, heading);
    covered(&flow, coverage, "cards");
    flow.y_mm += 3;
    covered(&flow, coverage, "people");
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
