#include "audit/cycles.h"

#include <stdint.h>
#include <stdlib.h>

/* What needs nothing that is left is in no cycle. */
static void trim(bool *done, size_t *next, size_t nodes_len, const struct qrt_need *needs,
                 size_t needs_len)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < nodes_len; i++) {
            next[i] = SIZE_MAX;
        }
        for (size_t i = 0; i < needs_len; i++) {
            if (!done[needs[i].needs]) {
                next[needs[i].node] = needs[i].needs;
            }
        }
        for (size_t i = 0; i < nodes_len; i++) {
            if (!done[i] && next[i] == SIZE_MAX) {
                done[i] = changed = true;
            }
        }
    }
}

enum qrt_code qrt_cycle_find(size_t *cycle, size_t *cycle_len, bool *done, size_t nodes_len,
                             const struct qrt_need *needs, size_t needs_len, struct qrt_err *err)
{
    size_t *next = calloc(nodes_len + 1, sizeof *next);
    bool *passed = calloc(nodes_len + 1, sizeof *passed);
    *cycle_len = 0;
    if (next == NULL || passed == NULL) {
        free(next);
        free(passed);
        return qrt_fail(err, QRT_E_NOMEM, "looking for cycles");
    }
    trim(done, next, nodes_len, needs, needs_len);
    size_t at = 0;
    while (at < nodes_len && done[at]) {
        at++;
    }
    /* Everything left needs something that is left: whoever follows comes round. */
    while (at < nodes_len && !passed[at]) {
        passed[at] = true;
        at = next[at];
    }
    for (size_t first = at; at < nodes_len && (*cycle_len == 0 || at != first); at = next[at]) {
        cycle[(*cycle_len)++] = at;
        done[at] = true;
    }
    free(next);
    free(passed);
    return QRT_OK;
}
