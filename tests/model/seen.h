/* Every world that the search has met, and how it came there first. */
#ifndef MODEL_SEEN_H
#define MODEL_SEEN_H

#include "world.h"
#include <stddef.h>

enum command { FOUND, LOOK, ADD, COSIGN, COPY, PUT };
enum end { ENDED, KILLED, POWER_CUT };

struct how {
    uint32_t from;
    uint8_t command, end, step, files;
};

struct seen {
    struct world *world;
    struct how *how;
    size_t len;
};

extern struct seen seen;

/* Adds a tidy world, if it is new. */
void seen_add(const struct world *w, struct how how);

#endif
