/* The register: what stands in it is changed in a small session of its own. */
#ifndef QRT_CEREMONY_REVIEW_REGISTER_H
#define QRT_CEREMONY_REVIEW_REGISTER_H

#include "ceremony/ui.h"
#include "vault/register.h"
#include "vault/vault.h"

/* A change, as the command line gives it. */
struct qrt_register_change {
    const char *reg;
    const char *name;
    char **values; /* KEY=VALUE … */
    size_t values_len;
    bool take_away;
};

/* Puts a row into the register in place of the one of that name, or takes it
 * away, logged as `register-set`. Where no value is given, and the row is not
 * taken away, the answers have them (`values`), or a person is asked key by key.
 * All of it is checked, and a person has seen the whole row and said that it is
 * right, before a badge is asked for. QRT_E_USAGE (no such register, key, or form;
 * nothing of it is quoted), QRT_E_REFUSED (not right), and those of a session. */
enum qrt_code qrt_register_change(struct qrt_vault *vault, const struct qrt_ui *ui,
                                  const struct qrt_register_change *change,
                                  struct qrt_err *err) QRT_MUST_USE;

#endif
