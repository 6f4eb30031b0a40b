/* Generated passphrases. */
#ifndef QRT_VAULT_PHRASE_H
#define QRT_VAULT_PHRASE_H

#include <quorate/err.h>
#include <quorate/secret.h>

#define QRT_PHRASE_WORDS     7  /* 70 bits */
#define QRT_PHRASE_MIN_CHARS 12 /* of a typed one */

/* Seven words of the SLIP-0039 list, single spaces between them, without a
 * NUL. *phrase (secret) is inited here. */
enum qrt_code qrt_phrase_generate(struct qrt_secret *phrase, struct qrt_err *err) QRT_MUST_USE;

/* May a person's own passphrase (secret) be taken? Printable ASCII, at least
 * twelve characters, no space at either end. QRT_E_USAGE. */
enum qrt_code qrt_phrase_check(const struct qrt_secret *phrase, struct qrt_err *err) QRT_MUST_USE;

#endif
