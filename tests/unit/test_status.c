#include "unit.h"

#include "audit/cycles.h"
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

static void put(struct office *o, const char *reg, const char *name, const char *value)
{
    struct qrt_register_row *row = ADD(o, registers, qrt_register_row);
    snprintf(row->reg, sizeof row->reg, "%s", reg);
    snprintf(row->name, sizeof row->name, "%s", name);
    snprintf(row->value, sizeof row->value, "%s", value);
    row->time_unix_s = FOUNDED;
}

static void put_card(struct office *o, const char *group, const char *custodian, const char *site,
                     const char *safe)
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

static void attest(struct office *o, const char *person, const char *channel, const char *result)
{
    struct qrt_review_row *row = ADD(o, reviews, qrt_review_row);
    snprintf(row->person, sizeof row->person, "%s", person);
    snprintf(row->channel, sizeof row->channel, "%s", channel);
    snprintf(row->result, sizeof row->result, "%s", result);
    row->time_unix_s = FOUNDED;
    row->signed_at = 2; /* the cards are of entry 1 */
}

static void put_custody(struct office *o)
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
static int office_make(void **ctx)
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

static int office_drop(void **ctx)
{
    struct office *o = *ctx;
    qrt_status_free(&o->status);
    qrt_state_free(&o->vault.state);
    qrt_policy_free(&o->vault.policy);
    return 0;
}

static void judge(struct office *o, int64_t days)
{
    qrt_status_free(&o->status);
    assert_int_equal(qrt_status_judge(&o->status, &o->vault, FOUNDED + days * DAY, NULL), QRT_OK);
}

/* How many rows of that state and subject have that text in theirs. */
static size_t rows(const struct office *o, enum qrt_concern_state state, const char *what,
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

static void a_vault_in_order_has_four_days_to_keep(void **ctx)
{
    struct office *o = *ctx;
    judge(o, 0);
    for (size_t i = 0; i < o->status.len; i++) {
        if (o->status.list[i].state != QRT_CONCERN_DUE) {
            fail_msg("%s: %s", o->status.list[i].what, o->status.list[i].text);
        }
    }
    assert_int_equal(o->status.count[QRT_CONCERN_DUE], 4);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "drill", "none since the founding"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "review", "0 of 9 not attested"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "copy", "for b; that of a is newer"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "receipt", "of 2024-10-04: p1"), 1);
}

static void copies_and_receipts_are_overdue_like_a_drill(void **ctx)
{
    struct office *o = *ctx;
    struct qrt_rows *registers = &o->vault.state.registers;
    struct qrt_person *p1 = QRT_ROW(&o->vault.state, people, qrt_person, 2);
    judge(o, 90);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "copy", ""), 1);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "receipt", ""), 1);
    judge(o, 91);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "copy", "for b"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "receipt", "p1"), 1);
    put(o, "copy", "3", "safe=a/8\ntaken=2025-01-01\n");
    judge(o, 91); /* a newer one at the same site helps nobody at the other */
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "copy", "for b"), 1);
    put(o, "copy", "4", "safe=b/8\ntaken=2025-01-02\n");
    judge(o, 91);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "copy", ""), 0);
    registers->len -= 3; /* the first alone is left */
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "copy", "lie at a alone"), 1);
    registers->len--;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "copy", "knows of no copy"), 1);
    p1->gone = 9; /* who left may have thrown it away */
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "receipt", "nobody was given one"), 1);
    struct qrt_person *m1 = QRT_ROW(&o->vault.state, people, qrt_person, 5);
    m1->receipt = 4;
    judge(o, 91);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "receipt", "m1"), 1);
}

static void happen(struct office *o, int64_t place, int64_t days, const char *cause)
{
    struct qrt_trigger *trigger = ADD(o, triggers, qrt_trigger);
    *trigger = (struct qrt_trigger){.place = place, .time_unix_s = FOUNDED + days * DAY};
    snprintf(trigger->cause, sizeof trigger->cause, "%s", cause);
}

static void what_happens_asks_for_a_review_within_two_weeks(void **ctx)
{
    struct office *o = *ctx;
    struct qrt_rows *reviews = &o->vault.state.reviews;
    happen(o, 100, 10, "p3 left");
    happen(o, 110, 11, "the software is another one");
    judge(o, 24);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "review",
                          "9 of 9 not attested; asked for because p3 left, and by 1"),
                     1);
    judge(o, 25);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "review", "9 of 9"), 1);
    for (size_t i = 0; i < reviews->len; i++) {
        struct qrt_review_row *row = QRT_ROW(&o->vault.state, reviews, qrt_review_row, i);
        row->signed_at = 105;
        row->time_unix_s = FOUNDED + 12 * DAY;
    }
    judge(o, 25); /* what was attested after the first is asked for by the second still */
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "review", "because the software is another one"), 1);
    for (size_t i = 0; i + 1 < reviews->len; i++) {
        QRT_ROW(&o->vault.state, reviews, qrt_review_row, i)->signed_at = 120;
    }
    judge(o, 26);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "review", "1 of 9"), 1);
    QRT_ROW(&o->vault.state, reviews, qrt_review_row, reviews->len - 1)->signed_at = 120;
    judge(o, 26);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "review", "0 of 9 not attested"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "review", "asked for"), 0);
}

static void an_answer_is_of_what_was_there_when_it_was_given(void **ctx)
{
    struct office *o = *ctx;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "review", "0 of 9 not attested"), 1);
    QRT_ROW(&o->vault.state, cards, qrt_card_row, 0)->issued = 3;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "review", "1 of 9 not attested"), 1);
    QRT_ROW(&o->vault.state, registers, qrt_register_row, 0)->changed = 3; /* the mailbox */
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "review", "2 of 9 not attested"), 1);
    QRT_ROW(&o->vault.state, reviews, qrt_review_row, 0)->signed_at = 4;
    QRT_ROW(&o->vault.state, reviews, qrt_review_row, 1)->signed_at = 4;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "review", "1 of 9 not attested"), 1);
    snprintf(QRT_ROW(&o->vault.state, reviews, qrt_review_row, 6)->result, 3, "no");
    judge(o, 0); /* what was denied stays so until it is answered anew */
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "review", "mailbox:root: no"), 1);
}

static void a_second_factor_is_due_when_aws_asks_for_it(void **ctx)
{
    struct office *o = *ctx;
    QRT_ROW(&o->vault.state, accounts, qrt_account, 0)->added_unix_s = FOUNDED;
    o->vault.state.items.len = 0;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "device", "no other: 123456789012"), 1);
    o->vault.state.registers.len = 0;
    judge(o, 35);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "device", "123456789012; AWS asks"), 1);
    judge(o, 36);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "device", "123456789012; AWS asks"), 1);
    strcpy(QRT_ROW(&o->vault.state, accounts, qrt_account, 0)->strategy, "removed");
    judge(o, 36);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "device", ""), 0);
}

static void a_closed_account_asks_for_nothing_and_serves_nobody(void **ctx)
{
    struct office *o = *ctx;
    struct qrt_item_row *item = QRT_ROW(&o->vault.state, items, qrt_item_row, 0);
    item->confirmed = QRT_NEVER;
    item->carries = 1;
    put(o, "contact", "c4", "account=123456789012\nemail=c4@example.com\nkind=billing\n");
    QRT_ROW(&o->vault.state, registers, qrt_register_row, 1)->value[0] = '\0'; /* c1, of all */
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "credential", "123456789012 totp"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "rekey", "change 123456789012 totp"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "contact", ""), 0);
    QRT_ROW(&o->vault.state, accounts, qrt_account, 0)->closed = 7;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "credential", ""), 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "rekey", ""), 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "contact", "none is registered: billing"), 1);
}

static void credentials_that_should_not_be_are_told(void **ctx)
{
    struct office *o = *ctx;
    static const char words[] = "yet credentials are in custody: 123456789012";
    struct qrt_account *account = QRT_ROW(&o->vault.state, accounts, qrt_account, 0);
    struct qrt_item_row *item = QRT_ROW(&o->vault.state, items, qrt_item_row, 0);
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "credential", ""), 0);
    strcpy(account->strategy, "removed");
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "credential", words), 1);
    strcpy(account->strategy, "never-set");
    strcpy(item->kind, "password");
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "credential", words), 1);
    strcpy(item->kind, "note"); /* which opens nothing */
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "credential", ""), 0);
    strcpy(item->kind, "password");
    item->deleted = 1;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "credential", ""), 0);
    item->deleted = QRT_NEVER;
    account->closed = 1;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "credential", ""), 0);
}

static void devices_of_a_management_account_are_hardware_or_explained(void **ctx)
{
    struct office *o = *ctx;
    put(o, "device", "t2", "account=123456789012\nkind=hardware\nmanagement=yes\n");
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "device", "battery is to be replaced is not"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "device", "MFA seed of a management"), 1);
    put(o, "device", "t3", "account=123456789012\nkind=virtual\nmanagement=yes\n");
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "device", "MFA seed of a management"), 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "device", "t3 of a management account"), 1);
    put(o, "device", "t3", "account=123456789012\nkind=virtual\nmanagement=yes\nnote=x\n");
    QRT_ROW(&o->vault.state, registers, qrt_register_row, o->vault.state.registers.len - 2)
        ->value[0] = '\0';
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "device", ""), 0);
}

static void an_account_that_needs_its_own_mailbox_is_a_circle(void **ctx)
{
    struct office *o = *ctx;
    put(o, "dependency", "mailbox/other", "needs=account/123456789012\n");
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "dependency", ""), 0);
    put(o, "dependency", "mailbox/root", "needs=dns\n");
    put(o, "dependency", "dns", "needs=account/123456789012\n");
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "dependency", "mailbox/root"), 1);
}

static void add_drill(struct office *o, int64_t intent, int day, const char *level,
                      const char *group)
{
    struct qrt_ceremony *ceremony = ADD(o, ceremonies, qrt_ceremony);
    struct qrt_drill *drill = ADD(o, drills, qrt_drill);
    *ceremony = (struct qrt_ceremony){.name = "drill",
                                      .result = "done",
                                      .intent = intent,
                                      .outcome = intent,
                                      .time_unix_s = FOUNDED + day * DAY};
    drill->intent = intent;
    snprintf(drill->level, sizeof drill->level, "%s", level);
    snprintf(drill->group_name, sizeof drill->group_name, "%s", group);
}

static void drill_and_review_are_overdue_a_second_after_their_day(void **ctx)
{
    struct office *o = *ctx;
    judge(o, 90);
    assert_int_equal(o->status.count[QRT_CONCERN_OVERDUE], 0);
    qrt_status_free(&o->status);
    assert_int_equal(qrt_status_judge(&o->status, &o->vault, FOUNDED + 90 * DAY + 1, NULL), QRT_OK);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "drill", ""), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "review", "9 of 9"), 1);
    add_drill(o, 9, 80, "full", "");
    add_drill(o, 10, 85, "group", "mfa");
    add_drill(o, 11, 100, "seals", ""); /* puts off nothing */
    judge(o, 170);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "drill", ""), 0);
    judge(o, 171);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "drill", "the password group every 90"), 1);
    add_drill(o, 12, 110, "group", "password");
    judge(o, 175);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "drill", ""), 0);
    judge(o, 176);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "drill", "the MFA group every 90"), 1);
}

static void a_clock_of_1970_makes_nothing_less_due(void **ctx)
{
    struct office *o = *ctx;
    o->vault.log.last_time_unix_s = FOUNDED + 100 * DAY;
    qrt_status_free(&o->status);
    assert_int_equal(qrt_status_judge(&o->status, &o->vault, DAY, NULL), QRT_OK);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "clock", ""), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "drill", ""), 1);
}

/* The log itself went from day 100 to day 5: until everybody has attested, day 100 counts. */
static void a_log_that_goes_back_makes_nothing_less_due(void **ctx)
{
    struct office *o = *ctx;
    struct qrt_rows *reviews = &o->vault.state.reviews;
    happen(o, 100, 5, "the log's time goes back at entry 100");
    QRT_ROW(&o->vault.state, triggers, qrt_trigger, 0)->back_from_unix_s = FOUNDED + 100 * DAY;
    o->vault.log.last_time_unix_s = FOUNDED + 5 * DAY;
    judge(o, 6);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "clock", "at entry 100, from 2025-01-12"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "drill", ""), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "review", "the log's time goes back"), 1);
    for (size_t i = 0; i < reviews->len; i++) {
        QRT_ROW(&o->vault.state, reviews, qrt_review_row, i)->signed_at = i == 0 ? 99 : 101;
    }
    judge(o, 6);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "drill", ""), 1);
    QRT_ROW(&o->vault.state, reviews, qrt_review_row, 0)->signed_at = 101;
    judge(o, 6);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "clock", ""), 0);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "drill", ""), 0);
}

static void cards_of_another_group_than_the_policy_has_are_told(void **ctx)
{
    struct office *o = *ctx;
    struct qrt_group_rule *rule = &o->vault.state.groups[QRT_GROUP_MFA];
    judge(o, 1);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "reissue", ""), 0);
    rule->threshold = 3;
    judge(o, 1);
    assert_int_equal(
        rows(o, QRT_CONCERN_OVERDUE, "reissue", "0 belong to others, and 2 open, not 3"), 1);
    rule->threshold = 2;
    snprintf(rule->ids[0], sizeof rule->ids[0], "witness-1");
    judge(o, 1);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "reissue", "MFA group are not"), 1);
    assert_int_equal(
        rows(o, QRT_CONCERN_OVERDUE, "reissue", "2 of its 3 custodians have one, 1 belongs"), 1);
    ADD(o, keys, qrt_key_row)->began = QRT_NEVER; /* a re-key is pending */
    QRT_ROW(&o->vault.state, keys, qrt_key_row, 1)->ended = QRT_NEVER;
    judge(o, 1);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "reissue", ""), 0);
}

static void a_date_to_come_puts_nothing_off_unnoticed(void **ctx)
{
    struct office *o = *ctx;
    static const char *const kinds[] = {"drill", "review", "receipt", "copy"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        judge(o, 1);
        assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, kinds[i], "a day to come"), 0);
    }
    add_drill(o, 9, 9000, "full", "");
    QRT_ROW(&o->vault.state, reviews, qrt_review_row, 3)->time_unix_s += 9000 * DAY;
    QRT_ROW(&o->vault.state, people, qrt_person, 2)->receipt_unix_s += 9000 * DAY;
    put(o, "copy", "3", "safe=c/9\ntaken=2042-10-04\n");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        judge(o, 1);
        assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, kinds[i], "a day to come"), 1);
    }
}

static void what_was_not_said_or_denied_is_told(void **ctx)
{
    struct office *o = *ctx;
    QRT_ROW(&o->vault.state, reviews, qrt_review_row, 0)->time_unix_s = FOUNDED - DAY;
    snprintf(QRT_ROW(&o->vault.state, reviews, qrt_review_row, 1)->result, 3, "no");
    o->vault.state.reviews.len--; /* the phone's */
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "review", "1 of 9 not attested"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "review", "p2 said of password-card: no"), 1);
    judge(o, 89);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "review", ""), 0);
    qrt_status_free(&o->status);
    assert_int_equal(qrt_status_judge(&o->status, &o->vault, FOUNDED + 89 * DAY + 1, NULL), QRT_OK);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "review", "2 of 9"), 1);
}

static void cards_and_credentials_that_nobody_tried_are_open(void **ctx)
{
    struct office *o = *ctx;
    QRT_ROW(&o->vault.state, cards, qrt_card_row, 4)->proved = QRT_NEVER;
    QRT_ROW(&o->vault.state, items, qrt_item_row, 0)->confirmed = QRT_NEVER;
    o->vault.state.bags.len--;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "card", "m2"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "credential", "123456789012 totp"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "bag", "m3"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "deposit", ""), 0);
    struct qrt_item_row *deposit = ADD(o, items, qrt_item_row);
    *deposit = *QRT_ROW(&o->vault.state, items, qrt_item_row, 0);
    deposit->sealed = QRT_NEVER;
    deposit->deposited = 7;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "deposit", "123456789012 totp"), 1);
}

static void cards_out_of_hand_are_counted_to_the_threshold(void **ctx)
{
    struct office *o = *ctx;
    struct qrt_card_row *first = QRT_ROW(&o->vault.state, cards, qrt_card_row, 0);
    struct qrt_card_row *second = QRT_ROW(&o->vault.state, cards, qrt_card_row, 1);
    second->member_index = 1;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "loss", ""), 0);
    first->voided = 9;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "card", "nobody has seen it destroyed: 1 of p1"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "loss", "edition 1: 1 of the 2 shares"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "rekey", ""), 0);
    second->suspect = 9;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "card", "not found whole: 2 of p2"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "rekey", "2 shares are out of hand"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "rekey", "see those destroyed"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "loss", ""), 0);
    first->suspect = 9; /* what may have been copied is not undone by a shredder */
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "rekey", "2 shares are out of hand"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "rekey", "destroyed"), 0);
    first->suspect = QRT_NEVER;
    first->destroyed = 10; /* nobody has it any more; the other may have been copied */
    second->voided = second->destroyed = 10;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "card", "destroyed"), 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "loss", "1 of the 2 shares"), 1);
    second->member_index = first->member_index; /* two cards of one share are one */
    first->destroyed = QRT_NEVER;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "loss", "1 of the 2 shares"), 1);
    o->vault.state.keys.len = 0;
    ADD(o, keys, qrt_key_row)->generation = 2; /* it opens nothing any more */
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "loss", ""), 0);
}

static void a_bag_that_is_not_in_its_place_is_no_tolerance(void **ctx)
{
    struct office *o = *ctx;
    struct qrt_bag *first = QRT_ROW(&o->vault.state, bags, qrt_bag, 0);
    struct qrt_bag *second = QRT_ROW(&o->vault.state, bags, qrt_bag, 1);
    put(o, "safe", "a/1", "holder=p1\n");
    put(o, "safe", "b/1", "holder=p1\n");
    put(o, "safe", "c/1", "holder=p3\n");
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "loss", "of the password group: p1"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "takeover", ""), 0);
    first->checked = 9;
    strcpy(first->result, "missing");
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "loss", "of the password group: p3, p2, p1"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "loss", "group is lost: b, c"), 1);
    second->checked = 9;
    strcpy(second->result, "wrong-number"); /* another lies where it was */
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "loss",
                          "password group needs 2 of its 3 live cards, and fewer are known to be "
                          "there; missing: 1 of p1, 2 of p2"),
                     1);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "roster", "password group: 168 of 168"), 1);
    QRT_ROW(&o->vault.state, editions, qrt_edition, 1)->threshold = 1;
    put(o, "safe", "a/2", "holder=p1\n");
    judge(o, 0); /* for who takes over they are where they were */
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "takeover", "password and MFA: p1"), 1);
    strcpy(second->result, "broken"); /* and yet there */
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "loss", "missing"), 0);
    strcpy(second->result, "missing");
    QRT_ROW(&o->vault.state, cards, qrt_card_row, 0)->proved = 10; /* it was found since */
    second->placed = 10;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "loss", "missing"), 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "loss", "of the password group: p1"), 1);
}

static void a_bag_that_was_opened_is_to_be_sealed_anew(void **ctx)
{
    struct office *o = *ctx;
    struct qrt_bag *bag = QRT_ROW(&o->vault.state, bags, qrt_bag, 2);
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "bag", ""), 0);
    bag->opened = 20;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "bag", "not sealed in another bag: 3 of p3"), 1);
    bag->checked = 19;
    strcpy(bag->result, "whole");
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "bag", ""), 0);
    bag->checked = 21;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "bag", "a copy of that card may be in use"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "bag", ""), 0);
    struct qrt_bag *other = ADD(o, bags, qrt_bag);
    *other = *QRT_ROW(&o->vault.state, bags, qrt_bag, 2);
    other->opened = other->checked = QRT_NEVER;
    strcpy(other->bag, "other");
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "bag", "which lay in it, was read"), 1);
}

static void a_device_in_a_bag_is_kept_apart_and_whole(void **ctx)
{
    struct office *o = *ctx;
    struct qrt_bag *bag = ADD(o, bags, qrt_bag);
    bag->opened = bag->checked = QRT_NEVER;
    strcpy(bag->bag, "D-1");
    strcpy(bag->account, "123456789012");
    strcpy(bag->site, "a");
    strcpy(bag->safe, "2");
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "separation", ""), 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "bag", ""), 0);
    strcpy(bag->safe, "1");
    bag->checked = 9;
    strcpy(bag->result, "broken");
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "separation", "D-1"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "bag", "bag D-1, with the device"), 1);
    struct qrt_bag *other = ADD(o, bags, qrt_bag);
    *other = *QRT_ROW(&o->vault.state, bags, qrt_bag, o->vault.state.bags.len - 2);
    other->checked = QRT_NEVER;
    strcpy(other->bag, "D-2");
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "bag", "bag D-1, with the device"), 1);
    put(o, "device", "token", "account=123456789012\nkind=hardware\n");
    struct qrt_rows *registers = &o->vault.state.registers;
    struct qrt_register_row *row =
        QRT_ROW(&o->vault.state, registers, qrt_register_row, registers->len - 1);
    row->changed = 8;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "bag", "was not registered since"), 1);
    row->changed = 10;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "bag", "D-1"), 0);
}

static void separation_loss_and_takeover_are_conflicts(void **ctx)
{
    struct office *o = *ctx;
    snprintf(QRT_ROW(&o->vault.state, bags, qrt_bag, 3)->safe, 2, "1");
    put(o, "phone", "sim", "contract=x\nholder=operator-1\npayer=y\n");
    put(o, "safe", "a/1", "holder=witness-1\n");
    put(o, "safe", "b/1", "holder=witness-1\n");
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "separation", "the safe a/1 holds"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "separation", "operator-1: both a mailbox"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "separation", "witness-1: combinations"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "loss", "password group: witness-1"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "takeover", "mailbox and phone: operator-1"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "takeover", "password and MFA"), 0);
    snprintf(QRT_ROW(&o->vault.state, bags, qrt_bag, 1)->site, 2, "a");
    judge(o, 0);
    assert_int_equal(
        rows(o, QRT_CONCERN_CONFLICT, "loss", "quorum of the password group is lost: a"), 1);
}

static void a_mailbox_elsewhere_or_of_one_reader_is_told(void **ctx)
{
    struct office *o = *ctx;
    static const struct {
        const char *domain;
        size_t public;
    } domains[] = {{"hotmail.co.uk", 1},    {"Yahoo.com.br", 1},          {"gmx.net", 1},
                   {"live.de", 1},          {"gmail.com.example.com", 0}, {"gmx.shop", 0},
                   {"yahoo.example.com", 0}};
    for (size_t i = 0; i < sizeof domains / sizeof domains[0]; i++) {
        char value[100];
        snprintf(value, sizeof value, "address=x@%s\nrecipient=A@b.de\nrecipient=a@B.de\n",
                 domains[i].domain);
        o->vault.state.registers.len = 0;
        put(o, "mailbox", "g", value);
        judge(o, 0);
        assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "mailbox", "at a public provider"),
                         domains[i].public);
        assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "mailbox", "g: recipients: 1"), 1);
    }
}

static void what_the_register_lacks_or_has_wrong_is_told(void **ctx)
{
    struct office *o = *ctx;
    struct qrt_rows *registers = &o->vault.state.registers;
    put(o, "mailbox", "m", "address=Root@Example.com\nrecipient=p1\n");
    put(o, "mailbox", "g", "address=x@gmail.com\nrecipient=c1@example.com\nrecipient=p1\n");
    put(o, "contact", "c4", "email=ROOT@example.com\nkind=billing\n");
    put(o, "phone", "sim", "expires=2024-10-03\nholder=p1\n"); /* day 19999 */
    put(o, "device", "t2", "account=123456789012\nexpires=2024-10-05\nkind=hardware\n");
    put(o, "dependency", "idp", "needs=mail\n");
    put(o, "dependency", "mail", "needs=disk\nneeds=idp\n");
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "mailbox", "1 accounts and of 2 mailboxes"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "mailbox", "a contact or recipient"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "mailbox", "m: recipients: 1"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "mailbox", "public provider: x@gmail.com"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "phone", "sim: its contract"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "phone", "sim: whose contract"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "device", "t2: its battery"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "dependency", "idp, which needs mail, which"),
                     1);
    registers->len = 0;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "mailbox", "root@example.com"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "device", "123456789012"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "contact", "billing, operations, security"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "roster", "168 of 168"), 2);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "roster", "not on it: m1, m2, m3"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "phone", "none is registered"), 1);
}

static void more_devices_than_aws_takes_are_told(void **ctx)
{
    struct office *o = *ctx;
    char name[8];
    for (unsigned i = 3; i <= 8; i++) {
        snprintf(name, sizeof name, "t%u", i);
        put(o, "device", name, "account=123456789012\nkind=fido\n");
    }
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "device", ""), 0);
    put(o, "device", "t9", "account=123456789012\nkind=fido\n");
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "device", "has 9 devices"), 1);
}

/* What can come back to itself, tried by walking all ways; cycles that share no
 * node are found until none is left. */
static void cycles_are_found_where_there_are_any(void **ctx)
{
    (void)ctx;
    uint64_t random = 42;
    unsigned with = 0;
    for (unsigned trial = 0; trial < 2000; trial++) {
        struct qrt_need needs[12];
        bool reach[7][7] = {{0}};
        bool done[7] = {0};
        bool left[7] = {0};
        size_t cycle[7];
        size_t len;
        for (unsigned i = 0; i < 9; i++) {
            random = random * 6364136223846793005U + 1442695040888963407U;
            needs[i] = (struct qrt_need){(random >> 33) % 7, (random >> 41) % 7};
            reach[needs[i].node][needs[i].needs] = true;
        }
        bool any = false;
        for (unsigned k = 0; k < 7; k++) {
            for (unsigned i = 0; i < 7; i++) {
                for (unsigned j = 0; j < 7; j++) {
                    reach[i][j] = reach[i][j] || (reach[i][k] && reach[k][j]);
                }
            }
        }
        for (unsigned i = 0; i < 7; i++) {
            any = any || reach[i][i];
        }
        assert_int_equal(qrt_cycle_find(cycle, &len, done, 7, needs, 9, NULL), QRT_OK);
        assert_int_equal(len > 0, any);
        with += any;
        for (size_t i = 0; i < len; i++) {
            bool edge = false;
            for (unsigned n = 0; n < 9; n++) {
                edge =
                    edge || (needs[n].node == cycle[i] && needs[n].needs == cycle[(i + 1) % len]);
            }
            assert_true(edge && !left[cycle[i]]);
            left[cycle[i]] = true;
        }
    }
    assert_true(with > 100 && with < 1990);
}

static void whoever_leaves_leaves_a_group_a_card_and_no_badge(void **ctx)
{
    struct office *o = *ctx;
    struct qrt_group_rule *rule = &o->vault.state.groups[QRT_GROUP_PASSWORD];
    for (unsigned i = 0; i < 3; i++) {
        snprintf(rule->ids[i], sizeof rule->ids[i], "p%u", i + 1);
    }
    QRT_ROW(&o->vault.state, people, qrt_person, 3)->gone = 1; /* p2 */
    QRT_ROW(&o->vault.state, badges, qrt_badge_row, 3)->voided = 1;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "reissue", "1 of the password group"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "card",
                          "card 2 of p2, who left, is to be collected and destroyed: bag bag-2, "
                          "b/1"),
                     1);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "badge", ""), 0);
    rule->threshold = 1;
    QRT_ROW(&o->vault.state, cards, qrt_card_row, 1)->destroyed = 1;
    QRT_ROW(&o->vault.state, badges, qrt_badge_row, 1)->voided = 1; /* witness-1 */
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "reissue", ""), 0);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "rekey", "one share is every share"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "card", "who left"), 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "badge", "witness-1"), 1);
}

static void who_left_has_what_was_not_taken_back(void **ctx)
{
    struct office *o = *ctx;
    struct qrt_person *witness = QRT_ROW(&o->vault.state, people, qrt_person, 1);
    put(o, "mailbox", "m", "address=m@example.com\nrecipient=witness-1\nrecipient=p1\n");
    put(o, "device", "t2", "account=123456789012\nholder=witness-1\nkind=fido\n");
    put(o, "safe", "a/1", "holder=p1\nholder=witness-1\n");
    put(o, "safe", "a/2", "holder=m1\nholder=witness-1\n");
    put(o, "roster", "witness-1", "hours=mon-sun 00:00-24:00\nutc-offset=+00:00\n");
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "separation", "witness-1: both a mailbox"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "", "who left"), 0);
    witness->gone = 7;
    judge(o, 0);
    assert_int_equal(
        rows(o, QRT_CONCERN_CONFLICT, "mailbox", "mailbox m names witness-1, who left"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "phone", "office names witness-1, who left"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "device", "t2 names witness-1, who left"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "safe", "a/2 names witness-1, who left"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "roster", ""), 0); /* it gives them nothing */
    assert_int_equal(
        rows(o, QRT_CONCERN_CONFLICT, "separation", "witness-1 (left): both a mailbox"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "separation", "witness-1 (left): combinations"),
                     1);
    assert_int_equal(
        rows(o, QRT_CONCERN_CONFLICT, "takeover", "mailbox and phone: witness-1 (left)"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "loss", ""), 0); /* others open these safes */
    put(o, "safe", "b/1", "holder=witness-1\n");
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "loss", "quorum of the password group: p3, p1"),
                     1);
    put(o, "safe", "c/1", "holder=witness-1\n");
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "loss",
                          "password group needs 2 of its 3 live cards, and fewer are known to be "
                          "there; in a safe that nobody opens who is here: 2 of p2, 3 of p3"),
                     1);
}

static void cards_of_who_left_are_no_loss_to_who_takes_over(void **ctx)
{
    struct office *o = *ctx;
    snprintf(QRT_ROW(&o->vault.state, bags, qrt_bag, 3)->safe, 2, "1");
    QRT_ROW(&o->vault.state, people, qrt_person, 2)->gone = 7; /* p1 */
    QRT_ROW(&o->vault.state, people, qrt_person, 6)->gone = 7; /* m2 */
    QRT_ROW(&o->vault.state, people, qrt_person, 7)->gone = 7; /* m3 */
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "separation", "the safe a/1 holds"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "loss", "of the password group: p2, p3"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "loss",
                          "the MFA group needs 2 of its 3 live cards, and fewer are known to be "
                          "there; of custodians who left: 5 of m2, 6 of m3"),
                     1);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "roster", "MFA group: 168 of 168"), 1);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "roster", "not on it"), 0);
    o->vault.state.keys.len = 0; /* one of one, and its custodian has left */
    struct qrt_key_row *key = ADD(o, keys, qrt_key_row);
    key->generation = 1;
    QRT_ROW(&o->vault.state, editions, qrt_edition, 1)->threshold = 1;
    QRT_ROW(&o->vault.state, editions, qrt_edition, 0)->threshold = 1;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "takeover", "password and MFA"), 0);
    put(o, "safe", "a/1", "holder=p1\n");
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_CONFLICT, "takeover", "password and MFA: p1 (left)"), 1);
}

static void a_custodian_without_a_card_is_told(void **ctx)
{
    struct office *o = *ctx;
    struct qrt_card_row *card = QRT_ROW(&o->vault.state, cards, qrt_card_row, 1);
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "reissue", ""), 0);
    card->voided = card->destroyed = 7; /* and nothing else is to be done about it */
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "reissue",
                          "custodians of the password group whose cards are void or destroyed: p2; "
                          "quorate reissue makes new ones"),
                     1);
    put_card(o, "password", "p2", "b", "1"); /* it was replaced */
    QRT_ROW(&o->vault.state, cards, qrt_card_row, 6)->replaces = 2;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "reissue", ""), 0);
    QRT_ROW(&o->vault.state, cards, qrt_card_row, 6)->voided = 8;
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "reissue", "p2"), 1);
    QRT_ROW(&o->vault.state, people, qrt_person, 3)->gone = 9; /* which is told by itself */
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_OPEN, "reissue", ""), 0);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "reissue", "1 of the password group has left"),
                     1);
}

static void an_action_of_somebody_who_left_waits_for_no_day(void **ctx)
{
    struct office *o = *ctx;
    struct qrt_action *action = ADD(o, actions, qrt_action);
    *action = (struct qrt_action){.number = 1,
                                  .owner = "p2",
                                  .text = "a new lamp",
                                  .closed = QRT_NEVER,
                                  .due_unix_s = FOUNDED + 50 * DAY};
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "action", "1, p2: a new lamp"), 1);
    QRT_ROW(&o->vault.state, people, qrt_person, 3)->gone = 1; /* p2 */
    judge(o, 0);
    assert_int_equal(rows(o, QRT_CONCERN_DUE, "action", ""), 0);
    assert_int_equal(rows(o, QRT_CONCERN_OVERDUE, "action", "1, p2, who left: a new lamp"), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, office_make, office_drop)
    const struct CMUnitTest tests[] = {
        TEST(a_vault_in_order_has_four_days_to_keep),
        TEST(copies_and_receipts_are_overdue_like_a_drill),
        TEST(what_happens_asks_for_a_review_within_two_weeks),
        TEST(an_answer_is_of_what_was_there_when_it_was_given),
        TEST(a_second_factor_is_due_when_aws_asks_for_it),
        TEST(a_closed_account_asks_for_nothing_and_serves_nobody),
        TEST(credentials_that_should_not_be_are_told),
        TEST(devices_of_a_management_account_are_hardware_or_explained),
        TEST(an_account_that_needs_its_own_mailbox_is_a_circle),
        TEST(drill_and_review_are_overdue_a_second_after_their_day),
        TEST(a_clock_of_1970_makes_nothing_less_due),
        TEST(a_log_that_goes_back_makes_nothing_less_due),
        TEST(a_date_to_come_puts_nothing_off_unnoticed),
        TEST(cards_of_another_group_than_the_policy_has_are_told),
        TEST(what_was_not_said_or_denied_is_told),
        TEST(cards_and_credentials_that_nobody_tried_are_open),
        TEST(cards_out_of_hand_are_counted_to_the_threshold),
        TEST(a_bag_that_is_not_in_its_place_is_no_tolerance),
        TEST(a_bag_that_was_opened_is_to_be_sealed_anew),
        TEST(a_device_in_a_bag_is_kept_apart_and_whole),
        TEST(separation_loss_and_takeover_are_conflicts),
        TEST(what_the_register_lacks_or_has_wrong_is_told),
        TEST(a_mailbox_elsewhere_or_of_one_reader_is_told),
        TEST(more_devices_than_aws_takes_are_told),
        cmocka_unit_test(cycles_are_found_where_there_are_any),
        TEST(whoever_leaves_leaves_a_group_a_card_and_no_badge),
        TEST(a_custodian_without_a_card_is_told),
        TEST(who_left_has_what_was_not_taken_back),
        TEST(cards_of_who_left_are_no_loss_to_who_takes_over),
        TEST(an_action_of_somebody_who_left_waits_for_no_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
