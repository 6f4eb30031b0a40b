#include "audit/status_parts.h"

#include "audit/coalition.h"
#include "audit/hours.h"
#include "audit/loss.h"
#include "audit/separation.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define APART_MAX 64
#define WHO_BYTES (QRT_ID_CHARS + 8)

/* "" for nobody. */
static const char *who(char out[static WHO_BYTES], const struct qrt_facts *facts, size_t person)
{
    bool any = person != QRT_NOWHERE;
    snprintf(out, WHO_BYTES, "%s%s", any ? facts->people[person].id : "",
             any && facts->people[person].gone ? " (left)" : "");
    return out;
}

static void tell_apart(struct qrt_judging *j, const struct qrt_apart *apart)
{
    const struct qrt_facts *facts = j->facts;
    char words[2][WHO_BYTES];
    const char *one = who(words[0], facts, apart->person);
    const char *other = who(words[1], facts, apart->other);
    bool two = strcmp(one, other) != 0;
    const char *and = two ? " and " : "";
    const char *same = two ? ", one person by their names," : "";
    other = two ? other : "";
    switch (apart->rule) {
    case QRT_APART_GROUPS:
        qrt_status_add(j, QRT_CONCERN_CONFLICT, "separation", QRT_NO_DAY,
                       "%s%s%s%s: cards of both groups", one, and, other, same);
        break;
    case QRT_APART_COMBINATIONS:
        qrt_status_add(j, QRT_CONCERN_CONFLICT, "separation", QRT_NO_DAY,
                       "%s%s%s%s: combinations of safes with cards of both groups", one, and, other,
                       same);
        break;
    case QRT_APART_MAILBOX_PHONE:
        qrt_status_add(j, QRT_CONCERN_CONFLICT, "separation", QRT_NO_DAY,
                       "%s%s%s%s: both a mailbox and a phone", one, and, other, same);
        break;
    case QRT_APART_SAFE:
        qrt_status_add(j, QRT_CONCERN_CONFLICT, "separation", QRT_NO_DAY,
                       "the safe %s holds cards of both groups", facts->safes[apart->safe].name);
        break;
    case QRT_APART_SAFE_CHANNEL:
        qrt_status_add(j, QRT_CONCERN_CONFLICT, "separation", QRT_NO_DAY,
                       "the safe %s holds the %s %s beside a card", facts->safes[apart->safe].name,
                       qrt_channel_kind_name(facts->channels[apart->channel].kind),
                       facts->channels[apart->channel].name);
        break;
    }
}

/* Those of whom each alone is an answer. */
static void name_each(struct qrt_some *some, const struct qrt_minimal *found,
                      const struct qrt_facts *facts, bool sites)
{
    for (size_t i = 0; i < found->sets_len; i++) {
        for (size_t k = 0; found->sets[i].size == 1 && k < found->kinds_len; k++) {
            const struct qrt_members *kind = &found->kinds[k];
            for (size_t m = qrt_members_next(kind, 0);
                 found->sets[i].of_kind[k] == 1 && m < QRT_MEMBERS_MAX;
                 m = qrt_members_next(kind, m + 1)) {
                char words[WHO_BYTES];
                const char *name = sites ? facts->sites[m] : who(words, facts, m);
                qrt_some_add(some, name, strlen(name));
            }
        }
    }
}

/* Of a safe of which nobody has the combination who is still here. */
static bool is_shut(const struct qrt_facts *facts, size_t safe)
{
    const struct qrt_members *holders = safe == QRT_NOWHERE ? NULL : &facts->safes[safe].holders;
    if (holders == NULL || !facts->safes[safe].known) {
        return false;
    }
    size_t p = qrt_members_next(holders, 0);
    while (p < facts->people_len && facts->people[p].gone) {
        p = qrt_members_next(holders, p + 1);
    }
    return p >= facts->people_len;
}

/* Too few cards are live, or too few of the live ones are there: whose are not, and
 * why. */
static void tell_no_quorum(struct qrt_judging *j, enum qrt_group group)
{
    const struct qrt_facts *facts = j->facts;
    const char *words[] = {
        "; of custodians who left: ", "; missing: ", "; in a safe that nobody opens who is here: "};
    struct qrt_some some[3] = {0};
    QRT_BUF why = {0};
    size_t live = qrt_fact_cards_live(facts, group);
    if (live < facts->threshold[group]) {
        qrt_status_add(j, QRT_CONCERN_CONFLICT, "loss", QRT_NO_DAY,
                       "the %s group has no quorum any more", qrt_group_words(group));
        return;
    }
    for (size_t i = 0; i < facts->cards_len; i++) {
        const struct qrt_fact_card *card = &facts->cards[i];
        const struct qrt_fact_person *person = &facts->people[card->custodian];
        char name[QRT_ID_CHARS + 32];
        snprintf(name, sizeof name, "%u of %s", card->serial, person->id);
        if (card->group == group && (person->gone || card->missing || is_shut(facts, card->safe))) {
            qrt_some_add(&some[person->gone ? 0 : card->missing ? 1 : 2], name, strlen(name));
        }
    }
    for (size_t i = 0; i < 3; i++) {
        bool any = some[i].count > 0;
        qrt_buf_printf(&why, "%s%s", any ? words[i] : "", any ? qrt_some_text(&some[i]) : "");
        qrt_some_free(&some[i]);
    }
    qrt_status_add(j, QRT_CONCERN_CONFLICT, "loss", QRT_NO_DAY,
                   "the %s group needs %u of its %zu live cards, and fewer are known to be there%s",
                   qrt_group_words(group), facts->threshold[group], live, qrt_buf_str(&why));
}

static void judge_loss(struct qrt_judging *j, struct qrt_minimal *found)
{
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        QRT_SOME people = {0};
        QRT_SOME sites = {0};
        qrt_loss_of_people(found, j->facts, QRT_LOSS_OF(group), 1);
        name_each(&people, found, j->facts, false);
        if (found->sets_len > 0 && found->sets[0].size == 0) {
            tell_no_quorum(j, group);
        } else if (people.count > 0) {
            qrt_status_add(j, QRT_CONCERN_CONFLICT, "loss", QRT_NO_DAY,
                           "without one of these there is no quorum of the %s group: %s",
                           qrt_group_words(group), qrt_some_text(&people));
        }
        qrt_loss_of_sites(found, j->facts, QRT_LOSS_OF(group), 1);
        name_each(&sites, found, j->facts, true);
        if (sites.count > 0) {
            qrt_status_add(j, QRT_CONCERN_CONFLICT, "loss", QRT_NO_DAY,
                           "with one of these sites the quorum of the %s group is lost: %s",
                           qrt_group_words(group), qrt_some_text(&sites));
        }
    }
}

static void judge_takeover(struct qrt_judging *j, struct qrt_minimal *found)
{
    for (unsigned takeover = 0; takeover < QRT_TAKEOVERS; takeover++) {
        QRT_SOME people = {0};
        qrt_takeover_find(found, j->facts, takeover, 1);
        name_each(&people, found, j->facts, false);
        if (people.count > 0) {
            qrt_status_add(j, QRT_CONCERN_CONFLICT, "takeover", QRT_NO_DAY,
                           "each of these alone reaches %s: %s", qrt_takeover_name(takeover),
                           qrt_some_text(&people));
        }
    }
}

static void judge_hours(struct qrt_judging *j)
{
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        uint64_t week[QRT_WEEK_WORDS];
        size_t slots = 0;
        QRT_SOME unknown = {0};
        for (size_t i = 0; i < j->facts->cards_len; i++) {
            const struct qrt_fact_card *card = &j->facts->cards[i];
            const struct qrt_fact_person *person = &j->facts->people[card->custodian];
            if (card->group == group && !person->rostered && !person->gone) {
                qrt_some_add(&unknown, person->id, strlen(person->id));
            }
        }
        if (unknown.count > 0) {
            qrt_status_add(j, QRT_CONCERN_OPEN, "roster", QRT_NO_DAY,
                           "of the %s group not on it: %s", qrt_group_words(group),
                           qrt_some_text(&unknown));
        }
        qrt_hours_without(week, j->facts, group);
        for (size_t i = 0; i < QRT_WEEK_SLOTS; i++) {
            slots += qrt_week_has(week, i) ? 1 : 0;
        }
        if (slots > 0) {
            qrt_status_add(j, QRT_CONCERN_OPEN, "roster", QRT_NO_DAY,
                           "without a quorum of the %s group: %zu of 168 hours a week",
                           qrt_group_words(group), (slots + 3) / 4);
        }
    }
}

enum qrt_code qrt_status_governance(struct qrt_judging *j, struct qrt_err *err)
{
    struct qrt_apart apart[APART_MAX];
    size_t apart_len;
    if (qrt_state_key(&j->vault->state) == NULL) {
        qrt_status_add(j, QRT_CONCERN_OPEN, "founding", QRT_NO_DAY, "no card was made yet");
        return QRT_OK;
    }
    enum qrt_code code = qrt_separation_find(apart, &apart_len, APART_MAX, j->facts, err);
    struct qrt_minimal *found = code == QRT_OK ? calloc(1, sizeof *found) : NULL;
    if (code == QRT_OK && found == NULL) {
        code = qrt_fail(err, QRT_E_NOMEM, "a vault's status");
    }
    if (code != QRT_OK) {
        return code;
    }
    for (size_t i = 0; i < apart_len; i++) {
        tell_apart(j, &apart[i]);
    }
    judge_loss(j, found);
    judge_takeover(j, found);
    judge_hours(j);
    free(found);
    return QRT_OK;
}
