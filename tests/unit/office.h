/* A vault in order, made by hand: what its status says is asked with one thing of
 * it changed. For the tests of the status, and nothing else. */
#ifndef QRT_TESTS_OFFICE_H
#define QRT_TESTS_OFFICE_H

#include "unit/unit.h"

#include "audit/status.h"
#include "vault/apply.h"

#define DAY     86400
#define FOUNDED (20000 * (int64_t)DAY)

static const char policy_text[] =
    "{\"vault\":\"example.com/v\",\"organization\":\"Example\",\"drill_days\":90,\"people\":["
    "{\"id\":\"operator-1\",\"name\":\"Operator One\",\"roles\":[\"operator\"]},"
    "{\"id\":\"witness-1\",\"name\":\"Witness One\",\"roles\":[\"witness\"]},"
    "{\"id\":\"p1\",\"name\":\"P One\",\"roles\":[\"custodian\"],\"site\":\"a\"},"
    "{\"id\":\"p2\",\"name\":\"P Two\",\"roles\":[\"custodian\"],\"site\":\"a\"},"
    "{\"id\":\"p3\",\"name\":\"P Three\",\"roles\":[\"custodian\"],\"site\":\"b\"},"
    "{\"id\":\"m1\",\"name\":\"M One\",\"roles\":[\"custodian\"],\"site\":\"a\"},"
    "{\"id\":\"m2\",\"name\":\"M Two\",\"roles\":[\"custodian\"],\"site\":\"b\"},"
    "{\"id\":\"m3\",\"name\":\"M Three\",\"roles\":[\"custodian\"],\"site\":\"c\"}],"
    "\"groups\":{\"password\":{\"threshold\":2,\"custodians\":[\"p1\",\"p2\",\"p3\"]},"
    "\"mfa\":{\"threshold\":2,\"custodians\":[\"m1\",\"m2\",\"m3\"]}}}";

static const char *const people[] = {"operator-1", "witness-1", "p1", "p2", "p3", "m1", "m2", "m3"};

struct office {
    struct qrt_vault vault;
    struct qrt_status status;
};

#define ADD(office, list, type)                                                                    \
    ((struct type *)qrt_state_add_row(&(office)->vault.state.list, sizeof(struct type)))

static inline void put(struct office *o, const char *reg, const char *name, const char *value)
{
    struct qrt_register_row *row = ADD(o, registers, qrt_register_row);
    snprintf(row->reg, sizeof row->reg, "%s", reg);
    snprintf(row->name, sizeof row->name, "%s", name);
    snprintf(row->value, sizeof row->value, "%s", value);
    row->time_unix_s = FOUNDED;
}

static inline void put_card(struct office *o, const char *group, const char *custodian,
                            const char *site, const char *safe)
{
    struct qrt_card_row *card = ADD(o, cards, qrt_card_row);
    card->serial = (int64_t)o->vault.state.cards.len;
    card->generation = card->edition = 1;
    card->issued = card->proved = 1;
    card->suspect = card->voided = card->destroyed = QRT_NEVER;
    snprintf(card->group_name, sizeof card->group_name, "%s", group);
    snprintf(card->custodian, sizeof card->custodian, "%s", custodian);
    struct qrt_bag *bag = ADD(o, bags, qrt_bag);
    bag->serial = card->serial;
    bag->opened = bag->checked = QRT_NEVER;
    snprintf(bag->bag, sizeof bag->bag, "bag-%d", (int)card->serial);
    snprintf(bag->site, sizeof bag->site, "%s", site);
    snprintf(bag->safe, sizeof bag->safe, "%s", safe);
}

static inline void attest(struct office *o, const char *person, const char *channel,
                          const char *result)
{
    struct qrt_review_row *row = ADD(o, reviews, qrt_review_row);
    snprintf(row->person, sizeof row->person, "%s", person);
    snprintf(row->channel, sizeof row->channel, "%s", channel);
    snprintf(row->result, sizeof row->result, "%s", result);
    row->time_unix_s = FOUNDED;
    row->signed_at = 2; /* the cards are of entry 1 */
}

static inline void put_custody(struct office *o)
{
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        struct qrt_edition *edition = ADD(o, editions, qrt_edition);
        edition->generation = edition->edition = 1;
        edition->threshold = 2;
        snprintf(edition->group_name, sizeof edition->group_name, "%s", qrt_group_name(group));
        o->vault.state.groups[group] = (struct qrt_group_rule){.threshold = 2, .count = 3};
        for (unsigned i = 0; i < 3; i++) {
            snprintf(o->vault.state.groups[group].ids[i], QRT_ID_CHARS + 1, "%s",
                     people[2 + 3 * group + i]);
        }
    }
    ADD(o, keys, qrt_key_row)->generation = 1; /* in force from its first entry on */
    put_card(o, "password", "p1", "a", "1");
    put_card(o, "password", "p2", "b", "1");
    put_card(o, "password", "p3", "c", "1");
    put_card(o, "mfa", "m1", "a", "2");
    put_card(o, "mfa", "m2", "b", "2");
    put_card(o, "mfa", "m3", "c", "2");
    struct qrt_account *account = ADD(o, accounts, qrt_account);
    account->closed = QRT_NEVER;
    snprintf(account->id, sizeof account->id, "123456789012");
    snprintf(account->email, sizeof account->email, "root@example.com");
    assert_true(qrt_state_index_account(&o->vault.state));
    struct qrt_item_row *item = ADD(o, items, qrt_item_row);
    item->superseded = item->deleted = item->deposited = QRT_NEVER;
    item->generation = 1;
    item->confirmed = 1;
    snprintf(item->account, sizeof item->account, "%s", account->id);
    snprintf(item->kind, sizeof item->kind, "totp");
}

/* A vault in good order, on the day of its founding. */
static inline int office_make(void **ctx)
{
    static struct office office;
    struct office *o = &office;
    *o = (struct office){.vault.state.founded_unix_s = FOUNDED};
    o->vault.log.last_time_unix_s = FOUNDED;
    assert_int_equal(qrt_policy_parse(&o->vault.policy, policy_text, strlen(policy_text), NULL),
                     QRT_OK);
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
        struct qrt_person *person = ADD(o, people, qrt_person);
        person->gone = person->receipt = QRT_NEVER;
        person->receipt_unix_s = FOUNDED;
        snprintf(person->id, sizeof person->id, "%s", people[i]);
        struct qrt_badge_row *badge = ADD(o, badges, qrt_badge_row);
        badge->voided = QRT_NEVER;
        snprintf(badge->person, sizeof badge->person, "%s", people[i]);
    }
    put_custody(o);
    put(o, "mailbox", "root",
        "address=root@example.com\nrecipient=operator-1\n"
        "recipient=list@example.com\n");
    put(o, "contact", "c1", "email=c1@example.com\nkind=billing\n");
    put(o, "contact", "c2", "email=c2@example.com\nkind=operations\n");
    put(o, "contact", "c3", "email=c3@example.com\nkind=security\n");
    put(o, "device", "token", "account=123456789012\nholder=m1\nkind=fido\n");
    for (size_t i = 2; i < sizeof people / sizeof people[0]; i++) {
        put(o, "roster", people[i], "hours=mon-sun 00:00-24:00\nutc-offset=+00:00\n");
        attest(o, people[i], i < 5 ? "password-card" : "mfa-card", "yes");
    }
    attest(o, "operator-1", "mailbox:root", "yes");
    attest(o, "m1", "device:token", "yes");
    put(o, "phone", "office", "contract=x\nholder=witness-1\npayer=y\n");
    attest(o, "witness-1", "phone:office", "yes");
    put(o, "copy", "1", "safe=a/9\ntaken=2024-10-04\n"); /* the day of the founding */
    put(o, "copy", "2", "safe=b/9\ntaken=2024-10-04\n");
    QRT_ROW(&o->vault.state, people, qrt_person, 2)->receipt = 5;
    *ctx = o;
    return 0;
}

static inline int office_drop(void **ctx)
{
    struct office *o = *ctx;
    qrt_status_free(&o->status);
    qrt_state_free(&o->vault.state);
    qrt_policy_free(&o->vault.policy);
    return 0;
}

static inline void judge(struct office *o, int64_t days)
{
    qrt_status_free(&o->status);
    assert_int_equal(qrt_status_judge(&o->status, &o->vault, FOUNDED + days * DAY, NULL), QRT_OK);
}

/* How many rows of that state and subject have that text in theirs. */
static inline size_t rows(const struct office *o, enum qrt_concern_state state, const char *what,
                          const char *text)
{
    size_t count = 0;
    for (size_t i = 0; i < o->status.len; i++) {
        const struct qrt_concern *row = &o->status.list[i];
        count +=
            row->state == state && strcmp(row->what, what) == 0 && strstr(row->text, text) != NULL;
    }
    return count;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, office_make, office_drop)

#endif
