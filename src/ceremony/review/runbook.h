/* The ten published runbooks (docs/runbooks): what to do at AWS and here, step
 * by step. Their texts are part of the program; all of it is public. */
#ifndef QRT_CEREMONY_REVIEW_RUNBOOK_H
#define QRT_CEREMONY_REVIEW_RUNBOOK_H

#include "base/bytes.h"
#include "crypto/hash.h"
#include "log/entry.h"

#define QRT_RUNBOOKS 10

struct qrt_runbook {
    const char *name;
    const char *text; /* ASCII, with a NUL behind it */
    size_t len_bytes;
};

/* One step, views of the text as it stands there, with its line ends; what a
 * step does not have is empty. */
struct qrt_runbook_step {
    unsigned number;
    struct qrt_span title;
    struct qrt_span who;
    struct qrt_span what;    /* they do */
    struct qrt_span record;  /* "name (what); name (what)" */
    struct qrt_span trouble; /* what can go wrong */
    struct qrt_span support; /* when to ask AWS Support */
};

struct qrt_runbook qrt_runbook_at(size_t i); /* below QRT_RUNBOOKS */
/* False if there is none of that name. */
bool qrt_runbook_find(struct qrt_runbook *runbook, const char *name);
void qrt_runbook_digest(uint8_t digest[static QRT_HASH_BYTES], const struct qrt_runbook *runbook);
struct qrt_span qrt_runbook_title(const struct qrt_runbook *runbook);
unsigned qrt_runbook_steps(const struct qrt_runbook *runbook);
/* The step of that number, from 1; false if there is none. */
bool qrt_runbook_step(struct qrt_runbook_step *step, const struct qrt_runbook *runbook,
                      unsigned number);

/* Appends a part of a step as one line. */
void qrt_runbook_unfold(struct qrt_buf *out, struct qrt_span part);
/* The next name of `record`: *at begins at 0. Both are views; `words` is what
 * stands in its brackets. False behind the last. */
bool qrt_runbook_next_name(struct qrt_span *name, struct qrt_span *words, size_t *at,
                           struct qrt_span record);

#endif
