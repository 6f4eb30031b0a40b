#include "ceremony/founding.h"

#include "base/base32.h"
#include "base/text.h"
#include "card/code.h"
#include "vault/credential.h"
#include "vault/otpauth.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_BYTES 96

static enum qrt_code wallet_code(struct qrt_new_badge *new, struct qrt_err *err)
{
    QRT_SECRET payload = {0};
    enum qrt_code code = qrt_badge_encode(&payload, &new->badge, QRT_KDF_NONE, NULL, 0, err);
    if (code == QRT_OK) {
        code = qrt_secret_init(&new->generated, qrt_code_chars(payload.len_bytes) + 1, err);
    }
    if (code == QRT_OK) {
        qrt_code_write((char *)new->generated.data, QRT_CODE_BADGE, payload.data,
                       payload.len_bytes);
        new->generated.len_bytes = qrt_code_chars(payload.len_bytes);
    }
    return code;
}

static enum qrt_code store_under(struct qrt_new_badge *new, const struct qrt_secret *phrase,
                                 bool practice, struct qrt_err *err)
{
    QRT_SECRET payload = {0};
    enum qrt_code code =
        qrt_badge_encode(&payload, &new->badge, practice ? QRT_KDF_SMALL : QRT_KDF_STRONG,
                         phrase->data, phrase->len_bytes, err);
    if (code == QRT_OK) {
        qrt_buf_add(&new->stored, payload.data, payload.len_bytes);
        code = qrt_buf_check(&new->stored, err);
    }
    return code;
}

/* Somebody brings the wallet card that they have already. */
static enum qrt_code take_wallet(struct qrt_new_badge *new, const struct qrt_secret *given,
                                 struct qrt_err *err)
{
    QRT_SECRET payload = {0};
    size_t len = 0;
    struct qrt_err why = {0};
    enum qrt_code code = qrt_secret_init(&payload, QRT_BADGE_MAX_BYTES, err);
    if (code != QRT_OK) {
        return code;
    }
    if (qrt_code_read(payload.data, payload.size_bytes, &len, QRT_CODE_BADGE,
                      (const char *)given->data, given->len_bytes, &why) != QRT_OK ||
        qrt_badge_decode(&new->badge, payload.data, len, NULL, 0, false, &why) != QRT_OK ||
        strcmp(new->badge.person, new->person->id) != 0) {
        return qrt_fail(err, QRT_E_REFUSED, "badges.%s: that is no wallet card of theirs",
                        new->person->id);
    }
    return QRT_OK;
}

static enum qrt_code collect_person(struct qrt_founding *founding, struct qrt_new_badge *new,
                                    struct qrt_err *err)
{
    const struct qrt_ui *ui = founding->ui;
    QRT_SECRET given = {0};
    char key[KEY_BYTES];
    snprintf(key, sizeof key, "badges.%s", new->person->id);
    struct qrt_question question = {key, "a passphrase for the new badge", true};
    enum qrt_code code = ui->ask_secret(ui->ctx, &given, &question, err);
    bool asked = code == QRT_OK;
    if (code != QRT_OK && code != QRT_E_NOT_FOUND) {
        return code;
    }
    if (asked && qrt_code_is((const char *)given.data, given.len_bytes)) {
        return take_wallet(new, &given, err);
    }
    if ((code = qrt_badge_generate(&new->badge, new->person->id, err)) != QRT_OK) {
        return code;
    }
    if (asked) {
        if ((code = qrt_phrase_check(&given, err)) != QRT_OK) {
            qrt_err_prefix(err, "%s", key);
            return code;
        }
        return store_under(new, &given, founding->policy.practice, err);
    }
    if ((new->person->roles &(QRT_ROLE_OPERATOR | QRT_ROLE_AUDITOR)) == 0) {
        return wallet_code(new, err);
    }
    code = qrt_phrase_generate(&new->generated, err);
    return code == QRT_OK ? store_under(new, &new->generated, founding->policy.practice, err)
                          : code;
}

/* The badge of a person named in answers, for the session. */
static enum qrt_code seat(struct qrt_founding *founding, const char *key, unsigned role,
                          struct qrt_err *err)
{
    QRT_BUF id = {0};
    struct qrt_question question = {key, key, false};
    struct qrt_session *session = &founding->session;
    enum qrt_code code = founding->ui->ask_line(founding->ui->ctx, &id, &question, err);
    if (code != QRT_OK) {
        return code;
    }
    for (size_t i = 0; i < founding->policy.people_count; i++) {
        const struct qrt_new_badge *new = &founding->badges[i];
        if (strcmp(new->person->id, qrt_buf_str(&id)) != 0 ||
            (role != 0 && (new->person->roles &role) == 0) ||
            (session->badges_len > 0 && strcmp(session->badges[0].person, new->person->id) == 0)) {
            continue;
        }
        struct qrt_badge *badge = &session->badges[session->badges_len];
        if ((code = qrt_secret_init(&badge->key, QRT_SIGN_KEY_BYTES, err)) != QRT_OK ||
            (code = qrt_secret_append(&badge->key, new->badge.key.data, QRT_SIGN_KEY_BYTES, err)) !=
                QRT_OK) {
            return code;
        }
        memcpy(badge->person, new->badge.person, sizeof badge->person);
        session->badges_len++;
        return QRT_OK;
    }
    return qrt_fail(err, QRT_E_USAGE, "%s: not a person of the policy who may be that", key);
}

static bool is_person(const struct qrt_policy *policy, const char *id)
{
    for (size_t i = 0; i < policy->people_count; i++) {
        if (strcmp(policy->people[i].id, id) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_account(const struct qrt_policy *policy, const char *id)
{
    for (size_t i = 0; i < policy->accounts_count; i++) {
        if (strcmp(policy->accounts[i].id, id) == 0) {
            return true;
        }
    }
    return false;
}

/* Names what the answers hold for nobody: most often a slip in an id, which
 * would leave its owner without what was meant for them. */
static enum qrt_code refuse_strangers(const struct qrt_founding *founding, const char *list,
                                      bool (*is_known)(const struct qrt_policy *, const char *),
                                      struct qrt_err *err)
{
    const struct qrt_ui *ui = founding->ui;
    for (size_t i = 0;; i++) {
        QRT_BUF id = {0};
        enum qrt_code code = ui->member(ui->ctx, &id, list, i, err);
        if (code == QRT_E_NOT_FOUND) {
            return QRT_OK;
        }
        if (code != QRT_OK) {
            return code;
        }
        if (!is_known(&founding->policy, qrt_buf_str(&id))) {
            bool shown = qrt_text_is_id(qrt_buf_str(&id));
            return qrt_fail(err, QRT_E_USAGE, "%s.%s: the policy names none of that id", list,
                            shown ? qrt_buf_str(&id) : "?");
        }
    }
}

enum qrt_code qrt_founding_collect_people(struct qrt_founding *founding, struct qrt_err *err)
{
    const struct qrt_policy *policy = &founding->policy;
    enum qrt_code code = refuse_strangers(founding, "badges", is_person, err);
    if (code != QRT_OK) {
        return code;
    }
    founding->badges = calloc(policy->people_count, sizeof *founding->badges);
    if (founding->badges == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "badges of %zu people", policy->people_count);
    }
    for (size_t i = 0; i < policy->people_count; i++) {
        founding->badges[i].person = &policy->people[i];
        if ((code = collect_person(founding, &founding->badges[i], err)) != QRT_OK) {
            return code;
        }
    }
    code = seat(founding, "operator", QRT_ROLE_OPERATOR, err);
    if (code == QRT_OK && policy->second_person && !policy->practice) {
        code = seat(founding, "second", 0, err);
    }
    return code;
}

static enum qrt_code ask_account(struct qrt_founding *founding, struct qrt_secret *out,
                                 const char *account, const char *what, struct qrt_err *err)
{
    char key[KEY_BYTES];
    snprintf(key, sizeof key, "accounts.%s.%s", account, what);
    struct qrt_question question = {key, what, true};
    return founding->ui->ask_secret(founding->ui->ctx, out, &question, err);
}

static enum qrt_code collect_password(struct qrt_founding *founding, struct qrt_new_account *new,
                                      struct qrt_err *err)
{
    const struct qrt_policy_account *account = new->account;
    enum qrt_code code = ask_account(founding, &new->password, account->id, "password", err);
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
    enum qrt_code code = ask_account(founding, &first, id, "totp_codes.0", err);
    if (code == QRT_E_NOT_FOUND) {
        return QRT_OK;
    }
    if (code == QRT_OK) {
        code = ask_account(founding, &second, id, "totp_codes.1", err);
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

static enum qrt_code collect_totp(struct qrt_founding *founding, struct qrt_new_account *new,
                                  struct qrt_err *err)
{
    QRT_SECRET given = {0};
    enum qrt_code code = ask_account(founding, &given, new->account->id, "totp", err);
    if (code == QRT_E_NOT_FOUND) {
        return QRT_OK;
    }
    if (code == QRT_OK) {
        code = qrt_otpauth_parse(&new->totp, NULL, (const char *)given.data, given.len_bytes, err);
        if (code != QRT_OK) {
            qrt_err_prefix(err, "accounts.%s.totp", new->account->id);
        }
    }
    return code == QRT_OK ? collect_codes(founding, new, err) : code;
}

enum qrt_code qrt_founding_collect_accounts(struct qrt_founding *founding, struct qrt_err *err)
{
    const struct qrt_policy *policy = &founding->policy;
    enum qrt_code code = refuse_strangers(founding, "accounts", is_account, err);
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
        code = collect_password(founding, new, err);
        if (code == QRT_OK) {
            code = collect_totp(founding, new, err);
        }
        if (code != QRT_OK) {
            return code;
        }
    }
    return QRT_OK;
}
