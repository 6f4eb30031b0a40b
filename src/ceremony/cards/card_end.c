#include "ceremony/cards/card_end.h"

#include "ceremony/reason.h"
#include "ceremony/session/session.h"
#include "ceremony/session/two_badges.h"
#include "ceremony/session/witnesses.h"
#include <stdio.h>
#include <string.h>

static void page(const struct qrt_vault *vault, const struct qrt_ui *ui, unsigned step,
                 const char *title, const char *who, const char *what)
{
    qrt_session_page(
        vault, ui,
        (struct qrt_page){.ceremony = "A card's end",
                          .step = step,
                          .title = title,
                          .who = who,
                          .what = what,
                          .wrong = step == 2 ? "Another card's number: say no. What is void or "
                                               "destroyed stays so."
                                             : NULL});
}

static enum qrt_code find(const struct qrt_card_row **card, const struct qrt_vault *vault,
                          uint32_t serial, struct qrt_err *err)
{
    *card = qrt_state_card(&vault->state, serial);
    return *card != NULL
               ? QRT_OK
               : qrt_fail(err, QRT_E_USAGE, "card %u: the vault has none of that serial", serial);
}

/* The badge, the receipts; then, of a person, whether it is meant. */
static enum qrt_code begin(struct qrt_session *session, struct qrt_vault *vault,
                           const struct qrt_ui *ui, const char *title, const char *what,
                           const char *words, struct qrt_err *err)
{
    page(vault, ui, 1, "the session", "The operator.",
         "The operator's badge opens the log, and everyone in the room is named.");
    enum qrt_code code = qrt_session_begin(session, vault, ui, err);
    if (code != QRT_OK || !ui->person) {
        return code;
    }
    bool yes = false;
    page(vault, ui, 2, title, "The operator, with the witnesses watching.", what);
    code = ui->confirm(ui->ctx, &yes, words, err);
    return code != QRT_OK || yes ? code : qrt_fail(err, QRT_E_FAILED, "cards: nothing was changed");
}

static enum qrt_code end(struct qrt_session *session, const char *ceremony, struct qrt_err *err)
{
    page(session->vault, session->ui, 3, "the close", "The operator.",
         "Whoever has a badge may sign the log.");
    return qrt_session_close(session, ceremony, "done", err);
}

static enum qrt_code check_void(const struct qrt_vault *vault, uint32_t serial,
                                const struct qrt_card_row **card, const char *reason,
                                struct qrt_err *err)
{
    enum qrt_code code = find(card, vault, serial, err);
    if (code != QRT_OK) {
        return code;
    }
    const char *state = qrt_card_state_word(&vault->state, *card);
    if (strcmp(state, "void") == 0 || strcmp(state, "destroyed") == 0) {
        return qrt_fail(err, QRT_E_USAGE, "card %u: it is %s already", serial, state);
    }
    if (qrt_state_card_is_pending(&vault->state, *card)) {
        return qrt_fail(err, QRT_E_REFUSED,
                        "card %u: it is of a re-key that is pending: `rekey abandon` gives that up",
                        serial);
    }
    return qrt_reason_check(reason, err);
}

/* Would fewer be left than its group's quorum? */
static bool ends_quorum(const struct qrt_state *state, const struct qrt_card_row *card)
{
    enum qrt_group group;
    return qrt_group_parse(&group, card->group_name) && qrt_state_card_is_live(state, card) &&
           qrt_state_live_cards(state, group) <=
               qrt_state_threshold(state, card->generation, group);
}

/* A severe act: nothing opens the vault afterwards. */
static enum qrt_code ask_name(const struct qrt_vault *vault, const struct qrt_ui *ui,
                              const char *given, struct qrt_err *err)
{
    struct qrt_question question = {
        .key = "confirm",
        .words = "Too few cards of its group are left then, and nobody opens this vault any more. "
                 "To make it void all the same, type the vault's name"};
    for (;;) {
        QRT_BUF typed = {0};
        enum qrt_code code = given != NULL ? QRT_OK : ui->ask_line(ui->ctx, &typed, &question, err);
        if (code == QRT_OK &&
            strcmp(given != NULL ? given : qrt_buf_str(&typed), vault->policy.origin) != 0) {
            code = qrt_fail(err, QRT_E_USAGE, "confirm: not the name of this vault");
        }
        if (code == QRT_OK || given != NULL || !qrt_ui_again(ui, code, err)) {
            return code;
        }
    }
}

enum qrt_code qrt_card_void(struct qrt_vault *vault, uint32_t serial, const char *reason,
                            const char *confirm, const struct qrt_ui *ui, struct qrt_err *err)
{
    QRT_SESSION session = {0};
    QRT_BUF what = {0};
    const struct qrt_card_row *card;
    enum qrt_code code = check_void(vault, serial, &card, reason, err);
    if (code != QRT_OK) {
        return code;
    }
    qrt_buf_printf(&what,
                   "Card %u, of %s, is made void: no quorum counts it from then on. What it "
                   "carries stays what it is. Whoever has it, and enough others of its edition, "
                   "can still put the %s group's half of the key together; only a re-key ends "
                   "that.\n\nTwo badges sign.",
                   serial, card->custodian, qrt_group_words_of(card->group_name));
    code = begin(&session, vault, ui, "the void card", qrt_buf_str(&what), "Is that right?", err);
    if (code != QRT_OK || (code = check_void(vault, serial, &card, reason, err)) != QRT_OK) {
        return code; /* looked at again: a commit in flight may have been completed */
    }
    if (ends_quorum(&vault->state, card) && (code = ask_name(vault, ui, confirm, err)) != QRT_OK) {
        return code;
    }
    if ((code = qrt_two_badges_demand(&session, err)) != QRT_OK) {
        return code;
    }
    struct qrt_draft *draft = qrt_session_draft(&session, QRT_EV_CARD_VOIDED);
    qrt_draft_u64(draft, "serial", serial);
    qrt_draft_text(draft, "reason", reason);
    return end(&session, "card-void", err);
}

static enum qrt_code check_destroy(const struct qrt_vault *vault, uint32_t serial,
                                   const struct qrt_card_row **card, struct qrt_err *err)
{
    enum qrt_code code = find(card, vault, serial, err);
    if (code != QRT_OK) {
        return code;
    }
    const char *state = qrt_card_state_word(&vault->state, *card);
    if (strcmp(state, "destroyed") == 0) {
        return qrt_fail(err, QRT_E_USAGE, "card %u: it was destroyed already", serial);
    }
    return strcmp(state, "void") == 0
               ? QRT_OK
               : qrt_fail(err, QRT_E_USAGE,
                          "card %u: it is %s; a card that is void or of a former edition is "
                          "destroyed",
                          serial, state);
}

enum qrt_code qrt_card_destroy(struct qrt_vault *vault, uint32_t serial,
                               const char *const *witnesses, size_t witnesses_len,
                               const struct qrt_ui *ui, struct qrt_err *err)
{
    QRT_SESSION session = {0};
    QRT_BUF what = {0};
    const struct qrt_card_row *card;
    enum qrt_code code = check_destroy(vault, serial, &card, err);
    if (code == QRT_OK) {
        code = witnesses_len > 0
                   ? qrt_witnesses_check(vault, witnesses, witnesses_len, err)
                   : qrt_fail(err, QRT_E_USAGE, "--witness: needed, and not the operator");
    }
    if (code != QRT_OK) {
        return code;
    }
    qrt_buf_printf(&what,
                   "Card %u, of %s, %s group, generation %lld, edition %lld. Read its number off "
                   "the sheet. Both pages are cut across the code and the words, or burnt, so that "
                   "nobody can put them together; every witness sees it.",
                   serial, card->custodian, qrt_group_words_of(card->group_name),
                   (long long)card->generation, (long long)card->edition);
    code = begin(&session, vault, ui, "the card is destroyed", qrt_buf_str(&what),
                 "Is it destroyed, and has every witness seen it?", err);
    if (code != QRT_OK || (code = check_destroy(vault, serial, &card, err)) != QRT_OK) {
        return code;
    }
    struct qrt_draft *draft = qrt_session_draft(&session, QRT_EV_CARD_DESTROYED);
    qrt_draft_u64(draft, "serial", serial);
    if ((code = qrt_witnesses_draft(draft, &session, witnesses, witnesses_len, err)) != QRT_OK) {
        return code;
    }
    return end(&session, "card-destroy", err);
}
