#include "vault/sitting.h"

#include "base/text.h"
#include "vault/bag.h"
#include <string.h>

const struct qrt_sitting *qrt_state_sitting(const struct qrt_state *state)
{
    if (state->sittings.len == 0) {
        return NULL;
    }
    const struct qrt_sitting *last = QRT_ROW(state, sittings, qrt_sitting, state->sittings.len - 1);
    return last->closed == QRT_NEVER ? last : NULL;
}

bool qrt_presence_is(const struct qrt_presence *presence, const char *whereabouts)
{
    return strcmp(presence->whereabouts, whereabouts) == 0;
}

const struct qrt_presence *qrt_state_next_presence(const struct qrt_state *state, size_t *at,
                                                   const char *whereabouts)
{
    const struct qrt_sitting *sitting = qrt_state_sitting(state);
    if (sitting == NULL) {
        return NULL;
    }
    *at = *at < sitting->presences_from ? sitting->presences_from : *at;
    while (*at < state->presences.len) {
        const struct qrt_presence *presence = QRT_ROW(state, presences, qrt_presence, (*at)++);
        if (whereabouts == NULL || qrt_presence_is(presence, whereabouts)) {
            return presence;
        }
    }
    return NULL;
}

const struct qrt_presence *qrt_state_presence(const struct qrt_state *state, const char *kind,
                                              const char *name)
{
    const struct qrt_presence *presence;
    for (size_t at = 0; (presence = qrt_state_next_presence(state, &at, NULL)) != NULL;) {
        if (strcmp(presence->kind, kind) == 0 && strcmp(presence->name, name) == 0) {
            return presence;
        }
    }
    return NULL;
}

#define NAME_BYTES 40

/* "the spare phone (witness-1)", the name cut between two characters. */
static void add_name(struct qrt_buf *out, const struct qrt_presence *presence)
{
    QRT_BUF name = {0};
    size_t columns;
    size_t at = 0;
    qrt_text_escape(&name, presence->name, strlen(presence->name));
    const char *text = qrt_buf_str(&name);
    while (at < name.len_bytes) {
        size_t step = qrt_text_step(text + at, name.len_bytes - at, &columns);
        if (at + step > NAME_BYTES) {
            break;
        }
        at += step;
    }
    qrt_buf_add(out, text, at);
    qrt_buf_text(out, at < name.len_bytes ? "…" : "");
    if (presence->person[0] != '\0') {
        qrt_buf_printf(out, " (%s)", presence->person);
    }
}

size_t qrt_state_tell_outside(struct qrt_buf *out, const struct qrt_state *state)
{
    const struct qrt_presence *presence;
    size_t from = out->len_bytes;
    size_t count = 0;
    size_t more = 0;
    for (size_t at = 0; (presence = qrt_state_next_presence(state, &at, QRT_OUTSIDE)) != NULL;) {
        QRT_BUF name = {0};
        add_name(&name, presence);
        count++;
        if (more > 0 ||
            out->len_bytes - from + name.len_bytes + sizeof ", and 512 more" > QRT_OUTSIDE_BYTES) {
            more++;
        } else {
            qrt_buf_printf(out, "%s%s", count == 1 ? "" : ", ", qrt_buf_str(&name));
        }
    }
    if (more > 0) {
        qrt_buf_printf(out, " and %zu more", more);
    }
    return count;
}

static const struct qrt_bag *of_number(const struct qrt_state *state, const char *number)
{
    return qrt_bag_number_is(number) ? qrt_state_bag(state, number) : NULL;
}

const struct qrt_bag *qrt_state_bag_of_thing(const struct qrt_state *state, const char *thing)
{
    QRT_BUF folded = {0};
    qrt_text_fold_name(&folded, thing);
    const char *name = qrt_buf_str(&folded);
    const struct qrt_bag *bag = of_number(state, name);
    return bag == NULL && strncmp(name, QRT_BAG_WORD, sizeof QRT_BAG_WORD - 1) == 0
               ? of_number(state, name + sizeof QRT_BAG_WORD - 1)
               : bag;
}

const struct qrt_bag *qrt_state_bag_in_thing(const struct qrt_state *state, const char *thing)
{
    QRT_BUF folded = {0};
    bool named = qrt_state_bag_of_thing(state, thing) != NULL;
    qrt_text_fold_name(&folded, thing);
    for (size_t i = 0; !named && i < state->bags.len; i++) {
        const struct qrt_bag *bag = QRT_ROW(state, bags, qrt_bag, i);
        if (qrt_state_bag_is_last(state, bag) &&
            qrt_bag_number_in(bag->bag, qrt_buf_str(&folded))) {
            return bag;
        }
    }
    return NULL;
}

const struct qrt_presence *qrt_state_bag_outside(const struct qrt_state *state,
                                                 const struct qrt_bag *bag)
{
    const struct qrt_presence *presence;
    for (size_t at = 0; (presence = qrt_state_next_presence(state, &at, QRT_OUTSIDE)) != NULL;) {
        if (strcmp(presence->kind, QRT_THING) == 0 &&
            qrt_state_bag_of_thing(state, presence->name) == bag) {
            return presence;
        }
    }
    return NULL;
}

const struct qrt_bag *qrt_state_next_astray(const struct qrt_presence **presence,
                                            const struct qrt_state *state, size_t *at)
{
    const struct qrt_sitting *sitting = qrt_state_sitting(state);
    size_t end = sitting == NULL ? state->presences.len : sitting->presences_from;
    while (*at < end) {
        *presence = QRT_ROW(state, presences, qrt_presence, (*at)++);
        const struct qrt_bag *bag =
            qrt_presence_is(*presence, QRT_OUTSIDE) && strcmp((*presence)->kind, QRT_THING) == 0
                ? qrt_state_bag_of_thing(state, (*presence)->name)
                : NULL;
        if (bag != NULL && bag->opened == QRT_NEVER && bag->placed < (*presence)->since &&
            bag->checked < (*presence)->since) {
            return bag;
        }
    }
    return NULL;
}

const struct qrt_presence *qrt_state_bag_out(const struct qrt_state *state,
                                             const struct qrt_bag *bag)
{
    const struct qrt_presence *outside = qrt_state_bag_outside(state, bag);
    const struct qrt_presence *presence;
    const struct qrt_bag *astray;
    for (size_t at = 0;
         outside == NULL && (astray = qrt_state_next_astray(&presence, state, &at)) != NULL;) {
        outside = astray == bag ? presence : NULL;
    }
    return outside;
}

bool qrt_sitting_is_stale(const struct qrt_sitting *sitting, int64_t now_unix_s,
                          int64_t last_time_unix_s)
{
    int64_t now = now_unix_s > last_time_unix_s ? now_unix_s : last_time_unix_s;
    return now - sitting->time_unix_s > QRT_SITTING_STALE_S;
}
