#include "ceremony/cards/cards_parts.h"

#include "base/interrupt.h"
#include "base/text.h"
#include "worker/calls.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

void qrt_delivered_free(struct qrt_delivered *delivered)
{
    for (size_t i = 0; i < delivered->len; i++) {
        qrt_buf_free(&delivered->cards[i].card);
        qrt_buf_free(&delivered->cards[i].label);
    }
    delivered->len = 0;
}

enum qrt_code qrt_cards_confirm_files(const struct qrt_policy *policy, const struct qrt_ui *ui,
                                      struct qrt_err *err)
{
    struct qrt_question question = {.key = "confirm",
                                    .words =
                                        "Cards go into files: whoever can read these files has "
                                        "the shares. To go on, type the vault's name"};
    if (policy->practice || ui->prints) {
        return QRT_OK;
    }
    for (;;) {
        QRT_BUF typed = {0};
        enum qrt_code code = ui->ask_line(ui->ctx, &typed, &question, err);
        if (code == QRT_OK && strcmp(qrt_buf_str(&typed), policy->origin) != 0) {
            code = qrt_fail(err, QRT_E_USAGE, "confirm: not the name of this vault");
        }
        if (code == QRT_OK) {
            ui->tell(ui->ctx, "Cards go into files: whoever can read these files has the shares. "
                              "Print them, then destroy them.");
            return QRT_OK;
        }
        if (!qrt_ui_again(ui, code, err)) {
            return code;
        }
    }
}

static enum qrt_code deliver_sheet(const struct qrt_ui *ui, struct qrt_buf *where, const char *kind,
                                   uint32_t serial, const struct qrt_secret *description,
                                   struct qrt_err *err)
{
    QRT_SECRET pdf = {0};
    char name[48];
    snprintf(name, sizeof name, "%s-%03u.pdf", kind, serial);
    enum qrt_code code = qrt_print_pdf(&pdf, description, err);
    return code == QRT_OK ? ui->deliver(ui->ctx, where, name, &pdf, err) : code;
}

static enum qrt_code deliver_sheets(const struct qrt_cards *cards, struct qrt_delivered_card *done,
                                    const struct qrt_new_card *new,
                                    const struct qrt_cards_heading *heading, struct qrt_err *err)
{
    const struct qrt_ui *ui = cards->session->ui;
    QRT_SECRET description = {0};
    done->serial = new->card.serial;
    done->group = new->card.group;
    done->member_index = new->card.member_index;
    memcpy(done->custodian, new->custodian, sizeof done->custodian);
    enum qrt_code code = qrt_cards_describe(&description, cards, new, heading, err);
    if (code == QRT_OK) {
        code = deliver_sheet(ui, &done->card, "card", done->serial, &description, err);
    }
    if (code == QRT_OK) {
        code = qrt_cards_describe_label(&description, cards, new, heading, err);
    }
    return code == QRT_OK
               ? deliver_sheet(ui, &done->label, "label", done->serial, &description, err)
               : code;
}

static enum qrt_code issue(const struct qrt_cards *cards, const struct qrt_new_card *new,
                           const struct qrt_handing *handing, bool last, struct qrt_err *err)
{
    enum qrt_code code =
        handing->beside == NULL ? QRT_OK : handing->beside(handing->ctx, new->custodian, err);
    if (code != QRT_OK) {
        return code;
    }
    qrt_draft_u64(qrt_session_draft(cards->session, QRT_EV_CARD_ISSUED), "serial",
                  new->card.serial);
    if (last && handing->conclude != NULL) {
        handing->conclude(handing->ctx);
    }
    return qrt_session_commit(cards->session, err);
}

enum qrt_code qrt_cards_deliver(struct qrt_cards *cards, struct qrt_delivered *delivered,
                                const struct qrt_handing *handing, struct qrt_err *err)
{
    const struct qrt_vault *vault = cards->session->vault;
    bool person = cards->session->ui->person;
    struct qrt_cards_heading heading = {.now_unix_s = qrt_session_now(cards->session)};
    qrt_text_hex(heading.vault_id, vault->log.vault_id, QRT_VAULT_ID_BYTES);
    qrt_text_hex(heading.genesis, vault->log.fingerprint, QRT_HASH_BYTES);
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK && i < cards->len; i++) {
        struct qrt_new_card *new = qrt_cards_at(cards, i);
        if ((code = qrt_interrupt_check(err)) != QRT_OK ||
            (person && (code = qrt_cards_call(cards, i, handing, err)) != QRT_OK)) {
            return code;
        }
        code = deliver_sheets(cards, &delivered->cards[delivered->len++], new, &heading, err);
        if (code == QRT_OK) {
            code = issue(cards, new, handing, i + 1 == cards->len, err);
        }
        if (code == QRT_OK && person) {
            code = qrt_cards_hand(cards, i, handing, err);
        }
        /* It is on paper now, and nowhere else. */
        sodium_memzero(new, sizeof *new);
    }
    return code;
}
