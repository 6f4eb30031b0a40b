/* What was said of cards, as JSON. */
#ifndef QRT_CLI_CARDS_JSON_H
#define QRT_CLI_CARDS_JSON_H

#include "ceremony/cards/gather.h"
#include <jansson.h>

/* [{"file","serial","result","reason"?}], for the caller; NULL without memory. */
json_t *qrt_cards_json(const struct qrt_gather *gather);

#endif
