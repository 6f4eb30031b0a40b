/* A bag on record, as JSON. */
#ifndef QRT_CLI_BAGS_JSON_H
#define QRT_CLI_BAGS_JSON_H

#include "vault/state.h"
#include <jansson.h>

/* What became of it: "sealed"; "opened", its card was read or destroyed since;
 * "former", what was in it lies in another bag. */
const char *qrt_bag_state_word(const struct qrt_state *state, const struct qrt_bag *bag);

/* {"bag","serial","account","site","safe","since","state","checked","result"}, for
 * the caller; NULL without memory. */
json_t *qrt_bag_json(const struct qrt_state *state, const struct qrt_bag *bag);

#endif
