#include "audit/status_parts.h"

#include "base/clock.h"
#include "vault/sitting.h"
#include <string.h>

static void judge_cards(struct qrt_judging *j)
{
    const struct qrt_state *state = &j->vault->state;
    QRT_SOME unproved = {0};
    QRT_SOME unbagged = {0};
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        if (qrt_state_card_is_live(state, card) && card->proved == QRT_NEVER) {
            qrt_some_add(&unproved, card->custodian, strlen(card->custodian));
        }
    }
    for (size_t i = 0; i < j->facts->cards_len; i++) {
        const struct qrt_fact_card *card = &j->facts->cards[i];
        const struct qrt_fact_person *person = &j->facts->people[card->custodian];
        if (card->safe == QRT_NOWHERE && !person->gone) { /* leavers' are told by themselves */
            qrt_some_add(&unbagged, person->id, strlen(person->id));
        }
    }
    if (unproved.count > 0) {
        qrt_status_add(j, QRT_CONCERN_OPEN, "card", QRT_NO_DAY,
                       "not proved, read back from paper: %s", qrt_some_text(&unproved));
    }
    if (unbagged.count > 0) {
        qrt_status_add(j, QRT_CONCERN_OPEN, "bag", QRT_NO_DAY,
                       "no bag or safe is known of the cards of %s", qrt_some_text(&unbagged));
    }
}

static void name_item(struct qrt_some *some, const struct qrt_item_row *item)
{
    QRT_BUF name = {0};
    qrt_buf_printf(&name, "%s %s", item->account, item->kind);
    qrt_some_add(some, qrt_buf_str(&name), name.len_bytes);
}

static void judge_credentials(struct qrt_judging *j)
{
    const struct qrt_state *state = &j->vault->state;
    QRT_SOME unconfirmed = {0};
    QRT_SOME waiting = {0};
    for (size_t i = 0; i < state->items.len; i++) {
        const struct qrt_item_row *item = QRT_ROW(state, items, qrt_item_row, i);
        if (qrt_item_waits(item)) {
            name_item(&waiting, item);
        } else if (qrt_status_is_current(state, item) && item->confirmed == QRT_NEVER &&
                   strcmp(item->kind, "note") != 0 && /* which is used nowhere */
                   !qrt_status_is_closed(state, item->account)) {
            name_item(&unconfirmed, item);
        }
    }
    if (unconfirmed.count > 0) {
        qrt_status_add(j, QRT_CONCERN_OPEN, "credential", QRT_NO_DAY, "not confirmed in use: %s",
                       qrt_some_text(&unconfirmed));
    }
    if (waiting.count > 0) {
        qrt_status_add(j, QRT_CONCERN_OPEN, "deposit", QRT_NO_DAY,
                       "the next opening adopts or refuses: %s", qrt_some_text(&waiting));
    }
}

static void judge_log(struct qrt_judging *j)
{
    const struct qrt_vault *vault = j->vault;
    if (vault->log.pending) {
        qrt_status_add(j, QRT_CONCERN_CONFLICT, "log", QRT_NO_DAY,
                       "a commit is unfinished: the next command with a badge completes it");
    }
    if (qrt_state_unfinished(&vault->state) != NULL) {
        qrt_status_add(j, QRT_CONCERN_CONFLICT, "log", QRT_NO_DAY, "a ceremony was interrupted: %s",
                       qrt_state_unfinished(&vault->state)->name);
    }
    if (vault->unnamed.len > 0) {
        qrt_status_add(j, QRT_CONCERN_CONFLICT, "log", QRT_NO_DAY,
                       "%zu folders of evidence lie in the vault that no entry names",
                       vault->unnamed.len);
    }
}

/* A sitting of more than a day is one that was forgotten open. */
static void judge_session(struct qrt_judging *j)
{
    const struct qrt_sitting *sitting = qrt_state_sitting(&j->vault->state);
    const struct qrt_presence *presence;
    QRT_SOME outside = {0};
    if (sitting == NULL) {
        return;
    }
    for (size_t at = 0;
         (presence = qrt_state_next_presence(&j->vault->state, &at, QRT_OUTSIDE)) != NULL;) {
        qrt_some_add(&outside, presence->name, strlen(presence->name));
    }
    qrt_status_add_by(j, "session", sitting->time_unix_s + QRT_DAY_S,
                      "one is open; outside: %s; quorate session close ends it",
                      outside.count == 0 ? "nobody" : qrt_some_text(&outside));
}

/* Walks through runbooks that somebody left. */
static void judge_walks(struct qrt_judging *j)
{
    const struct qrt_state *state = &j->vault->state;
    for (size_t i = 0; i < state->walks.len; i++) {
        const struct qrt_walk *walk = QRT_ROW(state, walks, qrt_walk, i);
        char time[QRT_TIME_CHARS + 1];
        if (walk->ended == QRT_NEVER) {
            qrt_clock_format(time, walk->time_unix_s);
            qrt_status_add(j, QRT_CONCERN_OPEN, "runbook", QRT_NO_DAY,
                           "%s%s%s was left at step %lld of %lld on %.10s", walk->runbook,
                           walk->account[0] == '\0' ? "" : " of account ", walk->account,
                           (long long)walk->step, (long long)walk->steps, time);
        }
    }
}

void qrt_status_custody(struct qrt_judging *j)
{
    judge_log(j);
    judge_session(j);
    judge_cards(j);
    judge_credentials(j);
    judge_walks(j);
    qrt_status_rekey(j);
}
