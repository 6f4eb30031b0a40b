/* What status says of accounts and the register. */
#include "unit/office.h"

#include "audit/cycles.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_second_factor_is_due_when_aws_asks_for_it),
        TEST(a_closed_account_asks_for_nothing_and_serves_nobody),
        TEST(credentials_that_should_not_be_are_told),
        TEST(devices_of_a_management_account_are_hardware_or_explained),
        TEST(an_account_that_needs_its_own_mailbox_is_a_circle),
        TEST(what_the_register_lacks_or_has_wrong_is_told),
        TEST(a_mailbox_elsewhere_or_of_one_reader_is_told),
        TEST(more_devices_than_aws_takes_are_told),
        cmocka_unit_test(cycles_are_found_where_there_are_any),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
