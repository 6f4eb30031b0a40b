/* Rows of the register as JSON. */
#ifndef QRT_CLI_REGISTER_JSON_H
#define QRT_CLI_REGISTER_JSON_H

#include "vault/register.h"
#include <jansson.h>

/* {"register","name","index","time","values"}, for the caller; NULL without
 * memory. A key that may repeat is a list. */
json_t *qrt_register_json(const struct qrt_register_row *row);

#endif
