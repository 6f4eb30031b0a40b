/* What only a quorum of both groups may say: an entry's `authority` line
 * (docs/formats/log.md, what the authority signs). */
#ifndef QRT_VAULT_AUTHORITY_H
#define QRT_VAULT_AUTHORITY_H

#include "log/entry.h"

/* Signs a draft for the place where it will stand, with the authority key
 * (secret), and adds its `authority` line. Any other change of the draft, or
 * another place or time, makes the signature wrong. QRT_E_FORMAT, QRT_E_NOMEM. */
enum qrt_code qrt_authority_sign(struct qrt_draft *draft, const struct qrt_place *place,
                                 const uint8_t sign_key[static 64],
                                 struct qrt_err *err) QRT_MUST_USE;

/* Is the entry's `authority` a signature of that key over the lines before it? */
bool qrt_authority_verify(const struct qrt_entry *entry, const uint8_t public_key[static 32]);

#endif
