#include "ceremony/found/founding.h"

#include "base/text.h"
#include <stdlib.h>
#include <string.h>

static bool is_account(const struct qrt_policy *policy, const char *id)
{
    for (size_t i = 0; i < policy->accounts_count; i++) {
        if (strcmp(policy->accounts[i].id, id) == 0) {
            return true;
        }
    }
    return false;
}

static void page(const struct qrt_founding *founding, const struct qrt_credentials *new)
{
    QRT_BUF title = {0};
    qrt_buf_printf(&title, "account %s (", new->account);
    qrt_text_escape(&title, new->name, strlen(new->name));
    qrt_buf_text(&title, ")");
    struct qrt_page page = {
        .ceremony = "Founding",
        .practice = founding->policy.practice,
        .step = 4,
        .of = QRT_FOUNDING_STEPS,
        .title = qrt_buf_str(&title),
        .who = "The operator, signed in at AWS as this account's root user on another computer, "
               "and a custodian of each group.",
        .what = "The password is made here, or taken over, and set at AWS by a custodian of the "
                "password group. "
                "The MFA device is registered there by a custodian of the MFA group. Stay signed "
                "in at AWS until the founding is closed.",
        .wrong = "If AWS refuses a code, its clock and this one differ, or the seed was mistyped.",
        .stop = "Ctrl-C, then the word stop. The founding is then abandoned: reset at AWS what was "
                "set there.",
    };
    qrt_ui_page(founding->ui, &page);
}

/* A seed that AWS does not take may be typed anew. */
static enum qrt_code collect_totp(struct qrt_founding *founding, struct qrt_credentials *new,
                                  struct qrt_err *err)
{
    const struct qrt_ui *ui = founding->ui;
    bool again = true;
    while (again) {
        again = false;
        enum qrt_code code = qrt_credentials_ask_seed(new, &founding->session, err);
        if (code == QRT_OK && ui->person && new->totp.seed.len_bytes > 0) {
            code = qrt_credentials_set_totp(new, &founding->session, err);
            if (code == QRT_OK && !new->totp_confirmed) {
                code = ui->confirm(ui->ctx, &again, "Type the seed anew?", err);
            }
        }
        if (code != QRT_OK) {
            return code;
        }
    }
    return QRT_OK;
}

static enum qrt_code collect(struct qrt_founding *founding, struct qrt_credentials *new,
                             struct qrt_err *err)
{
    page(founding, new);
    enum qrt_code code = qrt_credentials_ask_password(new, &founding->session, true, err);
    if (code == QRT_OK && founding->ui->person && new->password_generated) {
        code = qrt_credentials_set_password(new, &founding->session, err);
    }
    if (code == QRT_OK) {
        code = collect_totp(founding, new, err);
    }
    /* A person deposits texts later, at leisure. */
    for (size_t i = 0; code == QRT_OK && !founding->ui->person && i < QRT_ITEM_TEXTS; i++) {
        code = qrt_credentials_ask_text(new, &founding->session, qrt_item_texts[i], err);
    }
    return code;
}

enum qrt_code qrt_founding_collect_accounts(struct qrt_founding *founding, struct qrt_err *err)
{
    const struct qrt_policy *policy = &founding->policy;
    enum qrt_code code = qrt_founding_refuse_strangers(founding, "accounts", is_account, err);
    if (code != QRT_OK) {
        return code;
    }
    founding->accounts = calloc(policy->accounts_count + 1, sizeof *founding->accounts);
    if (founding->accounts == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "%zu accounts", policy->accounts_count);
    }
    for (size_t i = 0; code == QRT_OK && i < policy->accounts_count; i++) {
        struct qrt_credentials *new = &founding->accounts[i];
        new->account = policy->accounts[i].id;
        new->name = policy->accounts[i].name;
        new->email = policy->accounts[i].email;
        code = collect(founding, new, err);
    }
    return code;
}
