#include "audit/reach.h"

#include <string.h>

void qrt_reach_make(struct qrt_reach *reach, const struct qrt_facts *facts, unsigned wanted)
{
    bool there = (wanted & QRT_REACH_THERE) != 0;
    memset(reach, 0, sizeof *reach);
    reach->facts = facts;
    reach->wanted = wanted;
    for (size_t i = 0; i < facts->cards_len; i++) {
        const struct qrt_fact_card *card = &facts->cards[i];
        uint64_t bit = UINT64_C(1) << i;
        if ((wanted & QRT_REACH_GROUP(card->group)) == 0 ||
            (there && !qrt_fact_card_is_there(facts, card))) {
            continue;
        }
        reach->of_group[card->group] |= bit;
        reach->holds[card->custodian] |= bit;
        if (card->safe == QRT_NOWHERE || !facts->safes[card->safe].known) {
            reach->unlocked |= bit;
            continue;
        }
        const struct qrt_members *holders = &facts->safes[card->safe].holders;
        for (size_t p = 0; p < facts->people_len; p++) {
            bool can = qrt_members_has(holders, p) && !(there && facts->people[p].gone);
            reach->opens[p] |= can ? bit : 0;
        }
    }
    for (size_t i = 0; i < facts->channels_len; i++) {
        const struct qrt_fact_channel *channel = &facts->channels[i];
        unsigned bit = wanted & QRT_REACH_CHANNEL(channel->kind);
        struct qrt_members holders = channel->holders;
        if (channel->safe != QRT_NOWHERE) {
            qrt_members_join(&holders, &facts->safes[channel->safe].holders);
        }
        for (size_t p = 0; bit != 0 && p < facts->people_len; p++) {
            reach->channels[p] |= qrt_members_has(&holders, p) ? bit : 0;
        }
    }
}

bool qrt_reach_any(const struct qrt_reach *reach, size_t person)
{
    return (reach->holds[person] | reach->opens[person]) != 0 || reach->channels[person] != 0;
}

/* The same cards after those of two people were exchanged. */
static uint64_t exchange(uint64_t cards, const uint8_t partner[static QRT_FACT_CARDS_MAX])
{
    uint64_t out = 0;
    for (uint64_t rest = cards; rest != 0; rest &= rest - 1) {
        out |= UINT64_C(1) << partner[__builtin_ctzll(rest)];
    }
    return out;
}

/* Pairs the cards of the one with those of the other. */
static bool pair_cards(uint8_t partner[static QRT_FACT_CARDS_MAX], const struct qrt_reach *reach,
                       size_t a, size_t b)
{
    uint64_t of_a = reach->holds[a];
    uint64_t of_b = reach->holds[b];
    for (unsigned i = 0; i < QRT_FACT_CARDS_MAX; i++) {
        partner[i] = (uint8_t)i;
    }
    for (; of_a != 0 && of_b != 0; of_a &= of_a - 1, of_b &= of_b - 1) {
        unsigned i = (unsigned)__builtin_ctzll(of_a);
        unsigned j = (unsigned)__builtin_ctzll(of_b);
        partner[i] = (uint8_t)j;
        partner[j] = (uint8_t)i;
        if (reach->facts->cards[i].group != reach->facts->cards[j].group ||
            (reach->unlocked >> i & 1) != (reach->unlocked >> j & 1)) {
            return false;
        }
    }
    return of_a == 0 && of_b == 0;
}

bool qrt_reach_alike(const struct qrt_reach *reach, size_t a, size_t b)
{
    uint8_t partner[QRT_FACT_CARDS_MAX];
    if (reach->channels[a] != reach->channels[b] || !pair_cards(partner, reach, a, b)) {
        return false;
    }
    for (size_t p = 0; p < reach->facts->people_len; p++) {
        size_t other = p == a ? b : p == b ? a : p;
        if (exchange(reach->opens[p], partner) != reach->opens[other]) {
            return false;
        }
    }
    return true;
}
