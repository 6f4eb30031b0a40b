#include "vault/applying.h"

#include "base/text.h"
#include "vault/drill.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static struct qrt_drill *at_hand(struct applying *a)
{
    const struct qrt_ceremony *ceremony = qrt_state_unfinished(a->state);
    for (size_t i = a->state->drills.len; ceremony != NULL && i-- > 0;) {
        struct qrt_drill *drill = QRT_ROW(a->state, drills, qrt_drill, i);
        if (drill->intent == ceremony->intent) {
            return drill;
        }
    }
    return NULL;
}

void qrt_apply_drill_begun(struct applying *a)
{
    struct qrt_drill *row = qrt_apply_row(a, &a->state->drills, sizeof *row);
    if (row == NULL) {
        return;
    }
    row->dirty = true;
    row->intent = qrt_apply_place(a);
    row->quorum = QRT_NEVER;
    row->actions_open = (int64_t)qrt_state_actions_open(a->state);
    row->begun_unix_s = a->entry->time_unix_s;
    qrt_apply_text(a, "level", row->level, sizeof row->level);
    qrt_apply_text(a, "group", row->group_name, sizeof row->group_name);
    if (!qrt_drill_is_level(row->level, row->group_name)) {
        FAULT(a, "there is no such level of a drill, or not of that group");
        row->level[0] = '\0'; /* it is for nobody's quorum */
    }
    qrt_apply_refuse(a, "account");
    qrt_apply_refuse(a, "show");
}

/* What a drill must leave as it is: generations, editions, items, the rules. */
static bool changes(enum qrt_event_id event)
{
    switch (event) {
    case QRT_EV_KEY_CREATED:
    case QRT_EV_EDITION_CREATED:
    case QRT_EV_CARD_CREATED:
    case QRT_EV_CARD_PROVED:
    case QRT_EV_CARD_VOIDED:
    case QRT_EV_ITEM_SEALED:
    case QRT_EV_ITEM_DEPOSITED:
    case QRT_EV_ITEM_DELETED:
    case QRT_EV_DEPOSIT_REFUSED:
    case QRT_EV_SECRET_SHOWN:
    case QRT_EV_POLICY_CHANGED:
        return true;
    default:
        return false;
    }
}

void qrt_apply_beside_drill(struct applying *a)
{
    if (changes(a->entry->event->id) && at_hand(a) != NULL) {
        FAULT(a, "%s: a drill is under way, and changes nothing", a->entry->event->name);
    }
}

static bool has_quorum(const struct qrt_state *state, unsigned groups)
{
    bool has = true;
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        has = has && ((groups & 1U << group) == 0 || qrt_apply_group_has_quorum(state, group));
    }
    return has;
}

void qrt_apply_drill_accepted(struct applying *a, enum qrt_group group)
{
    struct qrt_drill *drill = at_hand(a);
    if (drill == NULL) {
        return;
    }
    unsigned groups = qrt_drill_groups(drill);
    if ((groups & 1U << group) == 0) {
        FAULT(a, "a card of a group for which this drill is not");
    }
    if (drill->quorum == QRT_NEVER && has_quorum(a->state, groups)) {
        drill->dirty = true;
        drill->quorum = qrt_apply_place(a);
        drill->quorum_unix_s = a->entry->time_unix_s;
    }
}

void qrt_apply_drill_sealed(struct applying *a, bool whole)
{
    struct qrt_drill *drill = at_hand(a);
    if (drill != NULL) {
        drill->dirty = true;
        drill->seals++;
        drill->seals_wrong += whole ? 0 : 1;
    }
}

/* A slip of whoever reads the card in, which the next try mends. */
static bool is_slip(const char *reason)
{
    static const char *const words[] = {"unreadable", "wrong-kind", "unknown-word", "duplicate"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i], reason) == 0) {
            return true;
        }
    }
    return false;
}

void qrt_apply_card_refused(struct applying *a)
{
    struct qrt_drill *drill = at_hand(a);
    char reason[QRT_WORD_BYTES] = "";
    struct qrt_span value;
    if (qrt_entry_get(a->entry, "reason", &value)) {
        (void)qrt_span_copy(reason, sizeof reason, value); /* what is longer is no slip */
    }
    if (drill != NULL && drill->intent == qrt_apply_intent_place(a) && !is_slip(reason)) {
        drill->dirty = true;
        drill->refused++;
    }
}

/* Was that card accepted in the ceremony under way? */
static bool was_accepted(const struct qrt_state *state, int64_t serial)
{
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        for (unsigned i = 0; i < state->accepted_len[group]; i++) {
            if (state->accepted_serials[group][i] == serial) {
                return true;
            }
        }
    }
    return false;
}

/* Was the bag of that card, in which it lies now, looked at in this drill? */
static bool was_looked_at(const struct qrt_drill *drill, const struct qrt_bag *bag)
{
    return bag != NULL && bag->checked > drill->intent;
}

static bool is_as_seen(const struct qrt_state *state, const struct qrt_drill *drill, int64_t serial,
                       const char *grade)
{
    if (qrt_drill_groups(drill) != 0) {
        return was_accepted(state, serial) != (strcmp(grade, "failed") == 0);
    }
    const struct qrt_bag *bag = qrt_state_bag_of_card(state, serial);
    const char *seen = bag != NULL && strcmp(bag->result, "whole") == 0 ? "good" : "failed";
    return was_looked_at(drill, bag) && strcmp(grade, seen) == 0;
}

static void check_subject(struct applying *a, const struct qrt_drill *drill,
                          const struct qrt_grade *grade)
{
    const struct qrt_state *state = a->state;
    size_t len = strlen(grade->subject);
    if (strspn(grade->subject, "0123456789") != len) {
        const struct qrt_person *person = qrt_state_person(state, grade->subject);
        if (person == NULL || person->gone != QRT_NEVER || !qrt_grade_is_of_person(grade->grade)) {
            FAULT(a, "nobody of this log is graded so");
        }
        return;
    }
    uint64_t serial = 0;
    (void)qrt_text_u64(grade->subject, len, UINT32_MAX, &serial);
    if (qrt_state_card(state, serial) == NULL || !qrt_grade_is_of_card(grade->grade)) {
        FAULT(a, "no card of this log is graded so");
    } else if (!is_as_seen(state, drill, (int64_t)serial, grade->grade)) {
        FAULT(a, "card %s: its grade is not what this drill said of it", grade->subject);
    }
}

static const struct qrt_grade *find_grade(const struct qrt_state *state, int64_t intent,
                                          const char *subject)
{
    for (size_t i = 0; i < state->grades.len; i++) {
        const struct qrt_grade *grade = QRT_ROW(state, grades, qrt_grade, i);
        if (grade->intent == intent && strcmp(grade->subject, subject) == 0) {
            return grade;
        }
    }
    return NULL;
}

void qrt_apply_drill_graded(struct applying *a)
{
    const struct qrt_drill *drill = at_hand(a);
    struct qrt_grade said = {.dirty = true,
                             .intent = qrt_apply_intent_place(a),
                             .graded = qrt_apply_place(a),
                             .time_unix_s = a->entry->time_unix_s};
    qrt_apply_text(a, "subject", said.subject, sizeof said.subject);
    qrt_apply_text(a, "grade", said.grade, sizeof said.grade);
    if (drill == NULL || drill->intent != said.intent) {
        FAULT(a, "a grade of no drill that is under way");
        return;
    }
    check_subject(a, drill, &said);
    if (find_grade(a->state, said.intent, said.subject) != NULL) {
        FAULT(a, "a second grade of the same card or person");
        return;
    }
    struct qrt_grade *row = qrt_apply_row(a, &a->state->grades, sizeof *row);
    if (row != NULL) {
        *row = said;
    }
}

static bool has_grade(const struct qrt_state *state, const struct qrt_drill *drill, int64_t serial)
{
    char subject[24];
    snprintf(subject, sizeof subject, "%" PRId64, serial);
    return find_grade(state, drill->intent, subject) != NULL;
}

/* Every card that was accepted, or whose bag was looked at in a drill of seals. */
static bool all_graded(const struct qrt_state *state, const struct qrt_drill *drill)
{
    for (size_t i = 0; qrt_drill_groups(drill) == 0 && i < state->bags.len; i++) {
        const struct qrt_bag *bag = QRT_ROW(state, bags, qrt_bag, i);
        if (bag->account[0] == '\0' && was_looked_at(drill, bag) &&
            qrt_state_bag_is_last(state, bag) && !has_grade(state, drill, bag->serial)) {
            return false;
        }
    }
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        for (unsigned i = 0; i < state->accepted_len[group]; i++) {
            if (!has_grade(state, drill, state->accepted_serials[group][i])) {
                return false;
            }
        }
    }
    return true;
}

void qrt_apply_drill_ended(struct applying *a, const struct qrt_ceremony *ceremony)
{
    const struct qrt_state *state = a->state;
    const struct qrt_drill *drill = qrt_state_drill(state, ceremony->intent);
    if (strcmp(ceremony->result, "done") != 0) {
        if (strcmp(ceremony->result, "refused") != 0 && strcmp(ceremony->result, "failed") != 0) {
            FAULT(a, "an outcome that this ceremony cannot have");
        }
        return;
    }
    if (drill != NULL && !has_quorum(state, qrt_drill_groups(drill))) {
        FAULT(a, "a drill that is done without its quorum");
    } else if (drill != NULL && strcmp(drill->level, "seals") == 0 && drill->seals == 0) {
        FAULT(a, "a drill of seals that is done, and no seal was checked");
    } else if (drill != NULL && !all_graded(state, drill)) {
        FAULT(a, "a drill that is done, and not every card that came is graded");
    }
}
