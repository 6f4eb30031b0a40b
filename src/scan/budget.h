/* The CPU time that one image may take: a picture made to be slow (tiled with
 * the corners of codes, say) costs no more than another. */
#ifndef QRT_SCAN_BUDGET_H
#define QRT_SCAN_BUDGET_H

#include <quorate/err.h>
#include <stdbool.h>

/* Before the cage closes: the signal that ends the process is let through. */
void budget_prepare(void);

/* From here on this process computes for one image; if it does so for longer
 * than an image may take, in whatever library, the kernel ends it (SIGPROF).
 * QRT_E_FAILED. */
enum qrt_code budget_begin(struct qrt_err *err) QRT_MUST_USE;
enum qrt_code budget_end(struct qrt_err *err) QRT_MUST_USE;

/* Is enough left to begin another attempt? */
bool budget_allows(void);

#endif
