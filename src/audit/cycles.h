/* What depends on itself. */
#ifndef QRT_AUDIT_CYCLES_H
#define QRT_AUDIT_CYCLES_H

#include <quorate/err.h>
#include <stdbool.h>
#include <stddef.h>

/* From one node to another; both are numbers below nodes_len. */
struct qrt_need {
    size_t node;
    size_t needs;
};

/* Looks for a cycle among the nodes that are not `done`: its nodes in order go
 * into `cycle` (room for nodes_len), how many it has into *cycle_len (0: there
 * is none); they are then done. Calling it again finds the next one that
 * shares no node with those before. QRT_E_NOMEM. */
enum qrt_code qrt_cycle_find(size_t *cycle, size_t *cycle_len, bool *done, size_t nodes_len,
                             const struct qrt_need *needs, size_t needs_len,
                             struct qrt_err *err) QRT_MUST_USE;

#endif
