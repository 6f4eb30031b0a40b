#include "audit/loss.h"

#include "audit/reach.h"

struct goal {
    struct qrt_reach reach;
    struct qrt_members everybody; /* who holds or opens anything */
    uint64_t at_site[QRT_MEMBERS_MAX];
};

static bool has_ended(const struct qrt_reach *reach, uint64_t cards)
{
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        if ((reach->wanted & QRT_REACH_GROUP(group)) != 0 &&
            (unsigned)__builtin_popcountll(cards & reach->of_group[group]) <
                reach->facts->threshold[group]) {
            return true;
        }
    }
    return false;
}

static bool person_matters(const void *ctx, size_t person)
{
    return qrt_reach_any(&((const struct goal *)ctx)->reach, person);
}

static bool people_alike(const void *ctx, size_t a, size_t b)
{
    return qrt_reach_alike(&((const struct goal *)ctx)->reach, a, b);
}

static bool ended_without(const void *ctx, const struct qrt_members *gone)
{
    const struct goal *goal = ctx;
    uint64_t held = 0;
    uint64_t opened = goal->reach.unlocked;
    for (size_t p = qrt_members_next(&goal->everybody, 0); p < QRT_MEMBERS_MAX;
         p = qrt_members_next(&goal->everybody, p + 1)) {
        if (!qrt_members_has(gone, p)) {
            held |= goal->reach.holds[p];
            opened |= goal->reach.opens[p];
        }
    }
    return has_ended(&goal->reach, held & opened);
}

static bool site_matters(const void *ctx, size_t site)
{
    return ((const struct goal *)ctx)->at_site[site] != 0;
}

static bool sites_alike(const void *ctx, size_t a, size_t b)
{
    const struct goal *goal = ctx;
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        if (__builtin_popcountll(goal->at_site[a] & goal->reach.of_group[group]) !=
            __builtin_popcountll(goal->at_site[b] & goal->reach.of_group[group])) {
            return false;
        }
    }
    return true;
}

static bool ended_without_sites(const void *ctx, const struct qrt_members *gone)
{
    const struct goal *goal = ctx;
    uint64_t lost = 0;
    for (size_t s = qrt_members_next(gone, 0); s < QRT_MEMBERS_MAX;
         s = qrt_members_next(gone, s + 1)) {
        lost |= goal->at_site[s];
    }
    return has_ended(&goal->reach, ~lost);
}

void qrt_loss_of_people(struct qrt_minimal *found, const struct qrt_facts *facts, unsigned groups,
                        unsigned size_max)
{
    struct goal goal = {0};
    qrt_reach_make(&goal.reach, facts, groups | QRT_REACH_THERE);
    for (size_t p = 0; p < facts->people_len; p++) {
        if (qrt_reach_any(&goal.reach, p)) {
            qrt_members_add(&goal.everybody, p);
        }
    }
    struct qrt_question_of_sets question = {.ctx = &goal,
                                            .members_len = facts->people_len,
                                            .matters = person_matters,
                                            .alike = people_alike,
                                            .reached = ended_without};
    qrt_minimal_find(found, &question, size_max);
}

void qrt_loss_of_sites(struct qrt_minimal *found, const struct qrt_facts *facts, unsigned groups,
                       unsigned size_max)
{
    struct goal goal = {0};
    qrt_reach_make(&goal.reach, facts, groups | QRT_REACH_THERE);
    for (size_t i = 0; i < facts->cards_len; i++) {
        const struct qrt_fact_card *card = &facts->cards[i];
        uint64_t bit = UINT64_C(1) << i;
        if (card->site != QRT_NOWHERE) {
            goal.at_site[card->site] |= bit & goal.reach.of_group[card->group];
        }
    }
    struct qrt_question_of_sets question = {.ctx = &goal,
                                            .members_len = facts->sites_len,
                                            .matters = site_matters,
                                            .alike = sites_alike,
                                            .reached = ended_without_sites};
    qrt_minimal_find(found, &question, size_max);
}

bool qrt_loss_none_to_spare(const struct qrt_facts *facts, enum qrt_group group)
{
    return qrt_fact_cards_there(facts, group) <= facts->threshold[group];
}
