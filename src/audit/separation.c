#include "audit/separation.h"

#include "base/bytes.h"
#include "base/text.h"
#include <stdlib.h>
#include <string.h>

struct searching {
    const struct qrt_facts *facts;
    struct qrt_apart *found;
    size_t len;
    size_t max;
    size_t self[QRT_MEMBERS_MAX]; /* the first person of that name */
};

/* What somebody has a hand in; the values are the first id that has it. */
struct hands {
    size_t cards[QRT_GROUPS];
    size_t opens[QRT_GROUPS];
    size_t mailbox, mailbox_channel;
    size_t phone;
};

static void find(struct searching *search, struct qrt_apart apart)
{
    if (search->len < search->max) {
        search->found[search->len++] = apart;
    }
}

static enum qrt_code unify(struct searching *search, struct qrt_err *err)
{
    const struct qrt_facts *facts = search->facts;
    struct qrt_buf *names = calloc(facts->people_len + 1, sizeof *names);
    bool failed = names == NULL;
    for (size_t i = 0; !failed && i < facts->people_len; i++) {
        qrt_text_fold_name(&names[i], facts->people[i].name);
        failed = names[i].failed;
        size_t first = 0;
        while (first < i && (names[first].len_bytes != names[i].len_bytes ||
                             strcmp(qrt_buf_str(&names[first]), qrt_buf_str(&names[i])) != 0)) {
            first++;
        }
        search->self[i] = first;
    }
    for (size_t i = 0; names != NULL && i < facts->people_len; i++) {
        qrt_buf_free(&names[i]);
    }
    free(names);
    return failed ? qrt_fail(err, QRT_E_NOMEM, "people's names") : QRT_OK;
}

static void take(size_t *first, size_t value)
{
    *first = *first == QRT_NOWHERE ? value : *first;
}

static void take_safes(struct hands *hands, const struct searching *search)
{
    const struct qrt_facts *facts = search->facts;
    for (size_t i = 0; i < facts->cards_len; i++) {
        const struct qrt_fact_card *card = &facts->cards[i];
        take(&hands[search->self[card->custodian]].cards[card->group], card->custodian);
        for (size_t p = 0; card->safe != QRT_NOWHERE && p < facts->people_len; p++) {
            if (qrt_members_has(&facts->safes[card->safe].holders, p)) {
                take(&hands[search->self[p]].opens[card->group], p);
            }
        }
    }
}

static void take_channels(struct hands *hands, const struct searching *search)
{
    const struct qrt_facts *facts = search->facts;
    for (size_t i = 0; i < facts->channels_len; i++) {
        const struct qrt_fact_channel *channel = &facts->channels[i];
        struct qrt_members holders = channel->holders;
        if (channel->safe != QRT_NOWHERE) {
            qrt_members_join(&holders, &facts->safes[channel->safe].holders);
        }
        for (size_t p = 0; p < facts->people_len; p++) {
            struct hands *hand = &hands[search->self[p]];
            if (!qrt_members_has(&holders, p)) {
                continue;
            }
            if (channel->kind == QRT_CHANNEL_MAILBOX) {
                take(&hand->mailbox, p);
                take(&hand->mailbox_channel, i);
            } else if (channel->kind == QRT_CHANNEL_PHONE) {
                take(&hand->phone, p);
            }
        }
    }
}

static void find_in_people(struct searching *search, const struct hands *hands)
{
    for (size_t p = 0; p < search->facts->people_len; p++) {
        const struct hands *hand = &hands[p];
        if (hand->cards[0] != QRT_NOWHERE && hand->cards[1] != QRT_NOWHERE) {
            find(search, (struct qrt_apart){QRT_APART_GROUPS, hand->cards[0], hand->cards[1],
                                            QRT_NOWHERE, QRT_NOWHERE});
        }
        if (hand->opens[0] != QRT_NOWHERE && hand->opens[1] != QRT_NOWHERE) {
            find(search, (struct qrt_apart){QRT_APART_COMBINATIONS, hand->opens[0], hand->opens[1],
                                            QRT_NOWHERE, QRT_NOWHERE});
        }
        if (hand->mailbox != QRT_NOWHERE && hand->phone != QRT_NOWHERE) {
            find(search, (struct qrt_apart){QRT_APART_MAILBOX_PHONE, hand->mailbox, hand->phone,
                                            QRT_NOWHERE, hand->mailbox_channel});
        }
    }
}

static bool safe_has(const struct qrt_facts *facts, size_t safe, enum qrt_group group)
{
    for (size_t i = 0; i < facts->cards_len; i++) {
        if (facts->cards[i].safe == safe && facts->cards[i].group == group) {
            return true;
        }
    }
    return false;
}

static void find_in_safes(struct searching *search)
{
    const struct qrt_facts *facts = search->facts;
    for (size_t s = 0; s < facts->safes_len; s++) {
        bool password = safe_has(facts, s, QRT_GROUP_PASSWORD);
        bool mfa = safe_has(facts, s, QRT_GROUP_MFA);
        if (password && mfa) {
            find(search,
                 (struct qrt_apart){QRT_APART_SAFE, QRT_NOWHERE, QRT_NOWHERE, s, QRT_NOWHERE});
        }
        for (size_t i = 0; i < facts->channels_len; i++) {
            const struct qrt_fact_channel *channel = &facts->channels[i];
            if (channel->safe == s && ((channel->kind == QRT_CHANNEL_PHONE && (password || mfa)) ||
                                       (channel->kind == QRT_CHANNEL_DEVICE && password))) {
                find(search,
                     (struct qrt_apart){QRT_APART_SAFE_CHANNEL, QRT_NOWHERE, QRT_NOWHERE, s, i});
            }
        }
    }
}

enum qrt_code qrt_separation_find(struct qrt_apart *found, size_t *found_len, size_t max,
                                  const struct qrt_facts *facts, struct qrt_err *err)
{
    struct searching search = {.facts = facts, .found = found, .max = max};
    struct hands hands[QRT_MEMBERS_MAX];
    *found_len = 0;
    enum qrt_code code = unify(&search, err);
    if (code != QRT_OK) {
        return code;
    }
    for (size_t p = 0; p < QRT_MEMBERS_MAX; p++) {
        hands[p] = (struct hands){{QRT_NOWHERE, QRT_NOWHERE},
                                  {QRT_NOWHERE, QRT_NOWHERE},
                                  QRT_NOWHERE,
                                  QRT_NOWHERE,
                                  QRT_NOWHERE};
    }
    take_safes(hands, &search);
    take_channels(hands, &search);
    find_in_people(&search, hands);
    find_in_safes(&search);
    *found_len = search.len;
    return QRT_OK;
}
