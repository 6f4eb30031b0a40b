#include "audit/coalition.h"

#include "audit/reach.h"

struct goal {
    struct qrt_reach reach;
    enum qrt_takeover takeover;
};

static bool matters(const void *ctx, size_t person)
{
    return qrt_reach_any(&((const struct goal *)ctx)->reach, person);
}

static bool alike(const void *ctx, size_t a, size_t b)
{
    return qrt_reach_alike(&((const struct goal *)ctx)->reach, a, b);
}

static bool has_quorum(const struct qrt_reach *reach, enum qrt_group group, uint64_t cards)
{
    return (unsigned)__builtin_popcountll(cards & reach->of_group[group]) >=
           reach->facts->threshold[group];
}

static bool reached(const void *ctx, const struct qrt_members *set)
{
    const struct goal *goal = ctx;
    const struct qrt_reach *reach = &goal->reach;
    uint64_t cards = 0;
    unsigned channels = 0;
    for (size_t p = qrt_members_next(set, 0); p < QRT_MEMBERS_MAX;
         p = qrt_members_next(set, p + 1)) {
        cards |= reach->holds[p] | reach->opens[p];
        channels |= reach->channels[p];
    }
    bool mailbox = (channels & QRT_REACH_CHANNEL(QRT_CHANNEL_MAILBOX)) != 0;
    bool mfa = (channels & QRT_REACH_CHANNEL(QRT_CHANNEL_DEVICE)) != 0 ||
               has_quorum(reach, QRT_GROUP_MFA, cards);
    switch (goal->takeover) {
    case QRT_TAKEOVER_CARDS:
        return mfa && has_quorum(reach, QRT_GROUP_PASSWORD, cards);
    case QRT_TAKEOVER_MAILBOX_MFA:
        return mailbox && mfa;
    default:
        return mailbox && (channels & QRT_REACH_CHANNEL(QRT_CHANNEL_PHONE)) != 0;
    }
}

const char *qrt_takeover_name(enum qrt_takeover takeover)
{
    static const char *const names[QRT_TAKEOVERS] = {"password and MFA", "mailbox and MFA",
                                                     "mailbox and phone"};
    return names[takeover];
}

void qrt_takeover_find(struct qrt_minimal *found, const struct qrt_facts *facts,
                       enum qrt_takeover takeover, unsigned size_max)
{
    static const unsigned wanted[QRT_TAKEOVERS] = {
        QRT_REACH_GROUP(QRT_GROUP_PASSWORD) | QRT_REACH_GROUP(QRT_GROUP_MFA) |
            QRT_REACH_CHANNEL(QRT_CHANNEL_DEVICE),
        QRT_REACH_GROUP(QRT_GROUP_MFA) | QRT_REACH_CHANNEL(QRT_CHANNEL_DEVICE) |
            QRT_REACH_CHANNEL(QRT_CHANNEL_MAILBOX),
        QRT_REACH_CHANNEL(QRT_CHANNEL_MAILBOX) | QRT_REACH_CHANNEL(QRT_CHANNEL_PHONE)};
    struct goal goal = {.takeover = takeover};
    qrt_reach_make(&goal.reach, facts, wanted[takeover]);
    struct qrt_question_of_sets question = {.ctx = &goal,
                                            .members_len = facts->people_len,
                                            .matters = matters,
                                            .alike = alike,
                                            .reached = reached};
    qrt_minimal_find(found, &question, size_max);
}
