/* What AWS prints of an organisation: whatever is taken can be added. */
#include "fuzz.h"

#include "base/json.h"
#include "vault/account.h"
#include "vault/org_accounts.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len_bytes)
{
    qrt_json_init();
    QRT_ORG_ACCOUNTS accounts = {0};
    struct qrt_err err;
    if (qrt_org_accounts_parse(&accounts, data, len_bytes, &err) != QRT_OK) {
        FUZZ_HOLDS(accounts.json == NULL && accounts.list == NULL);
        return 0;
    }
    FUZZ_HOLDS(accounts.len <= QRT_ORG_ACCOUNTS_MAX);
    FUZZ_HOLDS(accounts.len == 0 || strlen(accounts.management) == QRT_ORG_ID_CHARS);
    for (size_t i = 0; i < accounts.len; i++) {
        const struct qrt_org_account *account = &accounts.list[i];
        FUZZ_HOLDS(qrt_account_check(account->id, account->name, account->email, &err) == QRT_OK);
        FUZZ_HOLDS(account->active == (strcmp(account->state, "ACTIVE") == 0));
        for (size_t j = 0; j < i; j++) {
            FUZZ_HOLDS(strcmp(account->id, accounts.list[j].id) != 0);
        }
    }
    return 0;
}
