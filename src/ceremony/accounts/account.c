#include "ceremony/accounts/account.h"

#include "base/text.h"
#include "ceremony/found/credentials.h"
#include "ceremony/reason.h"
#include "ceremony/session/item_draft.h"
#include "vault/account.h"
#include "vault/item_text.h"
#include <string.h>

void qrt_account_page(const struct qrt_vault *vault, const struct qrt_ui *ui, unsigned step,
                      const char *title, const char *what)
{
    qrt_session_page(
        vault, ui,
        (struct qrt_page){.ceremony = "Accounts", .step = step, .title = title, .what = what});
}

enum qrt_code qrt_account_find(const struct qrt_account **account, const struct qrt_vault *vault,
                               const char *id, struct qrt_err *err)
{
    *account = qrt_state_account(&vault->state, id);
    if (*account == NULL) {
        QRT_BUF shown = {0};
        qrt_text_escape(&shown, id, strlen(id));
        return qrt_fail(err, QRT_E_USAGE, "account %.64s: the vault has none of that id",
                        qrt_buf_str(&shown));
    }
    return QRT_OK;
}

/* The badge, the receipts; then, of a person, whether it is meant. */
static enum qrt_code begin(struct qrt_session *session, struct qrt_vault *vault,
                           const struct qrt_ui *ui, const char *title, const char *what,
                           const char *words, struct qrt_err *err)
{
    qrt_account_page(vault, ui, 1, "the session",
                     "The operator's badge opens the log, and everyone in the room is named.");
    enum qrt_code code = qrt_session_begin(session, vault, ui, err);
    if (code != QRT_OK || !ui->person) {
        return code;
    }
    bool yes = false;
    qrt_account_page(vault, ui, 2, title, what);
    code = ui->confirm(ui->ctx, &yes, words, err);
    return code != QRT_OK || yes ? code
                                 : qrt_fail(err, QRT_E_FAILED, "accounts: nothing was changed");
}

static enum qrt_code end(struct qrt_session *session, const char *ceremony, struct qrt_err *err)
{
    qrt_account_page(session->vault, session->ui, 3, "the close",
                     "Whoever has a badge may sign the log.");
    return qrt_session_close(session, ceremony, "done", err);
}

enum qrt_code qrt_account_check_values(const struct qrt_vault *vault,
                                       const struct qrt_account_request *request,
                                       struct qrt_err *err)
{
    enum qrt_code code = qrt_account_check(request->id, request->name, request->email, err);
    if (code != QRT_OK) {
        return code;
    }
    if (request->strategy != NULL && !qrt_account_is_strategy(request->strategy)) {
        return qrt_fail(err, QRT_E_USAGE, "--strategy: not vaulted, removed or never-set");
    }
    const struct qrt_account *other =
        qrt_account_with_email(&vault->state, request->email, request->id);
    if (other != NULL) {
        return qrt_fail(err, QRT_E_USAGE, "account %s: its e-mail address is that of account %s",
                        request->id, other->id);
    }
    return QRT_OK;
}

enum qrt_code qrt_account_add(struct qrt_vault *vault, const struct qrt_account_request *request,
                              const struct qrt_ui *ui, struct qrt_err *err)
{
    QRT_SESSION session = {0};
    QRT_BUF what = {0};
    if (qrt_state_account(&vault->state, request->id) != NULL) {
        return qrt_fail(err, QRT_E_USAGE, "account %s: the vault has it already", request->id);
    }
    enum qrt_code code = qrt_account_check_values(vault, request, err);
    if (code != QRT_OK) {
        return code;
    }
    qrt_buf_printf(&what, "Account %s is added to this vault: ", request->id);
    qrt_text_escape(&what, request->name, strlen(request->name));
    qrt_buf_printf(&what, ", %s. Nothing of it is in custody until a deposit is adopted.",
                   request->email);
    code = begin(&session, vault, ui, "the new account", qrt_buf_str(&what), "Is that right?", err);
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_draft *draft = qrt_session_draft(&session, QRT_EV_ACCOUNT_ADDED);
    qrt_draft_text(draft, "account", request->id);
    qrt_draft_text(draft, "name", request->name);
    qrt_draft_text(draft, "email", request->email);
    qrt_draft_text(draft, "strategy", request->strategy);
    return end(&session, "account-add", err);
}

enum qrt_code qrt_account_close(struct qrt_vault *vault, const char *id, const char *reason,
                                const struct qrt_ui *ui, struct qrt_err *err)
{
    QRT_SESSION session = {0};
    QRT_BUF what = {0};
    const struct qrt_account *account;
    enum qrt_code code = qrt_account_find(&account, vault, id, err);
    if (code == QRT_OK) {
        code = qrt_reason_check(reason, err);
    }
    if (code == QRT_OK && account->closed != QRT_NEVER) {
        code = qrt_fail(err, QRT_E_USAGE, "account %s: it is closed already", id);
    }
    if (code != QRT_OK) {
        return code;
    }
    qrt_buf_printf(&what, "Account %s (", id);
    qrt_text_escape(&what, account->name, strlen(account->name));
    qrt_buf_text(&what, ") is marked closed. What is in custody of it stays and can be opened: "
                        "AWS takes a root user's sign-in for a while after the closing.");
    code =
        begin(&session, vault, ui, "the closed account", qrt_buf_str(&what), "Is that right?", err);
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_draft *draft = qrt_session_draft(&session, QRT_EV_ACCOUNT_CLOSED);
    qrt_draft_text(draft, "account", id);
    qrt_draft_text(draft, "reason", reason);
    return end(&session, "account-close", err);
}

/* The words of a `how`; NULL for none. */
static const char *words_of(const char *how)
{
    return strcmp(how, "console") == 0 ? QRT_CONFIRMED_AT_AWS
           : strcmp(how, "codes") == 0 ? QRT_CONFIRMED_BY_CODES
                                       : NULL;
}

static enum qrt_code find_item(const struct qrt_item_row **item, const struct qrt_vault *vault,
                               const char *id, const char *kind, struct qrt_err *err)
{
    const struct qrt_account *account;
    enum qrt_code code = qrt_account_find(&account, vault, id, err);
    *item = code == QRT_OK ? qrt_state_item(&vault->state, id, kind) : NULL;
    if (code == QRT_OK && !qrt_item_is_kind(kind)) {
        return qrt_fail(err, QRT_E_USAGE, "--kind: not password, totp, device, questions or note");
    }
    if (code == QRT_OK && *item == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "account %s: no %s is in custody", id, kind);
    }
    return code;
}

static size_t count_former(const struct qrt_state *state, const struct qrt_item_row *item)
{
    size_t count = 0;
    while ((item = qrt_state_former(state, item)) != NULL) {
        count++;
    }
    return count;
}

static enum qrt_code check_confirming(const struct qrt_item_row **item,
                                      const struct qrt_vault *vault, const char *id,
                                      const char *kind, const char *how, struct qrt_err *err)
{
    enum qrt_code code = find_item(item, vault, id, kind, err);
    if (code == QRT_OK && words_of(how) == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "--how: not console or codes");
    }
    if (code == QRT_OK && (*item)->confirmed != QRT_NEVER &&
        qrt_state_former(&vault->state, *item) == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "account %s: its %s is confirmed already", id, kind);
    }
    return code;
}

enum qrt_code qrt_account_confirm(size_t *deleted, struct qrt_vault *vault, const char *id,
                                  const char *kind, const char *how, const struct qrt_ui *ui,
                                  struct qrt_err *err)
{
    QRT_SESSION session = {0};
    QRT_BUF what = {0};
    const struct qrt_item_row *item;
    enum qrt_code code = check_confirming(&item, vault, id, kind, how, err);
    if (code != QRT_OK) {
        return code;
    }
    qrt_buf_printf(&what,
                   "Item %lld, the %s of account %s, is known to be in use. What it has followed "
                   "(%zu) is deleted then, and nobody can have it again.",
                   (long long)item->serial, kind, id, count_former(&vault->state, item));
    code = begin(&session, vault, ui, "the new credential", qrt_buf_str(&what),
                 "Has somebody signed in at AWS with it?", err);
    if (code != QRT_OK || (code = check_confirming(&item, vault, id, kind, how, err)) != QRT_OK) {
        return code; /* looked at again: a commit in flight may have been completed */
    }
    *deleted = count_former(&vault->state, item);
    if (item->confirmed == QRT_NEVER) {
        qrt_credentials_draft_confirmed(&session, id, kind, (uint64_t)item->serial, words_of(how));
    }
    qrt_item_draft_deleted_before(&session, item);
    return end(&session, "account-confirm", err);
}
