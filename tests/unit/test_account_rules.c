/* What the log's rules say of accounts and of what is in custody of them. */
#include "unit.h"

#include "crypto/sign.h"
#include "vault/state.h"
#include <stdarg.h>

#define ORIGIN  "example.com/accounts"
#define HASH    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define ACCOUNT "123456789012"

static const char *const people[] = {"operator-1", "operator-2", "custodian-p1", "custodian-m1"};
#define PEOPLE     (sizeof people / sizeof people[0])
#define OPERATOR_1 1U
#define OPERATOR_2 2U

/* A log in memory, entry by entry, with everybody's badges. */
struct world {
    struct qrt_state state;
    struct qrt_views views;
    struct qrt_faults faults;
    uint64_t index;
    uint64_t epoch;
    uint8_t keys[PEOPLE][QRT_SIGN_KEY_BYTES];
    struct qrt_buf texts[128];
    size_t texts_len;
};

static void world_free(struct world *w)
{
    qrt_state_free(&w->state);
    qrt_faults_free(&w->faults);
    for (size_t i = 0; i < w->texts_len; i++) {
        qrt_buf_free(&w->texts[i]);
    }
}
#define WORLD __attribute__((cleanup(world_free))) struct world

static struct qrt_vkey key_of(const struct world *w, size_t i)
{
    struct qrt_vkey vkey;
    char name[QRT_KEY_NAME_MAX_CHARS + 1];
    snprintf(name, sizeof name, ORIGIN "/%s", people[i]);
    assert_int_equal(
        qrt_vkey_make(&vkey, name, QRT_KEY_TYPE_COSIGN, qrt_sign_public(w->keys[i]), NULL), QRT_OK);
    return vkey;
}

/* Puts the drafted entry at the end; how many faults it brought. */
static size_t put_draft(struct world *w, struct qrt_draft *draft)
{
    struct qrt_place place = {ORIGIN, w->index++, w->epoch, 1795219201};
    uint8_t salt[QRT_ENTRY_SALT_BYTES] = {0};
    struct qrt_entry entry;
    struct qrt_buf *text = &w->texts[w->texts_len++];
    size_t before = w->faults.len;
    assert_int_equal(qrt_entry_encode(text, draft, &place, salt, NULL), QRT_OK);
    qrt_draft_free(draft);
    assert_int_equal(qrt_entry_parse(&entry, qrt_buf_str(text), text->len_bytes, NULL), QRT_OK);
    assert_int_equal(w->views.apply(&w->state, &entry, &w->faults, NULL), QRT_OK);
    return w->faults.len - before;
}

/* put(w, event, key, value, …, NULL), by operator-1 */
static size_t put(struct world *w, enum qrt_event_id event, ...)
{
    struct qrt_draft draft = {0};
    va_list args;
    const char *key;
    qrt_draft_start(&draft, event, "operator-1");
    va_start(args, event);
    while ((key = va_arg(args, const char *)) != NULL) {
        qrt_draft_text(&draft, key, va_arg(args, const char *));
    }
    va_end(args);
    return put_draft(w, &draft);
}

/* Ends the epoch under the badges whose bits are set; how many faults. */
static size_t seal(struct world *w, unsigned cosigners)
{
    static const char text[] = ORIGIN "\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
    QRT_BUF bytes = {0};
    struct qrt_note note;
    struct qrt_vkey log_key;
    uint8_t signature[QRT_SIGNATURE_BYTES] = {0};
    size_t before = w->faults.len;
    assert_int_equal(qrt_vkey_make(&log_key, ORIGIN, QRT_KEY_TYPE_LOG, signature, NULL), QRT_OK);
    qrt_buf_printf(&bytes, "%s\n", text);
    qrt_note_add_signature(&bytes, &log_key, signature, sizeof signature);
    for (size_t i = 0; i < PEOPLE; i++) {
        struct qrt_vkey vkey = key_of(w, i);
        uint8_t cosignature[QRT_COSIGNATURE_BYTES];
        if ((cosigners & 1U << i) != 0) {
            qrt_note_cosign(cosignature, text, strlen(text), 1795219201, w->keys[i]);
            qrt_note_add_signature(&bytes, &vkey, cosignature, sizeof cosignature);
        }
    }
    assert_int_equal(qrt_note_parse(&note, qrt_buf_str(&bytes), bytes.len_bytes, NULL), QRT_OK);
    assert_int_equal(w->views.seal(&w->state, w->epoch, &note, NULL, &w->faults, NULL), QRT_OK);
    w->epoch++;
    return w->faults.len - before;
}

static void put_genesis(struct world *w)
{
    struct qrt_draft draft = {0};
    struct qrt_vkey log_key;
    char text[QRT_VKEY_MAX_CHARS + 1];
    qrt_draft_start(&draft, QRT_EV_GENESIS, "operator-1");
    qrt_draft_text(&draft, "policy", HASH);
    qrt_draft_text(&draft, "group", "password 1 custodian-p1");
    qrt_draft_text(&draft, "group", "mfa 1 custodian-m1");
    qrt_draft_u64(&draft, "cosignatures", 1);
    assert_int_equal(qrt_vkey_make(&log_key, ORIGIN, QRT_KEY_TYPE_LOG, w->keys[0] + 32, NULL),
                     QRT_OK);
    qrt_vkey_format(text, &log_key);
    qrt_draft_text(&draft, "first-key", text);
    for (size_t i = 0; i < PEOPLE; i++) {
        struct qrt_vkey vkey = key_of(w, i);
        QRT_BUF line = {0};
        qrt_vkey_format(text, &vkey);
        qrt_buf_printf(&line, "%s %s %s", people[i], i < 2 ? "operator" : "custodian", text);
        qrt_draft_text(&draft, "person", qrt_buf_str(&line));
    }
    assert_int_equal(put_draft(w, &draft), 0);
}

static size_t put_account(struct world *w, const char *id, const char *strategy)
{
    return put(w, QRT_EV_ACCOUNT_ADDED, "account", id, "name", "Name", "email", "root@example.com",
               "strategy", strategy, NULL);
}

static void world_begin(struct world *w)
{
    *w = (struct world){0};
    w->views = qrt_state_views(&w->state);
    for (size_t i = 0; i < PEOPLE; i++) {
        uint8_t seed[QRT_SEED_BYTES];
        memset(seed, (int)i + 1, sizeof seed);
        qrt_sign_key(w->keys[i], seed);
    }
    put_genesis(w);
    assert_int_equal(seal(w, OPERATOR_1), 0);
}

static void an_account_is_added_once(void **state)
{
    (void)state;
    WORLD w;
    world_begin(&w);
    assert_int_equal(put_account(&w, ACCOUNT, NULL), 0);
    assert_int_equal(put_account(&w, ACCOUNT, NULL), 1);
}

static void an_account_has_one_of_three_strategies(void **state)
{
    (void)state;
    WORLD w;
    world_begin(&w);
    assert_int_equal(put_account(&w, "account-1", "vaulted"), 0);
    assert_int_equal(put_account(&w, "account-2", "removed"), 0);
    assert_int_equal(put_account(&w, "account-3", "never-set"), 0);
    assert_int_equal(put_account(&w, "account-4", "printed"), 1);
}

static size_t put_change(struct world *w, const char *id, const char *key, const char *value)
{
    return put(w, QRT_EV_ACCOUNT_CHANGED, "account", id, key, value, NULL);
}

static void an_open_account_is_changed_in_what_is_said(void **state)
{
    (void)state;
    WORLD w;
    world_begin(&w);
    assert_int_equal(put_change(&w, ACCOUNT, "name", "Other"), 1); /* it is not there */
    assert_int_equal(put_account(&w, ACCOUNT, "removed"), 0);
    assert_int_equal(put_change(&w, ACCOUNT, "email", "other@example.com"), 0);
    const struct qrt_account *account = qrt_state_account(&w.state, ACCOUNT);
    assert_string_equal(account->name, "Name");
    assert_string_equal(account->email, "other@example.com");
    assert_string_equal(account->strategy, "removed");
    assert_int_equal(put(&w, QRT_EV_ACCOUNT_CHANGED, "account", ACCOUNT, "name", "Other",
                         "strategy", "vaulted", NULL),
                     0);
    assert_string_equal(account->name, "Other");
    assert_string_equal(account->email, "other@example.com");
    assert_string_equal(account->strategy, "vaulted");
    assert_int_equal(put(&w, QRT_EV_ACCOUNT_CHANGED, "account", ACCOUNT, NULL), 1); /* nothing */
    assert_int_equal(seal(&w, OPERATOR_1), 0); /* one badge is enough */
}

static void a_change_has_the_limits_of_a_new_account(void **state)
{
    (void)state;
    WORLD w;
    char name[205] = "";
    world_begin(&w);
    assert_int_equal(put_account(&w, ACCOUNT, NULL), 0);
    assert_int_equal(put_change(&w, ACCOUNT, "strategy", "printed"), 1);
    assert_int_equal(put_change(&w, ACCOUNT, "name", "Other"), 0); /* judged by what it says */
    memset(name, 'n', 203);
    assert_int_equal(put_change(&w, ACCOUNT, "name", name), 0);
    memset(name, 'n', 204);
    assert_int_equal(put_change(&w, ACCOUNT, "name", name), 1);
    name[65] = '\0';
    assert_int_equal(put_change(&w, ACCOUNT, "email", name), 1);
    name[64] = '\0';
    assert_int_equal(put_change(&w, ACCOUNT, "email", name), 0);
    assert_int_equal(put(&w, QRT_EV_ACCOUNT_CLOSED, "account", ACCOUNT, "reason", "sold", NULL), 0);
    assert_int_equal(put_change(&w, ACCOUNT, "name", "Other"), 1);
}

static void an_account_that_is_there_is_closed_once(void **state)
{
    (void)state;
    WORLD w;
    world_begin(&w);
    assert_int_equal(put(&w, QRT_EV_ACCOUNT_CLOSED, "account", ACCOUNT, "reason", "sold", NULL), 1);
    assert_int_equal(put_account(&w, ACCOUNT, NULL), 0);
    assert_int_equal(put(&w, QRT_EV_ACCOUNT_CLOSED, "account", ACCOUNT, "reason", "sold", NULL), 0);
    assert_int_equal(put(&w, QRT_EV_ACCOUNT_CLOSED, "account", ACCOUNT, "reason", "sold", NULL), 1);
    assert_int_equal(put_account(&w, ACCOUNT, NULL), 1); /* its id is not free again */
    assert_int_equal(seal(&w, OPERATOR_1), 0);
}

/* A vault of one key and one account, founded. */
static void world_found(struct world *w)
{
    world_begin(w);
    assert_int_equal(put_account(w, ACCOUNT, NULL), 0);
    assert_int_equal(put(w, QRT_EV_INTENT, "ceremony", "found", NULL), 0);
    assert_int_equal(put(w, QRT_EV_KEY_CREATED, "generation", "1", "identifier", "7", "key-check",
                         HASH, "group-check-password", HASH, "group-check-mfa", HASH, "deposit-key",
                         HASH, "recovery-key", HASH, "authority-key", HASH, NULL),
                     0);
    for (int group = 0; group < 2; group++) {
        const char *name = group == 0 ? "password" : "mfa";
        assert_int_equal(put(w, QRT_EV_EDITION_CREATED, "generation", "1", "group", name, "edition",
                             "1", "threshold", "1", "issuing-key", HASH, NULL),
                         0);
        assert_int_equal(put(w, QRT_EV_CARD_CREATED, "generation", "1", "group", name, "edition",
                             "1", "serial", group == 0 ? "1" : "2", "member-index", "0",
                             "custodian", people[2 + group], "commitment", HASH, NULL),
                         0);
    }
    assert_int_equal(put(w, QRT_EV_ITEM_SEALED, "account", ACCOUNT, "kind", "password", "serial",
                         "1", "generation", "1", "ciphertext", HASH, NULL),
                     0);
    assert_int_equal(seal(w, OPERATOR_1), 0);
    assert_int_equal(put(w, QRT_EV_CARD_ISSUED, "serial", "1", NULL), 0);
    assert_int_equal(put(w, QRT_EV_CARD_ISSUED, "serial", "2", NULL), 0);
    assert_int_equal(put(w, QRT_EV_OUTCOME, "intent", "2", "result", "done", NULL), 0);
    assert_int_equal(seal(w, OPERATOR_1), 0);
}

static size_t put_deposit(struct world *w, const char *account, const char *kind,
                          const char *serial, const char *generation)
{
    return put(w, QRT_EV_ITEM_DEPOSITED, "account", account, "kind", kind, "serial", serial,
               "generation", generation, "ciphertext", HASH, NULL);
}

static void a_deposit_takes_the_next_serial_of_an_open_account(void **state)
{
    (void)state;
    WORLD w;
    world_found(&w);
    assert_int_equal(put_deposit(&w, ACCOUNT, "password", "2", "1"), 0);
    assert_int_equal(put_deposit(&w, ACCOUNT, "password", "2", "1"), 1);
    assert_int_equal(put_deposit(&w, ACCOUNT, "totp", "4", "1"), 0);
    assert_int_equal(put_deposit(&w, ACCOUNT, "pin", "5", "1"), 1);
    assert_int_equal(put_deposit(&w, "account-9", "totp", "6", "1"), 1);
    assert_int_equal(put_deposit(&w, ACCOUNT, "totp", "7", "2"), 1);
    assert_int_equal(put(&w, QRT_EV_ACCOUNT_CLOSED, "account", ACCOUNT, "reason", "sold", NULL), 0);
    assert_int_equal(put_deposit(&w, ACCOUNT, "totp", "8", "1"), 1);
    assert_int_equal(seal(&w, OPERATOR_1), 0); /* one badge is enough */
}

static void a_row_has_the_serial_of_its_place_whatever_is_said(void **state)
{
    (void)state;
    WORLD w;
    world_found(&w);
    assert_int_equal(put_deposit(&w, ACCOUNT, "password", "9999", "1"), 1);
    assert_int_equal(QRT_ROW(&w.state, items, qrt_item_row, 1)->serial, 2);
}

static void without_a_key_nothing_is_deposited(void **state)
{
    (void)state;
    WORLD w;
    world_begin(&w);
    assert_int_equal(put_account(&w, ACCOUNT, NULL), 0);
    assert_int_equal(put_deposit(&w, ACCOUNT, "password", "1", "1"), 1);
}

static void a_deposit_is_not_the_item_of_its_account_yet(void **state)
{
    (void)state;
    WORLD w;
    world_found(&w);
    assert_int_equal(put_deposit(&w, ACCOUNT, "password", "2", "1"), 0);
    assert_int_equal(put_deposit(&w, ACCOUNT, "totp", "3", "1"), 0);
    assert_int_equal(qrt_state_item(&w.state, ACCOUNT, "password")->serial, 1);
    assert_null(qrt_state_item(&w.state, ACCOUNT, "totp"));
}

/* An opening with its quorum; returns the intent's index as text. */
static const char *open_vault(struct world *w, int cards)
{
    static char intent[24];
    snprintf(intent, sizeof intent, "%llu", (unsigned long long)w->index);
    assert_int_equal(put(w, QRT_EV_INTENT, "ceremony", "open", "account", ACCOUNT, "purpose",
                         "drill", "show", "password", NULL),
                     0);
    for (int i = 0; i < cards; i++) {
        assert_int_equal(put(w, QRT_EV_CARD_ACCEPTED, "intent", intent, "serial",
                             i == 0 ? "1" : "2", "how", "code", "result", "accepted", NULL),
                         0);
    }
    return intent;
}

static const char *index_of(uint64_t index)
{
    static char text[24];
    snprintf(text, sizeof text, "%llu", (unsigned long long)index);
    return text;
}

static size_t put_adopted(struct world *w, const char *kind, const char *serial,
                          const char *supersedes, uint64_t deposit)
{
    return put(w, QRT_EV_ITEM_SEALED, "account", ACCOUNT, "kind", kind, "serial", serial,
               "generation", "1", "ciphertext", HASH, "supersedes", supersedes, "deposit",
               index_of(deposit), NULL);
}

static size_t put_shown(struct world *w, const char *intent, const char *serial)
{
    return put(w, QRT_EV_SECRET_SHOWN, "intent", intent, "account", ACCOUNT, "kind", "password",
               "serial", serial, "what", "password", "to", "screen", NULL);
}

static void a_deposit_is_adopted_by_two_badges_in_an_opening_with_its_quorum(void **state)
{
    (void)state;
    WORLD w;
    world_found(&w);
    uint64_t deposit = w.index;
    assert_int_equal(put_deposit(&w, ACCOUNT, "password", "2", "1"), 0);
    assert_int_equal(seal(&w, OPERATOR_1), 0);
    assert_int_equal(put_adopted(&w, "password", "2", "1", deposit), 1); /* outside an opening */
    assert_true(seal(&w, OPERATOR_1) > 0);
    (void)open_vault(&w, 1);
    assert_int_equal(put_adopted(&w, "password", "2", "1", deposit), 1); /* half a quorum */
    assert_int_equal(
        put(&w, QRT_EV_DEPOSIT_REFUSED, "deposit", index_of(deposit), "reason", "x", NULL), 1);
    assert_int_equal(put(&w, QRT_EV_CARD_ACCEPTED, "intent", index_of(w.index - 4), "serial", "2",
                         "how", "code", "result", "accepted", NULL),
                     0);
    assert_int_equal(put_adopted(&w, "password", "2", NULL, deposit), 1);
    assert_int_equal(put_adopted(&w, "password", "2", "2", deposit), 1);
    assert_int_equal(put_adopted(&w, "password", "2", "1", deposit + 1), 1);
    assert_int_equal(put_adopted(&w, "totp", "2", "1", deposit), 1);
    assert_int_equal(put_adopted(&w, "password", "3", "1", deposit), 1);
    assert_int_equal(put_adopted(&w, "password", "2", "1", deposit), 0);
    assert_int_equal(put_adopted(&w, "password", "2", "1", deposit), 1); /* once */
    assert_int_equal(seal(&w, OPERATOR_1), 1);                           /* one badge */
    assert_int_equal(qrt_state_item(&w.state, ACCOUNT, "password")->serial, 2);
    const struct qrt_item_row *now = qrt_state_item(&w.state, ACCOUNT, "password");
    assert_int_equal(qrt_state_former(&w.state, now)->serial, 1);
}

static void with_two_badges_a_deposit_is_adopted_or_refused(void **state)
{
    (void)state;
    WORLD w;
    world_found(&w);
    uint64_t first = w.index;
    assert_int_equal(put_deposit(&w, ACCOUNT, "password", "2", "1"), 0);
    assert_int_equal(put_deposit(&w, ACCOUNT, "totp", "3", "1"), 0);
    assert_int_equal(seal(&w, OPERATOR_1), 0);
    (void)open_vault(&w, 2);
    assert_int_equal(put_adopted(&w, "password", "2", "1", first), 0);
    assert_int_equal(
        put(&w, QRT_EV_DEPOSIT_REFUSED, "deposit", index_of(first + 1), "reason", "x", NULL), 0);
    assert_int_equal(
        put(&w, QRT_EV_DEPOSIT_REFUSED, "deposit", index_of(first + 1), "reason", "x", NULL), 1);
    assert_int_equal(
        put(&w, QRT_EV_DEPOSIT_REFUSED, "deposit", index_of(first), "reason", "x", NULL), 1);
    assert_int_equal(put_adopted(&w, "totp", "3", NULL, first + 1), 1);
    assert_int_equal(seal(&w, OPERATOR_1 | OPERATOR_2), 0);
}

static size_t put_of_item(struct world *w, enum qrt_event_id event, const char *serial,
                          const char *generation)
{
    return event == QRT_EV_ITEM_DELETED
               ? put(w, event, "account", ACCOUNT, "kind", "password", "serial", serial,
                     "generation", generation, "ciphertext", HASH, NULL)
               : put(w, event, "account", ACCOUNT, "kind", "password", "serial", serial, "how",
                     "console", NULL);
}

static void a_former_item_is_shown_until_it_is_deleted_and_deleted_once_another_is_confirmed(
    void **state)
{
    (void)state;
    WORLD w;
    world_found(&w);
    uint64_t first = w.index;
    assert_int_equal(put_deposit(&w, ACCOUNT, "password", "2", "1"), 0);
    assert_int_equal(put_deposit(&w, ACCOUNT, "password", "3", "1"), 0);
    assert_int_equal(seal(&w, OPERATOR_1), 0);
    const char *intent = open_vault(&w, 2);
    assert_int_equal(put_adopted(&w, "password", "2", "1", first), 0);
    assert_int_equal(put_of_item(&w, QRT_EV_ITEM_DELETED, "1", "1"), 1); /* not confirmed */
    assert_int_equal(put_of_item(&w, QRT_EV_ITEM_DELETED, "3", "1"), 1); /* it waits */
    assert_int_equal(put(&w, QRT_EV_OUTCOME, "intent", intent, "result", "done", NULL), 0);
    assert_int_equal(put_shown(&w, intent, "3"), 1);
    assert_int_equal(put_shown(&w, intent, "1"), 0);
    assert_int_equal(seal(&w, OPERATOR_1 | OPERATOR_2), 0);
    (void)open_vault(&w, 2);
    assert_int_equal(put_adopted(&w, "password", "3", "2", first + 1), 0);
    assert_int_equal(put_of_item(&w, QRT_EV_CREDENTIAL_CONFIRMED, "3", NULL), 0);
    assert_int_equal(put_of_item(&w, QRT_EV_ITEM_DELETED, "3", "1"), 1); /* the latest */
    assert_int_equal(put_of_item(&w, QRT_EV_ITEM_DELETED, "1", "2"), 1); /* another generation */
    assert_int_equal(put_of_item(&w, QRT_EV_ITEM_DELETED, "1", "1"), 0);
    assert_int_equal(put_of_item(&w, QRT_EV_ITEM_DELETED, "1", "1"), 1); /* once */
    assert_int_equal(put_of_item(&w, QRT_EV_ITEM_DELETED, "2", "1"), 0);
    assert_int_equal(put_of_item(&w, QRT_EV_CREDENTIAL_CONFIRMED, "2", NULL), 1);
    assert_int_equal(seal(&w, OPERATOR_1 | OPERATOR_2), 0);
    assert_null(qrt_state_former(&w.state, qrt_state_item(&w.state, ACCOUNT, "password")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_account_is_added_once),
        cmocka_unit_test(an_account_has_one_of_three_strategies),
        cmocka_unit_test(an_open_account_is_changed_in_what_is_said),
        cmocka_unit_test(a_change_has_the_limits_of_a_new_account),
        cmocka_unit_test(an_account_that_is_there_is_closed_once),
        cmocka_unit_test(a_deposit_takes_the_next_serial_of_an_open_account),
        cmocka_unit_test(a_row_has_the_serial_of_its_place_whatever_is_said),
        cmocka_unit_test(without_a_key_nothing_is_deposited),
        cmocka_unit_test(a_deposit_is_not_the_item_of_its_account_yet),
        cmocka_unit_test(a_deposit_is_adopted_by_two_badges_in_an_opening_with_its_quorum),
        cmocka_unit_test(with_two_badges_a_deposit_is_adopted_or_refused),
        cmocka_unit_test(
            a_former_item_is_shown_until_it_is_deleted_and_deleted_once_another_is_confirmed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
