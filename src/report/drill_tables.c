#include "report/drill_parts.h"

#include <stdio.h>
#include <string.h>

#define ROW_MM 12.0

const char *qrt_drill_text(const json_t *at, const char *key)
{
    const char *text = json_string_value(json_object_get(at, key));
    return text == NULL ? "" : text;
}

long long qrt_drill_number(const json_t *at, const char *key)
{
    return (long long)json_integer_value(json_object_get(at, key));
}

/* The day of a time; "never" without one. */
static const char *day_of(char day[static 11], const json_t *at, const char *key)
{
    snprintf(day, 11, "%.10s",
             qrt_drill_text(at, key)[0] == '\0' ? "never" : qrt_drill_text(at, key));
    return day;
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

/* A heading does not stand without what is below it. */
static void section(struct flow *flow, const char *heading)
{
    flow_need(flow, 3 * ROW_MM);
    flow_heading(flow, heading);
}

static void none(struct flow *flow, const char *words)
{
    flow_row(flow, (const struct flow_cell[]){{0, FLOW_WIDE_MM, words, 0}}, 1);
}

void qrt_drill_table_graded(struct flow *flow, const json_t *report)
{
    const json_t *drill = json_object_get(report, "drill");
    static const struct column cards[] = {
        {0, 20, "Card"}, {22, 34, "Group"}, {58, 70, "Custodian"}, {130, 50, "Grade"}};
    static const struct column people[] = {{0, 56, "Person"}, {58, 70, "Name"}, {130, 50, "Grade"}};
    size_t i;
    const json_t *at;
    bool of_seals = strcmp(qrt_drill_text(drill, "level"), "seals") == 0;
    section(flow, of_seals ? "The cards whose bags were looked at" : "The cards that came");
    if (json_array_size(json_object_get(drill, "cards")) == 0) {
        none(flow, "none");
    } else {
        head(flow, cards, 4);
    }
    json_array_foreach(json_object_get(drill, "cards"), i, at)
    {
        char serial[24];
        snprintf(serial, sizeof serial, "%lld", qrt_drill_number(at, "serial"));
        row(flow, cards,
            (const char *const[]){serial, qrt_drill_text(at, "group"),
                                  qrt_drill_text(at, "custodian"), qrt_drill_text(at, "grade")},
            4);
    }
    section(flow, "The people");
    head(flow, people, 3);
    json_array_foreach(json_object_get(drill, "people"), i, at)
    {
        row(flow, people,
            (const char *const[]){qrt_drill_text(at, "person"), qrt_drill_text(at, "name"),
                                  qrt_drill_text(at, "grade")},
            3);
    }
}

/* Cards that their holders proved alone. */
void qrt_drill_table_proved(struct flow *flow, const json_t *report)
{
    static const struct column columns[] = {
        {0, 20, "Card"}, {22, 70, "Custodian"}, {130, 50, "Day"}};
    const json_t *list = json_object_get(report, "proved");
    size_t i;
    const json_t *at;
    section(flow, "Cards proved alone since the drill before");
    if (json_array_size(list) == 0) {
        none(flow, "none");
        return;
    }
    head(flow, columns, 3);
    json_array_foreach(list, i, at)
    {
        char serial[24];
        char day[11];
        snprintf(serial, sizeof serial, "%lld", qrt_drill_number(at, "serial"));
        row(flow, columns,
            (const char *const[]){serial, qrt_drill_text(at, "custodian"), day_of(day, at, "time")},
            3);
    }
}

void qrt_drill_table_seals(struct flow *flow, const json_t *report)
{
    static const struct column columns[] = {{0, 40, "Bag"},
                                            {42, 34, "What is in it"},
                                            {78, 50, "Found"},
                                            {128, 26, "Day"},
                                            {156, 24, "By"}};
    const json_t *list = json_object_get(report, "seals");
    size_t i;
    const json_t *at;
    section(flow, "Seals looked at, in this drill and since the one before");
    if (json_array_size(list) == 0) {
        none(flow, "none");
        return;
    }
    head(flow, columns, 5);
    json_array_foreach(list, i, at)
    {
        char what[48];
        char found[64];
        char day[11];
        const char *seen = qrt_drill_text(at, "seen");
        if (qrt_drill_text(at, "account")[0] != '\0') {
            snprintf(what, sizeof what, "device of %s", qrt_drill_text(at, "account"));
        } else {
            snprintf(what, sizeof what, "card %lld", qrt_drill_number(at, "serial"));
        }
        snprintf(found, sizeof found, "%s%s",
                 seen[0] == '\0' ? qrt_drill_text(at, "result") : "another, ", seen);
        row(flow, columns,
            (const char *const[]){qrt_drill_text(at, "bag"), what, found, day_of(day, at, "time"),
                                  qrt_drill_text(at, "person")},
            5);
    }
}

void qrt_drill_table_findings(struct flow *flow, const json_t *report)
{
    const json_t *findings = json_object_get(report, "findings");
    size_t i;
    const json_t *at;
    section(flow, "What was not as it should be");
    if (json_array_size(findings) == 0) {
        none(flow, "nothing");
    }
    json_array_foreach(findings, i, at)
    {
        flow_row(flow,
                 (const struct flow_cell[]){{0, 6, "-", 0}, {6, 174, json_string_value(at), 0}}, 2);
    }
}

void qrt_drill_table_actions(struct flow *flow, const json_t *report)
{
    static const struct column columns[] = {
        {0, 12, "No."}, {14, 34, "Owner"}, {50, 26, "Due"}, {78, 22, "State"}, {102, 78, "Action"}};
    const json_t *actions = json_object_get(report, "actions");
    size_t i;
    const json_t *at;
    section(flow, "Actions: from this drill, and all that are open");
    if (json_array_size(actions) == 0) {
        none(flow, "none");
        return;
    }
    head(flow, columns, 5);
    json_array_foreach(actions, i, at)
    {
        char number[24];
        snprintf(number, sizeof number, "%lld", qrt_drill_number(at, "action"));
        row(flow, columns,
            (const char *const[]){number, qrt_drill_text(at, "owner"), qrt_drill_text(at, "due"),
                                  qrt_drill_text(at, "state"), qrt_drill_text(at, "text")},
            5);
    }
}

static const char *standing(const json_t *at)
{
    if (!json_is_true(json_object_get(at, "covered"))) {
        return "not covered";
    }
    return json_is_true(json_object_get(at, "picked")) ? "next" : "";
}

/* What it is, and what more: of a card, a person or a bag. */
static void covered(struct flow *flow, const json_t *coverage, const char *key, const char *name,
                    const char *more)
{
    const struct column columns[] = {{0, 48, name},
                                     {50, 46, more},
                                     {98, 28, "Seen last"},
                                     {130, 20, "Missed"},
                                     {152, 28, "Standing"}};
    const json_t *list = json_object_get(coverage, key);
    size_t i;
    const json_t *at;
    if (json_array_size(list) == 0) {
        return;
    }
    flow_need(flow, 3 * ROW_MM);
    flow->y_mm += 3;
    head(flow, columns, 5);
    json_array_foreach(list, i, at)
    {
        char what[48];
        char where[96];
        char missed[24];
        char day[11];
        if (strcmp(key, "bags") == 0) {
            snprintf(what, sizeof what, "%s", qrt_drill_text(at, "bag"));
            snprintf(where, sizeof where, "%s, %s", qrt_drill_text(at, "site"),
                     qrt_drill_text(at, "safe"));
        } else if (strcmp(key, "cards") == 0) {
            snprintf(what, sizeof what, "%lld, %s", qrt_drill_number(at, "serial"),
                     qrt_drill_text(at, "group"));
            snprintf(where, sizeof where, "%s", qrt_drill_text(at, "person"));
        } else {
            snprintf(what, sizeof what, "%s", qrt_drill_text(at, "person"));
            snprintf(where, sizeof where, "%s", qrt_drill_text(at, "group"));
        }
        snprintf(missed, sizeof missed, "%lld", qrt_drill_number(at, "drills_missed"));
        row(flow, columns,
            (const char *const[]){what, where, day_of(day, at, "last"), missed, standing(at)}, 5);
    }
}

void qrt_drill_table_coverage(struct flow *flow, const json_t *report)
{
    const json_t *json = json_object_get(report, "coverage");
    char heading[96];
    char due[11];
    snprintf(heading, sizeof heading, "Coverage: each once in %lld drills; the next is due %s",
             qrt_drill_number(json, "coverage_drills"), day_of(due, json, "due"));
    section(flow, heading);
    none(flow, "Missed: drills since it was seen last. Next: to come to the next one, or to be "
               "looked at.");
    covered(flow, json, "cards", "Card, group", "Custodian");
    covered(flow, json, "people", "Person", "Group");
    covered(flow, json, "bags", "Bag", "Where it lies");
}
