#include "audit/status_parts.h"

#include "audit/cycles.h"
#include "vault/register.h"
#include <stdlib.h>
#include <string.h>

#define CYCLES_TOLD 8

struct graph {
    char (*names)[QRT_REGISTER_NAME_BYTES]; /* sorted, each once */
    size_t names_len;
    struct qrt_need *needs;
    size_t needs_len;
    size_t *cycle;
    bool *done;
};

static void graph_free(struct graph *graph)
{
    free(graph->names);
    free(graph->needs);
    free(graph->cycle);
    free(graph->done);
}

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static size_t find_name(const struct graph *graph, const char *name)
{
    const char(*found)[QRT_REGISTER_NAME_BYTES] =
        bsearch(name, graph->names, graph->names_len, sizeof *graph->names, compare);
    return (size_t)(found - (const char(*)[QRT_REGISTER_NAME_BYTES])graph->names);
}

/* Steps through all needs of the register. */
struct walk {
    size_t row;
    size_t at;
    const char *name;
    char needs[QRT_REGISTER_NAME_BYTES];
};

static bool next_need(struct walk *walk, const struct qrt_state *state)
{
    for (; walk->row < state->registers.len; walk->row++, walk->at = 0) {
        const struct qrt_register_row *row = QRT_ROW(state, registers, qrt_register_row, walk->row);
        struct qrt_span value;
        if (strcmp(row->reg, "dependency") == 0 &&
            qrt_register_next(row, "needs", &walk->at, &value) &&
            qrt_span_copy(walk->needs, sizeof walk->needs, value)) {
            walk->name = row->name;
            return true;
        }
    }
    return false;
}

static enum qrt_code draw(struct graph *graph, const struct qrt_state *state, struct qrt_err *err)
{
    size_t count = 0;
    for (struct walk walk = {0}; next_need(&walk, state);) {
        count++;
    }
    graph->names = calloc(2 * count + 1, sizeof *graph->names);
    graph->needs = calloc(count + 1, sizeof *graph->needs);
    graph->cycle = calloc(2 * count + 1, sizeof *graph->cycle);
    graph->done = calloc(2 * count + 1, sizeof *graph->done);
    if (graph->names == NULL || graph->needs == NULL || graph->cycle == NULL ||
        graph->done == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "a vault's dependencies");
    }
    for (struct walk walk = {0}; next_need(&walk, state);) {
        memcpy(graph->names[graph->names_len++], walk.name, QRT_REGISTER_NAME_BYTES);
        memcpy(graph->names[graph->names_len++], walk.needs, sizeof walk.needs);
    }
    qsort(graph->names, graph->names_len, sizeof *graph->names, compare);
    size_t kept = 0;
    for (size_t i = 0; i < graph->names_len; i++) {
        if (kept == 0 || strcmp(graph->names[kept - 1], graph->names[i]) != 0) {
            memmove(graph->names[kept++], graph->names[i], sizeof *graph->names);
        }
    }
    graph->names_len = kept;
    for (struct walk walk = {0}; next_need(&walk, state);) {
        graph->needs[graph->needs_len++] =
            (struct qrt_need){find_name(graph, walk.name), find_name(graph, walk.needs)};
    }
    return QRT_OK;
}

static void tell_cycle(struct qrt_judging *j, const struct graph *graph, size_t len)
{
    QRT_BUF path = {0};
    for (size_t i = 0; i < len; i++) {
        qrt_buf_printf(&path, "%s, which needs ", graph->names[graph->cycle[i]]);
    }
    qrt_status_add(j, QRT_CONCERN_CONFLICT, "dependency", QRT_NO_DAY, "a circle: %s%s",
                   qrt_buf_str(&path), graph->names[graph->cycle[0]]);
}

enum qrt_code qrt_status_dependencies(struct qrt_judging *j, struct qrt_err *err)
{
    __attribute__((cleanup(graph_free))) struct graph graph = {0};
    size_t len = 1;
    enum qrt_code code = draw(&graph, &j->vault->state, err);
    for (unsigned told = 0; code == QRT_OK && len > 0 && told < CYCLES_TOLD; told++) {
        code = qrt_cycle_find(graph.cycle, &len, graph.done, graph.names_len, graph.needs,
                              graph.needs_len, err);
        if (code == QRT_OK && len > 0) {
            tell_cycle(j, &graph, len);
        }
    }
    return code;
}
