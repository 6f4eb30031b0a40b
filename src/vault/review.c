#include "vault/review.h"

#include "base/text.h"
#include "vault/register.h"
#include <stdio.h>
#include <string.h>

#define DAY_S ((int64_t)86400)

/* The registers that make channels, and the key that says whose. */
static const struct {
    const char *reg;
    const char *key;
} sources[] = {
    {"mailbox", "recipient"}, {"phone", "holder"}, {"device", "holder"}, {"safe", "holder"}};
#define SOURCES (sizeof sources / sizeof sources[0])

bool qrt_review_is_channel(const char *channel)
{
    if (strcmp(channel, "password-card") == 0 || strcmp(channel, "mfa-card") == 0) {
        return true;
    }
    for (size_t i = 0; i < SOURCES; i++) {
        size_t len = strlen(sources[i].reg);
        if (strncmp(channel, sources[i].reg, len) == 0 && channel[len] == ':') {
            return qrt_register_check_name(qrt_register_find(sources[i].reg), NULL,
                                           channel + len + 1) == NULL;
        }
    }
    return false;
}

bool qrt_review_is_result(const char *result)
{
    return strcmp(result, "yes") == 0 || strcmp(result, "no") == 0 ||
           strcmp(result, "changed") == 0;
}

void qrt_review_message(char message[static QRT_REVIEW_MESSAGE_BYTES], const char *origin,
                        uint64_t size, const char *person, const char *channel, const char *result)
{
    snprintf(message, QRT_REVIEW_MESSAGE_BYTES,
             QRT_REVIEW_TAG "\nlog %s\nsize %llu\nperson %s\nchannel %s\nresult %s\n", origin,
             (unsigned long long)size, person, channel, result);
}

const struct qrt_review_row *qrt_review_last(const struct qrt_state *state, const char *person,
                                             const char *channel)
{
    for (size_t i = 0; i < state->reviews.len; i++) {
        const struct qrt_review_row *row = QRT_ROW(state, reviews, qrt_review_row, i);
        if (strcmp(row->person, person) == 0 && strcmp(row->channel, channel) == 0) {
            return row;
        }
    }
    return NULL;
}

struct qrt_review_state qrt_review_judge(const struct qrt_review_channel *channel,
                                         const struct qrt_state *state, unsigned drill_days,
                                         int64_t now_unix_s)
{
    const struct qrt_review_row *last = channel->last;
    int64_t since = last != NULL ? last->signed_at : channel->since;
    int64_t since_unix_s = last != NULL ? last->time_unix_s : channel->since_unix_s;
    struct qrt_review_state found = {.due_unix_s = since_unix_s + (int64_t)drill_days * DAY_S};
    for (size_t i = 0; found.asked == NULL && i < state->triggers.len; i++) {
        const struct qrt_trigger *trigger = QRT_ROW(state, triggers, qrt_trigger, i);
        found.asked = trigger->place > since ? trigger : NULL;
    }
    if (found.asked != NULL) {
        int64_t due = found.asked->time_unix_s + QRT_REVIEW_TRIGGER_DAYS * DAY_S;
        found.due_unix_s = due < found.due_unix_s ? due : found.due_unix_s;
    }
    bool answered = last != NULL && last->signed_at > channel->since;
    found.open = !answered || found.asked != NULL || found.due_unix_s < now_unix_s;
    return found;
}

struct walk {
    const struct qrt_state *state;
    bool (*each)(void *ctx, const struct qrt_review_channel *channel);
    void *ctx;
    bool ended;
};

static void visit(struct walk *walk, struct qrt_review_channel *channel)
{
    const struct qrt_person *person = qrt_state_person(walk->state, channel->person);
    if (walk->ended || person == NULL || person->gone != QRT_NEVER) {
        return;
    }
    channel->last = qrt_review_last(walk->state, channel->person, channel->channel);
    walk->ended = !walk->each(walk->ctx, channel);
}

static void visit_cards(struct walk *walk)
{
    const struct qrt_state *state = walk->state;
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        if (qrt_state_card_is_live(state, card)) {
            struct qrt_review_channel channel = {.since = card->issued,
                                                 .since_unix_s = state->founded_unix_s};
            memcpy(channel.person, card->custodian, sizeof channel.person);
            snprintf(channel.channel, sizeof channel.channel, "%s-card", card->group_name);
            visit(walk, &channel);
        }
    }
}

void qrt_review_each(const struct qrt_state *state,
                     bool (*each)(void *ctx, const struct qrt_review_channel *channel), void *ctx)
{
    struct walk walk = {.state = state, .each = each, .ctx = ctx};
    visit_cards(&walk);
    for (size_t s = 0; s < SOURCES; s++) {
        for (size_t i = 0; i < state->registers.len; i++) {
            const struct qrt_register_row *row = QRT_ROW(state, registers, qrt_register_row, i);
            size_t at = 0;
            struct qrt_span holder;
            while (strcmp(row->reg, sources[s].reg) == 0 &&
                   qrt_register_next(row, sources[s].key, &at, &holder)) {
                struct qrt_review_channel channel = {.since = row->changed,
                                                     .since_unix_s = row->time_unix_s};
                snprintf(channel.channel, sizeof channel.channel, "%s:%s", row->reg, row->name);
                if (qrt_span_copy(channel.person, sizeof channel.person, holder)) {
                    visit(&walk, &channel);
                }
            }
        }
    }
}
