/* Known answers: each primitive against a published example, before it is
 * trusted with a secret. */
#ifndef QRT_CEREMONY_MACHINE_KNOWN_ANSWERS_H
#define QRT_CEREMONY_MACHINE_KNOWN_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>

struct qrt_known_answer {
    const char *name; /* "sha-256", "slip-0039", … */
    bool (*holds)(void);
};

extern const struct qrt_known_answer qrt_known_answers[];
extern const size_t qrt_known_answers_count;

#endif
