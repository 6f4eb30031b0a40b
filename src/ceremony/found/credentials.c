#include "ceremony/found/credentials.h"

#include "vault/credential.h"
#include "vault/otpauth.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define KEY_BYTES 96

void qrt_credentials_wipe(struct qrt_credentials *credentials)
{
    qrt_secret_wipe(&credentials->password);
    qrt_totp_wipe(&credentials->totp);
    for (size_t i = 0; i < QRT_ITEM_TEXTS; i++) {
        qrt_secret_wipe(&credentials->texts[i]);
    }
    *credentials = (struct qrt_credentials){0};
}

static enum qrt_code ask(const struct qrt_credentials *credentials,
                         const struct qrt_session *session, struct qrt_secret *out,
                         const char *what, const char *words, struct qrt_err *err)
{
    char key[KEY_BYTES];
    bool seed = strcmp(what, "totp") == 0;
    bool optional = seed || !session->ui->person;
    snprintf(key, sizeof key, "accounts.%s.%s", credentials->account, what);
    struct qrt_question question = {
        .key = key, .words = words, .optional = optional, .picture = seed};
    return session->ui->ask_secret(session->ui->ctx, out, &question, err);
}

static enum qrt_code generate(struct qrt_credentials *credentials, struct qrt_err *err)
{
    credentials->password_generated = true;
    return qrt_password_generate(&credentials->password, credentials->name, credentials->email,
                                 err);
}

static enum qrt_code take_password(struct qrt_credentials *credentials,
                                   const struct qrt_session *session, struct qrt_err *err)
{
    enum qrt_code code = ask(credentials, session, &credentials->password, "password",
                             "The password that AWS has now (not shown)", err);
    if (code == QRT_E_NOT_FOUND) {
        return QRT_OK;
    }
    if (code == QRT_OK && credentials->password.len_bytes == 0) {
        return generate(credentials, err);
    }
    if (code == QRT_OK) {
        code = qrt_password_check((const char *)credentials->password.data,
                                  credentials->password.len_bytes, credentials->name,
                                  credentials->email, err);
        if (code != QRT_OK) {
            qrt_err_prefix(err, "accounts.%s.password", credentials->account);
        }
    }
    return code;
}

static enum qrt_code type_twice(struct qrt_credentials *credentials,
                                const struct qrt_session *session, struct qrt_err *err)
{
    const struct qrt_ui *ui = session->ui;
    struct qrt_question repeat = {.key = "password", .words = "The same again"};
    enum qrt_code code;
    do {
        QRT_SECRET again = {0};
        qrt_secret_wipe(&credentials->password);
        code = take_password(credentials, session, err);
        if (code == QRT_OK && credentials->password.len_bytes > 0 &&
            (code = ui->ask_secret(ui->ctx, &again, &repeat, err)) == QRT_OK &&
            (again.len_bytes != credentials->password.len_bytes ||
             sodium_memcmp(again.data, credentials->password.data, again.len_bytes) != 0)) {
            code = qrt_fail(err, QRT_E_USAGE, "the two are not the same");
        }
    } while (code != QRT_OK && qrt_ui_again(ui, code, err));
    return code;
}

enum qrt_code qrt_credentials_ask_password(struct qrt_credentials *credentials,
                                           const struct qrt_session *session, bool may_be_none,
                                           struct qrt_err *err)
{
    static const char *const options[] = {"a new password, made here (advised)",
                                          "the password that AWS has already",
                                          "no password of this account in custody"};
    const struct qrt_ui *ui = session->ui;
    size_t choice = 0;
    if (!ui->person) {
        return take_password(credentials, session, err);
    }
    enum qrt_code code =
        ui->choose(ui->ctx, &choice, "Which: a number", options, may_be_none ? 3 : 2, err);
    if (code != QRT_OK || choice == 2) {
        return code;
    }
    return choice == 0 ? generate(credentials, err) : type_twice(credentials, session, err);
}

/* Two codes in a row from AWS's side, or from a second device. */
static enum qrt_code take_codes(struct qrt_credentials *credentials,
                                const struct qrt_session *session, struct qrt_err *err)
{
    const char *id = credentials->account;
    QRT_SECRET first = {0};
    QRT_SECRET second = {0};
    enum qrt_code code = ask(credentials, session, &first, "totp_codes.0", "a code", err);
    if (code == QRT_E_NOT_FOUND) {
        return QRT_OK;
    }
    if (code == QRT_OK) {
        code = ask(credentials, session, &second, "totp_codes.1", "the next code", err);
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
        code = qrt_totp_match(&steps, &credentials->totp, (const char *)first.data,
                              (const char *)second.data, qrt_session_now(session), err);
        if (code != QRT_OK) {
            qrt_err_prefix(err, "accounts.%s.totp_codes", id);
        }
        credentials->totp_confirmed = code == QRT_OK;
    }
    return code;
}

static enum qrt_code take_seed(struct qrt_credentials *credentials,
                               const struct qrt_session *session, struct qrt_err *err)
{
    QRT_SECRET given = {0};
    enum qrt_code code =
        ask(credentials, session, &given, "totp",
            "The seed (not shown): the secret key that AWS shows, an otpauth URI, or the path of "
            "a picture of its code. Enter alone: no MFA seed in custody",
            err);
    if (code == QRT_E_NOT_FOUND) {
        return QRT_OK;
    }
    if (code == QRT_OK) {
        code = qrt_otpauth_parse(&credentials->totp, NULL, (const char *)given.data,
                                 given.len_bytes, err);
        if (code != QRT_OK) {
            qrt_err_prefix(err, "accounts.%s.totp", credentials->account);
        }
    }
    return code;
}

enum qrt_code qrt_credentials_ask_seed(struct qrt_credentials *credentials,
                                       const struct qrt_session *session, struct qrt_err *err)
{
    enum qrt_code code;
    do {
        qrt_totp_wipe(&credentials->totp);
        code = take_seed(credentials, session, err);
    } while (code != QRT_OK && qrt_ui_again(session->ui, code, err));
    return code == QRT_OK && credentials->totp.seed.len_bytes > 0 && !session->ui->person
               ? take_codes(credentials, session, err)
               : code;
}

/* AWS's own word is the proof: it took what it was given. */
static enum qrt_code set_at_aws(const struct qrt_session *session, bool *accepted,
                                const struct qrt_handout *handout, const char *words,
                                struct qrt_err *err)
{
    const struct qrt_ui *ui = session->ui;
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

struct qrt_handout qrt_credentials_new_password(const struct qrt_credentials *credentials)
{
    return (struct qrt_handout){.kind = QRT_SECRET_NEW_PASSWORD,
                                .owner = credentials->account,
                                .who = "a custodian of the password group",
                                .secret = &credentials->password};
}

enum qrt_code qrt_credentials_set_password(struct qrt_credentials *credentials,
                                           const struct qrt_session *session, struct qrt_err *err)
{
    struct qrt_handout handout = qrt_credentials_new_password(credentials);
    return set_at_aws(session, &credentials->password_confirmed, &handout,
                      "Did AWS accept the new password?", err);
}

enum qrt_code qrt_credentials_set_totp(struct qrt_credentials *credentials,
                                       const struct qrt_session *session, struct qrt_err *err)
{
    struct qrt_handout handout = {.kind = QRT_SECRET_CODE,
                                  .owner = credentials->account,
                                  .who = "a custodian of the MFA group",
                                  .totp = &credentials->totp,
                                  .clock_offset_s = session->clock_offset_s};
    return set_at_aws(session, &credentials->totp_confirmed, &handout,
                      "Did AWS accept two codes, one after the other?", err);
}

void qrt_credentials_draft_confirmed(struct qrt_session *session, const char *account,
                                     const char *kind, uint64_t serial, const char *how)
{
    struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_CREDENTIAL_CONFIRMED);
    qrt_draft_text(draft, "account", account);
    qrt_draft_text(draft, "kind", kind);
    qrt_draft_u64(draft, "serial", serial);
    qrt_draft_text(draft, "how", how);
}
