#include "ceremony/accounts/deposit.h"

#include "base/harden.h"
#include "base/text.h"
#include "ceremony/accounts/account.h"
#include "ceremony/found/credentials.h"
#include "ceremony/session/rekey_pending.h"
#include "vault/deposit.h"
#include "vault/otpauth.h"
#include <string.h>

#define STEPS 4 /* of docs/ceremonies/deposit.md */

/* One deposit on its way. */
struct depositing {
    struct qrt_deposited *result;
    const struct qrt_ui *ui;
    struct qrt_session session;
    struct qrt_credentials credentials;
    bool password;
    bool text; /* a device, questions or a note: nothing is done at AWS */
    const char *kind;
};

static void depositing_free(struct depositing *d)
{
    qrt_credentials_wipe(&d->credentials);
    qrt_session_free(&d->session);
}

static void page(const struct qrt_vault *vault, const struct qrt_ui *ui, unsigned step,
                 const char *title, const char *who, const char *what)
{
    qrt_ui_page(ui, &(struct qrt_page){
                        .ceremony = "Deposit",
                        .practice = vault->state.practice,
                        .step = step,
                        .of = STEPS,
                        .title = title,
                        .who = who,
                        .what = what,
                        .wrong = step == 3 ? "If AWS does not take it, the deposit stands all the "
                                             "same: deposit another one, and let the next opening "
                                             "refuse this one."
                                           : NULL,
                        .stop = step < 3 ? "Ctrl-C, then the word stop. Nothing is written yet."
                                         : "Ctrl-C, then the word stop. The deposit is in the "
                                           "vault; the session is closed as it is.",
                    });
}

static enum qrt_code check_request(const struct qrt_account **account,
                                   const struct qrt_vault *vault,
                                   const struct qrt_deposit_request *request, struct qrt_err *err)
{
    enum qrt_code code = qrt_account_find(account, vault, request->account, err);
    if (code != QRT_OK) {
        return code;
    }
    if ((*account)->closed != QRT_NEVER) {
        return qrt_fail(err, QRT_E_USAGE, "account %s: it is closed", request->account);
    }
    if (!qrt_item_is_kind(request->kind)) {
        return qrt_fail(err, QRT_E_USAGE, "--kind: not password, totp, device, questions or note");
    }
    if ((code = qrt_rekey_check_none(&vault->state, err)) != QRT_OK) {
        return code;
    }
    /* Of an abandoned founding nobody has the key. */
    const struct qrt_ceremony *founding = vault->state.ceremonies.len == 0
                                              ? NULL
                                              : QRT_ROW(&vault->state, ceremonies, qrt_ceremony, 0);
    return qrt_state_key(&vault->state) != NULL && founding != NULL &&
                   strcmp(founding->result, "abandoned") != 0
               ? QRT_OK
               : qrt_fail(err, QRT_E_FAILED, "the vault: it has no key that could open a deposit");
}

/* What is given, or made; nothing at all is no deposit. */
static enum qrt_code ask(struct depositing *d, struct qrt_err *err)
{
    struct qrt_credentials *given = &d->credentials;
    enum qrt_code code = d->text ? qrt_credentials_ask_text(given, &d->session, d->kind, err)
                         : d->password
                             ? qrt_credentials_ask_password(given, &d->session, false, err)
                             : qrt_credentials_ask_seed(given, &d->session, err);
    if (code != QRT_OK) {
        return code;
    }
    if (given->password.len_bytes == 0 && given->totp.seed.len_bytes == 0 &&
        (!d->text || qrt_credentials_text(given, d->kind)->len_bytes == 0)) {
        return qrt_fail(err, QRT_E_USAGE, "accounts.%s.%s: nothing was given to be deposited",
                        given->account, d->kind);
    }
    return given->password_generated
               ? d->ui->ready_to_release(d->ui->ctx, d->session.vault->state.practice, err)
               : QRT_OK;
}

static enum qrt_code seal(struct depositing *d, struct qrt_buf *box, struct qrt_err *err)
{
    const struct qrt_vault *vault = d->session.vault;
    const struct qrt_key_row *key = qrt_state_key(&vault->state);
    QRT_SECRET encoded = {0};
    const struct qrt_secret *plaintext = &d->credentials.password;
    enum qrt_code code = QRT_OK;
    struct qrt_item_place place = {vault->log.vault_id, (unsigned)key->generation,
                                   d->credentials.account, d->kind, d->result->serial};
    if (d->text) {
        plaintext = qrt_credentials_text(&d->credentials, d->kind);
    } else if (!d->password) {
        code = qrt_totp_encode(&encoded, &d->credentials.totp, err);
        plaintext = &encoded;
    }
    return code == QRT_OK ? qrt_deposit_seal(box, &place, plaintext->data, plaintext->len_bytes,
                                             key->deposit_key, err)
                          : code;
}

static void draft_confirmed(struct depositing *d)
{
    d->result->confirmed = true;
    qrt_credentials_draft_confirmed(&d->session, d->credentials.account, d->kind, d->result->serial,
                                    d->password ? QRT_CONFIRMED_AT_AWS : QRT_CONFIRMED_BY_CODES);
}

static enum qrt_code commit(struct depositing *d, struct qrt_err *err)
{
    const struct qrt_state *state = &d->session.vault->state;
    QRT_BUF box = {0};
    uint8_t digest[QRT_HASH_BYTES];
    d->result->serial = state->items.len + 1;
    enum qrt_code code = seal(d, &box, err);
    qrt_harden_wipe_traces();
    if (code == QRT_OK) {
        code = qrt_session_document(&d->session, "deposit", &box, digest, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_draft *draft = qrt_session_draft(&d->session, QRT_EV_ITEM_DEPOSITED);
    qrt_draft_text(draft, "account", d->credentials.account);
    qrt_draft_text(draft, "kind", d->kind);
    qrt_draft_u64(draft, "serial", d->result->serial);
    qrt_draft_u64(draft, "generation", (uint64_t)qrt_state_key(state)->generation);
    qrt_draft_hex(draft, "ciphertext", digest, sizeof digest);
    if (d->credentials.totp_confirmed) {
        draft_confirmed(d);
    }
    return qrt_session_commit(&d->session, err);
}

/* From here it is in the vault: what is set at AWS now is not lost. */
static enum qrt_code set_at_aws(struct depositing *d, struct qrt_err *err)
{
    struct qrt_credentials *given = &d->credentials;
    uint64_t shown_s;
    if (!d->ui->person) {
        struct qrt_handout handout = qrt_credentials_new_password(given);
        return given->password_generated ? d->ui->release(d->ui->ctx, &shown_s, &handout, 1, err)
                                         : QRT_OK;
    }
    if (d->text || (d->password && !given->password_generated)) {
        return QRT_OK; /* AWS has it, or is not concerned */
    }
    page(d->session.vault, d->ui, 3, "at AWS",
         d->password ? "A custodian of the password group, signed in at AWS on another computer."
                     : "A custodian of the MFA group, signed in at AWS on another computer.",
         d->password ? "The new password is shown, and set at AWS."
                     : "Two codes are shown, one after the other, and typed at AWS.");
    enum qrt_code code = d->password ? qrt_credentials_set_password(given, &d->session, err)
                                     : qrt_credentials_set_totp(given, &d->session, err);
    if (code == QRT_OK && (d->password ? given->password_confirmed : given->totp_confirmed)) {
        draft_confirmed(d);
    }
    return code;
}

enum qrt_code qrt_deposit(struct qrt_deposited *deposited, struct qrt_vault *vault,
                          const struct qrt_deposit_request *request, const struct qrt_ui *ui,
                          struct qrt_err *err)
{
    const struct qrt_account *account;
    __attribute__((cleanup(depositing_free))) struct depositing d = {
        .result = deposited, .ui = ui, .kind = request->kind};
    *deposited = (struct qrt_deposited){0};
    enum qrt_code code = check_request(&account, vault, request, err);
    if (code != QRT_OK) {
        return code;
    }
    QRT_BUF title = {0};
    qrt_buf_printf(&title, "the new %s of account %s (", request->kind, account->id);
    qrt_text_escape(&title, account->name, strlen(account->name));
    qrt_buf_text(&title, ")");
    d.password = strcmp(request->kind, "password") == 0;
    d.text = qrt_item_is_text(request->kind);
    page(vault, ui, 1, "the session", "The operator.",
         "The operator's badge opens the log, and everyone in the room is named.");
    if ((code = qrt_session_begin(&d.session, vault, ui, err)) != QRT_OK ||
        (code = check_request(&account, vault, request, err)) != QRT_OK) {
        return code; /* asked again: a commit in flight may have been completed */
    }
    d.credentials.account = request->account;
    d.credentials.name = account->name;
    d.credentials.email = account->email;
    page(vault, ui, 2, qrt_buf_str(&title),
         d.password ? "The operator, and a custodian of the password group."
                    : "The operator, and a custodian of the MFA group.",
         "It is sealed so that only a quorum opens it. The next opening takes it over, when two "
         "people agree; until then the item before it stays as it is.");
    if ((code = ask(&d, err)) != QRT_OK || (code = commit(&d, err)) != QRT_OK) {
        return code;
    }
    enum qrt_code set = set_at_aws(&d, err);
    qrt_credentials_wipe(&d.credentials);
    qrt_harden_wipe_traces();
    page(vault, ui, STEPS, "the close", "The operator, and everyone who signs the log.",
         "Whoever has a badge may sign the log.");
    code = qrt_session_close(&d.session, "deposit", "done", set == QRT_OK ? err : NULL);
    return set == QRT_OK ? code : set;
}
