#include "audit/outstanding.h"
#include "audit/status_parts.h"
#include "vault/register.h"

#include <string.h>

static const struct qrt_bag *bag_of(const struct qrt_state *state, int64_t serial)
{
    for (size_t i = state->bags.len; i-- > 0;) {
        const struct qrt_bag *bag = QRT_ROW(state, bags, qrt_bag, i);
        if (bag->serial == serial) {
            return bag;
        }
    }
    return NULL;
}

/* A group that names somebody who left has a share too many. */
static void judge_group(struct qrt_judging *j, enum qrt_group group)
{
    const struct qrt_state *state = &j->vault->state;
    const struct qrt_group_rule *rule = &state->groups[group];
    unsigned left = 0;
    for (unsigned i = 0; i < rule->count; i++) {
        left += qrt_has_left(state, rule->ids[i]) ? 1 : 0;
    }
    if (left > 0) {
        qrt_status_add(j, QRT_CONCERN_OVERDUE, rule->threshold == 1 ? "rekey" : "reissue",
                       QRT_NO_DAY, "%u of the %s group %s left: %s", left, qrt_group_words(group),
                       left == 1 ? "has" : "have",
                       rule->threshold == 1 ? "one share is every share, so the vault is re-keyed"
                                            : "its shares are made anew");
    }
}

static bool has_member(const struct qrt_group_rule *rule, const char *id)
{
    unsigned i = 0;
    while (i < rule->count && strcmp(rule->ids[i], id) != 0) {
        i++;
    }
    return i < rule->count;
}

static bool has_live_card(const struct qrt_state *state, enum qrt_group group, const char *id)
{
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        if (strcmp(card->custodian, id) == 0 &&
            strcmp(card->group_name, qrt_group_name(group)) == 0 &&
            qrt_state_card_is_live(state, card)) {
            return true;
        }
    }
    return false;
}

/* Custodians whose every card is void or destroyed: the group has one fewer to
 * spare until it has new cards. */
static void judge_empty_handed(struct qrt_judging *j, enum qrt_group group)
{
    const struct qrt_state *state = &j->vault->state;
    const struct qrt_group_rule *rule = &state->groups[group];
    bool rekey = rule->threshold == 1;
    QRT_SOME without = {0};
    for (unsigned i = 0; i < rule->count; i++) {
        if (!qrt_has_left(state, rule->ids[i]) && !has_live_card(state, group, rule->ids[i])) {
            qrt_some_add(&without, rule->ids[i], strlen(rule->ids[i]));
        }
    }
    if (without.count > 0) {
        qrt_status_add(j, QRT_CONCERN_OPEN, rekey ? "rekey" : "reissue", QRT_NO_DAY,
                       "custodians of the %s group whose cards are void or destroyed: %s; quorate "
                       "%s makes new ones",
                       qrt_group_words(group), qrt_some_text(&without),
                       rekey ? "rekey" : "reissue");
    }
}

/* The policy of a re-key that was given up in another log than it began in stays
 * in force: then the cards that count are those of another group. */
static void judge_members(struct qrt_judging *j, enum qrt_group group)
{
    const struct qrt_state *state = &j->vault->state;
    const struct qrt_group_rule *rule = &state->groups[group];
    const struct qrt_edition *edition = qrt_state_edition(state, group);
    unsigned with_card = 0;
    unsigned others = 0;
    if (edition == NULL || qrt_state_pending_key(state) != NULL ||
        qrt_state_unfinished(state) != NULL) {
        return; /* its new cards are on their way */
    }
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        if (card->generation == edition->generation && card->edition == edition->edition &&
            card->replaces == 0 && strcmp(card->group_name, edition->group_name) == 0) {
            bool member = has_member(rule, card->custodian);
            with_card += member ? 1 : 0;
            others += member ? 0 : 1;
        }
    }
    if (others > 0 || with_card != rule->count || edition->threshold != (int64_t)rule->threshold) {
        qrt_status_add(
            j, QRT_CONCERN_OVERDUE, rule->threshold == 1 ? "rekey" : "reissue", QRT_NO_DAY,
            "the cards of the %s group are not those of the policy in force: %u of its "
            "%u custodians have one, %u %s to others, and %lld open, not %u",
            qrt_group_words(group), with_card, rule->count, others,
            others == 1 ? "belongs" : "belong", (long long)edition->threshold, rule->threshold);
    } else {
        judge_empty_handed(j, group);
    }
}

static void judge_leavers_cards(struct qrt_judging *j)
{
    const struct qrt_state *state = &j->vault->state;
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        const struct qrt_bag *bag = bag_of(state, card->serial);
        if (qrt_card_is_of_leaver(state, card)) {
            qrt_status_add(
                j, QRT_CONCERN_OPEN, "card", QRT_NO_DAY,
                "card %lld of %s, who left, is to be collected and destroyed%s%s%s%s%s%s",
                (long long)card->serial, card->custodian, bag != NULL ? ": bag " : "",
                bag != NULL ? bag->bag : "", bag != NULL ? ", " : "", bag != NULL ? bag->site : "",
                bag != NULL ? "/" : "", bag != NULL ? bag->safe : "");
        }
    }
}

/* What is in the hands of leavers by the register: they have it until the row says
 * that they have not. */
static void judge_leavers_row(struct qrt_judging *j, const struct qrt_register_row *row)
{
    const struct qrt_register *reg = qrt_register_find(row->reg);
    QRT_SOME left = {0};
    for (size_t k = 0; k < reg->keys_len; k++) {
        bool person = reg->keys[k].form == QRT_REG_PERSON || reg->keys[k].form == QRT_REG_READER;
        struct qrt_span value;
        char id[QRT_ID_CHARS + 1];
        for (size_t at = 0; person && qrt_register_next(row, reg->keys[k].name, &at, &value);) {
            if (qrt_span_copy(id, sizeof id, value) && qrt_has_left(&j->vault->state, id)) {
                qrt_some_add(&left, id, strlen(id));
            }
        }
    }
    if (left.count > 0) {
        qrt_status_add(j, QRT_CONCERN_CONFLICT, row->reg, QRT_NO_DAY,
                       "%s %s names %s, who left: %s, then set the row without them", row->reg,
                       row->name, qrt_some_text(&left),
                       strcmp(row->reg, "safe") == 0      ? "change the combination"
                       : strcmp(row->reg, "mailbox") == 0 ? "end their access"
                                                          : "take it back");
    }
}

static void judge_badges(struct qrt_judging *j)
{
    const struct qrt_state *state = &j->vault->state;
    QRT_SOME without = {0};
    for (size_t i = 0; i < state->people.len; i++) {
        const struct qrt_person *person = QRT_ROW(state, people, qrt_person, i);
        if (person->gone == QRT_NEVER && qrt_state_badge(state, person->id) == NULL) {
            qrt_some_add(&without, person->id, strlen(person->id));
        }
    }
    if (without.count > 0) {
        qrt_status_add(j, QRT_CONCERN_OPEN, "badge", QRT_NO_DAY,
                       "no badge, and so no signature: %s", qrt_some_text(&without));
    }
}

void qrt_status_people(struct qrt_judging *j)
{
    for (unsigned g = 0; g < QRT_GROUPS; g++) {
        judge_group(j, g);
        judge_members(j, g);
    }
    judge_leavers_cards(j);
    for (size_t i = 0; i < j->vault->state.registers.len; i++) {
        judge_leavers_row(j, QRT_ROW(&j->vault->state, registers, qrt_register_row, i));
    }
    judge_badges(j);
}
