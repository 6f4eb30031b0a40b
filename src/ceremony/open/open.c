#include "ceremony/open/open.h"

#include "base/harden.h"
#include "base/text.h"
#include "ceremony/open/opening.h"
#include "ceremony/open/purpose.h"
#include "vault/item.h"
#include "vault/keys.h"
#include "vault/otpauth.h"
#include <string.h>

void qrt_opened_free(struct qrt_opened *opened)
{
    qrt_gather_wipe(&opened->gather);
    qrt_adoptions_free(&opened->adoptions);
    *opened = (struct qrt_opened){0};
}

static void wipe_texts(struct qrt_opening *opening)
{
    for (size_t i = 0; i < QRT_ITEM_TEXTS; i++) {
        qrt_secret_wipe(&opening->texts[i]);
    }
}

static void opening_free(struct qrt_opening *opening)
{
    qrt_open_words_free(&opening->words);
    qrt_session_free(&opening->session);
    qrt_paper_items_free(&opening->paper);
    qrt_secret_wipe(&opening->password);
    qrt_totp_wipe(&opening->totp);
    wipe_texts(opening);
}

/* Everybody in the room hears what this opening is for. */
static void tell_purpose(const struct qrt_opening *opening)
{
    const struct qrt_session *session = &opening->session;
    QRT_BUF words = {0};
    QRT_BUF line = {0};
    qrt_purpose_words(&words, &session->vault->policy, opening->request->purpose);
    qrt_buf_printf(&line, "Opening account %s: ", opening->request->account);
    qrt_text_escape(&line, qrt_buf_str(&words), words.len_bytes);
    session->ui->tell(session->ui->ctx, qrt_buf_str(&line));
}

static enum qrt_code commit_intent(struct qrt_opening *opening, struct qrt_err *err)
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
    for (size_t i = 0; i < QRT_SHOWS; i++) {
        if ((request->show & qrt_shows[i].bit) != 0) {
            qrt_draft_text(draft, "show", qrt_shows[i].name);
        }
    }
    return qrt_session_commit(session, err);
}

void qrt_opening_draft_cards(struct qrt_opening *opening)
{
    if (!opening->cards_logged) {
        qrt_gather_draft(&opening->session, &opening->opened->gather, QRT_EV_CARD_ACCEPTED,
                         &opening->opened->intent);
    }
    opening->cards_logged = true;
}

static struct qrt_draft *draft_outcome(struct qrt_opening *opening, const char *result)
{
    struct qrt_draft *draft = qrt_session_draft(&opening->session, QRT_EV_OUTCOME);
    qrt_draft_u64(draft, "intent", opening->opened->intent);
    qrt_draft_text(draft, "result", result);
    return draft;
}

static enum qrt_code no_quorum(struct qrt_opening *opening, struct qrt_err *err)
{
    const struct qrt_gather *gather = &opening->opened->gather;
    qrt_secret_wipe(&opening->opened->gather.shares);
    qrt_opening_draft_cards(opening);
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
static enum qrt_code fail_open(struct qrt_opening *opening, enum qrt_code cause, const char *reason)
{
    qrt_opening_draft_cards(opening);
    qrt_draft_text(draft_outcome(opening, "failed"), "reason", reason);
    (void)!qrt_session_close(&opening->session, "open", "failed", NULL);
    return cause;
}

static enum qrt_code unseal(struct qrt_opening *opening, struct qrt_secret *plaintext,
                            const char *kind, const struct qrt_secret *item_key,
                            struct qrt_err *err)
{
    struct qrt_vault *vault = opening->session.vault;
    const struct qrt_item_row *item = qrt_opening_item(opening, kind);
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
static enum qrt_code unseal_all(struct qrt_opening *opening, struct qrt_err *err)
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
    for (size_t i = 0; code == QRT_OK && i < QRT_ITEM_TEXTS; i++) {
        if ((show & qrt_shows[QRT_SHOWS_BEFORE_TEXTS + i].bit) != 0) {
            code = unseal(opening, &opening->texts[i], qrt_item_texts[i], &item_key, err);
        }
    }
    /* The shares of both quorums are worth as much as the key. */
    qrt_secret_wipe(&opening->opened->gather.shares);
    return code;
}

static enum qrt_code commit_outcome(struct qrt_opening *opening, struct qrt_err *err)
{
    qrt_opening_draft_cards(opening);
    (void)draft_outcome(opening, "done");
    for (size_t i = 0; i < QRT_SHOWS; i++) {
        if ((opening->request->show & qrt_shows[i].bit) == 0) {
            continue;
        }
        const struct qrt_item_row *item = qrt_opening_item(opening, qrt_shows[i].kind);
        struct qrt_draft *draft = qrt_session_draft(&opening->session, QRT_EV_SECRET_SHOWN);
        qrt_draft_u64(draft, "intent", opening->opened->intent);
        qrt_draft_text(draft, "account", opening->request->account);
        qrt_draft_text(draft, "kind", qrt_shows[i].kind);
        qrt_draft_u64(draft, "serial", (uint64_t)item->serial);
        qrt_draft_text(draft, "what", qrt_shows[i].name);
        qrt_draft_text(draft, "to", opening->session.ui->person ? "screen" : "secrets descriptor");
    }
    return qrt_session_commit(&opening->session, err);
}

enum qrt_code qrt_open(struct qrt_opened *opened, struct qrt_vault *vault,
                       const struct qrt_open_request *request, const struct qrt_ui *ui,
                       struct qrt_err *err)
{
    *opened = (struct qrt_opened){0};
    __attribute__((cleanup(opening_free))) struct qrt_opening opening = {.opened = opened,
                                                                         .asked = *request};
    opening.request = &opening.asked;
    enum qrt_code code;
    qrt_open_page_session(vault, ui);
    if ((code = qrt_session_begin(&opening.session, vault, ui, err)) != QRT_OK ||
        (code = qrt_gather_init(&opened->gather, vault, QRT_GATHER_BOTH, err)) != QRT_OK ||
        (code = qrt_opening_ask(&opening, err)) != QRT_OK) {
        return code;
    }
    if ((!ui->person && (code = qrt_adoptions_check(vault, ui, err)) != QRT_OK) ||
        (code = qrt_opening_check_paper(&opening, err)) != QRT_OK) {
        qrt_gather_wipe(&opened->gather); /* no card was asked for */
        return code;
    }
    if ((code = commit_intent(&opening, err)) != QRT_OK) {
        return code;
    }
    qrt_open_page_cards(vault, ui);
    if ((code = qrt_gather_all(&opened->gather, ui, err)) != QRT_OK) {
        return fail_open(&opening, code,
                         code == QRT_E_INTERRUPTED ? "interrupted" : "the cards could not be read");
    }
    if (!qrt_gather_complete(&opened->gather)) {
        return no_quorum(&opening, err);
    }
    if ((code = qrt_opening_adopt(&opening, err)) != QRT_OK) {
        qrt_secret_wipe(&opened->gather.shares);
        return fail_open(&opening, code, "the deposits could not be settled");
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
    enum qrt_code released = qrt_opening_release(&opening, &shown_s, err);
    /* Nobody needs them for the close, and people take their time for it. */
    qrt_secret_wipe(&opening.password);
    qrt_totp_wipe(&opening.totp);
    wipe_texts(&opening);
    qrt_harden_wipe_traces();
    code = qrt_opening_hide(&opening, shown_s, released != QRT_OK, released == QRT_OK ? err : NULL);
    return released == QRT_OK ? code : released;
}
