#include "audit/status_parts.h"

#include "audit/cycles.h"
#include "vault/account.h"
#include "vault/register.h"
#include <stdio.h>
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

/* Steps through all needs: those of the register; and, for each mailbox that
 * needs something, that of the account that is had back by it. */
struct walk {
    size_t row;
    size_t at;
    bool told; /* the account's need */
    char name[QRT_REGISTER_NAME_BYTES];
    char needs[QRT_REGISTER_NAME_BYTES];
};

/* `account/ID` needs `mailbox/NAME`, if that is the mailbox of its address. */
static bool account_need(struct walk *walk, const struct qrt_state *state, const char *node)
{
    static const char prefix[] = "mailbox/";
    char address[QRT_MAIL_BYTES];
    struct qrt_span value;
    if (strncmp(node, prefix, sizeof prefix - 1) != 0) {
        return false;
    }
    const struct qrt_register_row *mailbox =
        qrt_register_row(state, "mailbox", node + sizeof prefix - 1);
    if (mailbox == NULL || !qrt_register_get(mailbox, "address", &value) ||
        !qrt_span_copy(address, sizeof address, value)) {
        return false;
    }
    const struct qrt_account *account = qrt_account_with_email(state, address, NULL);
    if (account == NULL) {
        return false;
    }
    snprintf(walk->name, sizeof walk->name, "account/%s", account->id);
    snprintf(walk->needs, sizeof walk->needs, "%s", node);
    return true;
}

static bool next_need(struct walk *walk, const struct qrt_state *state)
{
    for (; walk->row < state->registers.len; walk->row++, walk->at = 0, walk->told = false) {
        const struct qrt_register_row *row = QRT_ROW(state, registers, qrt_register_row, walk->row);
        struct qrt_span value;
        if (strcmp(row->reg, "dependency") != 0) {
            continue;
        }
        if (qrt_register_next(row, "needs", &walk->at, &value) &&
            qrt_span_copy(walk->needs, sizeof walk->needs, value)) {
            memcpy(walk->name, row->name, sizeof walk->name);
            return true;
        }
        if (!walk->told && row->value[0] != '\0') {
            walk->told = true;
            if (account_need(walk, state, row->name)) {
                return true;
            }
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
