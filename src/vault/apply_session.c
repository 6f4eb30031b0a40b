#include "vault/applying.h"

#include "vault/sitting.h"
#include <string.h>

/* The session that lasts; NULL, a fault, if none does. */
static struct qrt_sitting *lasting(struct applying *a)
{
    if (qrt_state_sitting(a->state) == NULL) {
        FAULT(a, "%s: no session lasts", a->entry->event->name);
        return NULL;
    }
    return QRT_ROW(a->state, sittings, qrt_sitting, a->state->sittings.len - 1);
}

/* Somebody who may be in the room. */
static bool take_person(struct applying *a, const char *key, char id[static QRT_ID_CHARS + 1])
{
    qrt_apply_text(a, key, id, QRT_ID_CHARS + 1);
    const struct qrt_person *person = qrt_state_person(a->state, id);
    if (person == NULL || person->gone != QRT_NEVER) {
        FAULT(a, "%s is nobody of this vault", id);
        return false;
    }
    return true;
}

/* A fault is told by the reading of it. */
static bool take_thing(struct applying *a, const char *key, char thing[static QRT_THING_BYTES])
{
    qrt_apply_text(a, key, thing, QRT_THING_BYTES);
    return thing[0] != '\0';
}

static bool is_at(const struct qrt_presence *presence, const char *whereabouts)
{
    return presence != NULL && qrt_presence_is(presence, whereabouts);
}

/* From this entry on somebody or something is there; a new row for what was not known yet. */
static void put(struct applying *a, const char *kind, const char *name, const char *person,
                const char *whereabouts)
{
    struct qrt_state *state = a->state;
    const struct qrt_sitting *sitting = qrt_state_sitting(state);
    struct qrt_presence *row = NULL;
    for (size_t i = sitting->presences_from; i < state->presences.len && row == NULL; i++) {
        struct qrt_presence *at = QRT_ROW(state, presences, qrt_presence, i);
        row = strcmp(at->kind, kind) == 0 && strcmp(at->name, name) == 0 ? at : NULL;
    }
    if (row == NULL && state->presences.len - sitting->presences_from == QRT_PRESENCES_MAX) {
        FAULT(a, "more than %d people and things in one session", QRT_PRESENCES_MAX);
        return;
    }
    if (row == NULL && (row = qrt_apply_row(a, &state->presences, sizeof *row)) == NULL) {
        return;
    }
    row->dirty = true;
    row->session = sitting->opened;
    row->since = qrt_apply_place(a);
    row->time_unix_s = a->entry->time_unix_s;
    memcpy(row->kind, kind, strlen(kind) + 1);
    memcpy(row->name, name, strlen(name) + 1);
    memcpy(row->person, person, strlen(person) + 1);
    memcpy(row->whereabouts, whereabouts, strlen(whereabouts) + 1);
}

static void begin_sitting(struct applying *a)
{
    struct qrt_state *state = a->state;
    struct qrt_sitting *row = qrt_apply_row(a, &state->sittings, sizeof *row);
    if (row == NULL) {
        return;
    }
    *row = (struct qrt_sitting){.dirty = true,
                                .opened = qrt_apply_place(a),
                                .closed = QRT_NEVER,
                                .time_unix_s = a->entry->time_unix_s,
                                .presences_from = state->presences.len};
    (void)qrt_entry_i64(a->entry, "clock-offset-s", &row->clock_offset_s);
    struct qrt_entry_cursor cursor = {0};
    while (qrt_entry_next(a->entry, &cursor)) {
        char id[QRT_ID_CHARS + 1];
        if (!qrt_span_is(cursor.key, "present") || !qrt_span_copy(id, sizeof id, cursor.value)) {
            continue;
        }
        const struct qrt_person *person = qrt_state_person(state, id);
        if (person == NULL || person->gone != QRT_NEVER) {
            FAULT(a, "%s is nobody of this vault", id);
        } else {
            put(a, QRT_PERSON, id, "", QRT_HERE);
        }
    }
}

/* Whether both quorums stand behind it is known when the epoch ends. */
void qrt_apply_session_opened(struct applying *a)
{
    struct qrt_state *state = a->state;
    struct qrt_span lasts;
    if (qrt_state_sitting(state) != NULL) {
        struct qrt_sitting *row = lasting(a);
        row->dirty = true;
        row->closed = qrt_apply_place(a);
        state->epoch.ends_sitting = true;
        state->epoch.ended_at = a->entry->index;
    }
    if (qrt_entry_get(a->entry, "lasts", &lasts)) {
        begin_sitting(a);
    }
}

void qrt_apply_session_noted(struct applying *a)
{
    char text[QRT_NOTE_TEXT_BYTES + 1];
    if (lasting(a) != NULL) {
        qrt_apply_text(a, "text", text, sizeof text);
    }
}

void qrt_apply_person_out(struct applying *a)
{
    char id[QRT_ID_CHARS + 1];
    if (lasting(a) == NULL) {
        return;
    }
    qrt_apply_text(a, "person", id, sizeof id);
    if (is_at(qrt_state_presence(a->state, QRT_PERSON, id), QRT_HERE)) {
        put(a, QRT_PERSON, id, "", QRT_OUTSIDE);
    } else {
        FAULT(a, "%s is not in the room", id);
    }
}

void qrt_apply_person_back(struct applying *a)
{
    char id[QRT_ID_CHARS + 1];
    if (lasting(a) == NULL || !take_person(a, "person", id)) {
        return;
    }
    if (is_at(qrt_state_presence(a->state, QRT_PERSON, id), QRT_HERE)) {
        FAULT(a, "%s is in the room already", id);
    } else {
        put(a, QRT_PERSON, id, "", QRT_HERE);
    }
}

void qrt_apply_thing_out(struct applying *a)
{
    char thing[QRT_THING_BYTES];
    char id[QRT_ID_CHARS + 1];
    if (lasting(a) == NULL || !take_thing(a, "thing", thing) || !take_person(a, "person", id)) {
        return;
    }
    if (is_at(qrt_state_presence(a->state, QRT_THING, thing), QRT_OUTSIDE)) {
        FAULT(a, "that thing is outside already");
    } else {
        put(a, QRT_THING, thing, id, QRT_OUTSIDE);
    }
}

/* What was settled may come back all the same. */
void qrt_apply_thing_back(struct applying *a)
{
    char thing[QRT_THING_BYTES];
    char id[QRT_ID_CHARS + 1];
    if (lasting(a) == NULL || !take_thing(a, "thing", thing) || !take_person(a, "person", id)) {
        return;
    }
    const struct qrt_presence *presence = qrt_state_presence(a->state, QRT_THING, thing);
    if (presence == NULL || qrt_presence_is(presence, QRT_HERE)) {
        FAULT(a, "no such thing is outside");
    } else {
        put(a, QRT_THING, thing, id, QRT_HERE);
    }
}

/* Who or what is outside does not come back: the close waits no more for them. */
static void settle(struct applying *a, const char *kind, const char *name)
{
    const struct qrt_presence *presence = qrt_state_presence(a->state, kind, name);
    if (is_at(presence, QRT_OUTSIDE)) {
        char person[QRT_ID_CHARS + 1];
        memcpy(person, presence->person, sizeof person);
        put(a, kind, name, person, QRT_SETTLED);
    } else {
        FAULT(a, "an exception settles a %s that is not outside", kind);
    }
}

void qrt_apply_exception(struct applying *a)
{
    struct qrt_epoch_rule *epoch = &a->state->epoch;
    struct qrt_span text;
    /* A close with fewer cosignatures than the policy asks for says so itself. */
    if (!epoch->excepted && qrt_entry_get(a->entry, "step", &text) &&
        qrt_span_is(text, "close-session")) {
        epoch->excepted = true;
        epoch->excepted_at = a->entry->index;
    }
    char id[QRT_ID_CHARS + 1];
    char thing[QRT_THING_BYTES];
    if (qrt_entry_get(a->entry, "settles-person", &text)) {
        qrt_apply_text(a, "settles-person", id, sizeof id);
        settle(a, QRT_PERSON, id);
    }
    if (qrt_entry_get(a->entry, "settles-thing", &text) && take_thing(a, "settles-thing", thing)) {
        settle(a, QRT_THING, thing);
    }
}

static bool lists(const struct qrt_entry *entry, const char *key, const char *id)
{
    struct qrt_entry_cursor cursor = {0};
    while (qrt_entry_next(entry, &cursor)) {
        if (qrt_span_is(cursor.key, key) && qrt_span_is(cursor.value, id)) {
            return true;
        }
    }
    return false;
}

/* Nobody and nothing is outside, and who is named is who is in the room. */
static void end_sitting(struct applying *a)
{
    struct qrt_state *state = a->state;
    struct qrt_entry_cursor cursor = {0};
    const struct qrt_presence *presence;
    struct qrt_sitting *sitting = lasting(a);
    QRT_BUF outside = {0};
    if (qrt_state_tell_outside(&outside, state) > 0) {
        FAULT(a, "a session is closed while outside are: %s", qrt_buf_str(&outside));
    }
    for (size_t at = 0; (presence = qrt_state_next_presence(state, &at, QRT_HERE)) != NULL;) {
        if (strcmp(presence->kind, QRT_PERSON) == 0 &&
            !lists(a->entry, "present", presence->name)) {
            FAULT(a, "%s is in the room, and not present at the close", presence->name);
        }
    }
    while (qrt_entry_next(a->entry, &cursor)) {
        char id[QRT_ID_CHARS + 1];
        if (qrt_span_is(cursor.key, "present") && qrt_span_copy(id, sizeof id, cursor.value) &&
            !is_at(qrt_state_presence(state, QRT_PERSON, id), QRT_HERE)) {
            FAULT(a, "%s is present at the close, and not in the room", id);
        }
    }
    sitting->dirty = true;
    sitting->closed = qrt_apply_place(a);
}

/* Who takes the log's head home from here. */
static void give_receipts(struct applying *a)
{
    for (size_t i = 0; i < a->state->people.len; i++) {
        struct qrt_person *person = QRT_ROW(a->state, people, qrt_person, i);
        if (lists(a->entry, "receipt", person->id)) {
            person->receipt = qrt_apply_place(a);
            person->receipt_unix_s = a->entry->time_unix_s;
        }
    }
}

void qrt_apply_session_closed(struct applying *a)
{
    struct qrt_state *state = a->state;
    struct qrt_entry_cursor cursor = {0};
    qrt_apply_document(a, "minutes", "minutes");
    state->session_closed = true;
    state->close_epoch = a->entry->epoch;
    state->epoch.closed = true;
    give_receipts(a);
    while (qrt_entry_next(a->entry, &cursor)) {
        char id[QRT_ID_CHARS + 1];
        if (qrt_span_is(cursor.key, "present") && qrt_span_copy(id, sizeof id, cursor.value) &&
            !lists(a->entry, "badge-missing", id)) {
            char *row = qrt_apply_row(a, &state->closers, sizeof id);
            if (row != NULL) {
                memcpy(row, id, sizeof id);
            }
        }
    }
    if (qrt_state_sitting(state) != NULL) {
        end_sitting(a);
    }
}
