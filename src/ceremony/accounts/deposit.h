/* A new secret sealed for an account while no quorum is there
 * (docs/ceremonies/deposit.md). */
#ifndef QRT_CEREMONY_ACCOUNTS_DEPOSIT_H
#define QRT_CEREMONY_ACCOUNTS_DEPOSIT_H

#include "ceremony/ui.h"
#include "vault/vault.h"

struct qrt_deposit_request {
    const char *account;
    const char *kind; /* a word of docs/formats/item.md */
};

struct qrt_deposited {
    uint64_t serial; /* of the item that it is to become */
    bool confirmed;  /* AWS has it already */
};

/* Asks for the credential as a founding does, seals it to the deposit key,
 * commits, and only then hands a generated password out. QRT_E_USAGE for an
 * account or kind that there is none of, or a closed one; QRT_E_FORMAT and
 * QRT_E_RANGE for the credential; QRT_E_REFUSED for codes of another seed. */
enum qrt_code qrt_deposit(struct qrt_deposited *deposited, struct qrt_vault *vault,
                          const struct qrt_deposit_request *request, const struct qrt_ui *ui,
                          struct qrt_err *err) QRT_MUST_USE;

#endif
