/* Is this machine fit to see secrets? (selftest in quorate(1)) */
#ifndef QRT_CEREMONY_MACHINE_FITNESS_H
#define QRT_CEREMONY_MACHINE_FITNESS_H

#include "ceremony/ui.h"
#include "vault/policy.h"
#include <quorate/err.h>
#include <stdbool.h>
#include <stdint.h>

#define QRT_CHECKS_MAX 16

/* One thing looked at. The names are stable: a policy's machine_exceptions
 * hold them. */
struct qrt_check {
    const char *name;
    bool finding;
    const char *fit;    /* what it should be, in words */
    const char *remedy; /* of a finding: what to do */
    char words[224];    /* what was found; printable */
};

struct qrt_fitness {
    struct qrt_check checks[QRT_CHECKS_MAX];
    size_t len;
};

/* What is looked at. Tests plant it. */
struct qrt_surroundings {
    const char *root; /* before /proc, /sys and /var; "" for this machine's */
    int64_t now_unix_s;
    bool rng_ready;           /* the kernel's generator has its seed */
    bool (*can_lock)(size_t); /* can so many bytes be locked in RAM? */
    int landlock_abi;         /* 0: the kernel has none */
};

void qrt_surroundings_here(struct qrt_surroundings *here);

/* Looks at all but the workers. What cannot be read is a finding. */
void qrt_fitness_look(struct qrt_fitness *fitness, const struct qrt_surroundings *here);

/* Starts each worker, which greets from inside its cage. */
void qrt_fitness_try_workers(struct qrt_fitness *fitness);

/* Tells every finding to the room, before any secret is asked for. A vault that
 * is no practice vault then goes on only if its policy takes each of them, and
 * *taken has those, for the log. QRT_E_FAILED, which names the first that it
 * does not take. */
enum qrt_code qrt_fitness_admit(struct qrt_fitness *taken, const struct qrt_policy *policy,
                                const struct qrt_ui *ui, struct qrt_err *err) QRT_MUST_USE;

#endif
