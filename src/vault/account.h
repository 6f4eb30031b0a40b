/* What an account of the vault may be called, and what is done with its root
 * user's credentials. All of it is public. */
#ifndef QRT_VAULT_ACCOUNT_H
#define QRT_VAULT_ACCOUNT_H

#include "vault/state.h"
#include <quorate/err.h>
#include <stdbool.h>

#define QRT_ACCOUNT_NAME_CHARS_MAX 50
#define QRT_EMAIL_CHARS_MIN        6
#define QRT_EMAIL_CHARS_MAX        64

/* vaulted: in custody here; removed: deleted at AWS; never-set: never made. */
bool qrt_account_is_strategy(const char *word);

/* One @, something before it, a dot inside what follows; printable ASCII. */
bool qrt_account_is_email(const char *text);

/* An id of the vault's form, and of 12 digits if it is of digits alone, as
 * AWS's are; a name of 1 to 50 characters; an address of 6 to 64. QRT_E_USAGE
 * names what is wrong. */
enum qrt_code qrt_account_check(const char *id, const char *name, const char *email,
                                struct qrt_err *err) QRT_MUST_USE;

/* The open account that has that address, in any case of letters, other than
 * `id` (or NULL); NULL if there is none. What a closed one had binds nobody. */
const struct qrt_account *qrt_account_with_email(const struct qrt_state *state, const char *email,
                                                 const char *id);

#endif
