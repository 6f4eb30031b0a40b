/* The commands about people and badges share how they name them. */
#ifndef QRT_CLI_CMD_PERSON_H
#define QRT_CLI_CMD_PERSON_H

#include "vault/state.h"
#include <jansson.h>

/* The badge in force of a person, or null: how it is kept, and its key. */
json_t *qrt_badge_json(const struct qrt_badge_row *badge);
/* "passphrase" or "wallet". */
const char *qrt_badge_form(const struct qrt_badge_row *badge);

#endif
