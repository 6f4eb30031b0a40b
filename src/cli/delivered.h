/* The cards that were handed over, as a result: where their sheets went. */
#ifndef QRT_CLI_DELIVERED_H
#define QRT_CLI_DELIVERED_H

#include "ceremony/cards/cards.h"
#include <jansson.h>

/* [{"serial","group","custodian","member_index","card","label"}], for the
 * caller; NULL without memory. */
json_t *qrt_delivered_json(const struct qrt_delivered *delivered);

/* A line for each on standard output. */
void qrt_delivered_print(const struct qrt_delivered *delivered);

#endif
