#include "base/text.h"
#include "vault/account.h"
#include "vault/policy_parts.h"

#include <stdlib.h>
#include <string.h>

static enum qrt_code parse_account(struct qrt_policy *policy, const struct qrt_json *at,
                                   struct qrt_err *err)
{
    static const char *const keys[] = {"id", "name", "email", NULL};
    struct qrt_policy_account *account = &policy->accounts[policy->accounts_count];
    struct qrt_json id = qrt_json_get(at, "id");
    struct qrt_json name = qrt_json_get(at, "name");
    struct qrt_json email = qrt_json_get(at, "email");
    enum qrt_code code;
    if ((code = qrt_json_object(at, keys, err)) != QRT_OK ||
        (code = qrt_policy_get_id(&account->id, &id, err)) != QRT_OK ||
        (code = qrt_json_text(&account->name, &name, 1, QRT_ACCOUNT_NAME_CHARS_MAX, err)) !=
            QRT_OK ||
        (code = qrt_json_text(&account->email, &email, QRT_EMAIL_CHARS_MIN, QRT_EMAIL_CHARS_MAX,
                              err)) != QRT_OK) {
        return code;
    }
    if (!qrt_text_is_seen(account->name)) {
        return qrt_json_fail(err, QRT_E_FORMAT, &name, "shows nothing");
    }
    if (!qrt_account_is_email(account->email)) {
        return qrt_json_fail(err, QRT_E_FORMAT, &email, "is not an e-mail address");
    }
    policy->accounts_count++;
    return QRT_OK;
}

/* By id, and equal ids in the order of the file. */
static int compare_accounts(const void *a, const void *b)
{
    const struct qrt_policy_account *one = *(const struct qrt_policy_account *const *)a;
    const struct qrt_policy_account *other = *(const struct qrt_policy_account *const *)b;
    int order = strcmp(one->id, other->id);
    return order != 0 ? order : (one > other) - (one < other);
}

/* Sorted, because every opening reads the policy, and there may be thousands. */
static enum qrt_code check_account_ids(const struct qrt_policy *policy, const struct qrt_json *at,
                                       struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    size_t n = policy->accounts_count;
    const struct qrt_policy_account **sorted = calloc(n + 1, sizeof *sorted);
    if (sorted == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "no memory for the policy");
    }
    for (size_t i = 0; i < n; i++) {
        sorted[i] = &policy->accounts[i];
    }
    qsort(sorted, n, sizeof(struct qrt_policy_account *), compare_accounts);
    for (size_t i = 1; code == QRT_OK && i < n; i++) {
        if (strcmp(sorted[i - 1]->id, sorted[i]->id) == 0) {
            struct qrt_json item = qrt_json_at(at, (size_t)(sorted[i] - policy->accounts));
            struct qrt_json id = qrt_json_get(&item, "id");
            code = qrt_policy_fail_twice(err, &id, sorted[i]->id);
        }
    }
    free(sorted);
    return code;
}

enum qrt_code qrt_policy_parse_accounts(struct qrt_policy *policy, const struct qrt_json *at,
                                        struct qrt_err *err)
{
    enum qrt_code code = qrt_json_array(at, 0, QRT_POLICY_ACCOUNTS_MAX, err);
    if (code == QRT_OK) {
        policy->accounts = qrt_policy_alloc_rows(at, sizeof *policy->accounts);
        code = qrt_policy_parse_rows(policy, at, policy->accounts, parse_account, err);
    }
    return code == QRT_OK ? check_account_ids(policy, at, err) : code;
}
