#include "ceremony/drill/drilling.h"

#define STEPS 5

static void head(struct qrt_page *page, const struct qrt_vault *vault)
{
    page->ceremony = "Drill";
    page->practice = vault->state.practice;
    page->of = STEPS;
}

static void page(const struct qrt_vault *vault, const struct qrt_ui *ui, struct qrt_page *page)
{
    head(page, vault);
    qrt_ui_page(ui, page);
}

void qrt_drill_page_session(const struct qrt_vault *vault, const struct qrt_ui *ui)
{
    page(vault, ui,
         &(struct qrt_page){
             .step = 1,
             .title = "the session",
             .who = "The operator sits at the keyboard; the witness watches.",
             .what =
                 "This is a drill: nothing is opened, nothing is shown, nothing is changed. The "
                 "operator's badge opens the log. A receipt that a custodian took home proves "
                 "that nobody set the log back meanwhile. Everyone in the room is named.",
             .wrong = "A receipt that does not agree ends the drill: touch nothing more.",
             .stop = "Ctrl-C, then the word stop. Nothing of this drill is written yet.",
         });
}

void qrt_drill_page_cards(const struct qrt_drilling *drilling)
{
    const struct qrt_session *session = &drilling->session;
    const struct qrt_group_rule *rules = session->vault->state.groups;
    unsigned groups = drilling->drilled->gather.groups;
    QRT_BUF what = {0};
    if (groups == QRT_GATHER_BOTH) {
        qrt_buf_printf(&what,
                       "%u cards of the password group and %u of the MFA group, in any order.",
                       rules[QRT_GROUP_PASSWORD].threshold, rules[QRT_GROUP_MFA].threshold);
    } else {
        enum qrt_group group = groups == 1U << QRT_GROUP_MFA ? QRT_GROUP_MFA : QRT_GROUP_PASSWORD;
        qrt_buf_printf(&what,
                       "%u cards of the %s group, and none of the other: best drill that on "
                       "another computer, so that none ever meets both halves.",
                       rules[group].threshold, qrt_group_words(group));
    }
    qrt_buf_text(&what,
                 "\n\nLook at each bag before it is cut: its number, and its seal. Hold a code of "
                 "the card to the scanner, or type its words row by row, or the path of a picture. "
                 "The time runs until the quorum is there; then every other card is read too. "
                 "Enter alone when all are.");
    page(session->vault, session->ui,
         &(struct qrt_page){
             .step = 2,
             .title = "the cards",
             .who = "The custodians, one after another, each with their own card in hand.",
             .what = qrt_buf_str(&what),
             .wrong = "A refused card is set aside and spoils nothing: try its other code, or its "
                      "words.",
             .stop = "Ctrl-C, then the word stop. The log will say that it was stopped.",
         });
}

void qrt_drill_page_seals(struct qrt_page *page, const struct qrt_vault *vault)
{
    *page = (struct qrt_page){
        .step = 2,
        .who = "Whoever was at the safe reads aloud from their list; the operator types.",
        .what = "No bag is opened, and none is brought here. Of each: the label, the number on the "
                "bag, and the seal. Was it closed as it was, with no cut, no tear, no word VOID, "
                "no second tape?",
        .wrong = "A bag that is gone, torn or another one: say so. Its card is suspect from then "
                 "on, for good; its group is split anew, or the card is void.",
        .stop = "Ctrl-C, then the word stop. The log will say that the drill was stopped, and what "
                "was seen so far.",
    };
    head(page, vault);
}

void qrt_drill_page_people(const struct qrt_drilling *drilling)
{
    page(drilling->session.vault, drilling->session.ui,
         &(struct qrt_page){
             .step = 3,
             .title = "how it went, person by person",
             .who = "The operator asks; the witness and the person agree on the answer.",
             .what =
                 "The program knows how each card or bag did. Of each person say whether they "
                 "knew their steps, needed help, or could not do them; and who was to come and did "
                 "not. It is no examination: it tells who is to be shown once more.",
             .stop = "Ctrl-C, then the word stop. The log will say that the drill was stopped.",
         });
}

void qrt_drill_page_actions(const struct qrt_drilling *drilling)
{
    page(drilling->session.vault, drilling->session.ui,
         &(struct qrt_page){
             .step = 4,
             .title = "what is to be improved",
             .who = "Everyone says what they saw; the operator types.",
             .what = "What went wrong, or was slow? For each: what is to be done, whose it is, and "
                     "until which day. While one is open, no drill counts as clean.",
             .stop = "Ctrl-C, then the word stop. The log will say that the drill was stopped.",
         });
}

void qrt_drill_page_close(const struct qrt_drilling *drilling)
{
    page(drilling->session.vault, drilling->session.ui,
         &(struct qrt_page){
             .step = 5,
             .title = "the close",
             .who = "Whoever is here, then the operator.",
             .what = drilling->seals != NULL
                         ? "Whoever has a badge may sign the log, and shows their own last receipt "
                           "first."
                         : "Each card goes into a new bag, whose number is written down. Whoever "
                           "has a badge may sign the log, and shows their own last receipt first.",
             .stop = "Ctrl-C, then the word stop. The drill is written down all the same.",
         });
}
