/* Seals that were checked, as commands tell of them. */
#ifndef QRT_CLI_SEALS_JSON_H
#define QRT_CLI_SEALS_JSON_H

#include "ceremony/bags/seals.h"
#include <jansson.h>

/* A row for each, for the caller; NULL without memory. */
json_t *qrt_seals_json(const struct qrt_seals *seals, const struct qrt_state *state);

/* Prints a line for each; did that make a card suspect? */
bool qrt_seals_print(const struct qrt_seals *seals, const struct qrt_state *state);

#endif
