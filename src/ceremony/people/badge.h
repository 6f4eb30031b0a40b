/* Badges: a new one, one that is void, one that is tried, one put on paper. */
#ifndef QRT_CEREMONY_PEOPLE_BADGE_H
#define QRT_CEREMONY_PEOPLE_BADGE_H

#include "ceremony/ui.h"
#include "vault/vault.h"

/* Public. */
struct qrt_badge_request {
    const char *person;
    const char *reason; /* why the former one goes */
    bool issue;         /* a new one; else the former is void, and that is all */
    bool has_place;     /* where a wallet card goes */
};

/* The badge in force of that person, if any, is void, and they get another, by
 * two badges of other people. `wallet` gets the place that a wallet card went
 * to. QRT_E_USAGE, QRT_E_REFUSED and those of qrt_staffing_run. */
enum qrt_code qrt_badge_replace(struct qrt_buf *wallet, struct qrt_vault *vault,
                                const struct qrt_badge_request *request, const struct qrt_ui *ui,
                                struct qrt_err *err) QRT_MUST_USE;

/* Is what they give their badge in force? Nothing is written. QRT_E_USAGE,
 * QRT_E_REFUSED. */
enum qrt_code qrt_badge_check(struct qrt_vault *vault, const char *person, const struct qrt_ui *ui,
                              struct qrt_err *err) QRT_MUST_USE;

/* Puts the badge that they give on a wallet card: from its passphrase, or from
 * the code of another wallet card. Nothing is written into the log: whoever has
 * the badge has the card. An operator's opens the log, and stays under its
 * passphrase: QRT_E_REFUSED. */
enum qrt_code qrt_badge_print(struct qrt_buf *wallet, struct qrt_vault *vault, const char *person,
                              const struct qrt_ui *ui, struct qrt_err *err) QRT_MUST_USE;

#endif
