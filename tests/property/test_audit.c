/* Promise: coalitions, loss tolerance, hours without a quorum and broken rules
 * of separation are what trying every set, slot and pair of people finds. Random vaults of up to
 * nine people; the first argument sets their number, the second the seed. */
#include "unit/unit.h"

#include "audit/coalition.h"
#include "audit/hours.h"
#include "audit/loss.h"
#include "audit/separation.h"
#include <stdbool.h>
#include <time.h>

#define PEOPLE   9
#define SITES    4
#define SAFES    5
#define CHANNELS 4
#define SUBSETS  (1u << PEOPLE)

static unsigned vaults = 600;
static uint64_t seed;
static uint64_t random_state;
static struct qrt_minimal found;

static unsigned draw(unsigned below)
{
    random_state = random_state * 6364136223846793005U + 1442695040888963407U;
    return (unsigned)(random_state >> 33) % below;
}

struct trial {
    struct qrt_facts facts;
    struct qrt_fact_person people[PEOPLE];
    struct qrt_fact_card cards[2 * PEOPLE];
    struct qrt_fact_safe safes[SAFES];
    struct qrt_fact_channel channels[CHANNELS];
};

static void draw_holders(struct qrt_members *set, unsigned people, unsigned one_in)
{
    for (unsigned p = 0; p < people; p++) {
        if (draw(one_in) == 0) {
            qrt_members_add(set, p);
        }
    }
}

static void draw_facts(struct trial *t)
{
    static const char *const sites[SITES] = {"a", "b", "c", "d"};
    *t = (struct trial){0};
    unsigned people = 1 + draw(PEOPLE);
    unsigned safes = draw(SAFES + 1);
    unsigned channels = draw(CHANNELS + 1);
    unsigned cards = 0;
    bool twice = draw(4) == 0; /* people may hold two cards */
    for (unsigned p = 0; p < people; p++) {
        t->people[p] = (struct qrt_fact_person){.id = "p", .name = "P", .gone = draw(7) == 0};
        for (unsigned n = 0; n < (twice ? 2 : 1) && draw(8) != 0; n++) {
            size_t safe = safes > 0 && draw(3) != 0 ? draw(safes) : QRT_NOWHERE;
            t->cards[cards++] = (struct qrt_fact_card){.group = draw(2),
                                                       .custodian = p,
                                                       .safe = safe,
                                                       .missing = draw(7) == 0,
                                                       .site = draw(5) ? draw(SITES) : QRT_NOWHERE};
        }
    }
    for (unsigned s = 0; s < safes; s++) {
        t->safes[s] = (struct qrt_fact_safe){.name = "s", .known = draw(3) != 0};
        if (t->safes[s].known) {
            draw_holders(&t->safes[s].holders, people, 3);
        }
    }
    for (unsigned c = 0; c < channels; c++) {
        t->channels[c] = (struct qrt_fact_channel){.kind = draw(QRT_CHANNELS),
                                                   .name = "c",
                                                   .safe = safes > 0 && draw(2) == 0 ? draw(safes)
                                                                                     : QRT_NOWHERE};
        draw_holders(&t->channels[c].holders, people, 3);
    }
    t->facts = (struct qrt_facts){.people = t->people,
                                  .people_len = people,
                                  .cards = t->cards,
                                  .cards_len = cards,
                                  .safes = t->safes,
                                  .safes_len = safes,
                                  .channels = t->channels,
                                  .channels_len = channels,
                                  .sites = sites,
                                  .sites_len = SITES,
                                  .threshold = {1 + draw(3), 1 + draw(3)}};
}

/* What follows says the same as src/audit/ in the simplest way. */

static bool in(unsigned set, size_t member)
{
    return (set >> member & 1) != 0;
}

static bool one_opens(const struct qrt_facts *f, size_t safe, unsigned set)
{
    for (size_t p = 0; safe != QRT_NOWHERE && f->safes[safe].known && p < f->people_len; p++) {
        if (in(set, p) && qrt_members_has(&f->safes[safe].holders, p)) {
            return true;
        }
    }
    return false;
}

static bool plain_quorum(const struct qrt_facts *f, unsigned set, enum qrt_group group)
{
    unsigned have = 0;
    for (size_t i = 0; i < f->cards_len; i++) {
        const struct qrt_fact_card *card = &f->cards[i];
        have += card->group == group && (in(set, card->custodian) || one_opens(f, card->safe, set));
    }
    return have >= f->threshold[group];
}

static bool plain_channel(const struct qrt_facts *f, unsigned set, enum qrt_channel_kind kind)
{
    for (size_t i = 0; i < f->channels_len; i++) {
        const struct qrt_fact_channel *channel = &f->channels[i];
        for (size_t p = 0; channel->kind == kind && p < f->people_len; p++) {
            if (in(set, p) && qrt_members_has(&channel->holders, p)) {
                return true;
            }
        }
        if (channel->kind == kind && one_opens(f, channel->safe, set)) {
            return true;
        }
    }
    return false;
}

static bool plain_takeover(const struct qrt_facts *f, unsigned set, unsigned which)
{
    bool mfa = plain_quorum(f, set, QRT_GROUP_MFA) || plain_channel(f, set, QRT_CHANNEL_DEVICE);
    bool mail = plain_channel(f, set, QRT_CHANNEL_MAILBOX);
    return which == QRT_TAKEOVER_CARDS         ? mfa && plain_quorum(f, set, QRT_GROUP_PASSWORD)
           : which == QRT_TAKEOVER_MAILBOX_MFA ? mail && mfa
                                               : mail && plain_channel(f, set, QRT_CHANNEL_PHONE);
}

static bool plain_loss(const struct qrt_facts *f, unsigned gone, unsigned groups, bool of_sites)
{
    unsigned left[QRT_GROUPS] = {0};
    unsigned here = 0;
    for (size_t p = 0; p < f->people_len; p++) {
        here |= f->people[p].gone ? 0 : 1u << p;
    }
    for (size_t i = 0; i < f->cards_len; i++) {
        const struct qrt_fact_card *card = &f->cards[i];
        bool locked = card->safe != QRT_NOWHERE && f->safes[card->safe].known;
        bool lost = of_sites ? card->site != QRT_NOWHERE && in(gone, card->site)
                             : !in(here & ~gone, card->custodian) ||
                                   (locked && !one_opens(f, card->safe, here & ~gone));
        left[card->group] += !lost && !card->missing && in(here, card->custodian);
    }
    return ((groups & 1) != 0 && left[0] < f->threshold[0]) ||
           ((groups & 2) != 0 && left[1] < f->threshold[1]);
}

/* Marks each set that an answer stands for. */
static void expand(bool *sets, size_t answer, size_t kind, unsigned taken)
{
    if (kind == found.kinds_len) {
        assert_false(sets[taken]);
        sets[taken] = true;
        return;
    }
    for (unsigned subset = 0; subset < SUBSETS; subset++) {
        if ((subset & ~(unsigned)found.kinds[kind].bits[0]) == 0 &&
            __builtin_popcount(subset) == found.sets[answer].of_kind[kind]) {
            expand(sets, answer, kind + 1, taken | subset);
        }
    }
}

static unsigned long sets_seen;

/* `truth` says of every set whether it brings it about. */
static void compare(const bool *truth, unsigned members, const char *what)
{
    static bool sets[SUBSETS];
    memset(sets, 0, sizeof sets);
    assert_true(found.all);
    for (size_t i = 0; i < found.sets_len; i++) {
        expand(sets, i, 0, 0);
    }
    for (unsigned set = 0; set < 1u << members; set++) {
        bool minimal = truth[set];
        for (unsigned m = 0; m < members; m++) {
            minimal = minimal && !(in(set, m) && truth[set & ~(1u << m)]);
        }
        if (sets[set] != minimal) {
            fail_msg("seed %llu: %s: set %x is%s minimal", (unsigned long long)seed, what, set,
                     minimal ? "" : " not");
        }
        sets_seen += minimal;
    }
}

static void sets_are_what_trying_all_finds(void **state)
{
    static struct trial t;
    static bool truth[SUBSETS];
    (void)state;
    for (unsigned n = 0; n < vaults; n++) {
        draw_facts(&t);
        for (unsigned which = 0; which < QRT_TAKEOVERS; which++) {
            for (unsigned set = 0; set < 1u << t.facts.people_len; set++) {
                truth[set] = plain_takeover(&t.facts, set, which);
            }
            qrt_takeover_find(&found, &t.facts, which, QRT_MEMBERS_MAX);
            compare(truth, (unsigned)t.facts.people_len, qrt_takeover_name(which));
        }
        for (unsigned groups = 1; groups <= QRT_LOSS_OF_EITHER; groups++) {
            for (unsigned set = 0; set < 1u << t.facts.people_len; set++) {
                truth[set] = plain_loss(&t.facts, set, groups, false);
            }
            qrt_loss_of_people(&found, &t.facts, groups, QRT_MEMBERS_MAX);
            compare(truth, (unsigned)t.facts.people_len, "loss of people");
            for (unsigned set = 0; set < 1u << SITES; set++) {
                truth[set] = plain_loss(&t.facts, set, groups, true);
            }
            qrt_loss_of_sites(&found, &t.facts, groups, QRT_MEMBERS_MAX);
            compare(truth, SITES, "loss of sites");
        }
    }
    print_message("%u vaults, %lu minimal sets, seed %llu\n", vaults, sets_seen,
                  (unsigned long long)seed);
    assert_true(sets_seen > vaults); /* else nothing was compared */
}

static void the_smallest_come_first_and_a_limit_holds(void **state)
{
    static struct trial t;
    (void)state;
    for (unsigned n = 0; n < 50; n++) {
        draw_facts(&t);
        qrt_takeover_find(&found, &t.facts, QRT_TAKEOVER_CARDS, QRT_MEMBERS_MAX);
        size_t within = 0;
        for (size_t i = 0; i < found.sets_len; i++) {
            assert_true(i == 0 || found.sets[i - 1].size <= found.sets[i].size);
            within += found.sets[i].size <= 2;
        }
        qrt_takeover_find(&found, &t.facts, QRT_TAKEOVER_CARDS, 2);
        assert_int_equal(found.sets_len, within);
    }
}

static void hours_are_what_every_slot_says(void **state)
{
    static struct trial t;
    (void)state;
    for (unsigned n = 0; n < vaults / 4; n++) {
        struct {
            unsigned day, from, to;
        } shifts[PEOPLE][3];
        int offsets[PEOPLE];
        draw_facts(&t);
        for (unsigned p = 0; p < t.facts.people_len; p++) {
            offsets[p] = 15 * ((int)draw(105) - 48);
            t.people[p].rostered = draw(6) != 0;
            for (unsigned i = 0; i < 3; i++) {
                shifts[p][i].day = draw(7);
                shifts[p][i].from = 15 * draw(96);
                shifts[p][i].to = shifts[p][i].from + 15 * (1 + draw(96 - shifts[p][i].from / 15));
                qrt_week_add(t.people[p].reachable, shifts[p][i].day, shifts[p][i].from,
                             shifts[p][i].to, offsets[p]);
            }
        }
        for (unsigned group = 0; group < QRT_GROUPS; group++) {
            uint64_t week[QRT_WEEK_WORDS];
            qrt_hours_without(week, &t.facts, group);
            for (unsigned slot = 0; slot < QRT_WEEK_SLOTS; slot++) {
                unsigned there = 0;
                for (unsigned p = 0; p < t.facts.people_len; p++) {
                    unsigned local = (slot * 15 + 10080 + (unsigned)offsets[p]) % 10080;
                    bool at_work = false;
                    bool custodian = false;
                    for (unsigned i = 0; i < 3; i++) {
                        at_work = at_work || (local / 1440 == shifts[p][i].day &&
                                              local % 1440 >= shifts[p][i].from &&
                                              local % 1440 < shifts[p][i].to);
                    }
                    for (size_t i = 0; i < t.facts.cards_len; i++) {
                        custodian =
                            custodian || (t.cards[i].custodian == p && t.cards[i].group == group &&
                                          !t.cards[i].missing && !t.people[p].gone);
                    }
                    there += at_work && custodian && t.people[p].rostered;
                }
                assert_int_equal(qrt_week_has(week, slot), there < t.facts.threshold[group]);
            }
        }
    }
}

/* Who `class` is, under whatever spelling. */
struct plain_hand {
    bool cards[QRT_GROUPS], opens[QRT_GROUPS], mailbox, phone;
};

static struct plain_hand plain_hand(const struct qrt_facts *f, const unsigned *class, unsigned of)
{
    struct plain_hand hand = {0};
    for (size_t p = 0; p < f->people_len; p++) {
        for (size_t i = 0; class[p] == of && i < f->cards_len; i++) {
            const struct qrt_fact_card *card = &f->cards[i];
            hand.cards[card->group] |= card->custodian == p;
            hand.opens[card->group] |= one_opens(f, card->safe, 1u << p);
        }
        for (size_t i = 0; class[p] == of && i < f->channels_len; i++) {
            const struct qrt_fact_channel *channel = &f->channels[i];
            bool has =
                qrt_members_has(&channel->holders, p) || one_opens(f, channel->safe, 1u << p);
            hand.mailbox |= has && channel->kind == QRT_CHANNEL_MAILBOX;
            hand.phone |= has && channel->kind == QRT_CHANNEL_PHONE;
        }
    }
    return hand;
}

static bool plain_together(const struct qrt_facts *f, size_t safe, enum qrt_group group)
{
    bool any = false;
    for (size_t i = 0; i < f->cards_len; i++) {
        any |= f->cards[i].safe == safe && f->cards[i].group == group;
    }
    return any;
}

#define CLASSES 5

static void separation_is_what_every_pair_says(void **state)
{
    static const char *const spellings[CLASSES][3] = {{"Ann Ash", "ann  ASH", " Ann Ash "},
                                                      {"Bo Birch", "BO BIRCH", "bo birch"},
                                                      {"Cy Cedar", "Cy Cedar", "CY\tcedar"},
                                                      {"Di Elm", "\uFF24i Elm", "di elm"},
                                                      {"Ed Fir", "ed Fir", "Ed  FIR"}};
    static struct trial t;
    unsigned long findings = 0;
    (void)state;
    for (unsigned n = 0; n < vaults; n++) {
        struct qrt_apart apart[256];
        size_t len;
        size_t expected = 0;
        unsigned class[PEOPLE];
        draw_facts(&t);
        for (unsigned p = 0; p < t.facts.people_len; p++) {
            class[p] = draw(CLASSES);
            t.people[p].name = spellings[class[p]][draw(3)];
        }
        assert_int_equal(qrt_separation_find(apart, &len, 256, &t.facts, NULL), QRT_OK);
        bool of_person[3][CLASSES] = {{0}};
        bool of_safe[SAFES] = {0};
        bool of_channel[SAFES][CHANNELS] = {{0}};
        for (size_t i = 0; i < len; i++) {
            switch (apart[i].rule) {
            case QRT_APART_GROUPS:
            case QRT_APART_COMBINATIONS:
            case QRT_APART_MAILBOX_PHONE: {
                unsigned rule = apart[i].rule == QRT_APART_GROUPS         ? 0
                                : apart[i].rule == QRT_APART_COMBINATIONS ? 1
                                                                          : 2;
                assert_int_equal(class[apart[i].person], class[apart[i].other]);
                of_person[rule][class[apart[i].person]] = true;
                break;
            }
            case QRT_APART_SAFE:
                of_safe[apart[i].safe] = true;
                break;
            case QRT_APART_SAFE_CHANNEL:
                of_channel[apart[i].safe][apart[i].channel] = true;
                break;
            }
        }
        for (unsigned c = 0; c < CLASSES; c++) {
            struct plain_hand hand = plain_hand(&t.facts, class, c);
            const bool rules[] = {hand.cards[0] && hand.cards[1], hand.opens[0] && hand.opens[1],
                                  hand.mailbox && hand.phone};
            for (unsigned rule = 0; rule < 3; rule++) {
                assert_int_equal(of_person[rule][c], rules[rule]);
                expected += rules[rule];
            }
        }
        for (unsigned s = 0; s < t.facts.safes_len; s++) {
            bool password = plain_together(&t.facts, s, QRT_GROUP_PASSWORD);
            bool mfa = plain_together(&t.facts, s, QRT_GROUP_MFA);
            assert_int_equal(of_safe[s], password && mfa);
            expected += password && mfa;
            for (unsigned c = 0; c < t.facts.channels_len; c++) {
                enum qrt_channel_kind kind = t.channels[c].kind;
                bool wrong =
                    t.channels[c].safe == s && ((kind == QRT_CHANNEL_PHONE && (password || mfa)) ||
                                                (kind == QRT_CHANNEL_DEVICE && password));
                assert_int_equal(of_channel[s][c], wrong);
                expected += wrong;
            }
        }
        assert_int_equal(len, expected); /* and each is told once */
        findings += len;
    }
    print_message("%u vaults, %lu findings\n", vaults, findings);
    assert_true(findings > vaults / 4); /* else nothing was compared */
}

/* All that a policy can hold: sixteen of sixteen people each, and worse, every
 * one of them able to open another's safe. */
static void the_largest_vaults_are_answered_at_once(void **state)
{
    static struct qrt_fact_person people[64];
    static struct qrt_fact_card cards[32];
    static struct qrt_fact_safe safes[32];
    (void)state;
    for (unsigned overlapping = 0; overlapping < 2; overlapping++) {
        struct qrt_facts facts = {.people = people,
                                  .people_len = 64,
                                  .cards = cards,
                                  .cards_len = 32,
                                  .safes = safes,
                                  .safes_len = 32,
                                  .threshold = {8, 8}};
        for (unsigned i = 0; i < 32; i++) {
            cards[i] = (struct qrt_fact_card){
                .group = i / 16, .custodian = i, .safe = i, .site = QRT_NOWHERE};
            safes[i] = (struct qrt_fact_safe){.name = "s", .known = overlapping != 0};
            qrt_members_add(&safes[i].holders, 32 + (i * 7 + i / 3) % 32);
            qrt_members_add(&safes[i].holders, (i * 5 + 1) % 32);
        }
        struct timespec from, to;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
        qrt_takeover_find(&found, &facts, QRT_TAKEOVER_CARDS, QRT_MEMBERS_MAX);
        if (overlapping == 0) {
            assert_true(found.all);
            assert_int_equal(found.sets_len, 1);
            assert_int_equal(found.sets[0].size, 16);
        } else {
            assert_false(found.all);
        }
        qrt_loss_of_people(&found, &facts, QRT_LOSS_OF_EITHER, QRT_MEMBERS_MAX);
        if (overlapping == 0) {
            assert_true(found.all);
            assert_int_equal(found.sets_len, 2);
            assert_int_equal(found.sets[0].size, 9);
        }
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
        double s = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
        print_message("%s: %.3f s\n", overlapping ? "overlapping" : "plain", s);
        assert_true(s < 5);
    }
}

int main(int argc, char **argv)
{
    vaults = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : vaults;
    seed = argc > 2 ? strtoull(argv[2], NULL, 10) : (uint64_t)time(NULL);
    random_state = seed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_are_what_trying_all_finds),
        cmocka_unit_test(the_smallest_come_first_and_a_limit_holds),
        cmocka_unit_test(hours_are_what_every_slot_says),
        cmocka_unit_test(separation_is_what_every_pair_says),
        cmocka_unit_test(the_largest_vaults_are_answered_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
