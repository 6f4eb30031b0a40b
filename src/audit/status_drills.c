#include "audit/status_parts.h"

#include "audit/coverage.h"
#include "audit/outstanding.h"
#include <inttypes.h>
#include <string.h>

/* Every quorum's proof that cards, people and places still work. */
static void judge_due(struct qrt_judging *j)
{
    const struct qrt_state *state = &j->vault->state;
    unsigned days = j->vault->policy.drill_days;
    int64_t password_unix_s = qrt_coverage_drilled_unix_s(state, QRT_GROUP_PASSWORD);
    int64_t mfa_unix_s = qrt_coverage_drilled_unix_s(state, QRT_GROUP_MFA);
    int64_t since_unix_s = password_unix_s < mfa_unix_s ? password_unix_s : mfa_unix_s;
    qrt_status_check_date(j, "drill", password_unix_s > mfa_unix_s ? password_unix_s : mfa_unix_s);
    qrt_status_add_by(j, "drill", qrt_coverage_due_unix_s(state, days),
                      "a drill of %s every %u days; %s",
                      password_unix_s == mfa_unix_s  ? "each group"
                      : password_unix_s < mfa_unix_s ? "the password group"
                                                     : "the MFA group",
                      days,
                      since_unix_s == state->founded_unix_s ? "there was none since the founding"
                                                            : "the last one was done");
}

static void judge_coverage(struct qrt_judging *j, const struct qrt_coverage *coverage)
{
    QRT_SOME cards = {0};
    QRT_SOME people = {0};
    QRT_SOME bags = {0};
    for (size_t i = 0; i < coverage->cards_len; i++) {
        const struct qrt_coverage_row *row = &coverage->cards[i];
        if (!row->covered) {
            QRT_BUF name = {0};
            qrt_buf_printf(&name, "card %" PRId64 " of %s", row->serial, row->person);
            qrt_some_add(&cards, qrt_buf_str(&name), name.len_bytes);
        }
    }
    for (size_t i = 0; i < coverage->people_len; i++) {
        const struct qrt_coverage_row *row = &coverage->people[i];
        if (!row->covered) {
            qrt_some_add(&people, row->person, strlen(row->person));
        }
    }
    for (size_t i = 0; i < coverage->bags_len; i++) {
        const struct qrt_coverage_row *row = &coverage->bags[i];
        if (!row->covered) {
            qrt_some_add(&bags, row->bag->bag, strlen(row->bag->bag));
        }
    }
    if (cards.count > 0) {
        qrt_status_add(j, QRT_CONCERN_OPEN, "drill", QRT_NO_DAY,
                       "not shown in the last %d drills, nor proved since: %s", QRT_COVERAGE_DRILLS,
                       qrt_some_text(&cards));
    }
    if (people.count > 0) {
        qrt_status_add(j, QRT_CONCERN_OPEN, "drill", QRT_NO_DAY, "not in the last %d drills: %s",
                       QRT_COVERAGE_DRILLS, qrt_some_text(&people));
    }
    if (bags.count > 0) {
        qrt_status_add(j, QRT_CONCERN_OPEN, "drill", QRT_NO_DAY,
                       "in the last %d drills nobody looked at the seal of bag %s",
                       QRT_COVERAGE_DRILLS, qrt_some_text(&bags));
    }
}

static void judge_actions(struct qrt_judging *j)
{
    const struct qrt_state *state = &j->vault->state;
    for (size_t i = 0; i < state->actions.len; i++) {
        const struct qrt_action *action = QRT_ROW(state, actions, qrt_action, i);
        if (action->closed == QRT_NEVER && qrt_has_left(state, action->owner)) {
            qrt_status_add(j, QRT_CONCERN_OVERDUE, "action", QRT_NO_DAY,
                           "%" PRId64 ", %s, who left: %s; close it, and open it for another",
                           action->number, action->owner, action->text);
        } else if (action->closed == QRT_NEVER) {
            /* All of its day counts. */
            qrt_status_add_by(j, "action", action->due_unix_s + QRT_DAY_S - 1,
                              "%" PRId64 ", %s: %s", action->number, action->owner, action->text);
        }
    }
}

enum qrt_code qrt_status_drills(struct qrt_judging *j, struct qrt_err *err)
{
    QRT_COVERAGE coverage = {0};
    enum qrt_code code = qrt_coverage_make(&coverage, &j->vault->state, err);
    if (code == QRT_OK) {
        judge_due(j);
        judge_coverage(j, &coverage);
        judge_actions(j);
    }
    return code;
}
