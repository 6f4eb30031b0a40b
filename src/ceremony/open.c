#include "ceremony/open.h"

#include "base/base32.h"
#include "base/harden.h"
#include "base/text.h"
#include "ceremony/attendance.h"
#include "ceremony/open_ask.h"
#include "ceremony/paper_items.h"
#include "ceremony/purpose.h"
#include "ceremony/session.h"
#include "crypto/totp.h"
#include "vault/item.h"
#include "vault/keys.h"
#include "vault/otpauth.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MAX_BYTES 1000

void qrt_opened_free(struct qrt_opened *opened)
{
    qrt_gather_wipe(&opened->gather);
    *opened = (struct qrt_opened){0};
}

struct opening {
    struct qrt_opened *opened;
    struct qrt_open_request *request;
    struct qrt_open_request asked;
    struct qrt_open_words words;
    struct qrt_session session;
    struct qrt_paper_items paper;
    struct qrt_secret password;
    struct qrt_totp totp;
};

static void opening_free(struct opening *opening)
{
    qrt_open_words_free(&opening->words);
    qrt_session_free(&opening->session);
    qrt_paper_items_free(&opening->paper);
    qrt_secret_wipe(&opening->password);
    qrt_totp_wipe(&opening->totp);
}

struct show {
    unsigned bit;
    const char *name;
    const char *kind; /* of the item it comes from */
    enum qrt_secret_kind secret;
    const char *who;
};

static const struct show shows[] = {
    {QRT_SHOW_PASSWORD, "password", "password", QRT_SECRET_PASSWORD,
     "a custodian of the password group"},
    {QRT_SHOW_CODE, "code", "totp", QRT_SECRET_CODE, "a custodian of the MFA group"},
    {QRT_SHOW_SEED, "seed", "totp", QRT_SECRET_SEED, "a custodian of the MFA group"}};
#define SHOWS (sizeof shows / sizeof shows[0])

/* What stands in the log for ever is text that reads the same to everyone. */
static enum qrt_code check_text(const char *what, const char *text, struct qrt_err *err)
{
    if (text == NULL) {
        return QRT_OK;
    }
    size_t len = strlen(text);
    if (len == 0 || len > TEXT_MAX_BYTES) {
        return qrt_fail(err, QRT_E_USAGE, "%s: not a text of 1 to %d bytes", what, TEXT_MAX_BYTES);
    }
    if (!qrt_text_is_clean(text, len) || text[0] == ' ' || text[len - 1] == ' ') {
        return qrt_fail(err, QRT_E_USAGE,
                        "%s: not UTF-8 in NFC without control characters and outer spaces", what);
    }
    return QRT_OK;
}

static enum qrt_code check_words(const struct qrt_open_request *request, struct qrt_err *err)
{
    enum qrt_code code;
    if ((code = check_text("purpose", request->purpose, err)) != QRT_OK ||
        (code = check_text("ticket", request->ticket, err)) != QRT_OK) {
        return code;
    }
    if (request->approver != NULL && !qrt_text_is_id(request->approver)) {
        return qrt_fail(err, QRT_E_USAGE, "approver: not an id");
    }
    return QRT_OK;
}

/* What the sheets given are good for; what the vault has lost must be on them. */
static enum qrt_code check_paper(struct opening *opening, struct qrt_err *err)
{
    const struct qrt_open_request *request = opening->request;
    const char *kinds[SHOWS];
    size_t kinds_len = 0;
    for (size_t i = 0; i < SHOWS; i++) {
        if ((request->show & shows[i].bit) != 0) {
            kinds[kinds_len++] = shows[i].kind;
        }
    }
    enum qrt_code code =
        qrt_paper_items_take(&opening->paper, opening->session.vault, request->sealed,
                             request->sealed_len, request->account, opening->session.ui, err);
    return code == QRT_OK ? qrt_paper_items_suffice(&opening->paper, kinds, kinds_len, err) : code;
}

static enum qrt_code check_account(const struct opening *opening, struct qrt_err *err)
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

/* Asked before the intent is written: a request that cannot be met leaves none. */
static enum qrt_code check_request(struct opening *opening, struct qrt_err *err)
{
    const struct qrt_vault *vault = opening->session.vault;
    const struct qrt_open_request *request = opening->request;
    const struct qrt_ui *ui = opening->session.ui;
    enum qrt_code code = check_words(request, err);
    if (code != QRT_OK) {
        return code;
    }
    if (request->approver != NULL && qrt_state_person(&vault->state, request->approver) == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "approver: not a person of this vault");
    }
    for (size_t i = 0; i < SHOWS; i++) {
        if ((request->show & shows[i].bit) != 0 &&
            qrt_state_item(&vault->state, request->account, shows[i].kind) == NULL) {
            return qrt_fail(err, QRT_E_USAGE, "account %s: no %s is in custody", request->account,
                            shows[i].kind);
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
        if (strcmp(qrt_buf_str(&typed), vault->state.origin) != 0) {
            return qrt_fail(err, QRT_E_USAGE, "confirm: not the name of this vault");
        }
    }
    return ui->ready_to_release(ui->ctx, vault->state.practice, err);
}

/* Everybody in the room hears what this opening is for. */
static void tell_purpose(const struct opening *opening)
{
    const struct qrt_session *session = &opening->session;
    QRT_BUF words = {0};
    QRT_BUF line = {0};
    qrt_purpose_words(&words, &session->vault->policy, opening->request->purpose);
    qrt_buf_printf(&line, "Opening account %s: ", opening->request->account);
    qrt_text_escape(&line, qrt_buf_str(&words), words.len_bytes);
    session->ui->tell(session->ui->ctx, qrt_buf_str(&line));
}

static enum qrt_code commit_intent(struct opening *opening, struct qrt_err *err)
{
    struct qrt_session *session = &opening->session;
    const struct qrt_open_request *request = opening->request;
    tell_purpose(opening);
    enum qrt_code code = qrt_paper_items_draft(&opening->paper, session, err);
    if (code != QRT_OK) {
        return code;
    }
    opening->opened->intent = session->vault->log.head.size + session->drafts_len;
    struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_INTENT);
    qrt_draft_text(draft, "ceremony", "open");
    qrt_draft_text(draft, "account", request->account);
    qrt_draft_text(draft, "purpose", request->purpose);
    qrt_draft_text(draft, "ticket", request->ticket);
    qrt_draft_text(draft, "approver", request->approver);
    for (size_t i = 0; i < SHOWS; i++) {
        if ((request->show & shows[i].bit) != 0) {
            qrt_draft_text(draft, "show", shows[i].name);
        }
    }
    return qrt_session_commit(session, err);
}

static void draft_cards(struct opening *opening)
{
    qrt_gather_draft(&opening->session, &opening->opened->gather, QRT_EV_CARD_ACCEPTED,
                     &opening->opened->intent);
}

static struct qrt_draft *draft_outcome(struct opening *opening, const char *result)
{
    struct qrt_draft *draft = qrt_session_draft(&opening->session, QRT_EV_OUTCOME);
    qrt_draft_u64(draft, "intent", opening->opened->intent);
    qrt_draft_text(draft, "result", result);
    return draft;
}

static enum qrt_code no_quorum(struct opening *opening, struct qrt_err *err)
{
    const struct qrt_gather *gather = &opening->opened->gather;
    qrt_secret_wipe(&opening->opened->gather.shares);
    draft_cards(opening);
    qrt_draft_text(draft_outcome(opening, "refused"), "reason", "no quorum");
    qrt_open_page_close(opening->session.vault, opening->session.ui);
    enum qrt_code code = qrt_session_close(&opening->session, "open", "refused", err);
    if (code != QRT_OK) {
        return code;
    }
    QRT_BUF missing = {0};
    qrt_gather_tell_missing(&missing, gather);
    return qrt_fail(err, qrt_gather_any_refused(gather) ? QRT_E_REFUSED : QRT_E_QUORUM,
                    "no quorum: %s", qrt_buf_str(&missing));
}

/* Something broke after the intent: the log gets its outcome, if it still can,
 * and the caller the first cause. */
static enum qrt_code fail_open(struct opening *opening, enum qrt_code cause, const char *reason)
{
    draft_cards(opening);
    qrt_draft_text(draft_outcome(opening, "failed"), "reason", reason);
    (void)!qrt_session_close(&opening->session, "open", "failed", NULL);
    return cause;
}

static enum qrt_code unseal(struct opening *opening, struct qrt_secret *plaintext, const char *kind,
                            const struct qrt_secret *item_key, struct qrt_err *err)
{
    struct qrt_vault *vault = opening->session.vault;
    const struct qrt_item_row *item =
        qrt_state_item(&vault->state, opening->request->account, kind);
    QRT_BUF sealed = {0};
    enum qrt_code code = qrt_log_document(&vault->log, item->ciphertext, &sealed, err);
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_item_place place = {vault->log.vault_id, (unsigned)item->generation, item->account,
                                   kind, (uint64_t)item->serial};
    return qrt_item_unseal(plaintext, &place, sealed.data, sealed.len_bytes, item_key->data, err);
}

/* The vault key lives in here only. */
static enum qrt_code unseal_all(struct opening *opening, struct qrt_err *err)
{
    QRT_SECRET key = {0};
    QRT_SECRET item_key = {0};
    QRT_SECRET totp = {0};
    unsigned show = opening->request->show;
    enum qrt_code code = qrt_gather_key(&key, &opening->opened->gather, err);
    if (code == QRT_OK) {
        code = qrt_keys_item(&item_key, key.data, err);
    }
    if (code == QRT_OK && (show & QRT_SHOW_PASSWORD) != 0) {
        code = unseal(opening, &opening->password, "password", &item_key, err);
    }
    if (code == QRT_OK && (show & (QRT_SHOW_CODE | QRT_SHOW_SEED)) != 0) {
        code = unseal(opening, &totp, "totp", &item_key, err);
        if (code == QRT_OK) {
            code = qrt_totp_decode(&opening->totp, totp.data, totp.len_bytes, err);
        }
    }
    /* The shares of both quorums are worth as much as the key. */
    qrt_secret_wipe(&opening->opened->gather.shares);
    return code;
}

static enum qrt_code commit_outcome(struct opening *opening, struct qrt_err *err)
{
    const struct qrt_state *state = &opening->session.vault->state;
    draft_cards(opening);
    (void)draft_outcome(opening, "done");
    for (size_t i = 0; i < SHOWS; i++) {
        if ((opening->request->show & shows[i].bit) == 0) {
            continue;
        }
        const struct qrt_item_row *item =
            qrt_state_item(state, opening->request->account, shows[i].kind);
        struct qrt_draft *draft = qrt_session_draft(&opening->session, QRT_EV_SECRET_SHOWN);
        qrt_draft_u64(draft, "intent", opening->opened->intent);
        qrt_draft_text(draft, "account", opening->request->account);
        qrt_draft_text(draft, "kind", shows[i].kind);
        qrt_draft_u64(draft, "serial", (uint64_t)item->serial);
        qrt_draft_text(draft, "what", shows[i].name);
        qrt_draft_text(draft, "to", opening->session.ui->person ? "screen" : "secrets descriptor");
    }
    return qrt_session_commit(&opening->session, err);
}

static enum qrt_code seed_text(struct qrt_secret *text, const struct qrt_secret *seed,
                               struct qrt_err *err)
{
    size_t chars = QRT_BASE32_CHARS(seed->len_bytes);
    enum qrt_code code = qrt_secret_init(text, chars + 1, err);
    if (code == QRT_OK) {
        qrt_base32_encode((char *)text->data, chars, seed->data, seed->len_bytes);
        text->len_bytes = chars;
    }
    return code;
}

/* All at once to a script; to a person one by one, each on its page. */
static enum qrt_code release(struct opening *opening, uint64_t *shown_s, struct qrt_err *err)
{
    const struct qrt_ui *ui = opening->session.ui;
    QRT_SECRET seed = {0};
    struct qrt_handout list[SHOWS];
    size_t len = 0;
    *shown_s = 0;
    for (size_t i = 0; i < SHOWS; i++) {
        if ((opening->request->show & shows[i].bit) != 0) {
            list[len++] = (struct qrt_handout){
                .kind = shows[i].secret,
                .owner = opening->request->account,
                .who = shows[i].who,
                .secret = shows[i].bit == QRT_SHOW_PASSWORD ? &opening->password : &seed,
                .totp = &opening->totp,
                .clock_offset_s = opening->session.clock_offset_s};
        }
    }
    enum qrt_code code = QRT_OK;
    if ((opening->request->show & QRT_SHOW_SEED) != 0) {
        code = seed_text(&seed, &opening->totp.seed, err);
    }
    if (code != QRT_OK || !ui->person) {
        return code == QRT_OK ? ui->release(ui->ctx, shown_s, list, len, err) : code;
    }
    for (size_t i = 0; code == QRT_OK && i < len; i++) {
        uint64_t one_s = 0;
        qrt_open_page_release(opening->session.vault, ui, &list[i]);
        code = ui->release(ui->ctx, &one_s, &list[i], 1, err);
        *shown_s += one_s;
    }
    return code;
}

/* Whoever looked at it. A script cannot know: those whose badges are there. */
static enum qrt_code ask_seen(const struct opening *opening, struct qrt_buf *seen,
                              struct qrt_err *err)
{
    const struct qrt_session *session = &opening->session;
    for (size_t i = 0; !session->ui->person && i < session->badges_len; i++) {
        qrt_buf_printf(seen, "%s\n", session->badges[i].person);
    }
    return session->ui->person ? qrt_attendance_ask(seen, session, "seen-by",
                                                    "Who saw a secret on this screen", err)
                               : qrt_buf_check(seen, err);
}

/* Closes after the release; `broken` if not all of it went out. Some of it may
 * have: the log says shown either way. */
static enum qrt_code commit_hidden(struct opening *opening, uint64_t shown_s, bool broken,
                                   struct qrt_err *err)
{
    QRT_BUF seen = {0};
    struct qrt_err why = {0};
    qrt_open_page_close(opening->session.vault, opening->session.ui);
    /* Whoever stops here is not asked: the closing entry is written all the same. */
    (void)!ask_seen(opening, &seen, &why);
    if (broken) {
        struct qrt_draft *draft = qrt_session_draft(&opening->session, QRT_EV_EXCEPTION);
        qrt_draft_text(draft, "step", "release");
        qrt_draft_text(draft, "expected", "all is handed out");
        qrt_draft_text(draft, "happened", "it was cut short");
        qrt_draft_text(draft, "decided", "the session is closed");
    }
    struct qrt_draft *draft = qrt_session_draft(&opening->session, QRT_EV_SECRET_HIDDEN);
    qrt_draft_u64(draft, "intent", opening->opened->intent);
    for (size_t i = 0; i < SHOWS; i++) {
        if ((opening->request->show & shows[i].bit) != 0) {
            qrt_draft_text(draft, "what", shows[i].name);
        }
    }
    qrt_draft_u64(draft, "duration-s", shown_s);
    qrt_attendance_draft(draft, "seen-by", &seen);
    return qrt_session_close(&opening->session, "open", "done", err);
}

/* From a person what the command line lacks; a request that cannot be met is
 * known before anything is written. */
static enum qrt_code ask_request(struct opening *opening, struct qrt_err *err)
{
    const struct qrt_ui *ui = opening->session.ui;
    enum qrt_code code = check_account(opening, err);
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

enum qrt_code qrt_open(struct qrt_opened *opened, struct qrt_vault *vault,
                       const struct qrt_open_request *request, const struct qrt_ui *ui,
                       struct qrt_err *err)
{
    *opened = (struct qrt_opened){0};
    __attribute__((cleanup(opening_free))) struct opening opening = {.opened = opened,
                                                                     .asked = *request};
    opening.request = &opening.asked;
    enum qrt_code code;
    qrt_open_page_session(vault, ui);
    if ((code = qrt_session_begin(&opening.session, vault, ui, err)) != QRT_OK ||
        (code = qrt_gather_init(&opened->gather, vault, err)) != QRT_OK ||
        (code = ask_request(&opening, err)) != QRT_OK) {
        return code;
    }
    if ((code = check_paper(&opening, err)) != QRT_OK) {
        qrt_gather_wipe(&opened->gather); /* no card was asked for */
        return code;
    }
    if ((code = commit_intent(&opening, err)) != QRT_OK) {
        return code;
    }
    qrt_open_page_cards(vault, ui);
    if ((code = qrt_gather_all(&opened->gather, ui, true, err)) != QRT_OK) {
        return fail_open(&opening, code, "the cards could not be read");
    }
    if (qrt_gather_missing(&opened->gather, QRT_GROUP_PASSWORD) > 0 ||
        qrt_gather_missing(&opened->gather, QRT_GROUP_MFA) > 0) {
        return no_quorum(&opening, err);
    }
    code = unseal_all(&opening, err);
    qrt_harden_wipe_traces();
    if (code != QRT_OK) {
        return fail_open(&opening, code,
                         code == QRT_E_TAMPERED ? "tampering found" : "the items did not unseal");
    }
    if ((code = commit_outcome(&opening, err)) != QRT_OK) {
        return code;
    }
    uint64_t shown_s;
    enum qrt_code released = release(&opening, &shown_s, err);
    /* Nobody needs them for the close, and people take their time for it. */
    qrt_secret_wipe(&opening.password);
    qrt_totp_wipe(&opening.totp);
    qrt_harden_wipe_traces();
    code = commit_hidden(&opening, shown_s, released != QRT_OK, released == QRT_OK ? err : NULL);
    return released == QRT_OK ? code : released;
}
