#include "ceremony/found/founding.h"

#include <stdlib.h>

bool qrt_founding_generated(const struct qrt_founding *founding)
{
    for (size_t i = 0; i < founding->policy.people_count; i++) {
        if (founding->badges[i].generated.len_bytes > 0) {
            return true;
        }
    }
    for (size_t i = 0; i < founding->policy.accounts_count; i++) {
        if (founding->accounts[i].password_generated) {
            return true;
        }
    }
    return false;
}

enum qrt_code qrt_founding_release(struct qrt_founding *founding, struct qrt_err *err)
{
    const struct qrt_policy *policy = &founding->policy;
    const struct qrt_ui *ui = founding->ui;
    size_t len = 0;
    uint64_t shown_s;
    if (!qrt_founding_generated(founding)) {
        return QRT_OK;
    }
    struct qrt_handout *list = calloc(policy->people_count + policy->accounts_count, sizeof *list);
    if (list == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "the list of what is handed out");
    }
    for (size_t i = 0; i < policy->people_count; i++) {
        const struct qrt_new_badge *new = &founding->badges[i];
        if (new->generated.len_bytes > 0) {
            list[len++] = (struct qrt_handout){.kind = new->wallet ? QRT_SECRET_WALLET
                                                                   : QRT_SECRET_PASSPHRASE,
                                               .owner = new->person->id,
                                               .secret = &new->generated};
        }
    }
    for (size_t i = 0; i < policy->accounts_count; i++) {
        const struct qrt_credentials *new = &founding->accounts[i];
        if (new->password_generated) {
            list[len++] = qrt_credentials_new_password(new);
        }
    }
    enum qrt_code code = ui->release(ui->ctx, &shown_s, list, len, err);
    free(list);
    return code;
}
