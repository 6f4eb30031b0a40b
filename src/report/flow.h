/* Rows that flow down the pages of a report: what does not fit begins a page. */
#ifndef QRT_REPORT_FLOW_H
#define QRT_REPORT_FLOW_H

#include "card/place.h"

#define FLOW_WIDE_MM     180.0
#define FLOW_BOTTOM_MM   250.0
#define FLOW_TEXT_POINTS 10.5

/* Where the next thing stands. `pages` is how many there will be: known from a
 * first drawing, when it is 0. */
struct flow {
    struct qrt_drawing drawing;
    const char *title; /* stands at the head of each page */
    double y_mm;
    size_t pages;
};

void flow_next_page(struct flow *flow);
/* Makes sure of so much height on this page. */
void flow_need(struct flow *flow, double high_mm);
void flow_heading(struct flow *flow, const char *text);

/* A row of cells, as high as its highest; their texts are foreign. */
struct flow_cell {
    double x_mm, wide_mm;
    const char *text; /* NULL or "": nothing */
    unsigned style;
};
void flow_row(struct flow *flow, const struct flow_cell *cells, size_t cells_len);

/* A name and its value. */
void flow_pair(struct flow *flow, const char *name, const char *value);
void flow_pairf(struct flow *flow, const char *name, const char *format, ...) QRT_PRINTF(3, 4);
/* … in groups of four digits. */
void flow_hex_pair(struct flow *flow, const char *name, const char *hex);
/* A line to write on, below the row before. */
void flow_line_below(struct flow *flow, double x_mm, double wide_mm);
/* Who is to sign, and two lines to write on: a signature and its date. `id`,
 * `roles` (a comma between them) and `note` may be "". */
void flow_sign(struct flow *flow, const char *name, const char *id, const char *roles,
               const char *note);

#endif
