/* The forms of the register's values. */
#ifndef QRT_VAULT_REGISTER_FORMS_H
#define QRT_VAULT_REGISTER_FORMS_H

#include "vault/register.h"

/* Is the text of that form, and is whom it names there? */
bool qrt_register_is_form(enum qrt_register_form form, const struct qrt_state *state,
                          const char *text);
/* The form in words, as "a date, YYYY-MM-DD". */
const char *qrt_register_form_words(enum qrt_register_form form);

#endif
