#include "report/flow.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TOP_MM  12.0
#define SIGN_MM 17.0

void flow_next_page(struct flow *flow)
{
    struct qrt_drawing *drawing = &flow->drawing;
    place_page(drawing);
    place_foreign(drawing, (struct place){0, 0, 140, 5.5}, 10, 0, "", flow->title);
    place_textf(drawing, (struct place){140, 0, 40, 5.5}, 10, QRT_STYLE_RIGHT, "page %zu of %zu",
                drawing->pages, flow->pages);
    place_rule(drawing, (struct place){0, 6.5, FLOW_WIDE_MM, 0}, 0.2, false);
    flow->y_mm = TOP_MM;
}

void flow_need(struct flow *flow, double high_mm)
{
    if (flow->y_mm + high_mm > FLOW_BOTTOM_MM) {
        flow_next_page(flow);
    }
}

void flow_heading(struct flow *flow, const char *text)
{
    flow_need(flow, 20);
    place_text(&flow->drawing, (struct place){0, flow->y_mm + 3, FLOW_WIDE_MM, 7}, 13,
               QRT_STYLE_BOLD, text);
    flow->y_mm += 10.5;
}

void flow_row(struct flow *flow, const struct flow_cell *cells, size_t cells_len)
{
    unsigned lines = 1;
    for (size_t i = 0; i < cells_len; i++) {
        const char *text = cells[i].text == NULL ? "" : cells[i].text;
        unsigned here = place_lines(cells[i].wide_mm, FLOW_TEXT_POINTS, text);
        lines = here > lines ? here : lines;
    }
    double high_mm = place_high(lines, FLOW_TEXT_POINTS);
    flow_need(flow, high_mm);
    for (size_t i = 0; i < cells_len; i++) {
        if (cells[i].text != NULL && cells[i].text[0] != '\0') {
            place_foreign(&flow->drawing,
                          (struct place){cells[i].x_mm, flow->y_mm, cells[i].wide_mm, high_mm},
                          FLOW_TEXT_POINTS, cells[i].style, "", cells[i].text);
        }
    }
    flow->y_mm += high_mm + 0.8;
}

void flow_pair(struct flow *flow, const char *name, const char *value)
{
    flow_row(flow, (const struct flow_cell[]){{0, 45, name, 0}, {46, 134, value, 0}}, 2);
}

void flow_pairf(struct flow *flow, const char *name, const char *format, ...)
{
    char value[256];
    va_list args;
    va_start(args, format);
    vsnprintf(value, sizeof value, format, args);
    va_end(args);
    flow_pair(flow, name, value);
}

void flow_hex_pair(struct flow *flow, const char *name, const char *hex)
{
    char groups[96];
    place_groups(groups, sizeof groups, hex);
    double high_mm = place_high(strlen(hex) > 32 ? 2 : 1, FLOW_TEXT_POINTS);
    flow_need(flow, high_mm);
    place_text(&flow->drawing, (struct place){0, flow->y_mm, 45, high_mm}, FLOW_TEXT_POINTS, 0,
               name);
    place_text(&flow->drawing, (struct place){46, flow->y_mm, 134, high_mm}, FLOW_TEXT_POINTS,
               QRT_STYLE_MONO, groups);
    flow->y_mm += high_mm + 0.8;
}

void flow_line_below(struct flow *flow, double x_mm, double wide_mm)
{
    place_rule(&flow->drawing, (struct place){x_mm, flow->y_mm - 0.8, wide_mm, 0}, 0.2, false);
}

void flow_sign(struct flow *flow, const char *name, const char *id, const char *roles,
               const char *note)
{
    char who[160];
    size_t at = (size_t)snprintf(who, sizeof who, "%s%s", id, roles[0] == '\0' ? "" : "; ");
    for (const char *c = roles; *c != '\0' && at + 2 < sizeof who; c++) {
        who[at++] = *c;
        if (*c == ',') {
            who[at++] = ' ';
        }
    }
    who[at] = '\0';
    flow_need(flow, SIGN_MM);
    struct qrt_drawing *drawing = &flow->drawing;
    double y = flow->y_mm + 2;
    const char *const lines[] = {name, who, note};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (lines[i][0] != '\0') {
            place_foreign(drawing, (struct place){0, y, 85, 5}, i == 0 ? FLOW_TEXT_POINTS : 9,
                          i == 0 ? QRT_STYLE_BOLD : 0, "", lines[i]);
            y += i == 0 ? 4.8 : 4.4;
        }
    }
    y = flow->y_mm + 13;
    place_rule(drawing, (struct place){90, y, 58, 0}, 0.2, false);
    place_rule(drawing, (struct place){152, y, 28, 0}, 0.2, false);
    place_text(drawing, (struct place){90, y + 0.3, 58, 4}, 8, 0, "signature");
    place_text(drawing, (struct place){152, y + 0.3, 28, 4}, 8, 0, "date");
    flow->y_mm += SIGN_MM;
}
