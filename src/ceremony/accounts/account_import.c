#include "ceremony/accounts/account_import.h"

#include "ceremony/accounts/account.h"
#include "ceremony/session/session.h"
#include "vault/account.h"
#include <stdlib.h>
#include <string.h>

void qrt_account_import_free(struct qrt_account_import *import)
{
    free(import->fates);
    *import = (struct qrt_account_import){0};
}

static enum qrt_import_fate fate_of(const struct qrt_vault *vault,
                                    const struct qrt_org_account *listed)
{
    const struct qrt_account *known = qrt_state_account(&vault->state, listed->id);
    if (known == NULL && listed->active) {
        return qrt_account_with_email(&vault->state, listed->email, NULL) == NULL
                   ? QRT_IMPORT_ADDED
                   : QRT_IMPORT_TAKEN;
    }
    if (known == NULL) {
        return QRT_IMPORT_SKIPPED;
    }
    if (listed->active != (known->closed == QRT_NEVER)) {
        return listed->active ? QRT_IMPORT_CLOSED : QRT_IMPORT_INACTIVE;
    }
    bool same = strcmp(known->name, listed->name) == 0 && strcmp(known->email, listed->email) == 0;
    return same ? QRT_IMPORT_UNCHANGED : QRT_IMPORT_CHANGED;
}

/* Who has an address of the vault's may have got it from an account that has
 * another one by now: the people look at it, and then it is added. */
static void tell_shared(const struct qrt_vault *vault, const struct qrt_org_account *listed,
                        const struct qrt_ui *ui)
{
    const struct qrt_account *other =
        qrt_account_with_email(&vault->state, listed->email, listed->id);
    if (other != NULL) {
        QRT_BUF line = {0};
        qrt_buf_printf(&line, "account %s: its e-mail address is that of account %s here",
                       listed->id, other->id);
        ui->tell(ui->ctx, qrt_buf_str(&line));
    }
}

static enum qrt_code judge(struct qrt_account_import *import, const struct qrt_vault *vault,
                           const struct qrt_ui *ui, struct qrt_err *err)
{
    const struct qrt_org_accounts *listed = import->listed;
    if (import->strategy != NULL && !qrt_account_is_strategy(import->strategy)) {
        return qrt_fail(err, QRT_E_USAGE, "--strategy: not vaulted, removed or never-set");
    }
    import->fates = calloc(listed->len + 1, sizeof *import->fates);
    if (import->fates == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "the accounts of the list");
    }
    for (size_t i = 0; i < listed->len; i++) {
        import->fates[i] = fate_of(vault, &listed->list[i]);
        import->counts[import->fates[i]]++;
        if (import->fates[i] == QRT_IMPORT_TAKEN) {
            tell_shared(vault, &listed->list[i], ui);
        }
    }
    return QRT_OK;
}

/* The credentials of a member can be removed, those of the management account
 * cannot. */
static const char *strategy_of(const struct qrt_account_import *import,
                               const struct qrt_org_account *listed)
{
    if (import->strategy != NULL) {
        return import->strategy;
    }
    return strcmp(listed->id, import->listed->management) == 0 ? "vaulted" : "removed";
}

static enum qrt_code confirm(const struct qrt_account_import *import, const struct qrt_vault *vault,
                             const struct qrt_ui *ui, struct qrt_err *err)
{
    QRT_BUF what = {0};
    bool yes = true;
    const size_t *counts = import->counts;
    qrt_buf_printf(
        &what,
        "The organisation of account %s: %zu accounts listed%s. %zu are added to this "
        "vault; %zu are in it already; %zu are not active, and left out; %zu are left out "
        "because another account here has their address.",
        import->listed->management, import->listed->len,
        import->listed->complete ? "" : ", and the list goes on elsewhere",
        counts[QRT_IMPORT_ADDED],
        import->listed->len - counts[QRT_IMPORT_ADDED] - counts[QRT_IMPORT_SKIPPED] -
            counts[QRT_IMPORT_TAKEN],
        counts[QRT_IMPORT_SKIPPED], counts[QRT_IMPORT_TAKEN]);
    qrt_account_page(vault, ui, 2, "the accounts", qrt_buf_str(&what));
    enum qrt_code code =
        ui->person ? ui->confirm(ui->ctx, &yes, "Are these to be added?", err) : QRT_OK;
    return code != QRT_OK || yes ? code
                                 : qrt_fail(err, QRT_E_FAILED, "accounts: nothing was changed");
}

enum qrt_code qrt_account_import(struct qrt_account_import *import, struct qrt_vault *vault,
                                 const struct qrt_ui *ui, struct qrt_err *err)
{
    QRT_SESSION session = {0};
    enum qrt_code code = judge(import, vault, ui, err);
    if (code != QRT_OK || import->counts[QRT_IMPORT_ADDED] == 0) {
        return code;
    }
    qrt_account_page(vault, ui, 1, "the session",
                     "The operator's badge opens the log, and everyone in the room is named.");
    if ((code = qrt_session_begin(&session, vault, ui, err)) != QRT_OK ||
        (code = confirm(import, vault, ui, err)) != QRT_OK) {
        return code;
    }
    for (size_t i = 0; i < import->listed->len; i++) {
        const struct qrt_org_account *listed = &import->listed->list[i];
        if (import->fates[i] == QRT_IMPORT_ADDED) {
            struct qrt_draft *draft = qrt_session_draft(&session, QRT_EV_ACCOUNT_ADDED);
            qrt_draft_text(draft, "account", listed->id);
            qrt_draft_text(draft, "name", listed->name);
            qrt_draft_text(draft, "email", listed->email);
            qrt_draft_text(draft, "strategy", strategy_of(import, listed));
        }
    }
    qrt_account_page(vault, ui, 3, "the close", "Whoever has a badge may sign the log.");
    return qrt_session_close(&session, "account-import", "done", err);
}
