#include "ceremony/people/staffing_parts.h"

#include "ceremony/people/wallet_sheet.h"
#include "ceremony/session/attendance.h"
#include "ceremony/session/session_parts.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void qrt_staffing_free(struct qrt_staffing *staffing)
{
    qrt_session_free(&staffing->session);
    for (size_t i = 0; i < staffing->len; i++) {
        qrt_new_badge_wipe(&staffing->list[i].badge);
        qrt_buf_free(&staffing->list[i].asked);
    }
    free(staffing->list);
    qrt_buf_free(&staffing->wallets);
    staffing->list = NULL;
    staffing->len = 0;
}

enum qrt_code qrt_staffing_begin(struct qrt_staffing *staffing, size_t changes, struct qrt_err *err)
{
    staffing->list = calloc(changes + 1, sizeof *staffing->list);
    return staffing->list != NULL ? QRT_OK : qrt_fail(err, QRT_E_NOMEM, "a change of people");
}

struct qrt_staff_change *qrt_staffing_add(struct qrt_staffing *staffing, enum qrt_staff_kind kind,
                                          const char *id, unsigned roles)
{
    struct qrt_staff_change *change = &staffing->list[staffing->len++];
    change->kind = kind;
    snprintf(change->id, sizeof change->id, "%s", id);
    change->person = (struct qrt_policy_person){.id = change->id, .roles = roles};
    change->badge.person = &change->person;
    return change;
}

static struct qrt_page page_of(const struct qrt_staffing *staffing, unsigned step,
                               const char *title, const char *who, const char *what,
                               const char *wrong)
{
    return (struct qrt_page){
        .ceremony = staffing->ceremony,
        .practice = staffing->vault->state.practice,
        .step = step,
        .of = QRT_STAFFING_STEPS,
        .title = title,
        .who = who,
        .what = what,
        .wrong = wrong,
        .stop = step < 4 ? "Ctrl-C, then the word stop. Nothing is changed then."
                         : "Ctrl-C, then the word stop. The change stands; the session is closed "
                           "as it is.",
    };
}

void qrt_staffing_page(const struct qrt_staffing *staffing, unsigned step, const char *title,
                       const char *who, const char *what, const char *wrong)
{
    const struct qrt_page shown = page_of(staffing, step, title, who, what, wrong);
    qrt_ui_page(staffing->ui, &shown);
}

enum qrt_code qrt_staffing_lines(const struct qrt_staffing *staffing, const char *title,
                                 const char *who, const char *lines, const char *wrong,
                                 struct qrt_err *err)
{
    const struct qrt_page shown = page_of(staffing, 1, title, who, "", wrong);
    return qrt_ui_pages(staffing->ui, &shown, lines, err);
}

enum qrt_code qrt_staffing_wait(const struct qrt_staffing *staffing, struct qrt_err *err)
{
    const struct qrt_ui *ui = staffing->ui;
    return ui->person ? ui->wait(ui->ctx, "Press Enter when it was read aloud.", err) : QRT_OK;
}

enum qrt_code qrt_staffing_check(const struct qrt_staffing *staffing, struct qrt_err *err)
{
    const struct qrt_state *state = &staffing->vault->state;
    size_t operators = 0;
    size_t badges = 0;
    for (size_t i = 0; i < state->people.len; i++) {
        const char *id = QRT_ROW(state, people, qrt_person, i)->id;
        operators += qrt_state_badge(state, id) != NULL &&
                             qrt_staffing_is_operator_after(staffing, id) &&
                             !qrt_staffing_loses_badge(qrt_staffing_change_of(staffing, id))
                         ? 1
                         : 0;
    }
    for (size_t i = 0; i < staffing->len; i++) {
        badges += staffing->list[i].gets_badge ? 1 : 0;
    }
    if (operators == 0) {
        return qrt_fail(err, QRT_E_REFUSED,
                        "operators: nobody would be left who opens the log with the badge that "
                        "they have now; make another operator first, or let both quorums take the "
                        "log over");
    }
    return badges <= QRT_STAFF_BADGES_MAX
               ? QRT_OK
               : qrt_fail(err, QRT_E_RANGE,
                          "people: %zu new badges at once, not %d at most; do "
                          "it in parts",
                          badges, QRT_STAFF_BADGES_MAX);
}

static enum qrt_code take_second(struct qrt_staffing *staffing, const char *id, struct qrt_err *err)
{
    struct qrt_session *session = &staffing->session;
    bool can = qrt_state_badge(&staffing->vault->state, id) != NULL &&
               !qrt_attendance_signs(session, id) &&
               !qrt_staffing_loses_badge(qrt_staffing_change_of(staffing, id));
    if (can) {
        return qrt_session_ask_badge(session, id, err);
    }
    return staffing->ui->person
               ? qrt_fail(err, QRT_E_USAGE, "not somebody else who has a badge and keeps it")
               : QRT_OK;
}

/* Two people agree, neither of them to the loss of their own badge. */
static enum qrt_code ask_two(struct qrt_staffing *staffing, struct qrt_err *err)
{
    const struct qrt_ui *ui = staffing->ui;
    struct qrt_session *session = &staffing->session;
    struct qrt_question question = {
        .key = "cosigner",
        .words = "Two people agree to this with their badges. Who is the second: an id"};
    for (size_t i = 0; i < session->badges_len; i++) {
        if (qrt_staffing_loses_badge(qrt_staffing_change_of(staffing, session->badges[i].person))) {
            return qrt_fail(err, QRT_E_REFUSED,
                            "%s: their own badge goes, and two others agree to that",
                            session->badges[i].person);
        }
    }
    if (!qrt_staffing_is_operator_after(staffing, session->badges[0].person)) {
        return qrt_fail(err, QRT_E_REFUSED,
                        "%s: who writes this is an operator afterwards; another operator takes "
                        "the role from them",
                        session->badges[0].person);
    }
    for (size_t i = 0; session->badges_len < 2 && !staffing->vault->state.practice; i++) {
        QRT_BUF id = {0};
        enum qrt_code code = ui->person ? ui->ask_line(ui->ctx, &id, &question, err)
                                        : ui->member(ui->ctx, &id, "badges", i, err);
        if (code == QRT_E_NOT_FOUND) {
            return qrt_fail(err, QRT_E_REFUSED,
                            "badges: two people agree to this, and the badge "
                            "of one is there");
        }
        if (code == QRT_OK) {
            code = take_second(staffing, qrt_buf_str(&id), err);
        }
        if (code != QRT_OK && !qrt_ui_again(ui, code, err)) {
            return code;
        }
    }
    return QRT_OK;
}

/* Step 3: everyone who gets a badge; it signs for itself. */
static enum qrt_code collect_badges(struct qrt_staffing *staffing, struct qrt_err *err)
{
    struct qrt_new_badge_asking asking = {.ui = staffing->ui,
                                          .ceremony = staffing->ceremony,
                                          .step = 3,
                                          .of = QRT_STAFFING_STEPS,
                                          .practice = staffing->vault->state.practice};
    for (size_t i = 0; i < staffing->len; i++) {
        struct qrt_new_badge *new = &staffing->list[i].badge;
        enum qrt_code code;
        if (staffing->list[i].gets_badge &&
            ((code = qrt_new_badge_collect(new, &asking, err)) != QRT_OK ||
             (code = qrt_new_badge_check(new, &staffing->vault->state, err)) != QRT_OK ||
             (code = qrt_session_seat(&staffing->session, &new->badge, err)) != QRT_OK)) {
            return code;
        }
    }
    return QRT_OK;
}

static bool goes_on_paper(const struct qrt_new_badge *new)
{
    return new->wallet &&new->generated.len_bytes > 0;
}

/* What is made now must find a way out, before anything is written. */
static enum qrt_code ready_to_hand_out(const struct qrt_staffing *staffing, struct qrt_err *err)
{
    const struct qrt_ui *ui = staffing->ui;
    const struct qrt_policy *policy = &staffing->vault->policy;
    bool words = false;
    bool paper = false;
    for (size_t i = 0; i < staffing->len; i++) {
        const struct qrt_new_badge *new = &staffing->list[i].badge;
        paper = paper || goes_on_paper(new);
        words = words || (new->generated.len_bytes > 0 && !new->wallet);
    }
    enum qrt_code code = QRT_OK;
    if (words && !ui->person) {
        code = ui->ready_to_release(ui->ctx, policy->practice, err);
    }
    if (code == QRT_OK && paper) {
        code = staffing->has_place
                   ? ui->ready_to_deliver(
                         ui->ctx, policy->practice || qrt_policy_excepts(policy, "spool"), err)
                   : qrt_fail(err, QRT_E_USAGE,
                              "wallet cards: name a place for them, --printer NAME or --sheets "
                              "DIR");
    }
    return code;
}

static enum qrt_code print_wallet(struct qrt_staffing *staffing, struct qrt_staff_change *change,
                                  struct qrt_err *err)
{
    const struct qrt_ui *ui = staffing->ui;
    QRT_BUF where = {0};
    QRT_BUF title = {0};
    enum qrt_code code = QRT_OK;
    qrt_buf_printf(&title, "the wallet card of %s", change->id);
    qrt_staffing_page(staffing, 4, qrt_buf_str(&title), change->id,
                      "The wallet card is printed for you: cut it out, fold it, and carry it. It "
                      "signs the log, and opens nothing.",
                      "A bad print, or none: write it down at the close. `quorate badge new` makes "
                      "another badge.");
    if (ui->person) {
        code = ui->wait(ui->ctx, "Press Enter when you stand at the printer.", err);
    }
    if (code == QRT_OK) {
        code =
            qrt_wallet_deliver(&where, ui, staffing->vault, &change->person,
                               qrt_session_now(&staffing->session), &change->badge.generated, err);
    }
    if (code == QRT_OK) {
        qrt_buf_printf(&staffing->wallets, "%s\n", qrt_buf_str(&where));
    }
    return code;
}

/* Step 4. A person has seen their words already. */
static enum qrt_code hand_out(struct qrt_staffing *staffing, struct qrt_err *err)
{
    const struct qrt_ui *ui = staffing->ui;
    struct qrt_handout list[QRT_STAFF_BADGES_MAX];
    size_t len = 0;
    uint64_t shown_s;
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; i < staffing->len; i++) {
        const struct qrt_new_badge *new = &staffing->list[i].badge;
        if (new->generated.len_bytes > 0 && !new->wallet) {
            list[len++] = (struct qrt_handout){
                .kind = QRT_SECRET_PASSPHRASE, .owner = new->person->id, .secret = &new->generated};
        }
    }
    if (len > 0) {
        code = ui->release(ui->ctx, &shown_s, list, len, err);
    }
    for (size_t i = 0; i < staffing->len; i++) {
        struct qrt_staff_change *change = &staffing->list[i];
        if (code == QRT_OK && goes_on_paper(&change->badge)) {
            code = print_wallet(staffing, change, err);
        }
        qrt_secret_wipe(&change->badge.generated);
    }
    return code;
}

enum qrt_code qrt_staffing_run(struct qrt_staffing *staffing, struct qrt_err *err)
{
    struct qrt_session *session = &staffing->session;
    enum qrt_code code;
    qrt_staffing_page(staffing, 2, "the session",
                      "The operator, and a second person who has a badge.",
                      "The operator's badge opens the log, and everyone in the room is named. "
                      "Two people agree to the change with their badges.",
                      "Whoever loses a badge here cannot agree to that: two others do.");
    if ((code = qrt_session_begin(session, staffing->vault, staffing->ui, err)) != QRT_OK ||
        (code = ask_two(staffing, err)) != QRT_OK ||
        (code = collect_badges(staffing, err)) != QRT_OK ||
        (code = ready_to_hand_out(staffing, err)) != QRT_OK ||
        (code = qrt_staffing_commit(staffing, err)) != QRT_OK) {
        return code;
    }
    struct qrt_err why = {0};
    enum qrt_code handed = hand_out(staffing, &why);
    if (handed != QRT_OK) {
        qrt_session_draft_exception(session, "hand-out", "every new badge is handed out",
                                    qrt_code_words(handed),
                                    "whoever has none gets another with quorate badge new");
    }
    qrt_staffing_page(staffing, QRT_STAFFING_STEPS, "the close",
                      "The operator, and whoever signs the log.",
                      "What was not planned is written down now. Whoever has a badge may sign, and "
                      "shows their own last receipt first.",
                      NULL);
    code = qrt_session_close(session, staffing->word, handed == QRT_OK ? "done" : "failed",
                             handed == QRT_OK ? err : NULL);
    if (handed != QRT_OK && err != NULL) {
        *err = why;
    }
    return handed == QRT_OK ? code : handed;
}
