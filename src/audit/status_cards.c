#include "audit/outstanding.h"
#include "audit/status_parts.h"
#include "vault/register.h"
#include "vault/sitting.h"

#include <stdio.h>
#include <string.h>

static void name_card(struct qrt_some *some, const struct qrt_card_row *card)
{
    char name[QRT_ID_CHARS + 32];
    snprintf(name, sizeof name, "%lld of %s", (long long)card->serial, card->custodian);
    qrt_some_add(some, name, strlen(name));
}

static void judge_ends(struct qrt_judging *j)
{
    const struct qrt_state *state = &j->vault->state;
    QRT_SOME suspect = {0};
    QRT_SOME outstanding = {0};
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        if (qrt_card_is_outstanding(state, card)) {
            name_card(&outstanding, card);
        } else if (qrt_card_is_suspect(card)) {
            name_card(&suspect, card);
        }
    }
    if (suspect.count > 0) {
        qrt_status_add(j, QRT_CONCERN_CONFLICT, "card", QRT_NO_DAY,
                       "suspect, its bag was not found whole: %s", qrt_some_text(&suspect));
    }
    if (outstanding.count > 0) {
        qrt_status_add(j, QRT_CONCERN_OPEN, "card", QRT_NO_DAY,
                       "void, and nobody has seen it destroyed: %s", qrt_some_text(&outstanding));
    }
}

/* How many more may get out of hand before others could have the group's half?
 * Editions of a former key rebuild nothing of this vault. */
static void judge_outstanding(struct qrt_judging *j)
{
    const struct qrt_state *state = &j->vault->state;
    const struct qrt_key_row *key = qrt_state_key(state);
    for (size_t i = 0; key != NULL && i < state->editions.len; i++) {
        const struct qrt_edition *edition = QRT_ROW(state, editions, qrt_edition, i);
        struct qrt_outstanding out;
        qrt_outstanding_count(&out, state, edition);
        if (edition->generation != key->generation || out.indices == 0) {
            continue;
        }
        if (out.indices >= out.needed) {
            qrt_status_add(
                j, QRT_CONCERN_CONFLICT, "rekey", QRT_NO_DAY,
                "%s group, edition %lld: %u %s out of hand, and its half of the key needs "
                "no more than %u: re-key%s",
                qrt_group_words_of(edition->group_name), (long long)edition->edition, out.indices,
                out.indices == 1 ? "share is" : "shares are", out.needed,
                out.known < out.needed ? ", or see those destroyed that nobody can have read" : "");
        } else {
            qrt_status_add(j, QRT_CONCERN_OPEN, "loss", QRT_NO_DAY,
                           "%s group, edition %lld: %u of the %u shares that rebuild its half of "
                           "the key are out of hand; at %u a re-key is needed",
                           qrt_group_words_of(edition->group_name), (long long)edition->edition,
                           out.indices, out.needed, out.needed);
        }
    }
}

/* Was the account's device looked at, or another one taken? */
static bool is_registered_since(const struct qrt_state *state, const struct qrt_bag *bag)
{
    bool since = false;
    for (size_t i = 0; i < state->registers.len; i++) {
        const struct qrt_register_row *row = QRT_ROW(state, registers, qrt_register_row, i);
        struct qrt_span account;
        bool later = strcmp(row->reg, "device") == 0 && row->changed > bag->checked;
        for (size_t at = 0; later && qrt_register_next(row, "account", &at, &account);) {
            since = since || qrt_span_is(account, bag->account);
        }
    }
    return since;
}

/* A bag from which the card was taken cannot be found whole, unless what was
 * read was another copy of it. What a bag told goes on when another is taken. */
static void judge_bag(struct qrt_judging *j, const struct qrt_bag *bag, struct qrt_some *opened)
{
    const struct qrt_state *state = &j->vault->state;
    bool device = bag->account[0] != '\0';
    bool whole = strcmp(bag->result, "whole") == 0;
    bool last = qrt_state_bag_is_last(state, bag);
    const struct qrt_card_row *card = device ? NULL : qrt_state_card(state, (uint64_t)bag->serial);
    if (device && bag->checked != QRT_NEVER && !whole &&
        (last || !is_registered_since(state, bag))) {
        qrt_status_add(j, QRT_CONCERN_CONFLICT, "bag", QRT_NO_DAY,
                       "bag %s, with the device of account %s, was found %s%s", bag->bag,
                       bag->account, bag->result,
                       last ? "" : "; another bag holds it, and it was not registered since");
    }
    if (card == NULL || card->voided != QRT_NEVER || bag->opened == QRT_NEVER ||
        !qrt_state_card_is_live(state, card)) {
        return;
    }
    if (whole && bag->checked > bag->opened) {
        qrt_status_add(j, QRT_CONCERN_CONFLICT, "bag", QRT_NO_DAY,
                       "bag %s was found whole after card %lld, which %s in it, was read: a copy "
                       "of that card may be in use",
                       bag->bag, (long long)bag->serial, last ? "lies" : "lay");
    } else if (last) {
        name_card(opened, card);
    }
}

/* Whoever ended the session could not know where they are. */
static void judge_astray(struct qrt_judging *j)
{
    const struct qrt_presence *presence;
    const struct qrt_bag *bag;
    for (size_t at = 0; (bag = qrt_state_next_astray(&presence, &j->vault->state, &at)) != NULL;) {
        qrt_status_add(j, QRT_CONCERN_CONFLICT, "bag", QRT_NO_DAY,
                       "bag %s was outside, with %s, when its session was ended, and was not seen "
                       "since: quorate seal check, or bag move",
                       bag->bag, presence->person);
    }
}

void qrt_status_cards(struct qrt_judging *j)
{
    const struct qrt_state *state = &j->vault->state;
    QRT_SOME opened = {0};
    judge_ends(j);
    judge_outstanding(j);
    judge_astray(j);
    for (size_t i = 0; i < state->bags.len; i++) {
        judge_bag(j, QRT_ROW(state, bags, qrt_bag, i), &opened);
    }
    if (opened.count > 0) {
        qrt_status_add(j, QRT_CONCERN_OPEN, "bag", QRT_NO_DAY,
                       "read since, and not sealed in another bag: %s", qrt_some_text(&opened));
    }
}
