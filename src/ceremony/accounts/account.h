/* Accounts added, changed and closed, each in a small session of its own. */
#ifndef QRT_CEREMONY_ACCOUNTS_ACCOUNT_H
#define QRT_CEREMONY_ACCOUNTS_ACCOUNT_H

#include "ceremony/ui.h"
#include "vault/vault.h"

/* An account to be added or changed; all of it borrowed. */
struct qrt_account_request {
    const char *id;
    const char *name; /* of a change, this and the next may be NULL: it stays */
    const char *email;
    const char *strategy; /* or NULL */
};

/* Adds an account, of which nothing is in custody yet. QRT_E_USAGE for an id,
 * name, address or strategy that is none, and for an id or address that the
 * vault has already. */
enum qrt_code qrt_account_add(struct qrt_vault *vault, const struct qrt_account_request *request,
                              const struct qrt_ui *ui, struct qrt_err *err) QRT_MUST_USE;

/* Gives an open account another name, address or strategy, whatever is not NULL;
 * where all are, a person is asked, and agrees to what changes. QRT_E_USAGE for
 * one that is not there or closed, for values that are none of an account or an
 * address of another one, and where nothing would change. */
enum qrt_code qrt_account_change(struct qrt_vault *vault, const struct qrt_account_request *request,
                                 const struct qrt_ui *ui, struct qrt_err *err) QRT_MUST_USE;

/* Closes an account: nothing more of it is taken into custody; what is, stays.
 * QRT_E_USAGE for one that is not there or closed, or a reason that is no text. */
enum qrt_code qrt_account_close(struct qrt_vault *vault, const char *id, const char *reason,
                                const struct qrt_ui *ui, struct qrt_err *err) QRT_MUST_USE;

/* Says that the latest item of that kind is in use: how is `console` (AWS took
 * it) or `codes` (two in a row). What it has followed is deleted then.
 * *deleted gets how many of them were. QRT_E_USAGE where there is none, or it
 * is confirmed and has no former one. */
enum qrt_code qrt_account_confirm(size_t *deleted, struct qrt_vault *vault, const char *id,
                                  const char *kind, const char *how, const struct qrt_ui *ui,
                                  struct qrt_err *err) QRT_MUST_USE;

/* Could an account of that id have these values? QRT_E_USAGE names what is wrong,
 * or the other open account that has the address. */
enum qrt_code qrt_account_check_values(const struct qrt_vault *vault,
                                       const struct qrt_account_request *request,
                                       struct qrt_err *err) QRT_MUST_USE;

/* The page of a small session's step. */
void qrt_account_page(const struct qrt_vault *vault, const struct qrt_ui *ui, unsigned step,
                      const char *title, const char *what);

/* An account of that id; QRT_E_USAGE if there is none. */
enum qrt_code qrt_account_find(const struct qrt_account **account, const struct qrt_vault *vault,
                               const char *id, struct qrt_err *err) QRT_MUST_USE;

#endif
