/* What the files of the re-key share. */
#ifndef QRT_CEREMONY_RENEW_REKEYING_H
#define QRT_CEREMONY_RENEW_REKEYING_H

#include "ceremony/renew/regroup.h"
#include "ceremony/renew/rekey.h"
#include "ceremony/session/rekey_pending.h"

struct qrt_rekeying {
    struct qrt_rekeyed *result;
    const struct qrt_rekey_request *request;
    struct qrt_regroup regroup;
    struct qrt_session session;
    struct qrt_cards cards;
    const struct qrt_policy *policy; /* by which the new cards are made; borrowed */
};

/* Step 4: from the cards gathered the former key, and with it all that it sealed;
 * a new key, split and proved, its cards, every item sealed anew; committed. Both
 * vault keys live in here only, and the shares that were gathered are wiped. */
enum qrt_code qrt_rekeying_create_key(struct qrt_rekeying *rekeying,
                                      struct qrt_err *err) QRT_MUST_USE;

/* Asks for the vault's name, or holds `given` against it; a person may type it
 * again. QRT_E_USAGE: it is another. */
enum qrt_code qrt_rekeying_confirm(const struct qrt_session *session, const char *given,
                                   const char *words, struct qrt_err *err) QRT_MUST_USE;

#endif
