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

/* Who cosigned a checkpoint: live badges, each once. */
struct cosigners {
    const char *ids[QRT_NOTE_MAX_SIGNATURES];
    size_t len;
    size_t elders; /* those whose badge is older than the epoch */
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
    uint64_t first = state->former_entries + state->epoch.first_index;
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
            cosigners->elders += (uint64_t)badge->issued < first ? 1 : 0;
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

static void check_actors(const struct qrt_state *state, uint64_t epoch_number,
                         const struct cosigners *cosigners, struct qrt_faults *faults)
{
    const struct qrt_epoch_rule *epoch = &state->epoch;
    for (size_t i = 0; i < epoch->actors_len; i++) {
        const struct qrt_epoch_actor *actor = &epoch->actors[i];
        if (epoch->taken_over ? !is_fit(state, actor->id) : actor->unfit) {
            qrt_faults_add(faults, actor->unfit ? actor->unfit_from : epoch->last_index,
                           epoch_number, NO_OPERATOR);
        } else if (cosigners != NULL && !has_cosigned(cosigners, actor->id)) {
            qrt_faults_add(faults, epoch->last_index, epoch_number,
                           "the checkpoint lacks the cosignature of %s, who acted", actor->id);
        }
    }
}

static void check_badges(const struct qrt_state *state, uint64_t epoch_number,
                         const struct cosigners *cosigners, struct qrt_faults *faults)
{
    const struct qrt_epoch_rule *epoch = &state->epoch;
    bool by_quorum = epoch->taken_over || epoch->continued;
    unsigned wanted = epoch->second && !by_quorum ? 2 : epoch->badges;
    /* Whoever gets a badge here has not agreed to that by it: one person could
     * give themselves a second one. A log's first badges, and a quorum's, may. */
    bool first = epoch_number == 0 || epoch->taken_over;
    size_t had = first ? cosigners->len : cosigners->elders;
    if (wanted > had && !state->practice) {
        qrt_faults_add(faults, epoch->last_index, epoch_number,
                       "the act needs the badges of two people, and %zu cosigned", had);
    }
}

/* A key is its owner's if it signs. */
static void check_new_badges(const struct qrt_state *state, uint64_t epoch_number,
                             const struct cosigners *cosigners, struct qrt_faults *faults)
{
    for (size_t i = state->former_badges; i < state->badges.len; i++) {
        const struct qrt_badge_row *badge = QRT_ROW(state, badges, qrt_badge_row, i);
        if (badge->proves && !has_cosigned(cosigners, badge->person)) {
            qrt_faults_add(faults, state->epoch.last_index, epoch_number,
                           "the new badge of %s has not cosigned", badge->person);
        }
    }
}

/* A new key has an edition of each group, and an edition a card for everyone. */
static void check_editions(const struct qrt_state *state, uint64_t epoch_number,
                           struct qrt_faults *faults)
{
    for (enum qrt_group group = 0; group < QRT_GROUPS; group++) {
        size_t made = state->epoch.editions[group];
        const struct qrt_edition *edition =
            made == 0 ? NULL : QRT_ROW(state, editions, qrt_edition, made - 1);
        unsigned cards = 0;
        for (size_t i = 0; edition != NULL && i < state->cards.len; i++) {
            const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
            cards += card->generation == edition->generation && card->edition == edition->edition &&
                     strcmp(card->group_name, edition->group_name) == 0;
        }
        if ((made != 0 || state->epoch.key_created) && cards != state->groups[group].count) {
            qrt_faults_add(faults, state->epoch.last_index, epoch_number,
                           "the %s group has %u cards and %u custodians", qrt_group_words(group),
                           cards, state->groups[group].count);
        }
    }
}

void qrt_state_seal(struct qrt_state *state, uint64_t epoch_number, const struct qrt_note *note,
                    struct qrt_signatures *later, struct qrt_faults *faults)
{
    struct qrt_epoch_rule *epoch = &state->epoch;
    struct cosigners cosigners = {0};
    qrt_reviews_seal(state, epoch_number, later, faults);
    if (note != NULL) {
        read_cosigners(&cosigners, state, epoch_number, note, later, faults);
        check_badges(state, epoch_number, &cosigners, faults);
        check_new_badges(state, epoch_number, &cosigners, faults);
    }
    check_actors(state, epoch_number, note != NULL ? &cosigners : NULL, faults);
    if (note != NULL && epoch->closed) {
        check_close(state, epoch_number, &cosigners, faults);
    }
    check_editions(state, epoch_number, faults);
    if (epoch->ends_sitting && !epoch->taken_over && !epoch->continued) {
        qrt_faults_add(faults, epoch->ended_at, epoch_number,
                       "a session is opened while another lasts");
    }
    qrt_keys_seal(state, epoch_number, faults);
    qrt_policy_seal(state, epoch_number, faults);
    if (epoch->takes_over && qrt_state_unfinished(state) != NULL) {
        qrt_faults_add(faults, epoch->last_index, epoch_number,
                       "a take-over that is not done in its own commit");
    }
    if (epoch->continues && !epoch->continued) {
        qrt_faults_add(faults, epoch->last_index, epoch_number,
                       "a log is continued without both quorums");
    }
    for (size_t i = state->former_badges; i < state->badges.len; i++) {
        struct qrt_badge_row *badge = QRT_ROW(state, badges, qrt_badge_row, i);
        badge->awaited = badge->proves = false;
    }
    state->closers.len = 0;
    *epoch = (struct qrt_epoch_rule){.last_index = epoch->last_index};
}
