/* What must hold, whatever is interrupted and whatever is put back. */
#ifndef MODEL_CHECKS_H
#define MODEL_CHECKS_H

#include "protocol.h"

/* At every step: no key has signed two checkpoints. */
void check_signatures(const struct world *w);

/* When an opening has ended: what it says is true, nothing acknowledged is lost
 * or half there in silence, and a recovery leaves nothing to recover. */
void check_opening(const struct world *before, const struct world *w, bool badge,
                   struct outcome outcome);

/* Whether a file reads the same in both. */
bool check_same_file(const struct world *a, const struct world *b, enum name name);

/* The search is told of what does not hold; it looks away while this is set. */
void check_failed(const struct world *w, const char *why);
extern bool check_quiet;

#endif
