/* Who wrote an entry of the log, and when. */
#ifndef QRT_VAULT_PROVENANCE_H
#define QRT_VAULT_PROVENANCE_H

#include "vault/vault.h"

struct qrt_provenance {
    char actor[QRT_ID_CHARS + 1];
    int64_t time_unix_s;
};

/* The index is one of the views: counted through all the logs of the chain.
 * QRT_E_NOT_FOUND if the log has no such entry. */
enum qrt_code qrt_vault_provenance(struct qrt_provenance *out, struct qrt_vault *vault,
                                   int64_t index, struct qrt_err *err) QRT_MUST_USE;

#endif
