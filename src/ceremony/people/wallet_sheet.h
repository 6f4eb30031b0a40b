/* A wallet card on paper: a badge that its owner carries. */
#ifndef QRT_CEREMONY_PEOPLE_WALLET_SHEET_H
#define QRT_CEREMONY_PEOPLE_WALLET_SHEET_H

#include "ceremony/ui.h"
#include "vault/vault.h"

/* Delivers the wallet card of a person of these roles; `code` (secret, borrowed)
 * is its text. `where` gets the place that it went to. QRT_E_IO, QRT_E_WORKER,
 * QRT_E_EXISTS, QRT_E_INTERRUPTED. */
enum qrt_code qrt_wallet_deliver(struct qrt_buf *where, const struct qrt_ui *ui,
                                 const struct qrt_vault *vault,
                                 const struct qrt_policy_person *person, int64_t issued_unix_s,
                                 const struct qrt_secret *code, struct qrt_err *err) QRT_MUST_USE;

#endif
