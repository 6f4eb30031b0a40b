#include "ceremony/open/open_ask.h"

#include "ceremony/open/purpose.h"
#include <string.h>

#define CEREMONY "Opening"

void qrt_open_words_free(struct qrt_open_words *words)
{
    qrt_buf_free(&words->purpose);
    qrt_buf_free(&words->ticket);
    qrt_buf_free(&words->approver);
}

void qrt_open_page_session(const struct qrt_vault *vault, const struct qrt_ui *ui)
{
    qrt_ui_page(ui,
                &(struct qrt_page){
                    .ceremony = CEREMONY,
                    .practice = vault->state.practice,
                    .step = 1,
                    .of = QRT_OPENING_STEPS,
                    .title = "the session",
                    .who = "The operator sits at the keyboard; the witness watches.",
                    .what = "The operator's badge opens the log. A receipt that a custodian "
                            "took home proves that nobody set the log back meanwhile. Everyone "
                            "in the room is named.",
                    .wrong = "A passphrase that is refused may be typed again: look at the "
                             "keyboard's layout first. A receipt that does not agree ends the "
                             "session: touch nothing more.",
                    .stop = "Ctrl-C, then the word stop. Nothing of this opening is written yet.",
                });
}

static void page_purpose(const struct qrt_vault *vault, const struct qrt_ui *ui,
                         const char *account)
{
    QRT_BUF title = {0};
    qrt_buf_printf(&title, "what account %s is opened for", account);
    qrt_ui_page(ui,
                &(struct qrt_page){
                    .ceremony = CEREMONY,
                    .practice = vault->state.practice,
                    .step = 2,
                    .of = QRT_OPENING_STEPS,
                    .title = qrt_buf_str(&title),
                    .who = "The operator says aloud what is typed; the witness agrees.",
                    .what = "The log keeps for ever why the account was opened, and who agreed.",
                    .wrong = "If somebody in the room does not agree, stop here.",
                    .stop = "Ctrl-C, then the word stop. Nothing of this opening is written yet.",
                });
}

void qrt_open_page_cards(const struct qrt_vault *vault, const struct qrt_ui *ui)
{
    const struct qrt_group_rule *rules = vault->state.groups;
    QRT_BUF what = {0};
    qrt_buf_printf(&what,
                   "Any %u cards of the password group and any %u of the MFA group are needed, in "
                   "any order. Look at each bag before it is cut open: its number, and its seal. "
                   "Hold a code of the card to the scanner, or type its words, row A first, each "
                   "row with its check word; or the path of a picture of it.",
                   rules[QRT_GROUP_PASSWORD].threshold, rules[QRT_GROUP_MFA].threshold);
    qrt_ui_page(ui,
                &(struct qrt_page){
                    .ceremony = CEREMONY,
                    .practice = vault->state.practice,
                    .step = 4,
                    .of = QRT_OPENING_STEPS,
                    .title = "the cards",
                    .who = "The custodians, one after another, each with their own card in hand.",
                    .what = qrt_buf_str(&what),
                    .wrong = "A card that is refused is set aside and spoils nothing: try its "
                             "other code, or its words.",
                    .stop = "Ctrl-C, then the word stop. The log will say that nothing was "
                            "opened.",
                });
}

void qrt_open_page_deposit(const struct qrt_vault *vault, const struct qrt_ui *ui, const char *what)
{
    qrt_ui_page(ui, &(struct qrt_page){
                        .ceremony = CEREMONY,
                        .practice = vault->state.practice,
                        .step = 5,
                        .of = QRT_OPENING_STEPS,
                        .title = "a deposit waits",
                        .who = "The operator reads it aloud. Two people agree, each with a badge.",
                        .what = what,
                        .wrong = "If nobody knows of it, refuse it: somebody may have put it there "
                                 "to lock this account.",
                        .stop = "Ctrl-C, then the word stop. The log will say that nothing was "
                                "opened, and every deposit waits.",
                    });
}

static const char *title_of(const struct qrt_handout *handout)
{
    switch (handout->kind) {
    case QRT_SECRET_PASSWORD:
        return "the password";
    case QRT_SECRET_CODE:
        return "the MFA code";
    case QRT_SECRET_TEXT:
        return strcmp(handout->name, "device") == 0      ? "the device"
               : strcmp(handout->name, "questions") == 0 ? "the security questions"
                                                         : "the note";
    default:
        return "the MFA seed";
    }
}

static const char *what_of(const struct qrt_handout *handout)
{
    return strcmp(handout->name, "device") == 0
               ? "Takes the device out of its bag, in front of another, and reads here what is "
                 "kept "
                 "of it. It goes back into a new bag, with its number in the log."
               : "Reads it here, in numbered lines.";
}

void qrt_open_page_release(const struct qrt_vault *vault, const struct qrt_ui *ui,
                           const struct qrt_handout *handout)
{
    bool password = handout->kind == QRT_SECRET_PASSWORD;
    bool code = handout->kind == QRT_SECRET_CODE;
    qrt_ui_page(ui, &(struct qrt_page){
                        .ceremony = CEREMONY,
                        .practice = vault->state.practice,
                        .step = 7,
                        .of = QRT_OPENING_STEPS,
                        .title = title_of(handout),
                        .who = handout->who,
                        .what = password ? "Types the password at AWS, on the other computer. It "
                                           "stands here in numbered groups of four."
                                : code   ? "Types the code at AWS, on the other computer. The next "
                                           "code stands below it."
                                : handout->kind == QRT_SECRET_TEXT
                                    ? what_of(handout)
                                    : "Copies the seed. Whoever has it makes codes for ever.",
                        .wrong = "When the time is up it is hidden. Space gives 30 seconds more.",
                        .stop = "Enter hides it. The log says for how long it stood here.",
                    });
}

void qrt_open_page_close(const struct qrt_vault *vault, const struct qrt_ui *ui)
{
    qrt_ui_page(ui, &(struct qrt_page){
                        .ceremony = CEREMONY,
                        .practice = vault->state.practice,
                        .step = QRT_OPENING_STEPS,
                        .of = QRT_OPENING_STEPS,
                        .title = "the close",
                        .who = "The operator, and everyone who signs the log.",
                        .what = "Every card goes into a new bag, with its custodian. What was not "
                                "planned is written down now. Whoever has a badge may sign, and "
                                "shows their own last receipt first.",
                        .wrong = "A badge that is not there is written down, and stops nothing.",
                        .stop = "Ctrl-C, then the word stop. The session is closed as it is.",
                    });
}

bool qrt_opening_may_have(const struct qrt_vault *vault, const char *account, const char *kind)
{
    const struct qrt_item_row *items = vault->state.items.data;
    const struct qrt_item_row *row;
    for (size_t at = 0; (row = qrt_state_waiting(&vault->state, at)) != NULL;
         at = (size_t)(row - items) + 1) {
        if (strcmp(row->account, account) == 0 && strcmp(row->kind, kind) == 0) {
            return true;
        }
    }
    return qrt_state_item(&vault->state, account, kind) != NULL;
}

static enum qrt_code ask_purpose(struct qrt_open_request *request, struct qrt_open_words *words,
                                 const struct qrt_vault *vault, const struct qrt_ui *ui,
                                 struct qrt_err *err)
{
    struct qrt_purpose_list list;
    struct qrt_question question = {.key = "purpose", .words = "The purpose, in your own words"};
    size_t at = 0;
    enum qrt_code code = qrt_purpose_list(&list, &vault->policy, err);
    if (code == QRT_OK) {
        code = ui->choose(ui->ctx, &at, "For what: a number", list.words, list.len, err);
    }
    if (code == QRT_OK && list.ids[at] != NULL) {
        qrt_buf_text(&words->purpose, list.ids[at]);
    } else if (code == QRT_OK) {
        code = ui->ask_line(ui->ctx, &words->purpose, &question, err);
    }
    qrt_purpose_list_free(&list);
    request->purpose = qrt_buf_str(&words->purpose);
    return code == QRT_OK ? qrt_buf_check(&words->purpose, err) : code;
}

static enum qrt_code ask_optional(const char **text, struct qrt_buf *words, const struct qrt_ui *ui,
                                  const char *key, const char *prompt, struct qrt_err *err)
{
    struct qrt_question question = {.key = key, .words = prompt, .optional = true};
    enum qrt_code code =
        *text == NULL ? ui->ask_line(ui->ctx, words, &question, err) : QRT_E_NOT_FOUND;
    if (code == QRT_OK) {
        *text = qrt_buf_str(words);
    }
    return code == QRT_E_NOT_FOUND ? QRT_OK : code;
}

enum qrt_code qrt_open_ask(struct qrt_open_request *request, struct qrt_open_words *words,
                           const struct qrt_vault *vault, const struct qrt_ui *ui,
                           struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    page_purpose(vault, ui, request->account);
    if (request->purpose == NULL) {
        code = ask_purpose(request, words, vault, ui, err);
    }
    if (code != QRT_OK ||
        (code = ask_optional(&request->ticket, &words->ticket, ui, "ticket",
                             "The number of the ticket. Enter alone if there is none", err)) !=
            QRT_OK ||
        (code = ask_optional(&request->approver, &words->approver, ui, "approver",
                             "Who approved it: an id. Enter alone if nobody had to", err)) !=
            QRT_OK) {
        return code;
    }
    if (request->show == 0) {
        bool password = qrt_opening_may_have(vault, request->account, "password");
        bool totp = qrt_opening_may_have(vault, request->account, "totp");
        bool device = qrt_opening_may_have(vault, request->account, "device");
        request->show = (password ? QRT_SHOW_PASSWORD : 0U) | (totp ? QRT_SHOW_CODE : 0U) |
                        (device ? QRT_SHOW_DEVICE : 0U);
    }
    return QRT_OK;
}
