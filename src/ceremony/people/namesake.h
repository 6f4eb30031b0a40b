/* Somebody who left with a card, and comes back under another id. */
#ifndef QRT_CEREMONY_PEOPLE_NAMESAKE_H
#define QRT_CEREMONY_PEOPLE_NAMESAKE_H

#include "vault/vault.h"

/* Nobody comes into a group by `policy` under a name that somebody has or had
 * who left with a card of the other group, which nobody saw destroyed: names as
 * in any policy that was in force, compared as within one. QRT_E_REFUSED. */
enum qrt_code qrt_namesake_check(struct qrt_vault *vault, const struct qrt_policy *policy,
                                 struct qrt_err *err) QRT_MUST_USE;

#endif
