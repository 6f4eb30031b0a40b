/* Subsets of a given size, one after the other. */
#ifndef QRT_SPLIT_SUBSET_H
#define QRT_SPLIT_SUBSET_H

#include <stdbool.h>
#include <stddef.h>

/* Turns `chosen` rising numbers below `count` into the next such row, in
 * dictionary order; the first is 0, 1, 2, … False, and unchanged, after the
 * last. All public. */
bool qrt_subset_next(size_t *members, size_t chosen, size_t count);

#endif
