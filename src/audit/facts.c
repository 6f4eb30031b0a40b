#include "audit/facts.h"

void qrt_members_add(struct qrt_members *set, size_t member)
{
    set->bits[member / 64] |= UINT64_C(1) << member % 64;
}

void qrt_members_remove(struct qrt_members *set, size_t member)
{
    set->bits[member / 64] &= ~(UINT64_C(1) << member % 64);
}

bool qrt_members_has(const struct qrt_members *set, size_t member)
{
    return (set->bits[member / 64] >> member % 64 & 1) != 0;
}

void qrt_members_join(struct qrt_members *set, const struct qrt_members *other)
{
    for (size_t i = 0; i < QRT_MEMBERS_MAX / 64; i++) {
        set->bits[i] |= other->bits[i];
    }
}

size_t qrt_members_count(const struct qrt_members *set)
{
    size_t count = 0;
    for (size_t i = 0; i < QRT_MEMBERS_MAX / 64; i++) {
        count += (size_t)__builtin_popcountll(set->bits[i]);
    }
    return count;
}

size_t qrt_members_next(const struct qrt_members *set, size_t from)
{
    for (size_t i = from / 64; i < QRT_MEMBERS_MAX / 64; i++) {
        uint64_t rest = i == from / 64 ? set->bits[i] >> from % 64 << from % 64 : set->bits[i];
        if (rest != 0) {
            return 64 * i + (size_t)__builtin_ctzll(rest);
        }
    }
    return QRT_MEMBERS_MAX;
}

bool qrt_fact_card_is_there(const struct qrt_facts *facts, const struct qrt_fact_card *card)
{
    return !card->missing && !facts->people[card->custodian].gone;
}

size_t qrt_fact_cards_there(const struct qrt_facts *facts, enum qrt_group group)
{
    size_t count = 0;
    for (size_t i = 0; i < facts->cards_len; i++) {
        const struct qrt_fact_card *card = &facts->cards[i];
        count += card->group == group && qrt_fact_card_is_there(facts, card) ? 1 : 0;
    }
    return count;
}

size_t qrt_fact_cards_live(const struct qrt_facts *facts, enum qrt_group group)
{
    size_t count = 0;
    for (size_t i = 0; i < facts->cards_len; i++) {
        count += facts->cards[i].group == group ? 1 : 0;
    }
    return count;
}

const char *qrt_channel_kind_name(enum qrt_channel_kind kind)
{
    static const char *const names[QRT_CHANNELS] = {"mailbox", "phone", "device"};
    return names[kind];
}
