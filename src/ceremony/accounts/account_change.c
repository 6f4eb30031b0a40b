#include "ceremony/accounts/account.h"

#include "base/text.h"
#include "ceremony/session/session.h"
#include "vault/account.h"
#include <string.h>

enum part { NAME, EMAIL, STRATEGY, PARTS };

static const struct {
    const char *key;
    const char *words;
} parts[PARTS] = {
    {"name", "Its name, of 1 to 50 characters"},
    {"email", "The address of its root user"},
    {"strategy", "Its strategy, vaulted, removed or never-set"},
};

/* What is to be from now on; NULL for what stays. Borrowed. */
struct change {
    const char *value[PARTS];
};

static const char *present(const struct qrt_account *account, enum part part)
{
    return part == NAME                   ? account->name
           : part == EMAIL                ? account->email
           : account->strategy[0] != '\0' ? account->strategy
                                          : "vaulted";
}

/* Leaves out what stands already, and judges the rest as of a new account. */
static enum qrt_code check(struct change *change, const struct qrt_vault *vault, const char *id,
                           struct qrt_err *err)
{
    const struct qrt_account *account;
    const char *whole[PARTS];
    bool any = false;
    enum qrt_code code = qrt_account_find(&account, vault, id, err);
    if (code == QRT_OK && account->closed != QRT_NEVER) {
        code = qrt_fail(err, QRT_E_USAGE, "account %s: it is closed, and stays as it was", id);
    }
    if (code != QRT_OK) {
        return code;
    }
    for (enum part part = NAME; part < PARTS; part++) {
        const char **value = &change->value[part];
        *value = *value != NULL && strcmp(*value, present(account, part)) == 0 ? NULL : *value;
        whole[part] = *value != NULL ? *value : present(account, part);
        any = any || *value != NULL;
    }
    if (!any) {
        return qrt_fail(err, QRT_E_USAGE, "account %s: nothing of it would be another one", id);
    }
    return qrt_account_check_values(
        vault,
        &(struct qrt_account_request){
            .id = id, .name = whole[NAME], .email = whole[EMAIL], .strategy = whole[STRATEGY]},
        err);
}

static void add_shown(struct qrt_buf *line, const char *before, const char *value)
{
    qrt_buf_text(line, before);
    qrt_text_escape(line, value, strlen(value));
}

/* Of a person: each part, until they are right together. */
static enum qrt_code ask(struct change *change, struct qrt_buf asked[static PARTS],
                         const struct qrt_vault *vault, const char *id, const struct qrt_ui *ui,
                         struct qrt_err *err)
{
    for (;;) {
        const struct qrt_account *account;
        enum qrt_code code = qrt_account_find(&account, vault, id, err);
        for (enum part part = NAME; code == QRT_OK && part < PARTS; part++) {
            QRT_BUF words = {0};
            qrt_buf_text(&words, parts[part].words);
            add_shown(&words, "; now: ", present(account, part));
            qrt_buf_text(&words, ". Enter alone keeps it");
            const struct qrt_question question = {
                .key = parts[part].key, .words = qrt_buf_str(&words), .optional = true};
            qrt_buf_free(&asked[part]);
            code = ui->ask_line(ui->ctx, &asked[part], &question, err);
            change->value[part] = code == QRT_OK ? qrt_buf_str(&asked[part]) : NULL;
            code = code == QRT_E_NOT_FOUND ? QRT_OK : code;
        }
        if (code != QRT_OK) {
            return code;
        }
        code = check(change, vault, id, err);
        if (code == QRT_OK || !qrt_ui_again(ui, code, err)) {
            return code;
        }
    }
}

/* What a person is to agree to, in full. */
static enum qrt_code confirm(const struct change *change, const struct qrt_vault *vault,
                             const char *id, const struct qrt_ui *ui, struct qrt_err *err)
{
    const struct qrt_account *account;
    bool yes = false;
    enum qrt_code code = qrt_account_find(&account, vault, id, err);
    for (enum part part = NAME; code == QRT_OK && part < PARTS; part++) {
        if (change->value[part] != NULL) {
            QRT_BUF line = {0};
            qrt_buf_printf(&line, "Its %s", part == EMAIL ? "address" : parts[part].key);
            add_shown(&line, ": ", present(account, part));
            add_shown(&line, "; from now on: ", change->value[part]);
            ui->tell(ui->ctx, qrt_buf_str(&line));
        }
    }
    code = code == QRT_OK ? ui->confirm(ui->ctx, &yes, "Is that right?", err) : code;
    return code != QRT_OK || yes ? code
                                 : qrt_fail(err, QRT_E_FAILED, "accounts: nothing was changed");
}

static void bufs_free(struct qrt_buf (*bufs)[PARTS])
{
    for (size_t i = 0; i < PARTS; i++) {
        qrt_buf_free(&(*bufs)[i]);
    }
}

enum qrt_code qrt_account_change(struct qrt_vault *vault, const struct qrt_account_request *request,
                                 const struct qrt_ui *ui, struct qrt_err *err)
{
    QRT_SESSION session = {0};
    __attribute__((cleanup(bufs_free))) struct qrt_buf asked[PARTS] = {0};
    struct change change = {.value = {request->name, request->email, request->strategy}};
    bool given = request->name != NULL || request->email != NULL || request->strategy != NULL;
    enum qrt_code code = QRT_OK;
    if (given) {
        code = check(&change, vault, request->id, err);
    } else if (!ui->person) {
        code = qrt_fail(err, QRT_E_USAGE, "--name, --email or --strategy: missing, what changes");
    }
    if (code != QRT_OK) {
        return code;
    }
    qrt_account_page(vault, ui, 1, "the session",
                     "The operator's badge opens the log, and everyone in the room is named.");
    if ((code = qrt_session_begin(&session, vault, ui, err)) != QRT_OK) {
        return code;
    }
    qrt_account_page(vault, ui, 2, "the changed account",
                     "What the vault knows of the account follows it: its name and address as AWS "
                     "has them, its strategy as you have decided. What is in custody stays.");
    code = given ? check(&change, vault, request->id, err) /* again: a commit in flight */
                 : ask(&change, asked, vault, request->id, ui, err);
    if (code == QRT_OK && ui->person) {
        code = confirm(&change, vault, request->id, ui, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_draft *draft = qrt_session_draft(&session, QRT_EV_ACCOUNT_CHANGED);
    qrt_draft_text(draft, "account", request->id);
    for (enum part part = NAME; part < PARTS; part++) {
        qrt_draft_text(draft, parts[part].key, change.value[part]);
    }
    qrt_account_page(vault, ui, 3, "the close", "Whoever has a badge may sign the log.");
    return qrt_session_close(&session, "account-change", "done", err);
}
