/* What status says of cards, bags and people. */
#include "unit/office.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(cards_of_another_group_than_the_policy_has_are_told),
        TEST(cards_and_credentials_that_nobody_tried_are_open),
        TEST(cards_out_of_hand_are_counted_to_the_threshold),
        TEST(a_bag_that_is_not_in_its_place_is_no_tolerance),
        TEST(a_bag_that_was_opened_is_to_be_sealed_anew),
        TEST(a_device_in_a_bag_is_kept_apart_and_whole),
        TEST(separation_loss_and_takeover_are_conflicts),
        TEST(whoever_leaves_leaves_a_group_a_card_and_no_badge),
        TEST(a_custodian_without_a_card_is_told),
        TEST(who_left_has_what_was_not_taken_back),
        TEST(cards_of_who_left_are_no_loss_to_who_takes_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
