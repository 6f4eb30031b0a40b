#include "ceremony/cards/cards_parts.h"

#include "ceremony/bags/bag_ask.h"
#include "ceremony/cards/gather.h"
#include "ceremony/cards/prove.h"

/* One custodian, three pages: print, read back, bag. */
static void page(const struct qrt_cards *cards, size_t at, const struct qrt_handing *handing,
                 bool delivered, const char *act, const char *what, const char *wrong)
{
    const struct qrt_new_card *new = qrt_cards_at(cards, at);
    QRT_BUF title = {0};
    QRT_BUF who = {0};
    qrt_buf_printf(&title, "card %zu of %zu, %s", at + 1, cards->len, act);
    qrt_buf_printf(&who, "%s, of the %s group; nobody else looks at the sheets.", new->custodian,
                   qrt_group_words(new->card.group));
    qrt_ui_page(cards->session->ui,
                &(struct qrt_page){
                    .ceremony = handing->ceremony,
                    .practice = cards->policy->practice,
                    .step = handing->step,
                    .of = handing->of,
                    .title = qrt_buf_str(&title),
                    .who = qrt_buf_str(&who),
                    .what = what,
                    .wrong = wrong,
                    .stop = delivered && at + 1 == cards->len ? handing->stop_late : handing->stop,
                });
}

enum qrt_code qrt_cards_call(const struct qrt_cards *cards, size_t at,
                             const struct qrt_handing *handing, struct qrt_err *err)
{
    const struct qrt_ui *ui = cards->session->ui;
    QRT_BUF words = {0};
    page(cards, at, handing, false, "printed",
         "The card, two pages, and the label of its bag are printed for you. Take every sheet out "
         "of the printer yourself.",
         "Paper out, or a bad print: nothing is lost.");
    qrt_buf_printf(&words, "Press Enter when %s stands at the printer.",
                   qrt_cards_at(cards, at)->custodian);
    return ui->wait(ui->ctx, qrt_buf_str(&words), err);
}

/* Read back from paper and compared: only then is it known to be good. */
static enum qrt_code prove(struct qrt_session *session, uint32_t serial, struct qrt_err *err)
{
    const struct qrt_ui *ui = session->ui;
    for (;;) {
        QRT_GATHER gather = {0};
        enum qrt_code code = qrt_gather_init(&gather, session->vault, QRT_GATHER_SINGLY, err);
        if (code == QRT_OK) {
            code = qrt_gather_one(&gather, ui, err);
        }
        if (code == QRT_E_NOT_FOUND) {
            ui->tell(ui->ctx, "Left unproved: prove it later with `quorate card prove`.");
            return QRT_OK;
        }
        if (code != QRT_OK) {
            return code;
        }
        const struct qrt_judged *judged = &gather.judged[0];
        if (judged->reason == QRT_CARD_FINE && judged->serial == serial) {
            qrt_secret_wipe(&gather.shares);
            code = qrt_prove_draft(session, &gather, err);
            return code == QRT_OK ? qrt_session_commit(session, err) : code;
        }
        ui->tell(ui->ctx, judged->reason == QRT_CARD_FINE
                              ? "This is another custodian's card. Give it back, and read this one."
                              : "Read it once more, or its other code, or type its words.");
    }
}

static enum qrt_code bag(struct qrt_cards *cards, uint32_t serial, struct qrt_err *err)
{
    struct qrt_session *session = cards->session;
    struct qrt_bag_place place = {0};
    QRT_BUF number = {0};
    enum qrt_code code = qrt_bag_ask_number(
        &number, session->vault, session->ui,
        "The card goes into its bag, and the bag is closed before all. The number that is printed "
        "on the bag. Enter alone: it is bagged later",
        err);
    if (code == QRT_OK) {
        code = qrt_bag_ask_place(&place, session, cards->policy,
                                 &(struct qrt_bag_content){.serial = serial}, err);
    }
    if (code != QRT_OK) {
        return code == QRT_E_NOT_FOUND ? QRT_OK : code;
    }
    struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_BAG_SEALED);
    qrt_draft_text(draft, "bag", qrt_buf_str(&number));
    qrt_draft_u64(draft, "serial", serial);
    qrt_draft_text(draft, "site", place.site);
    qrt_draft_text(draft, "safe", place.safe);
    qrt_bag_draft_overlap(session, &place);
    return qrt_session_commit(session, err);
}

enum qrt_code qrt_cards_hand(struct qrt_cards *cards, size_t at, const struct qrt_handing *handing,
                             struct qrt_err *err)
{
    const struct qrt_ui *ui = cards->session->ui;
    uint32_t serial = qrt_cards_at(cards, at)->card.serial;
    enum qrt_code code = ui->wait(ui->ctx,
                                  "Take the sheets, and look at both sides. Press Enter when the "
                                  "card is in your hand.",
                                  err);
    if (code != QRT_OK) {
        return code;
    }
    page(cards, at, handing, true, "read back",
         "Read the card back, from the paper: hold one of its codes to the scanner, or type the "
         "words of row A, then its check word, and so on; or the path of a picture of it.",
         "A card that is not read back now can be proved later: press Enter alone.");
    if ((code = prove(cards->session, serial, err)) != QRT_OK) {
        return code;
    }
    page(cards, at, handing, true, "bagged",
         "Put the card into its bag and close the bag before all. Fix the label outside. Write the "
         "bag's number and the date on the label.",
         "A bag that is torn or does not close: take a new one, and destroy the old.");
    return bag(cards, serial, err);
}
