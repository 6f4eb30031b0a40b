#include "ceremony/founding.h"

#include "base/text.h"
#include "vault/credential.h"
#include "vault/otpauth.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_BYTES 96

static bool is_account(const struct qrt_policy *policy, const char *id)
{
    for (size_t i = 0; i < policy->accounts_count; i++) {
        if (strcmp(policy->accounts[i].id, id) == 0) {
            return true;
        }
    }
    return false;
}

static enum qrt_code ask_account(struct qrt_founding *founding, struct qrt_secret *out,
                                 const char *account, const char *what, const char *words,
                                 struct qrt_err *err)
{
    char key[KEY_BYTES];
    bool seed = strcmp(what, "totp") == 0;
    bool optional = seed || !founding->ui->person;
    snprintf(key, sizeof key, "accounts.%s.%s", account, what);
    struct qrt_question question = {
        .key = key, .words = words, .optional = optional, .picture = seed};
    return founding->ui->ask_secret(founding->ui->ctx, out, &question, err);
}

static enum qrt_code collect_password(struct qrt_founding *founding, struct qrt_new_account *new,
                                      struct qrt_err *err)
{
    const struct qrt_policy_account *account = new->account;
    enum qrt_code code = ask_account(founding, &new->password, account->id, "password",
                                     "The password that AWS has now (not shown)", err);
    if (code == QRT_E_NOT_FOUND) {
        return QRT_OK;
    }
    if (code == QRT_OK && new->password.len_bytes == 0) {
        new->password_generated = true;
        return qrt_password_generate(&new->password, account->name, account->email, err);
    }
    if (code == QRT_OK) {
        code = qrt_password_check((const char *)new->password.data, new->password.len_bytes,
                                  account->name, account->email, err);
        if (code != QRT_OK) {
            qrt_err_prefix(err, "accounts.%s.password", account->id);
        }
    }
    return code;
}

/* Two codes in a row from AWS's side, or from a second device. */
static enum qrt_code collect_codes(struct qrt_founding *founding, struct qrt_new_account *new,
                                   struct qrt_err *err)
{
    const char *id = new->account->id;
    QRT_SECRET first = {0};
    QRT_SECRET second = {0};
    enum qrt_code code = ask_account(founding, &first, id, "totp_codes.0", "a code", err);
    if (code == QRT_E_NOT_FOUND) {
        return QRT_OK;
    }
    if (code == QRT_OK) {
        code = ask_account(founding, &second, id, "totp_codes.1", "the next code", err);
        if (code == QRT_E_NOT_FOUND) {
            code = qrt_fail(err, QRT_E_USAGE, "accounts.%s.totp_codes: two are needed", id);
        }
    }
    if (code == QRT_OK &&
        (first.len_bytes > QRT_TOTP_DIGITS_MAX || second.len_bytes > QRT_TOTP_DIGITS_MAX)) {
        code = qrt_fail(err, QRT_E_USAGE, "accounts.%s.totp_codes: not codes", id);
    }
    int steps;
    if (code == QRT_OK) {
        /* ask_secret leaves a NUL behind what it reads. */
        code = qrt_totp_match(&steps, &new->totp, (const char *)first.data,
                              (const char *)second.data, qrt_session_now(&founding->session), err);
        if (code != QRT_OK) {
            qrt_err_prefix(err, "accounts.%s.totp_codes", id);
        }
        new->totp_confirmed = code == QRT_OK;
    }
    return code;
}

static enum qrt_code collect_seed(struct qrt_founding *founding, struct qrt_new_account *new,
                                  struct qrt_err *err)
{
    QRT_SECRET given = {0};
    enum qrt_code code = ask_account(
        founding, &given, new->account->id, "totp",
        "The seed (not shown): the secret key that AWS shows, an otpauth URI, or the path of "
        "a picture of its code. Enter alone: no MFA seed in custody",
        err);
    if (code == QRT_E_NOT_FOUND) {
        return QRT_OK;
    }
    if (code == QRT_OK) {
        code = qrt_otpauth_parse(&new->totp, NULL, (const char *)given.data, given.len_bytes, err);
        if (code != QRT_OK) {
            qrt_err_prefix(err, "accounts.%s.totp", new->account->id);
        }
    }
    return code;
}

static enum qrt_code collect_totp(struct qrt_founding *founding, struct qrt_new_account *new,
                                  struct qrt_err *err)
{
    enum qrt_code code = collect_seed(founding, new, err);
    return code == QRT_OK && new->totp.seed.len_bytes > 0 ? collect_codes(founding, new, err)
                                                          : code;
}

static enum qrt_code collect_from_script(struct qrt_founding *founding, struct qrt_new_account *new,
                                         struct qrt_err *err)
{
    enum qrt_code code = collect_password(founding, new, err);
    return code == QRT_OK ? collect_totp(founding, new, err) : code;
}

static void page(const struct qrt_founding *founding, const struct qrt_new_account *new)
{
    QRT_BUF title = {0};
    qrt_buf_printf(&title, "account %s (", new->account->id);
    qrt_text_escape(&title, new->account->name, strlen(new->account->name));
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

/* Generated, typed twice, or not in custody. */
static enum qrt_code choose_password(struct qrt_founding *founding, struct qrt_new_account *new,
                                     struct qrt_err *err)
{
    static const char *const options[] = {"a new password, made here (advised)",
                                          "the password that AWS has already",
                                          "no password of this account in custody"};
    const struct qrt_ui *ui = founding->ui;
    struct qrt_question repeat = {.key = "password", .words = "The same again"};
    size_t choice = 0;
    enum qrt_code code = ui->choose(ui->ctx, &choice, "Which: a number", options, 3, err);
    if (code != QRT_OK || choice == 2) {
        return code;
    }
    if (choice == 0) {
        new->password_generated = true;
        return qrt_password_generate(&new->password, new->account->name, new->account->email, err);
    }
    do {
        QRT_SECRET again = {0};
        qrt_secret_wipe(&new->password);
        code = collect_password(founding, new, err);
        if (code == QRT_OK && new->password.len_bytes > 0 &&
            (code = ui->ask_secret(ui->ctx, &again, &repeat, err)) == QRT_OK &&
            (again.len_bytes != new->password.len_bytes ||
             sodium_memcmp(again.data, new->password.data, again.len_bytes) != 0)) {
            code = qrt_fail(err, QRT_E_USAGE, "the two are not the same");
        }
    } while (code != QRT_OK && qrt_ui_again(ui, code, err));
    return code;
}

/* AWS's own word is the proof: it took what it was given. */
static enum qrt_code set_at_aws(const struct qrt_founding *founding, bool *accepted,
                                const struct qrt_handout *handout, const char *words,
                                struct qrt_err *err)
{
    const struct qrt_ui *ui = founding->ui;
    for (;;) {
        uint64_t shown_s;
        bool again = false;
        enum qrt_code code = ui->release(ui->ctx, &shown_s, handout, 1, err);
        if (code == QRT_OK) {
            code = ui->confirm(ui->ctx, accepted, words, err);
        }
        if (code == QRT_OK && !*accepted) {
            code = ui->confirm(ui->ctx, &again, "Show it once more?", err);
        }
        if (code != QRT_OK || !again) {
            return code;
        }
    }
}

static enum qrt_code seal_password(struct qrt_founding *founding, struct qrt_new_account *new,
                                   struct qrt_err *err)
{
    enum qrt_code code = choose_password(founding, new, err);
    if (code != QRT_OK || !new->password_generated) {
        return code;
    }
    struct qrt_handout handout = {.kind = QRT_SECRET_NEW_PASSWORD,
                                  .owner = new->account->id,
                                  .who = "a custodian of the password group",
                                  .secret = &new->password};
    return set_at_aws(founding, &new->password_confirmed, &handout,
                      "Did AWS accept the new password?", err);
}

static enum qrt_code seal_totp(struct qrt_founding *founding, struct qrt_new_account *new,
                               struct qrt_err *err)
{
    const struct qrt_ui *ui = founding->ui;
    bool again = true;
    while (again) {
        qrt_totp_wipe(&new->totp);
        again = false;
        enum qrt_code code = collect_seed(founding, new, err);
        if (code != QRT_OK && qrt_ui_again(ui, code, err)) {
            again = true;
            continue;
        }
        if (code != QRT_OK || new->totp.seed.len_bytes == 0) {
            return code;
        }
        struct qrt_handout handout = {.kind = QRT_SECRET_CODE,
                                      .owner = new->account->id,
                                      .who = "a custodian of the MFA group",
                                      .totp = &new->totp,
                                      .clock_offset_s = founding->session.clock_offset_s};
        code = set_at_aws(founding, &new->totp_confirmed, &handout,
                          "Did AWS accept two codes, one after the other?", err);
        if (code == QRT_OK && !new->totp_confirmed) {
            code = ui->confirm(ui->ctx, &again, "Type the seed anew?", err);
        }
        if (code != QRT_OK) {
            return code;
        }
    }
    return QRT_OK;
}

static enum qrt_code collect_from_person(struct qrt_founding *founding, struct qrt_new_account *new,
                                         struct qrt_err *err)
{
    page(founding, new);
    enum qrt_code code = seal_password(founding, new, err);
    return code == QRT_OK ? seal_totp(founding, new, err) : code;
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
    for (size_t i = 0; i < policy->accounts_count; i++) {
        struct qrt_new_account *new = &founding->accounts[i];
        new->account = &policy->accounts[i];
        code = founding->ui->person ? collect_from_person(founding, new, err)
                                    : collect_from_script(founding, new, err);
        if (code != QRT_OK) {
            return code;
        }
    }
    return QRT_OK;
}
