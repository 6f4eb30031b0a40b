#include "audit/hours.h"

#include <string.h>

static void add_slot(uint64_t *week, size_t slot)
{
    week[slot / 64] |= UINT64_C(1) << slot % 64;
}

bool qrt_week_has(const uint64_t week[static QRT_WEEK_WORDS], size_t slot)
{
    return (week[slot / 64] >> slot % 64 & 1) != 0;
}

void qrt_week_add(uint64_t week[static QRT_WEEK_WORDS], unsigned day, unsigned from_min,
                  unsigned to_min, int offset_min)
{
    for (unsigned min = from_min; min < to_min; min += QRT_SLOT_MIN) {
        int utc = (int)(day * QRT_DAY_MIN + min) - offset_min;
        utc = (utc % QRT_WEEK_MIN + QRT_WEEK_MIN) % QRT_WEEK_MIN;
        add_slot(week, (size_t)utc / QRT_SLOT_MIN);
    }
}

void qrt_hours_without(uint64_t week[static QRT_WEEK_WORDS], const struct qrt_facts *facts,
                       enum qrt_group group)
{
    struct qrt_members custodians = {0};
    for (size_t i = 0; i < facts->cards_len; i++) {
        if (facts->cards[i].group == group && qrt_fact_card_is_there(facts, &facts->cards[i])) {
            qrt_members_add(&custodians, facts->cards[i].custodian);
        }
    }
    memset(week, 0, QRT_WEEK_WORDS * sizeof *week);
    for (size_t slot = 0; slot < QRT_WEEK_SLOTS; slot++) {
        unsigned there = 0;
        for (size_t p = qrt_members_next(&custodians, 0); p < QRT_MEMBERS_MAX;
             p = qrt_members_next(&custodians, p + 1)) {
            const struct qrt_fact_person *person = &facts->people[p];
            there += person->rostered && qrt_week_has(person->reachable, slot) ? 1 : 0;
        }
        if (there < facts->threshold[group]) {
            add_slot(week, slot);
        }
    }
}

bool qrt_week_stretch(const uint64_t week[static QRT_WEEK_WORDS], size_t *slot, size_t *from,
                      size_t *to)
{
    while (*slot < QRT_WEEK_SLOTS && !qrt_week_has(week, *slot)) {
        ++*slot;
    }
    *from = *slot;
    while (*slot < QRT_WEEK_SLOTS && qrt_week_has(week, *slot)) {
        ++*slot;
    }
    *to = *slot;
    return *from < QRT_WEEK_SLOTS;
}
