#include "audit/coverage.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_S     86400
#define ANY_DRILL 0U

void qrt_coverage_free(struct qrt_coverage *coverage)
{
    free(coverage->cards);
    free(coverage->people);
    free(coverage->bags);
    *coverage = (struct qrt_coverage){0};
}

static void shown(struct qrt_coverage_row *row, int64_t place, int64_t unix_s)
{
    if (place > row->last) {
        row->last = place;
        row->last_unix_s = unix_s;
    }
}

/* What drills that are done said of a card (by its serial) or a person. */
static void read_grades(struct qrt_coverage_row *row, const struct qrt_state *state,
                        const char *subject)
{
    for (size_t i = 0; i < state->grades.len; i++) {
        const struct qrt_grade *grade = QRT_ROW(state, grades, qrt_grade, i);
        const struct qrt_drill *drill = qrt_state_drill(state, grade->intent);
        bool there = strcmp(grade->grade, row->serial > 0 ? "failed" : "absent") != 0;
        /* A bag that was seen tells nothing of the card in it. */
        if (there && strcmp(grade->subject, subject) == 0 && drill != NULL &&
            (row->serial == 0 || qrt_drill_groups(drill) != 0) && qrt_drill_is_done(state, drill)) {
            shown(row, grade->graded, grade->time_unix_s);
        }
    }
}

/* The drills in which somebody's card could be; of somebody without one any with cards. */
static unsigned groups_of(const struct qrt_coverage_row *row)
{
    enum qrt_group group;
    return qrt_group_parse(&group, row->group) ? 1U << group : ~0U;
}

/* Drills since, for one of those groups or, with ANY_DRILL, for none as well. */
static void count_missed(struct qrt_coverage_row *row, const struct qrt_state *state,
                         unsigned groups)
{
    for (size_t i = 0; i < state->drills.len; i++) {
        const struct qrt_drill *drill = QRT_ROW(state, drills, qrt_drill, i);
        if ((groups == ANY_DRILL || (qrt_drill_groups(drill) & groups) != 0) &&
            drill->intent > row->last && qrt_drill_is_done(state, drill)) {
            row->missed++;
        }
    }
    row->covered = row->missed < QRT_COVERAGE_DRILLS;
    row->picked = row->missed + 1 >= QRT_COVERAGE_DRILLS;
}

static void add_card(struct qrt_coverage *coverage, const struct qrt_state *state,
                     const struct qrt_card_row *card)
{
    char subject[24];
    struct qrt_coverage_row row = {.serial = card->serial,
                                   .person = card->custodian,
                                   .group = card->group_name,
                                   .bag = qrt_state_bag_of_card(state, card->serial),
                                   .last = QRT_NEVER};
    snprintf(subject, sizeof subject, "%" PRId64, card->serial);
    shown(&row, card->proved, card->proved_unix_s);
    read_grades(&row, state, subject);
    count_missed(&row, state, groups_of(&row));
    coverage->cards[coverage->cards_len++] = row;
}

static void add_person(struct qrt_coverage *coverage, const struct qrt_state *state,
                       const struct qrt_person *person)
{
    struct qrt_coverage_row row = {.person = person->id, .group = "", .last = QRT_NEVER};
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        if (strcmp(card->custodian, person->id) == 0 && qrt_state_card_is_live(state, card)) {
            row.group = card->group_name;
            shown(&row, card->proved, card->proved_unix_s);
        }
    }
    read_grades(&row, state, person->id);
    count_missed(&row, state, groups_of(&row));
    coverage->people[coverage->people_len++] = row;
}

/* A bag that was opened is no bag in a safe: status asks for a new one. */
static void add_bag(struct qrt_coverage *coverage, const struct qrt_state *state,
                    const struct qrt_bag *bag)
{
    const struct qrt_card_row *card =
        bag->serial > 0 ? qrt_state_card(state, (uint64_t)bag->serial) : NULL;
    if (bag->opened != QRT_NEVER || !qrt_state_bag_is_last(state, bag) ||
        (card != NULL && !qrt_state_card_is_live(state, card))) {
        return;
    }
    struct qrt_coverage_row row = {.serial = bag->serial,
                                   .person = card == NULL ? "" : card->custodian,
                                   .group = card == NULL ? "" : card->group_name,
                                   .bag = bag,
                                   .last = QRT_NEVER};
    shown(&row, bag->placed, bag->placed_unix_s);
    shown(&row, bag->checked, bag->checked_unix_s);
    count_missed(&row, state, ANY_DRILL);
    coverage->bags[coverage->bags_len++] = row;
}

static int compare_places(const struct qrt_bag *x, const struct qrt_bag *y)
{
    if (x == NULL || y == NULL) {
        return (x != NULL) - (y != NULL);
    }
    int order = strcmp(x->site, y->site);
    return order != 0 ? order : strcmp(x->safe, y->safe);
}

/* Who missed most comes first, then who was seen longest ago; of those alike
 * one safe after another. */
static int compare(const void *a, const void *b)
{
    const struct qrt_coverage_row *x = a;
    const struct qrt_coverage_row *y = b;
    if (x->missed != y->missed) {
        return x->missed > y->missed ? -1 : 1;
    }
    if (x->last != y->last) {
        return x->last < y->last ? -1 : 1;
    }
    int order = compare_places(x->bag, y->bag);
    return order != 0 ? order : strcmp(x->person, y->person);
}

/* A drill refuses a suspect card, and who left brings none. */
static bool can_come(const struct qrt_state *state, const struct qrt_coverage_row *row)
{
    const struct qrt_card_row *card = qrt_state_card(state, (uint64_t)row->serial);
    const struct qrt_person *person = qrt_state_person(state, row->person);
    return card != NULL && !qrt_card_is_suspect(card) && person != NULL &&
           person->gone == QRT_NEVER;
}

/* Of each group the first cards that can come make its quorum. */
static void pick(struct qrt_coverage *coverage, const struct qrt_state *state)
{
    unsigned picked[QRT_GROUPS] = {0};
    for (size_t i = 0; i < coverage->cards_len; i++) {
        struct qrt_coverage_row *row = &coverage->cards[i];
        enum qrt_group group;
        bool comes = can_come(state, row);
        row->picked = row->picked && comes;
        if (comes && qrt_group_parse(&group, row->group) &&
            (row->picked || picked[group] < state->groups[group].threshold)) {
            row->picked = true;
            picked[group]++;
        }
    }
    for (size_t i = 0; i < coverage->people_len; i++) {
        struct qrt_coverage_row *person = &coverage->people[i];
        for (size_t c = 0; c < coverage->cards_len; c++) {
            person->picked =
                person->picked || (coverage->cards[c].picked &&
                                   strcmp(coverage->cards[c].person, person->person) == 0);
        }
    }
}

/* Whoever stands at a safe looks at all that lies there. */
static void pick_safes(struct qrt_coverage *coverage)
{
    for (size_t i = 0; i < coverage->bags_len; i++) {
        const struct qrt_coverage_row *row = &coverage->bags[i];
        bool needed = row->missed + 1 >= QRT_COVERAGE_DRILLS || i == 0;
        for (size_t other = 0; needed && other < coverage->bags_len; other++) {
            struct qrt_coverage_row *beside = &coverage->bags[other];
            beside->picked = beside->picked || compare_places(row->bag, beside->bag) == 0;
        }
    }
}

static bool comes_to_drills(const struct qrt_person *person)
{
    return person->gone == QRT_NEVER && (qrt_state_list_has(person->roles, "custodian") ||
                                         qrt_state_list_has(person->roles, "operator") ||
                                         qrt_state_list_has(person->roles, "witness"));
}

enum qrt_code qrt_coverage_make(struct qrt_coverage *coverage, const struct qrt_state *state,
                                struct qrt_err *err)
{
    *coverage =
        (struct qrt_coverage){.cards = calloc(state->cards.len + 1, sizeof *coverage->cards),
                              .people = calloc(state->people.len + 1, sizeof *coverage->people),
                              .bags = calloc(state->bags.len + 1, sizeof *coverage->bags)};
    if (coverage->cards == NULL || coverage->people == NULL || coverage->bags == NULL) {
        qrt_coverage_free(coverage);
        return qrt_fail(err, QRT_E_NOMEM, "the coverage of drills");
    }
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        if (qrt_state_card_is_live(state, card)) {
            add_card(coverage, state, card);
        }
    }
    for (size_t i = 0; i < state->people.len; i++) {
        const struct qrt_person *person = QRT_ROW(state, people, qrt_person, i);
        if (comes_to_drills(person)) {
            add_person(coverage, state, person);
        }
    }
    for (size_t i = 0; i < state->bags.len; i++) {
        add_bag(coverage, state, QRT_ROW(state, bags, qrt_bag, i));
    }
    qsort(coverage->cards, coverage->cards_len, sizeof *coverage->cards, compare);
    qsort(coverage->people, coverage->people_len, sizeof *coverage->people, compare);
    qsort(coverage->bags, coverage->bags_len, sizeof *coverage->bags, compare);
    pick(coverage, state);
    pick_safes(coverage);
    return QRT_OK;
}

int64_t qrt_coverage_drilled_unix_s(const struct qrt_state *state, enum qrt_group group)
{
    for (size_t i = state->drills.len; i-- > 0;) {
        const struct qrt_drill *drill = QRT_ROW(state, drills, qrt_drill, i);
        if ((qrt_drill_groups(drill) & 1U << group) != 0 && qrt_drill_is_done(state, drill)) {
            return qrt_drill_ceremony(state, drill)->time_unix_s;
        }
    }
    return state->founded_unix_s;
}

int64_t qrt_coverage_due_unix_s(const struct qrt_state *state, unsigned drill_days)
{
    int64_t password_unix_s = qrt_coverage_drilled_unix_s(state, QRT_GROUP_PASSWORD);
    int64_t mfa_unix_s = qrt_coverage_drilled_unix_s(state, QRT_GROUP_MFA);
    return (password_unix_s < mfa_unix_s ? password_unix_s : mfa_unix_s) +
           (int64_t)drill_days * DAY_S;
}
