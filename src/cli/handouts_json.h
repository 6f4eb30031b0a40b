/* What is handed out by a script's ceremony, as JSON for a descriptor. */
#ifndef QRT_CLI_HANDOUTS_JSON_H
#define QRT_CLI_HANDOUTS_JSON_H

#include "ceremony/ui.h"

/* Writes all of it into *json (secret, inited here), with a newline: of a
 * founding {"badges":{id: text},"accounts":{id:{"password"}}}, of an opening
 * {"account","password","code","code_expires_in_s","next_code","seed"}, each
 * as far as it is there. On failure *json is zeroed. */
enum qrt_code qrt_handouts_json(struct qrt_secret *json, const struct qrt_handout *handouts,
                                size_t handouts_len, struct qrt_err *err) QRT_MUST_USE;

#endif
