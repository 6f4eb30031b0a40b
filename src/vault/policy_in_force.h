/* The policy in force as JSON, to be shown, edited and given back. */
#ifndef QRT_VAULT_POLICY_IN_FORCE_H
#define QRT_VAULT_POLICY_IN_FORCE_H

#include "base/json.h"
#include "vault/vault.h"

/* The policy's object without its accounts, which are entries of the log, and
 * with everyone's roles as the log has them: a take-over gives some, and takes
 * others away. Who has left stands there only for as long as they do in a group.
 * *json is the caller's; NULL on failure. QRT_E_NOMEM, QRT_E_TAMPERED. */
enum qrt_code qrt_policy_in_force(json_t **json, struct qrt_vault *vault,
                                  struct qrt_err *err) QRT_MUST_USE;

/* The same with one person more. QRT_E_REFUSED: somebody is there without a
 * role; QRT_E_NOMEM, QRT_E_TAMPERED; what is wrong with the person, reading the
 * text says. */
enum qrt_code qrt_policy_with_person(struct qrt_buf *text, struct qrt_vault *vault,
                                     const struct qrt_policy_person *person,
                                     struct qrt_err *err) QRT_MUST_USE;

#endif
