#include "audit/gather.h"

#include "audit/hours.h"
#include "audit/outstanding.h"
#include "vault/bag.h"
#include "vault/register.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct gathering {
    struct qrt_gathered *to;
    const struct qrt_state *state;
    const struct qrt_policy *policy;
    bool too_many; /* people */
};

void qrt_gathered_free(struct qrt_gathered *gathered)
{
    free(gathered->people);
    free(gathered->cards);
    free(gathered->safes);
    free(gathered->channels);
    free(gathered->sites);
    free(gathered->places);
    *gathered = (struct qrt_gathered){0};
}

static enum qrt_code make_room(struct gathering *g, struct qrt_err *err)
{
    const struct qrt_state *state = g->state;
    struct qrt_gathered *to = g->to;
    to->safes_room = state->bags.len + state->registers.len + 1;
    to->people = calloc(QRT_MEMBERS_MAX, sizeof *to->people);
    to->cards = calloc(QRT_FACT_CARDS_MAX, sizeof *to->cards);
    to->safes = calloc(to->safes_room, sizeof *to->safes);
    to->places = calloc(to->safes_room, sizeof *to->places);
    to->channels = calloc(state->registers.len + state->bags.len + 1, sizeof *to->channels);
    to->sites = calloc(QRT_MEMBERS_MAX, sizeof *to->sites);
    to->facts = (struct qrt_facts){.people = to->people,
                                   .cards = to->cards,
                                   .safes = to->safes,
                                   .channels = to->channels,
                                   .sites = to->sites};
    return to->people == NULL || to->cards == NULL || to->safes == NULL || to->places == NULL ||
                   to->channels == NULL || to->sites == NULL
               ? qrt_fail(err, QRT_E_NOMEM, "the facts of a vault")
               : QRT_OK;
}

static size_t take_person(struct gathering *g, const struct qrt_person *row)
{
    struct qrt_facts *facts = &g->to->facts;
    const struct qrt_policy_person *person = qrt_policy_person(g->policy, row->id);
    if (facts->people_len == QRT_MEMBERS_MAX) {
        g->too_many = true;
        return QRT_NOWHERE;
    }
    g->to->people[facts->people_len] =
        (struct qrt_fact_person){.id = row->id,
                                 .name = person == NULL ? row->id : person->name,
                                 .gone = row->gone != QRT_NEVER};
    return facts->people_len++;
}

static void take_people(struct gathering *g)
{
    for (size_t i = 0; i < g->state->people.len; i++) {
        const struct qrt_person *row = QRT_ROW(g->state, people, qrt_person, i);
        if (row->gone == QRT_NEVER) {
            (void)take_person(g, row);
        }
    }
}

/* The number of a person, or QRT_NOWHERE: nobody of this vault. Who left is taken
 * when something names them. */
static size_t find_person(struct gathering *g, const char *id, size_t id_chars)
{
    const struct qrt_facts *facts = &g->to->facts;
    char text[QRT_ID_CHARS + 1];
    size_t p = 0;
    while (p < facts->people_len && !(strlen(facts->people[p].id) == id_chars &&
                                      memcmp(facts->people[p].id, id, id_chars) == 0)) {
        p++;
    }
    if (p < facts->people_len) {
        return p;
    }
    const struct qrt_person *row = qrt_span_copy(text, sizeof text, (struct qrt_span){id, id_chars})
                                       ? qrt_state_person(g->state, text)
                                       : NULL;
    return row != NULL ? take_person(g, row) : QRT_NOWHERE;
}

/* The number of a site, or QRT_NOWHERE: it has none, or there are too many. */
static size_t find_site(struct gathering *g, const char *site)
{
    struct qrt_facts *facts = &g->to->facts;
    size_t s = 0;
    if (site == NULL || site[0] == '\0') {
        return QRT_NOWHERE;
    }
    while (s < facts->sites_len && strcmp(facts->sites[s], site) != 0) {
        s++;
    }
    if (s == facts->sites_len && s < QRT_MEMBERS_MAX) {
        g->to->sites[facts->sites_len++] = site;
    }
    return s < QRT_MEMBERS_MAX ? s : QRT_NOWHERE;
}

/* The number of a safe, by its place; it is made if it is new. */
static size_t find_safe(struct gathering *g, const char *place)
{
    struct qrt_facts *facts = &g->to->facts;
    size_t s = 0;
    while (s < facts->safes_len && strcmp(g->to->places[s], place) != 0) {
        s++;
    }
    if (s == facts->safes_len && s < g->to->safes_room) {
        snprintf(g->to->places[s], sizeof g->to->places[s], "%s", place);
        g->to->safes[s].name = g->to->places[s];
        facts->safes_len++;
    }
    return s < g->to->safes_room ? s : QRT_NOWHERE;
}

static size_t safe_of_row(struct gathering *g, const struct qrt_register_row *row)
{
    struct qrt_span place;
    char text[QRT_ID_CHARS * 2 + 2];
    return qrt_register_get(row, "safe", &place) && qrt_span_copy(text, sizeof text, place)
               ? find_safe(g, text)
               : QRT_NOWHERE;
}

/* The bag that was sealed last over a card. */
static const struct qrt_bag *bag_of(const struct qrt_state *state, int64_t serial)
{
    for (size_t i = state->bags.len; i-- > 0;) {
        const struct qrt_bag *bag = QRT_ROW(state, bags, qrt_bag, i);
        if (bag->serial == serial) {
            return bag;
        }
    }
    return NULL;
}

/* Was the bag not in its place when somebody looked there last? A card that was read
 * since is there. */
static bool is_missing(const struct qrt_card_row *card, const struct qrt_bag *bag)
{
    bool lacks = strcmp(bag->result, qrt_seal_result_word(QRT_SEAL_MISSING)) == 0 ||
                 strcmp(bag->result, qrt_seal_result_word(QRT_SEAL_WRONG_NUMBER)) == 0;
    return lacks && bag->checked > bag->placed && bag->checked > bag->opened &&
           bag->checked > card->proved;
}

static void take_card(struct gathering *g, const struct qrt_card_row *row)
{
    struct qrt_facts *facts = &g->to->facts;
    enum qrt_group group;
    size_t custodian = find_person(g, row->custodian, strlen(row->custodian));
    if (!qrt_group_parse(&group, row->group_name) || custodian == QRT_NOWHERE ||
        facts->cards_len == QRT_FACT_CARDS_MAX) {
        return;
    }
    const struct qrt_bag *bag = bag_of(g->state, row->serial);
    const struct qrt_policy_person *person = qrt_policy_person(g->policy, row->custodian);
    struct qrt_fact_card *card = &g->to->cards[facts->cards_len++];
    *card = (struct qrt_fact_card){.group = group,
                                   .serial = (uint32_t)row->serial,
                                   .custodian = custodian,
                                   .safe = QRT_NOWHERE,
                                   .missing = bag != NULL && is_missing(row, bag)};
    if (bag != NULL && bag->safe[0] != '\0') {
        char place[QRT_ID_CHARS * 2 + 2];
        snprintf(place, sizeof place, "%s/%s", bag->site, bag->safe);
        card->safe = find_safe(g, place);
    }
    card->site = bag != NULL && bag->site[0] != '\0' ? find_site(g, bag->site)
                 : person != NULL                    ? find_site(g, person->site)
                                                     : QRT_NOWHERE;
}

static bool take_holders(struct gathering *g, struct qrt_members *holders,
                         const struct qrt_register_row *row, const char *key)
{
    size_t at = 0;
    struct qrt_span id;
    while (qrt_register_next(row, key, &at, &id)) {
        size_t p = find_person(g, id.data, id.len_bytes);
        if (p != QRT_NOWHERE) {
            qrt_members_add(holders, p);
        }
    }
    return qrt_members_count(holders) > 0;
}

static void take_roster(struct gathering *g, const struct qrt_register_row *row)
{
    size_t p = qrt_has_left(g->state, row->name) ? QRT_NOWHERE
                                                 : find_person(g, row->name, strlen(row->name));
    size_t at = 0;
    struct qrt_span value;
    if (p == QRT_NOWHERE || !qrt_register_get(row, "utc-offset", &value)) {
        return;
    }
    int offset_min = qrt_register_offset(value);
    g->to->people[p].rostered = true;
    while (qrt_register_next(row, "hours", &at, &value)) {
        struct qrt_register_hours hours = qrt_register_hours(value);
        for (unsigned day = hours.first_day; day <= hours.last_day; day++) {
            qrt_week_add(g->to->people[p].reachable, day, hours.from_min, hours.to_min, offset_min);
        }
    }
}

/* A device in a bag, whether or not the register has it: whoever opens the safe
 * reaches it. */
static void take_device(struct gathering *g, const struct qrt_bag *bag)
{
    char place[QRT_ID_CHARS * 2 + 2];
    snprintf(place, sizeof place, "%s/%s", bag->site, bag->safe);
    g->to->channels[g->to->facts.channels_len++] = (struct qrt_fact_channel){
        .kind = QRT_CHANNEL_DEVICE, .name = bag->bag, .safe = find_safe(g, place)};
}

static void take_row(struct gathering *g, const struct qrt_register_row *row)
{
    static const char *const keys[QRT_CHANNELS] = {"recipient", "holder", "holder"};
    struct qrt_facts *facts = &g->to->facts;
    for (unsigned kind = 0; kind < QRT_CHANNELS; kind++) {
        if (strcmp(row->reg, qrt_channel_kind_name(kind)) == 0) {
            struct qrt_fact_channel *channel = &g->to->channels[facts->channels_len++];
            *channel = (struct qrt_fact_channel){
                .kind = kind, .name = row->name, .safe = safe_of_row(g, row)};
            (void)take_holders(g, &channel->holders, row, keys[kind]);
        }
    }
    if (strcmp(row->reg, "safe") == 0) {
        size_t s = find_safe(g, row->name);
        if (s != QRT_NOWHERE) {
            g->to->safes[s].known = take_holders(g, &g->to->safes[s].holders, row, "holder");
        }
    } else if (strcmp(row->reg, "roster") == 0) {
        take_roster(g, row);
    }
}

enum qrt_code qrt_facts_gather(struct qrt_gathered *gathered, const struct qrt_state *state,
                               const struct qrt_policy *policy, struct qrt_err *err)
{
    struct gathering g = {.to = gathered, .state = state, .policy = policy};
    const struct qrt_key_row *key = qrt_state_key(state);
    *gathered = (struct qrt_gathered){0};
    enum qrt_code code = make_room(&g, err);
    if (code != QRT_OK) {
        qrt_gathered_free(gathered);
        return code;
    }
    take_people(&g);
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        if (qrt_state_card_is_live(state, card)) {
            take_card(&g, card);
        }
    }
    for (size_t i = 0; i < state->registers.len; i++) {
        const struct qrt_register_row *row = QRT_ROW(state, registers, qrt_register_row, i);
        if (row->value[0] != '\0') {
            take_row(&g, row);
        }
    }
    for (size_t i = 0; i < state->bags.len; i++) {
        const struct qrt_bag *bag = QRT_ROW(state, bags, qrt_bag, i);
        if (bag->account[0] != '\0' && qrt_state_bag_is_last(state, bag)) {
            take_device(&g, bag);
        }
    }
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        gathered->facts.threshold[group] = key == NULL
                                               ? state->groups[group].threshold
                                               : qrt_state_threshold(state, key->generation, group);
    }
    if (g.too_many) {
        qrt_gathered_free(gathered);
        return qrt_fail(err, QRT_E_RANGE, "more than %d people", QRT_MEMBERS_MAX);
    }
    return QRT_OK;
}
