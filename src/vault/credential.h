/* Passwords of AWS root users. */
#ifndef QRT_VAULT_CREDENTIAL_H
#define QRT_VAULT_CREDENTIAL_H

#include <quorate/err.h>
#include <quorate/secret.h>
#include <stddef.h>

#define QRT_PASSWORD_CHARS_MIN       8
#define QRT_PASSWORD_CHARS_MAX       128
#define QRT_PASSWORD_GENERATED_CHARS 24

/* Does AWS take this password (secret) for the account of that name and
 * e-mail address (public)? 8 to 128 characters of A-Z, a-z, 0-9 and
 * ! @ # $ % ^ & * ( ) < > [ ] { } | _ + - =, of three of these four kinds, and
 * neither the name nor the address, in any case of letters. QRT_E_RANGE for
 * the length, QRT_E_FORMAT else; the error names the rule, and the place of a
 * foreign character, never the password. */
enum qrt_code qrt_password_check(const char *password, size_t len_chars, const char *name,
                                 const char *email, struct qrt_err *err) QRT_MUST_USE;

/* Draws 24 characters, each way equally likely among those that the rules
 * above take, from letters and digits without 0 O 1 l I and the symbols
 * ! # $ % & * + - = @ _ (146 bits). *password is wiped first, then inited.
 * Those of qrt_secret_init(). */
enum qrt_code qrt_password_generate(struct qrt_secret *password, const char *name,
                                    const char *email, struct qrt_err *err) QRT_MUST_USE;

#endif
