#include "ceremony/open/opening.h"

#include "base/text.h"
#include "ceremony/open/purpose.h"
#include "ceremony/reason.h"
#include <stdio.h>
#include <string.h>

#define TEXT_MAX_BYTES 1000

const struct qrt_show qrt_shows[QRT_SHOWS] = {
    {QRT_SHOW_PASSWORD, "password", "password", QRT_SECRET_PASSWORD,
     "a custodian of the password group"},
    {QRT_SHOW_CODE, "code", "totp", QRT_SECRET_CODE, "a custodian of the MFA group"},
    {QRT_SHOW_SEED, "seed", "totp", QRT_SECRET_SEED, "a custodian of the MFA group"},
    {QRT_SHOW_DEVICE, "device", "device", QRT_SECRET_TEXT, "a custodian of the MFA group"},
    {QRT_SHOW_QUESTIONS, "questions", "questions", QRT_SECRET_TEXT, "a custodian of the MFA group"},
    {QRT_SHOW_NOTE, "note", "note", QRT_SECRET_TEXT, "whoever the note is for"}};

/* A purpose of the list is named by its id; any other is somebody's own words. */
static enum qrt_code check_words(const struct qrt_vault *vault,
                                 const struct qrt_open_request *request, struct qrt_err *err)
{
    QRT_BUF words = {0};
    enum qrt_code code = QRT_OK;
    if (request->purpose != NULL) {
        qrt_purpose_words(&words, &vault->policy, request->purpose);
    }
    if (request->purpose != NULL && strcmp(qrt_buf_str(&words), request->purpose) == 0) {
        code = qrt_public_text_check(request->purpose, "purpose", TEXT_MAX_BYTES, err);
    }
    if (code == QRT_OK && request->ticket != NULL) {
        code = qrt_public_name_check(request->ticket, "ticket", TEXT_MAX_BYTES, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    if (request->approver != NULL && !qrt_text_is_id(request->approver)) {
        return qrt_fail(err, QRT_E_USAGE, "approver: not an id");
    }
    return QRT_OK;
}

enum qrt_code qrt_opening_check_paper(struct qrt_opening *opening, struct qrt_err *err)
{
    const struct qrt_open_request *request = opening->request;
    const char *kinds[QRT_SHOWS];
    size_t kinds_len = 0;
    for (size_t i = 0; i < QRT_SHOWS; i++) {
        if ((request->show & qrt_shows[i].bit) != 0) {
            kinds[kinds_len++] = qrt_shows[i].kind;
        }
    }
    enum qrt_code code =
        qrt_paper_items_take(&opening->paper, opening->session.vault, request->sealed,
                             request->sealed_len, request->account, opening->session.ui, err);
    return code == QRT_OK ? qrt_paper_items_suffice(&opening->paper, kinds, kinds_len, err) : code;
}

static enum qrt_code check_account(const struct qrt_opening *opening, struct qrt_err *err)
{
    const struct qrt_vault *vault = opening->session.vault;
    const struct qrt_open_request *request = opening->request;
    if (qrt_state_account(&vault->state, request->account) == NULL) {
        QRT_BUF shown = {0};
        qrt_text_escape(&shown, request->account, strlen(request->account));
        return qrt_fail(err, QRT_E_USAGE, "account %.64s: the vault has none of that id",
                        qrt_buf_str(&shown));
    }
    return QRT_OK;
}

/* A person who asks for nothing in particular wants what is there. */
static enum qrt_code check_anything(const struct qrt_opening *opening, struct qrt_err *err)
{
    const struct qrt_vault *vault = opening->session.vault;
    const char *account = opening->request->account;
    return opening->request->show != 0 || qrt_opening_may_have(vault, account, "password") ||
                   qrt_opening_may_have(vault, account, "totp") ||
                   qrt_opening_may_have(vault, account, "device")
               ? QRT_OK
               : qrt_fail(err, QRT_E_USAGE, "account %s: nothing of it is in custody", account);
}

static enum qrt_code check_approver(const struct qrt_vault *vault, const char *approver,
                                    struct qrt_err *err)
{
    const struct qrt_person *person =
        approver != NULL ? qrt_state_person(&vault->state, approver) : NULL;
    if (approver != NULL && person == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "approver: not a person of this vault");
    }
    return person == NULL || person->gone == QRT_NEVER
               ? QRT_OK
               : qrt_fail(err, QRT_E_USAGE, "approver: %s has left the vault", approver);
}

/* Asked before the intent is written: a request that cannot be met leaves none. */
static enum qrt_code check_request(struct qrt_opening *opening, struct qrt_err *err)
{
    const struct qrt_vault *vault = opening->session.vault;
    const struct qrt_open_request *request = opening->request;
    const struct qrt_ui *ui = opening->session.ui;
    enum qrt_code code = check_words(vault, request, err);
    if (code != QRT_OK) {
        return code;
    }
    if ((code = check_approver(vault, request->approver, err)) != QRT_OK) {
        return code;
    }
    for (size_t i = 0; i < QRT_SHOWS; i++) {
        if ((request->show & qrt_shows[i].bit) != 0 &&
            !qrt_opening_may_have(vault, request->account, qrt_shows[i].kind)) {
            return qrt_fail(err, QRT_E_USAGE, "account %s: no %s is in custody", request->account,
                            qrt_shows[i].kind);
        }
    }
    if ((request->show & QRT_SHOW_SEED) != 0) {
        QRT_BUF typed = {0};
        struct qrt_question question = {.key = "confirm",
                                        .words = "The vault's name, to show the seed"};
        code = ui->ask_line(ui->ctx, &typed, &question, err);
        if (code != QRT_OK) {
            return code;
        }
        if (strcmp(qrt_buf_str(&typed), vault->policy.origin) != 0) {
            return qrt_fail(err, QRT_E_USAGE, "confirm: not the name of this vault");
        }
    }
    return ui->ready_to_release(ui->ctx, vault->state.practice, err);
}

enum qrt_code qrt_opening_ask(struct qrt_opening *opening, struct qrt_err *err)
{
    const struct qrt_ui *ui = opening->session.ui;
    enum qrt_code code = check_account(opening, err);
    if (code == QRT_OK && ui->person) {
        code = check_anything(opening, err);
    }
    while (code == QRT_OK) {
        struct qrt_open_request *request = opening->request;
        const struct qrt_open_request given = *request;
        if (ui->person) {
            code = qrt_open_ask(request, &opening->words, opening->session.vault, ui, err);
        }
        if (code != QRT_OK) {
            return code;
        }
        if ((code = check_request(opening, err)) == QRT_OK || !qrt_ui_again(ui, code, err)) {
            return code;
        }
        *request = given;
        qrt_open_words_free(&opening->words);
        code = QRT_OK;
    }
    return code;
}
