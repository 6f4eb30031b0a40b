/* What the files of the machine's checks share. */
#ifndef QRT_CEREMONY_MACHINE_FITNESS_SPOOL_H
#define QRT_CEREMONY_MACHINE_FITNESS_SPOOL_H

#include "base/bytes.h"
#include "ceremony/machine/fitness.h"

/* Adds a check: all is well, or what was found (printable) and what to do. The
 * other strings are literals. */
void qrt_fitness_fit(struct qrt_fitness *fitness, const char *name, const char *fit);
void qrt_fitness_unfit(struct qrt_fitness *fitness, const char *name, const char *fit,
                       const char *remedy, const char *format, ...) QRT_PRINTF(5, 6);
/* The finding that `path` cannot be read. */
void qrt_fitness_unknown(struct qrt_fitness *fitness, const char *name, const char *fit,
                         const char *path);
/* Reads a file below here->root. */
bool qrt_fitness_read(struct qrt_buf *out, const struct qrt_surroundings *here, const char *path);

/* CUPS: where it has what it prints, and for how long. */
void qrt_fitness_look_at_spool(struct qrt_fitness *fitness, const struct qrt_surroundings *here);

#endif
