#include "vault/applying.h"

#include <string.h>

/* Who appends holds an operator's live badge, and will have cosigned. */
void qrt_apply_actor(struct applying *a)
{
    struct qrt_epoch_rule *epoch = &a->state->epoch;
    char actor[QRT_ID_CHARS + 1];
    if (!qrt_span_copy(actor, sizeof actor, a->entry->actor) ||
        !qrt_state_has_role(a->state, actor, "operator") ||
        qrt_state_badge(a->state, actor) == NULL) {
        FAULT(a, "the actor is no operator with a badge");
        return;
    }
    for (size_t i = 0; i < epoch->actors_len; i++) {
        if (strcmp(epoch->actors[i], actor) == 0) {
            return;
        }
    }
    if (epoch->actors_len == sizeof epoch->actors / sizeof epoch->actors[0]) {
        FAULT(a, "too many actors in one epoch");
        return;
    }
    memcpy(epoch->actors[epoch->actors_len++], actor, sizeof actor);
}

/* Does a live badge of that person stand under the note? */
static bool has_cosigned(const struct qrt_state *state, const char *person,
                         const struct qrt_note *note, struct qrt_signatures *later)
{
    const struct qrt_badge_row *badge = qrt_state_badge(state, person);
    return badge != NULL && (later == NULL ? qrt_note_verify(note, &badge->key, NULL)
                                           : qrt_note_verify_later(note, &badge->key, later));
}

void qrt_state_seal(struct qrt_state *state, uint64_t epoch_number, const struct qrt_note *note,
                    struct qrt_signatures *later, struct qrt_faults *faults)
{
    struct qrt_epoch_rule *epoch = &state->epoch;
    for (size_t i = 0; note != NULL && i < epoch->actors_len; i++) {
        if (!has_cosigned(state, epoch->actors[i], note, later)) {
            qrt_faults_add(faults, epoch->last_index, epoch_number,
                           "the checkpoint lacks the cosignature of %s, who acted",
                           epoch->actors[i]);
        }
    }
    if (note != NULL && epoch->badges > 1 && !state->practice) {
        unsigned have = 0;
        for (size_t i = 0; i < state->people.len; i++) {
            const char *id = QRT_ROW(state, people, qrt_person, i)->id;
            have += has_cosigned(state, id, note, later) ? 1 : 0;
        }
        if (have < epoch->badges) {
            qrt_faults_add(faults, epoch->last_index, epoch_number,
                           "the act needs the badges of two people, and %u cosigned", have);
        }
    }
    for (unsigned group = 0; epoch->key_created && group < QRT_GROUPS; group++) {
        unsigned cards = 0;
        for (size_t i = 0; i < state->cards.len; i++) {
            cards += strcmp(QRT_ROW(state, cards, qrt_card_row, i)->group_name,
                            qrt_group_name(group)) == 0
                         ? 1
                         : 0;
        }
        if (cards != state->groups[group].count) {
            qrt_faults_add(faults, epoch->last_index, epoch_number,
                           "the %s group has %u cards and %u custodians", qrt_group_name(group),
                           cards, state->groups[group].count);
        }
    }
    uint64_t last_index = epoch->last_index;
    *epoch = (struct qrt_epoch_rule){.last_index = last_index};
}
