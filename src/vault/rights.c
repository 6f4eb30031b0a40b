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

/* Who cosigned a checkpoint: live badges, each once. */
struct cosigners {
    const char *ids[QRT_NOTE_MAX_SIGNATURES];
    size_t len;
};

static bool has_cosigned(const struct cosigners *cosigners, const char *person)
{
    for (size_t i = 0; i < cosigners->len; i++) {
        if (strcmp(cosigners->ids[i], person) == 0) {
            return true;
        }
    }
    return false;
}

/* The live badge whose line it is, by name and id. */
static const struct qrt_badge_row *badge_of(const struct qrt_state *state,
                                            const struct qrt_note_signature *line)
{
    size_t origin_len = strlen(state->origin);
    bool of_log =
        strncmp(line->name, state->origin, origin_len) == 0 && line->name[origin_len] == '/';
    const struct qrt_badge_row *badge =
        of_log ? qrt_state_badge(state, line->name + origin_len + 1) : NULL;
    return badge != NULL && badge->key.id == line->id ? badge : NULL;
}

/* A line that is nobody's is a fault, even where there are enough without it:
 * nothing of ours writes one, so one that is there was something else before. */
static void read_cosigners(struct cosigners *cosigners, const struct qrt_state *state,
                           uint64_t epoch, const struct qrt_note *note,
                           struct qrt_signatures *later, struct qrt_faults *faults)
{
    bool log_signed = false;
    for (size_t i = 0; i < note->signatures_len; i++) {
        const struct qrt_note_signature *line = &note->signatures[i];
        if (strcmp(line->name, state->origin) == 0 && !log_signed) {
            log_signed = true; /* the replay asks whether it is the announced key's */
            continue;
        }
        const struct qrt_badge_row *badge = badge_of(state, line);
        bool good =
            badge != NULL && (later == NULL ? qrt_note_verify(note, &badge->key, NULL)
                                            : qrt_note_verify_later(note, &badge->key, later));
        if (good) {
            cosigners->ids[cosigners->len++] = badge->person;
        } else {
            qrt_faults_add(faults, state->epoch.last_index, epoch,
                           "the checkpoint has a line of %s that is no good signature of a badge "
                           "in force",
                           line->name);
        }
    }
}

/* Those who were there with a badge, and as many as the policy asks for. */
static void check_close(struct qrt_state *state, uint64_t epoch_number,
                        const struct cosigners *cosigners, struct qrt_faults *faults)
{
    const struct qrt_epoch_rule *epoch = &state->epoch;
    for (size_t i = 0; i < state->closers.len; i++) {
        const char *id = (const char *)state->closers.data + i * (QRT_ID_CHARS + 1);
        if (!has_cosigned(cosigners, id)) {
            qrt_faults_add(faults, epoch->last_index, epoch_number,
                           "the close lacks the cosignature of %s, who was there with a badge", id);
        }
    }
    if (cosigners->len >= state->cosignatures) {
        return;
    }
    if (epoch->excepted) {
        qrt_faults_add(&state->notices, epoch->last_index, epoch_number,
                       "%zu of %u cosigned; exception at entry %llu", cosigners->len,
                       state->cosignatures, (unsigned long long)epoch->excepted_at);
    } else {
        qrt_faults_add(faults, epoch->last_index, epoch_number,
                       "the close needs the cosignatures of %u people, and %zu cosigned",
                       state->cosignatures, cosigners->len);
    }
}

static void check_cosigners(struct qrt_state *state, uint64_t epoch_number,
                            const struct qrt_note *note, struct qrt_signatures *later,
                            struct qrt_faults *faults)
{
    const struct qrt_epoch_rule *epoch = &state->epoch;
    struct cosigners cosigners = {0};
    read_cosigners(&cosigners, state, epoch_number, note, later, faults);
    for (size_t i = 0; i < epoch->actors_len; i++) {
        if (!has_cosigned(&cosigners, epoch->actors[i])) {
            qrt_faults_add(faults, epoch->last_index, epoch_number,
                           "the checkpoint lacks the cosignature of %s, who acted",
                           epoch->actors[i]);
        }
    }
    if (epoch->badges > cosigners.len && !state->practice) {
        qrt_faults_add(faults, epoch->last_index, epoch_number,
                       "the act needs the badges of two people, and %zu cosigned", cosigners.len);
    }
    if (epoch->closed) {
        check_close(state, epoch_number, &cosigners, faults);
    }
}

void qrt_state_seal(struct qrt_state *state, uint64_t epoch_number, const struct qrt_note *note,
                    struct qrt_signatures *later, struct qrt_faults *faults)
{
    struct qrt_epoch_rule *epoch = &state->epoch;
    if (note != NULL) {
        check_cosigners(state, epoch_number, note, later, faults);
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
    state->closers.len = 0;
    uint64_t last_index = epoch->last_index;
    *epoch = (struct qrt_epoch_rule){.last_index = last_index};
}
