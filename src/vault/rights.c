#include "vault/applying.h"

#include <string.h>

#define NO_OPERATOR "the actor is no operator with a badge"

static bool is_fit(const struct qrt_state *state, const char *person)
{
    return qrt_state_has_role(state, person, "operator") && qrt_state_badge(state, person) != NULL;
}

/* Who appends holds an operator's live badge, and will have cosigned. Whoever
 * is known and does not is judged at the epoch's end: a take-over may make
 * them an operator yet. */
void qrt_apply_actor(struct applying *a)
{
    struct qrt_epoch_rule *epoch = &a->state->epoch;
    char id[QRT_ID_CHARS + 1];
    if (!qrt_span_copy(id, sizeof id, a->entry->actor) || qrt_state_person(a->state, id) == NULL) {
        FAULT(a, NO_OPERATOR);
        return;
    }
    struct qrt_epoch_actor *actor = NULL;
    for (size_t i = 0; i < epoch->actors_len; i++) {
        actor = strcmp(epoch->actors[i].id, id) == 0 ? &epoch->actors[i] : actor;
    }
    if (actor == NULL) {
        if (epoch->actors_len == sizeof epoch->actors / sizeof epoch->actors[0]) {
            FAULT(a, "too many actors in one epoch");
            return;
        }
        actor = &epoch->actors[epoch->actors_len++];
        memcpy(actor->id, id, sizeof id);
    }
    if (!actor->unfit && !is_fit(a->state, id)) {
        actor->unfit = true;
        actor->unfit_from = a->entry->index;
    }
}

/* Does a live badge of that person stand under the note? */
static bool has_cosigned(const struct qrt_state *state, const char *person,
                         const struct qrt_note *note, struct qrt_signatures *later)
{
    const struct qrt_badge_row *badge = qrt_state_badge(state, person);
    return badge != NULL && (later == NULL ? qrt_note_verify(note, &badge->key, NULL)
                                           : qrt_note_verify_later(note, &badge->key, later));
}

static void seal_actors(struct qrt_state *state, uint64_t epoch_number, const struct qrt_note *note,
                        struct qrt_signatures *later, struct qrt_faults *faults)
{
    const struct qrt_epoch_rule *epoch = &state->epoch;
    for (size_t i = 0; i < epoch->actors_len; i++) {
        const struct qrt_epoch_actor *actor = &epoch->actors[i];
        if (epoch->taken_over ? !is_fit(state, actor->id) : actor->unfit) {
            qrt_faults_add(faults, actor->unfit ? actor->unfit_from : epoch->last_index,
                           epoch_number, NO_OPERATOR);
        } else if (note != NULL && !has_cosigned(state, actor->id, note, later)) {
            qrt_faults_add(faults, epoch->last_index, epoch_number,
                           "the checkpoint lacks the cosignature of %s, who acted", actor->id);
        }
    }
}

static void seal_badges(struct qrt_state *state, uint64_t epoch_number, const struct qrt_note *note,
                        struct qrt_signatures *later, struct qrt_faults *faults)
{
    const struct qrt_epoch_rule *epoch = &state->epoch;
    unsigned wanted = epoch->second && !epoch->taken_over && !epoch->continued ? 2 : epoch->badges;
    unsigned have = 0;
    if (note == NULL || wanted < 2 || state->practice) {
        return;
    }
    for (size_t i = 0; i < state->people.len; i++) {
        const char *id = QRT_ROW(state, people, qrt_person, i)->id;
        have += has_cosigned(state, id, note, later) ? 1 : 0;
    }
    if (have < wanted) {
        qrt_faults_add(faults, epoch->last_index, epoch_number,
                       "the act needs the badges of two people, and %u cosigned", have);
    }
}

static void seal_key(const struct qrt_state *state, uint64_t epoch_number,
                     struct qrt_faults *faults)
{
    for (unsigned group = 0; state->epoch.key_created && group < QRT_GROUPS; group++) {
        unsigned cards = 0;
        for (size_t i = 0; i < state->cards.len; i++) {
            cards += strcmp(QRT_ROW(state, cards, qrt_card_row, i)->group_name,
                            qrt_group_name(group)) == 0
                         ? 1
                         : 0;
        }
        if (cards != state->groups[group].count) {
            qrt_faults_add(faults, state->epoch.last_index, epoch_number,
                           "the %s group has %u cards and %u custodians", qrt_group_name(group),
                           cards, state->groups[group].count);
        }
    }
}

void qrt_state_seal(struct qrt_state *state, uint64_t epoch_number, const struct qrt_note *note,
                    struct qrt_signatures *later, struct qrt_faults *faults)
{
    struct qrt_epoch_rule *epoch = &state->epoch;
    seal_actors(state, epoch_number, note, later, faults);
    seal_badges(state, epoch_number, note, later, faults);
    seal_key(state, epoch_number, faults);
    if (epoch->takes_over && qrt_state_unfinished(state) != NULL) {
        qrt_faults_add(faults, epoch->last_index, epoch_number,
                       "a take-over that is not done in its own commit");
    }
    if (epoch->continues && !epoch->continued) {
        qrt_faults_add(faults, epoch->last_index, epoch_number,
                       "a log is continued without both quorums");
    }
    for (size_t i = state->former_badges; i < state->badges.len; i++) {
        QRT_ROW(state, badges, qrt_badge_row, i)->awaited = false;
    }
    *epoch = (struct qrt_epoch_rule){.last_index = epoch->last_index};
}
