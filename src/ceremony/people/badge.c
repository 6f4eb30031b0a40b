#include "ceremony/people/badge.h"

#include "base/clock.h"
#include "base/harden.h"
#include "base/text.h"
#include "ceremony/people/staffing.h"
#include "ceremony/people/wallet_sheet.h"
#include "ceremony/reason.h"
#include <stdio.h>
#include <string.h>

static const struct qrt_person *find(const struct qrt_vault *vault, const char *person,
                                     struct qrt_err *err)
{
    QRT_BUF shown = {0};
    const struct qrt_person *row = qrt_state_person(&vault->state, person);
    if (row != NULL && row->gone == QRT_NEVER) {
        return row;
    }
    qrt_text_escape(&shown, person, strlen(person));
    (void)!qrt_fail(err, QRT_E_USAGE, "%.64s: %s", qrt_buf_str(&shown),
                    row == NULL ? "the vault knows nobody of that id" : "has left");
    return NULL;
}

static void page(const struct qrt_staffing *staffing, const struct qrt_badge_request *request,
                 bool had)
{
    QRT_BUF what = {0};
    if (had) {
        qrt_buf_printf(&what, "The badge of %s signs nothing any more from now on. ",
                       request->person);
    }
    if (request->issue) {
        qrt_buf_printf(&what, "%s gets %s badge.", request->person, had ? "another" : "a");
    }
    if (!request->issue) {
        qrt_buf_text(&what, "They keep their role and any card. Until `quorate badge new` gives "
                            "them another badge they sign nothing.\n\nNobody gets a badge here: "
                            "behind step 2 comes step 5.");
    }
    qrt_staffing_page(staffing, 1, request->issue ? "a new badge" : "a badge that is void",
                      "The operator reads this page aloud.", qrt_buf_str(&what),
                      "What the former badge signed stays signed. Two others agree to this.");
}

enum qrt_code qrt_badge_replace(struct qrt_buf *wallet, struct qrt_vault *vault,
                                const struct qrt_badge_request *request, const struct qrt_ui *ui,
                                struct qrt_err *err)
{
    QRT_STAFFING staffing = {.ceremony = "Badges",
                             .word = "badge",
                             .vault = vault,
                             .ui = ui,
                             .has_place = request->has_place};
    const struct qrt_person *person = find(vault, request->person, err);
    bool had = qrt_state_badge(&vault->state, request->person) != NULL;
    if (person == NULL) {
        return QRT_E_USAGE;
    }
    if (!had && !request->issue) {
        return qrt_fail(err, QRT_E_USAGE, "%s: has no badge in force", person->id);
    }
    if (had && request->reason == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "--reason: needed, for the badge that goes");
    }
    enum qrt_code code =
        had ? qrt_public_text_check(request->reason, "--reason", QRT_REASON_SHORT_MAX_BYTES, err)
            : QRT_OK;
    if (code != QRT_OK || (code = qrt_staffing_begin(&staffing, 1, err)) != QRT_OK) {
        return code;
    }
    struct qrt_staff_change *change =
        qrt_staffing_add(&staffing, QRT_STAFF_STAYS, person->id, qrt_state_roles(person));
    change->voids = had;
    change->gets_badge = request->issue;
    change->reason = request->reason;
    if ((code = qrt_staffing_check(&staffing, err)) != QRT_OK) {
        return code;
    }
    page(&staffing, request, had);
    if ((code = qrt_staffing_wait(&staffing, err)) != QRT_OK) {
        return code;
    }
    code = qrt_staffing_run(&staffing, err);
    qrt_buf_add(wallet, staffing.wallets.data, staffing.wallets.len_bytes);
    return code;
}

static enum qrt_code ask(struct qrt_badge *badge, struct qrt_vault *vault, const char *person,
                         const struct qrt_ui *ui, struct qrt_err *err)
{
    char key[64];
    char words[128];
    if (find(vault, person, err) == NULL) {
        return QRT_E_USAGE;
    }
    if (qrt_state_badge(&vault->state, person) == NULL) {
        return qrt_fail(err, QRT_E_REFUSED, "%s: has no badge in force", person);
    }
    snprintf(key, sizeof key, "badges.%s", person);
    snprintf(words, sizeof words, "%s: the passphrase, or the wallet card's code (not shown)",
             person);
    struct qrt_question question = {.key = key, .words = words, .picture = true};
    for (;;) {
        QRT_SECRET given = {0};
        enum qrt_code code = ui->ask_secret(ui->ctx, &given, &question, err);
        if (code == QRT_OK) {
            code = qrt_vault_badge(badge, vault, person, &given, err);
            qrt_harden_wipe_traces();
            if (code != QRT_OK) {
                (void)!qrt_err_prefix(err, "%s", key);
            }
        }
        if (code != QRT_E_REFUSED || !qrt_ui_again(ui, code, err)) {
            return code;
        }
    }
}

static void page_of_one(const struct qrt_vault *vault, const struct qrt_ui *ui, const char *person,
                        const char *title, const char *what, const char *wrong)
{
    QRT_BUF who = {0};
    qrt_buf_printf(&who, "%s alone sits at the keyboard. The others look away.", person);
    qrt_ui_page(ui, &(struct qrt_page){
                        .ceremony = "Badges",
                        .practice = vault->state.practice,
                        .step = 1,
                        .of = 1,
                        .title = title,
                        .who = qrt_buf_str(&who),
                        .what = what,
                        .wrong = wrong,
                        .stop = "Ctrl-C, then the word stop. Nothing is written.",
                    });
}

enum qrt_code qrt_badge_check(struct qrt_vault *vault, const char *person, const struct qrt_ui *ui,
                              struct qrt_err *err)
{
    QRT_BADGE badge = {0};
    page_of_one(vault, ui, person, "does the badge still open",
                "Give the passphrase, or the code of the wallet card. It is tried, and forgotten; "
                "nothing of it is shown.",
                "A wrong one may be given again. Where none is right, `quorate badge new` makes "
                "another badge.");
    return ask(&badge, vault, person, ui, err);
}

enum qrt_code qrt_badge_print(struct qrt_buf *wallet, struct qrt_vault *vault, const char *person,
                              const struct qrt_ui *ui, struct qrt_err *err)
{
    QRT_BADGE badge = {0};
    QRT_SECRET text = {0};
    const struct qrt_policy *policy = &vault->policy;
    const struct qrt_person *row = find(vault, person, err);
    if (row == NULL) {
        return QRT_E_USAGE;
    }
    if (qrt_state_has_role(&vault->state, person, "operator")) {
        return qrt_fail(err, QRT_E_REFUSED,
                        "%s: an operator's badge opens the log, and stays under its passphrase",
                        person);
    }
    page_of_one(vault, ui, person, "a wallet card",
                "Give the passphrase, or the code of the wallet card that you have. Then a card "
                "is printed with the same badge: cut it out, fold it, and carry it. Whoever has it "
                "has your badge.",
                "A wrong passphrase may be given again. A bad print: cut it up, and print "
                "another.");
    enum qrt_code code =
        ui->ready_to_deliver(ui->ctx, policy->practice || qrt_policy_excepts(policy, "spool"), err);
    if (code == QRT_OK) {
        code = ask(&badge, vault, person, ui, err);
    }
    if (code == QRT_OK) {
        code = qrt_new_badge_code(&text, &badge, err);
    }
    if (code == QRT_OK && ui->person) {
        code = ui->wait(ui->ctx, "Press Enter when you stand at the printer.", err);
    }
    struct qrt_policy_person owner = {.id = row->id, .roles = qrt_state_roles(row)};
    if (code == QRT_OK) {
        code = qrt_wallet_deliver(wallet, ui, vault, &owner, qrt_clock_unix_s(), &text, err);
    }
    return code == QRT_OK && ui->person
               ? ui->wait(ui->ctx, "Look at the card. Press Enter when it is in your hand.", err)
               : code;
}
