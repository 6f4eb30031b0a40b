#include "report/minutes.h"

#include "base/clock.h"
#include "report/flow.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define BAG_MM 28.0 /* the highest row of the bags, or nearly */

static void facts(struct flow *flow, const struct qrt_sheet_minutes *m)
{
    char opened[QRT_TIME_CHARS + 1];
    char closed[QRT_TIME_CHARS + 1];
    qrt_clock_format(opened, m->opened_unix_s);
    qrt_clock_format(closed, m->closed_unix_s);
    place_foreign(&flow->drawing, (struct place){0, flow->y_mm, FLOW_WIDE_MM, 10}, 20,
                  QRT_STYLE_BOLD, "", m->title);
    flow->y_mm += 12;
    flow_pair(flow, "Organisation", m->organisation);
    flow_pair(flow, "Vault", m->origin);
    flow_hex_pair(flow, "Vault id", m->vault_id);
    flow_pair(flow, "Ceremony", m->ceremony);
    flow_pair(flow, "Result", m->result);
    flow_pair(flow, "Opened", opened);
    flow_pair(flow, "Closed", closed);
    flow_pairf(flow, "Clock", "the wall clock less the machine's: %+" PRId64 " s",
               m->clock_offset_s);
}

/* The time of day and a text; before it the day, where it is another than `day` has. */
static void timed(struct flow *flow, char day[static 11], int64_t unix_s, const char *text)
{
    char when[QRT_TIME_CHARS + 1];
    qrt_clock_format(when, unix_s);
    when[10] = when[19] = '\0'; /* of 2026-01-01T12:34:56 the day, and the time of day */
    if (strcmp(when, day) != 0) {
        memcpy(day, when, 11);
        flow_row(flow, (const struct flow_cell[]){{0, 60, day, QRT_STYLE_BOLD}}, 1);
    }
    flow_row(flow, (const struct flow_cell[]){{0, 20, &when[11], 0}, {22, 158, text, 0}}, 2);
}

static void happenings(struct flow *flow, const struct qrt_sheet_minutes *m)
{
    char opened[QRT_TIME_CHARS + 1];
    char day[11];
    qrt_clock_format(opened, m->opened_unix_s);
    snprintf(day, sizeof day, "%.10s", opened);
    flow_heading(flow, "What happened");
    for (size_t i = 0; i < m->lines_len; i++) {
        timed(flow, day, m->lines[i].unix_s, m->lines[i].text);
    }
    if (m->exceptions_len > 0) {
        flow_heading(flow, "Exceptions");
    }
    snprintf(day, sizeof day, "%.10s", opened);
    for (size_t i = 0; i < m->exceptions_len; i++) {
        const struct qrt_minutes_exception *e = &m->exceptions[i];
        timed(flow, day, e->unix_s, e->step);
        const char *const names[] = {"expected", "happened",  "decided",
                                     "about",    "not back:", "not back:"};
        const char *const values[] = {e->expected, e->happened,   e->decided,
                                      e->person,   e->settles[0], e->settles[1]};
        for (size_t j = 0; j < sizeof names / sizeof names[0]; j++) {
            if (values[j] != NULL && values[j][0] != '\0') {
                flow_row(flow,
                         (const struct flow_cell[]){{22, 24, names[j], 0}, {47, 133, values[j], 0}},
                         2);
            }
        }
        flow->y_mm += 1;
    }
}

static const struct {
    double x_mm, wide_mm;
    const char *name;
} bag_columns[] = {{0, 20, "Card"},  {21, 34, "Custodian"}, {56, 32, "Bag, seal"},
                   {89, 27, "Site"}, {117, 27, "Safe"},     {145, 35, "Witnesses"}};
#define BAG_COLUMNS (sizeof bag_columns / sizeof bag_columns[0])

static void bag_row(struct flow *flow, const char *const *texts, unsigned style)
{
    struct flow_cell cells[BAG_COLUMNS];
    for (size_t i = 0; i < BAG_COLUMNS; i++) {
        cells[i] = (struct flow_cell){bag_columns[i].x_mm, bag_columns[i].wide_mm, texts[i], style};
    }
    flow_row(flow, cells, BAG_COLUMNS);
}

static void bag_names(struct flow *flow)
{
    const char *names[BAG_COLUMNS];
    for (size_t i = 0; i < BAG_COLUMNS; i++) {
        names[i] = bag_columns[i].name;
    }
    bag_row(flow, names, QRT_STYLE_BOLD);
}

static void bags(struct flow *flow, const struct qrt_sheet_minutes *m)
{
    if (m->bags_len == 0) {
        return;
    }
    flow_heading(flow, "Bags and seals");
    bag_names(flow);
    for (size_t i = 0; i < m->bags_len; i++) {
        char serial[16];
        snprintf(serial, sizeof serial, "%" PRIu32, m->bags[i].serial);
        const char *const texts[BAG_COLUMNS] = {serial,          m->bags[i].person,
                                                m->bags[i].bag,  m->bags[i].site,
                                                m->bags[i].safe, m->bags[i].witnesses};
        if (flow->y_mm + BAG_MM > FLOW_BOTTOM_MM) {
            flow_next_page(flow);
            bag_names(flow);
        }
        flow->y_mm += 1.2;
        bag_row(flow, texts, 0);
        for (size_t j = 2; j < BAG_COLUMNS; j++) {
            if (texts[j] == NULL || texts[j][0] == '\0') {
                flow_line_below(flow, bag_columns[j].x_mm, bag_columns[j].wide_mm);
            }
        }
    }
}

static void log_head(struct flow *flow, const struct qrt_sheet_minutes *m)
{
    flow_heading(flow, "The log at the close");
    flow_pairf(flow, "Entries, epoch", "%" PRIu64 " entries, epoch %" PRIu64, m->size, m->epoch);
    flow_hex_pair(flow, "Root of the log", m->root);
    flow_hex_pair(flow, "Genesis fingerprint", m->genesis);
    if (m->digest != NULL) {
        flow_hex_pair(flow, "Minutes in the log", m->digest);
    }
    char list[1024] = "";
    size_t at = 0;
    for (size_t i = 0; i < m->receipts_len && at < sizeof list; i++) {
        int n = snprintf(&list[at], sizeof list - at, "%s%s", i > 0 ? ", " : "", m->receipts[i]);
        at += n > 0 ? (size_t)n : 0;
    }
    flow_pair(flow, "Receipts shown", at == 0 ? "none" : list);
}

static void signatures(struct flow *flow, const struct qrt_sheet_minutes *m)
{
    flow_heading(flow, "Present, and in agreement with these minutes");
    for (size_t i = 0; i < m->people_len; i++) {
        const struct qrt_minutes_person *p = &m->people[i];
        flow_sign(flow, p->name, p->id, p->roles,
                  p->cosigned ? "cosigned the log" : "did not cosign the log");
    }
}

static enum qrt_code draw(struct qrt_secret *description, size_t *pages,
                          const struct qrt_sheet_minutes *minutes, struct qrt_err *err)
{
    struct flow flow = {.title = minutes->title, .pages = *pages};
    qrt_drawing_begin(&flow.drawing, description,
                      &(struct qrt_sheet_head){.paper = minutes->paper,
                                               .practice = minutes->practice,
                                               .made_unix_s = minutes->closed_unix_s});
    flow_next_page(&flow);
    facts(&flow, minutes);
    happenings(&flow, minutes);
    bags(&flow, minutes);
    log_head(&flow, minutes);
    signatures(&flow, minutes);
    *pages = flow.drawing.pages;
    return qrt_drawing_end(&flow.drawing, err);
}

enum qrt_code qrt_sheet_minutes_describe(struct qrt_secret *description,
                                         const struct qrt_sheet_minutes *minutes,
                                         struct qrt_err *err)
{
    qrt_secret_wipe(description);
    if (!place_is_hex(minutes->vault_id, 24) || !place_is_hex(minutes->root, 64) ||
        !place_is_hex(minutes->genesis, 64) ||
        (minutes->digest != NULL && !place_is_hex(minutes->digest, 64))) {
        return qrt_fail(err, QRT_E_RANGE, "minutes: an id, root or digest is no hex of its length");
    }
    size_t pages = 0;
    enum qrt_code code = draw(description, &pages, minutes, err);
    qrt_secret_wipe(description);
    return code == QRT_OK ? draw(description, &pages, minutes, err) : code;
}
