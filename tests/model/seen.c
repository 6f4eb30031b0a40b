#include "seen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct seen seen;

static struct {
    uint32_t *slot;
    size_t room, slots;
} table;

static uint64_t hash(const struct world *w)
{
    const unsigned char *bytes = (const unsigned char *)w;
    uint64_t h = 1469598103934665603U;
    for (size_t i = 0; i + 8 <= sizeof *w; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, 8);
        h = (h ^ word) * 0x9E3779B97F4A7C15U;
        h ^= h >> 29;
    }
    for (size_t i = sizeof *w / 8 * 8; i < sizeof *w; i++) {
        h = (h ^ bytes[i]) * 1099511628211U;
    }
    return h ^ h >> 32;
}

static void grow(void)
{
    table.room = table.room == 0 ? 1 << 16 : 2 * table.room;
    table.slots = 4 * table.room;
    seen.world = realloc(seen.world, table.room * sizeof *seen.world);
    seen.how = realloc(seen.how, table.room * sizeof *seen.how);
    free(table.slot);
    table.slot = calloc(table.slots, sizeof *table.slot);
    if (seen.world == NULL || seen.how == NULL || table.slot == NULL) {
        fprintf(stderr, "no memory for more states\n");
        exit(1);
    }
    for (size_t i = 0; i < seen.len; i++) {
        size_t at = hash(&seen.world[i]) % table.slots;
        while (table.slot[at] != 0) {
            at = (at + 1) % table.slots;
        }
        table.slot[at] = (uint32_t)i + 1;
    }
}

void seen_add(const struct world *w, struct how how)
{
    if (seen.len == table.room) {
        grow();
    }
    size_t at = hash(w) % table.slots;
    while (table.slot[at] != 0) {
        if (memcmp(&seen.world[table.slot[at] - 1], w, sizeof *w) == 0) {
            return;
        }
        at = (at + 1) % table.slots;
    }
    memcpy(&seen.world[seen.len], w, sizeof *w);
    seen.how[seen.len] = how;
    table.slot[at] = (uint32_t)++seen.len;
}
