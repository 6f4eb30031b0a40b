#include "ceremony/people/policy_change.h"

#include "base/text.h"
#include "ceremony/people/namesake.h"
#include "ceremony/people/staffing.h"
#include "ceremony/reason.h"
#include "vault/policy_compare.h"
#include "vault/sitting.h"
#include <stdio.h>
#include <string.h>

void qrt_policy_changed_free(struct qrt_policy_changed *changed)
{
    qrt_buf_free(&changed->told);
    qrt_buf_free(&changed->wallets);
}

/* New shares are made by their own ceremonies, which take the policy along. */
static enum qrt_code check_groups(const struct qrt_policy_changes *changes, struct qrt_err *err)
{
    for (unsigned g = 0; g < QRT_GROUPS; g++) {
        if (qrt_policy_changes_group(changes, g)) {
            return qrt_fail(err, QRT_E_REFUSED,
                            "groups.%s: other members, or another threshold, need new shares: "
                            "quorate reissue --group %s --policy FILE, or quorate rekey",
                            qrt_group_name(g), qrt_group_name(g));
        }
    }
    return QRT_OK;
}

static enum qrt_code ask_reason(struct qrt_staff_change *change, const struct qrt_ui *ui,
                                struct qrt_err *err)
{
    char key[64];
    char words[128];
    snprintf(key, sizeof key, "reasons.%s", change->id);
    snprintf(words, sizeof words, "Why does %s leave: a few words, which the log keeps",
             change->id);
    struct qrt_question question = {.key = key, .words = words};
    for (;;) {
        qrt_buf_free(&change->asked);
        enum qrt_code code = ui->ask_line(ui->ctx, &change->asked, &question, err);
        if (code == QRT_OK) {
            code = qrt_public_text_check(qrt_buf_str(&change->asked), key,
                                         QRT_REASON_SHORT_MAX_BYTES, err);
        }
        if (code == QRT_OK) {
            change->reason = qrt_buf_str(&change->asked);
            return QRT_OK;
        }
        if (!qrt_ui_again(ui, code, err)) {
            return code;
        }
    }
}

/* What the log is to say of the people. Whoever left is named by the policy for
 * as long as they stand in a group, and is not said again. */
static enum qrt_code list_people(struct qrt_staffing *staffing,
                                 const struct qrt_policy_changes *changes, struct qrt_err *err)
{
    const struct qrt_state *state = &staffing->vault->state;
    enum qrt_code code = qrt_staffing_begin(
        staffing, changes->joined_len + changes->changed_len + changes->left_len, err);
    for (size_t i = 0; code == QRT_OK && i < changes->joined_len; i++) {
        const struct qrt_policy_person *person = changes->joined[i];
        if (qrt_state_person(state, person->id) != NULL) {
            return qrt_fail(err, QRT_E_FORMAT,
                            "people: %s is the id of somebody who left; an id is of one person "
                            "for ever",
                            person->id);
        }
        qrt_staffing_add(staffing, QRT_STAFF_JOINS, person->id, person->roles)->gets_badge = true;
    }
    for (size_t i = 0; code == QRT_OK && i < changes->changed_len; i++) {
        const struct qrt_policy_person *person = changes->changed[i];
        const struct qrt_person *row = qrt_state_person(state, person->id);
        if (row->gone == QRT_NEVER && qrt_state_roles(row) != person->roles) {
            (void)qrt_staffing_add(staffing, QRT_STAFF_CHANGES, person->id, person->roles);
        }
    }
    for (size_t i = 0; code == QRT_OK && i < changes->left_len; i++) {
        if (qrt_state_person(state, changes->left[i]->id)->gone == QRT_NEVER) {
            code = ask_reason(qrt_staffing_add(staffing, QRT_STAFF_LEAVES, changes->left[i]->id, 0),
                              staffing->ui, err);
        }
    }
    return code == QRT_OK ? qrt_staffing_check(staffing, err) : code;
}

static enum qrt_code confirm(const struct qrt_staffing *staffing, const char *given,
                             struct qrt_err *err)
{
    const struct qrt_ui *ui = staffing->ui;
    const char *name = staffing->vault->policy.origin;
    struct qrt_question question = {.key = "confirm",
                                    .words = "If this is what was decided, type the vault's name"};
    for (;;) {
        QRT_BUF typed = {0};
        enum qrt_code code = given != NULL ? QRT_OK : ui->ask_line(ui->ctx, &typed, &question, err);
        if (code == QRT_OK && strcmp(given != NULL ? given : qrt_buf_str(&typed), name) != 0) {
            code = qrt_fail(err, QRT_E_USAGE, "confirm: not the name of this vault");
        }
        if (code == QRT_OK || given != NULL || !qrt_ui_again(ui, code, err)) {
            return code;
        }
    }
}

/* Step 1: what is another, read aloud, before anybody agrees. */
static enum qrt_code tell(const struct qrt_staffing *staffing, const struct qrt_buf *told,
                          const char *given, struct qrt_err *err)
{
    const struct qrt_ui *ui = staffing->ui;
    QRT_BUF warnings = {0};
    qrt_policy_warn(&warnings, staffing->policy);
    enum qrt_code code = qrt_staffing_lines(
        staffing, "what changes",
        "The operator reads this page aloud. The second person compares it "
        "with what was decided.",
        qrt_buf_str(told), "If anything differs, stop, mend the policy's file, and begin again.",
        err);
    if (code != QRT_OK) {
        return code;
    }
    if (!ui->person) {
        ui->tell(ui->ctx, qrt_buf_str(told));
    }
    if (warnings.len_bytes > 0) {
        ui->tell(ui->ctx, qrt_buf_str(&warnings));
    }
    return confirm(staffing, given, err);
}

enum qrt_code qrt_policy_change(struct qrt_policy_changed *changed, struct qrt_vault *vault,
                                const struct qrt_policy_request *request, const struct qrt_ui *ui,
                                struct qrt_err *err)
{
    QRT_POLICY policy = {0};
    struct qrt_policy_changes changes;
    QRT_STAFFING staffing = {.ceremony = "Policy",
                             .word = "policy",
                             .vault = vault,
                             .ui = ui,
                             .policy = &policy,
                             .policy_bytes = request->policy,
                             .has_place = request->has_place};
    *changed = (struct qrt_policy_changed){0};
    enum qrt_code code;
    if (qrt_state_pending_key(&vault->state) != NULL) {
        return qrt_fail(err, QRT_E_REFUSED, "the policy: a re-key is under way; end it first");
    }
    if ((code = qrt_policy_parse(&policy, request->policy->data, request->policy->len_bytes,
                                 err)) != QRT_OK ||
        (code = qrt_policy_compare(&changes, &vault->policy, &policy, err)) != QRT_OK ||
        (code = check_groups(&changes, err)) != QRT_OK ||
        (code = qrt_namesake_check(vault, &policy, err)) != QRT_OK) {
        return code;
    }
    if (!qrt_policy_changes_anything(&changes)) {
        return qrt_fail(err, QRT_E_USAGE, "the policy: the same as the one in force");
    }
    qrt_policy_tell_changes(&changed->told, &changes);
    if ((code = tell(&staffing, &changed->told, request->confirm, err)) != QRT_OK ||
        (code = list_people(&staffing, &changes, err)) != QRT_OK) {
        return code;
    }
    code = qrt_staffing_run(&staffing, err);
    qrt_buf_add(&changed->wallets, staffing.wallets.data, staffing.wallets.len_bytes);
    return code;
}

/* Who leaves the vault may sit in the room still, to hand a card in. */
static void tell_in_room(const struct qrt_vault *vault, const char *person, const struct qrt_ui *ui)
{
    const struct qrt_presence *presence = qrt_state_presence(&vault->state, QRT_PERSON, person);
    if (presence != NULL && qrt_presence_is(presence, QRT_HERE)) {
        QRT_BUF line = {0};
        qrt_buf_printf(&line,
                       "%s is in the room still. When they go: quorate session leave %s, and an "
                       "exception that they will not come back.",
                       person, person);
        ui->tell(ui->ctx, qrt_buf_str(&line));
    }
}

enum qrt_code qrt_person_leave(struct qrt_vault *vault, const char *person, const char *reason,
                               const struct qrt_ui *ui, struct qrt_err *err)
{
    QRT_STAFFING staffing = {
        .ceremony = "Somebody leaves", .word = "person", .vault = vault, .ui = ui};
    QRT_BUF shown = {0};
    QRT_BUF what = {0};
    const struct qrt_person *row = qrt_state_person(&vault->state, person);
    if (row == NULL || row->gone != QRT_NEVER) {
        qrt_text_escape(&shown, person, strlen(person));
        return qrt_fail(err, QRT_E_USAGE, "%.64s: %s", qrt_buf_str(&shown),
                        row == NULL ? "the vault knows nobody of that id" : "has left already");
    }
    enum qrt_code code = qrt_public_text_check(reason, "--reason", QRT_REASON_SHORT_MAX_BYTES, err);
    if (code != QRT_OK || (code = qrt_staffing_begin(&staffing, 1, err)) != QRT_OK) {
        return code;
    }
    qrt_staffing_add(&staffing, QRT_STAFF_LEAVES, person, 0)->reason = reason;
    if ((code = qrt_staffing_check(&staffing, err)) != QRT_OK) {
        return code;
    }
    qrt_buf_printf(
        &what,
        "%s leaves. Their badge signs nothing any more from now on.\n\nIf they hold a card, "
        "it still counts: it is collected and destroyed, and the group gets new "
        "shares.\n\nNobody gets a badge here: behind step 2 comes step 5.",
        person);
    qrt_staffing_page(&staffing, 1, "who leaves", "The operator reads this page aloud.",
                      qrt_buf_str(&what),
                      "An id is of one person for ever: whoever comes back gets another.");
    code = qrt_staffing_wait(&staffing, err);
    if (code == QRT_OK) {
        code = qrt_staffing_run(&staffing, err);
    }
    if (code == QRT_OK) {
        tell_in_room(vault, person, ui);
    }
    return code;
}
