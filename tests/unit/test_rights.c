#include "world.h"

static void exactly_the_quorums_of_both_groups_open(void **state)
{
    (void)state;
    for (unsigned subset = 0; subset < 64; subset++) {
        WORLD w;
        world_founded(&w);
        const char *intent = put_intent(&w);
        for (size_t i = 0; i < 6; i++) {
            if ((subset & 1U << i) != 0) {
                assert_int_equal(put_accepted(&w, intent, serials[i]), 0);
            }
        }
        int quorum = __builtin_popcount(subset & 7) >= 2 && __builtin_popcount(subset >> 3) >= 2;
        assert_int_equal(put_outcome(&w, intent, "done"), quorum ? 0 : 1);
        assert_int_equal(put_shown(&w, intent, "123456789012", "password"), 0);
    }
}

static void a_card_counts_once_and_only_while_it_lives(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    const char *intent = put_intent(&w);
    assert_int_equal(put_accepted(&w, intent, "1"), 0);
    assert_int_equal(put_accepted(&w, intent, "1"), 1);
    assert_int_equal(put_accepted(&w, intent, "7"), 1);
    assert_int_equal(put_accepted(&w, "0", "2"), 1);
    assert_int_equal(
        put(&w, QRT_EV_CARD_VOIDED, "operator-1", "serial", "2", "reason", "lost", NULL), 0);
    assert_int_equal(put_accepted(&w, intent, "2"), 1);
}

static void a_secret_is_shown_only_by_an_opening_that_asked_for_it(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put_shown(&w, "2", "123456789012", "password"), 1);
    const char *intent = put_intent(&w);
    assert_int_equal(put_shown(&w, intent, "123456789012", "password"), 1);
    for (const char *const *s = (const char *const[]){"1", "2", "4", "5", NULL}; *s != NULL; s++) {
        assert_int_equal(put_accepted(&w, intent, *s), 0);
    }
    assert_int_equal(put_outcome(&w, intent, "done"), 0);
    assert_int_equal(put_shown(&w, intent, "123456789012", "seed"), 1);
    assert_int_equal(put_shown(&w, intent, "210987654321", "password"), 1);
    assert_int_equal(put_shown(&w, intent, "123456789012", "password"), 0);
    assert_int_equal(put_outcome(&w, intent, "done"), 1);
}

static void who_acts_is_an_operator_and_has_cosigned(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put_exception(&w, "custodian-p1"), 0); /* judged at the epoch's end */
    assert_int_equal(put_exception(&w, "nobody"), 1);
    assert_int_equal(put_exception(&w, "operator-2"), 0);
    assert_int_equal(seal(&w, OPERATOR_1), 2);
    assert_int_equal(w.faults.list[1].index, w.index - 3);
    assert_int_equal(put_exception(&w, "operator-2"), 0);
    assert_int_equal(seal(&w, OPERATOR_2), 0);
    assert_int_equal(put_exception(&w, "operator-1"), 0);
    assert_int_equal(seal(&w, 0), 1);
}

static void to_void_a_card_takes_two_badges(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(
        put(&w, QRT_EV_CARD_VOIDED, "operator-1", "serial", "3", "reason", "lost", NULL), 0);
    assert_int_equal(seal(&w, OPERATOR_1), 1);
    assert_int_equal(
        put(&w, QRT_EV_CARD_VOIDED, "operator-1", "serial", "6", "reason", "lost", NULL), 0);
    assert_int_equal(seal(&w, OPERATOR_1 | 1U << 4), 0);
}

static void an_abandoned_founding_voids_its_cards_with_one_badge(void **state)
{
    (void)state;
    WORLD w;
    world_split(&w);
    assert_int_equal(put_outcome(&w, "2", "abandoned"), 0);
    assert_int_equal(
        put(&w, QRT_EV_CARD_VOIDED, "operator-1", "serial", "1", "reason", "abandoned", NULL), 0);
    assert_int_equal(seal(&w, OPERATOR_1), 0);
}

static void a_founding_is_done_when_every_card_was_handed_over(void **state)
{
    (void)state;
    WORLD w;
    world_split(&w);
    assert_int_equal(put(&w, QRT_EV_CARD_ISSUED, "operator-1", "serial", "1", NULL), 0);
    assert_int_equal(put(&w, QRT_EV_CARD_ISSUED, "operator-1", "serial", "1", NULL), 1);
    assert_int_equal(put_outcome(&w, "2", "done"), 1);
}

static void every_custodian_gets_one_card(void **state)
{
    (void)state;
    WORLD w;
    world_until_intent(&w);
    assert_int_equal(put_key(&w, "1"), 0);
    assert_int_equal(put_edition(&w, "password", "2"), 0);
    assert_int_equal(put_card(&w, "password", "1", "0", "custodian-p1"), 0);
    assert_int_equal(put_card(&w, "password", "2", "1", "custodian-p1"), 1);
    assert_int_equal(put_card(&w, "password", "3", "0", "custodian-p2"), 1);
    assert_int_equal(put_card(&w, "password", "4", "2", "custodian-p3"), 0);
    assert_int_equal(seal(&w, OPERATOR_1), 2); /* four of three, and none of three */
}

static void a_key_is_created_once_and_by_a_founding(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_true(put_key(&w, "1") > 0);
    assert_true(put_key(&w, "2") > 0);
}

static void an_edition_has_the_threshold_of_its_group(void **state)
{
    (void)state;
    WORLD w;
    world_until_intent(&w);
    assert_true(put_edition(&w, "password", "2") > 0); /* no key in this commit */
    assert_int_equal(put_key(&w, "1"), 0);
    assert_int_equal(put_edition(&w, "mfa", "1"), 1);
    assert_int_equal(put_edition(&w, "other", "2"), 1);
}

static void a_card_belongs_to_its_group_and_follows_the_last_serial(void **state)
{
    (void)state;
    WORLD w;
    world_until_intent(&w);
    assert_int_equal(put_key(&w, "1"), 0);
    assert_int_equal(put_edition(&w, "password", "2"), 0);
    assert_int_equal(put_card(&w, "password", "1", "0", "custodian-p1"), 0);
    assert_int_equal(put_card(&w, "password", "3", "1", "custodian-p2"), 1);
    assert_int_equal(put_card(&w, "password", "3", "16", "custodian-p2"), 1);
    assert_int_equal(put_card(&w, "password", "4", "2", "custodian-m1"), 1);
    assert_int_equal(put_card(&w, "mfa", "5", "0", "custodian-m1"), 1);
    (void)seal(&w, OPERATOR_1);
    assert_int_equal(put_card(&w, "password", "6", "2", "custodian-p3"), 1);
}

static void an_item_is_sealed_only_where_the_key_is(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put(&w, QRT_EV_ITEM_SEALED, "operator-1", "account", "123456789012", "kind",
                         "totp", "serial", "2", "generation", "1", "ciphertext", HASH, NULL),
                     1);
}

static void an_item_is_of_the_generation_of_its_key(void **state)
{
    (void)state;
    static const char *const generations[] = {"1", "2"};
    for (size_t i = 0; i < 2; i++) {
        WORLD w;
        world_until_intent(&w);
        (void)put_key(&w, "1");
        assert_int_equal(put(&w, QRT_EV_ITEM_SEALED, "operator-1", "account", "123456789012",
                             "kind", "password", "serial", "1", "generation", generations[i],
                             "ciphertext", HASH, NULL),
                         i);
    }
}

static void nobody_stands_in_both_groups(void **state)
{
    (void)state;
    WORLD w;
    world_begin(&w);
    assert_int_equal(put_genesis(&w, "mfa 2 custodian-m1,custodian-p1"), 1);
}

static void a_group_is_written_in_one_form(void **state)
{
    (void)state;
    static const char *const bad[] = {"mfa 4 custodian-m1,custodian-m2,custodian-m3",
                                      "mfa 0 custodian-m1", "mfa 1 custodian-m1,",
                                      "mfa 1 custodian-m1,,custodian-m2", "mfa one custodian-m1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        WORLD w;
        world_begin(&w);
        assert_true(put_genesis(&w, bad[i]) > 0);
    }
}

static void a_genesis_has_each_group_and_role_once_and_a_number_of_cosignatures(void **state)
{
    (void)state;
    static const struct {
        const char *mfa_group;
        struct changes changes;
        size_t faults;
    } cases[] = {
        {"mfa 1 custodian-m1", {NULL, "operator", 1}, 0},
        {"mfa 1 custodian-m1", {NULL, "auditor,operator", 63}, 0},
        {"mfa 1 custodian-m1", {NULL, "operator,operator", 1}, 1},
        {"mfa 1 custodian-m1", {"mfa 1 custodian-m2", "operator", 1}, 1},
        {"mfa 2 custodian-m1,custodian-m1", {NULL, "operator", 1}, 1},
        {NULL, {NULL, "operator", 1}, 1},
        {"mfa 1 custodian-m1", {NULL, "operator", 0}, 1},
        {"mfa 1 custodian-m1", {NULL, "operator", 64}, 1},
        {"mfa 1 custodian-m1", {NULL, "operator", (1ULL << 32) + 1}, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        WORLD w;
        world_begin(&w);
        assert_int_equal(put_changed_genesis(&w, cases[i].mfa_group, &cases[i].changes),
                         cases[i].faults);
    }
}

static void a_badge_is_issued_once_whatever_its_form(void **state)
{
    (void)state;
    WORLD w;
    world_begin(&w);
    char vkey[QRT_VKEY_MAX_CHARS + 1];
    vkey_of(&w, 2, vkey);
    (void)put_genesis(&w, "mfa 1 custodian-m1");
    for (size_t again = 0; again < 2; again++) {
        assert_int_equal(put(&w, QRT_EV_BADGE_ISSUED, "operator-1", "person", people[2], "vkey",
                             vkey, "form", "wallet", NULL),
                         again);
    }
}

static void an_intent_asks_for_few_things_of_any_letters(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    struct qrt_draft draft = {0};
    qrt_draft_start(&draft, QRT_EV_INTENT, "operator-1");
    qrt_draft_text(&draft, "ceremony", "open");
    qrt_draft_text(&draft, "account", "123456789012");
    qrt_draft_text(&draft, "show", "cl\xC3\xA9");
    char intent[24];
    snprintf(intent, sizeof intent, "%llu", (unsigned long long)w.index);
    assert_int_equal(put_draft(&w, &draft), 0);
    for (const char *const *s = (const char *const[]){"1", "2", "4", "5", NULL}; *s != NULL; s++) {
        assert_int_equal(put_accepted(&w, intent, *s), 0);
    }
    assert_int_equal(put_outcome(&w, intent, "done"), 0);
    assert_int_equal(put_shown(&w, intent, "123456789012", "cl\xC3\xA9"), 0);
    qrt_draft_start(&draft, QRT_EV_INTENT, "operator-1");
    qrt_draft_text(&draft, "ceremony", "open");
    for (const char *s = "abcdefghi"; *s != '\0'; s++) {
        qrt_draft_text(&draft, "show", (const char[]){*s, '\0'});
    }
    assert_int_equal(put_draft(&w, &draft), 1);
}

static void an_event_that_no_rule_allows_is_a_fault(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put(&w, QRT_EV_SESSION_NOTED, "operator-1", "text", "hello", NULL), 1);
    assert_int_equal(
        put(&w, QRT_EV_REGISTER_SET, "operator-1", "register", "mailboxes", "name", "root", NULL),
        1);
}

static void one_badge_cannot_void_by_a_second_founding(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    char intent[24];
    snprintf(intent, sizeof intent, "%llu", (unsigned long long)w.index);
    size_t faults = put(&w, QRT_EV_INTENT, "operator-1", "ceremony", "found", NULL);
    faults += put_outcome(&w, intent, "abandoned");
    for (const char *const *s = (const char *const[]){"1", "2", "3", "4", "5", "6", NULL}; *s;
         s++) {
        faults += put(&w, QRT_EV_CARD_VOIDED, "operator-1", "serial", *s, "reason", "x", NULL);
    }
    faults += seal(&w, OPERATOR_1);
    assert_true(faults > 0);
}

static void a_badge_is_stored_anew_by_two_badges(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    char vkey[QRT_VKEY_MAX_CHARS + 1];
    vkey_of(&w, 1, vkey);
    size_t faults = put(&w, QRT_EV_BADGE_ISSUED, "operator-1", "person", "operator-2", "vkey", vkey,
                        "form", "passphrase", "stored", HASH, NULL);
    faults += seal(&w, OPERATOR_1);
    assert_true(faults > 0);
}

static void a_ceremony_of_no_known_name_is_a_fault(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    char intent[24];
    snprintf(intent, sizeof intent, "%llu", (unsigned long long)w.index);
    size_t faults = put(&w, QRT_EV_INTENT, "operator-1", "ceremony", "rekey", NULL);
    faults += put_outcome(&w, intent, "done");
    assert_true(faults > 0);
}

static void an_intent_waits_for_the_one_before(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    (void)put_intent(&w);
    assert_true(put(&w, QRT_EV_INTENT, "operator-1", "ceremony", "open", NULL) > 0);
}

static void a_secret_is_shown_in_the_outcomes_commit_and_once(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    const char *intent = put_intent(&w);
    for (const char *const *s = (const char *const[]){"1", "2", "4", "5", NULL}; *s != NULL; s++) {
        assert_int_equal(put_accepted(&w, intent, *s), 0);
    }
    assert_int_equal(put_outcome(&w, intent, "done"), 0);
    assert_int_equal(seal(&w, OPERATOR_1), 0);
    assert_int_equal(put(&w, QRT_EV_SESSION_CLOSED, "operator-1", "minutes", HASH, NULL), 0);
    assert_int_equal(seal(&w, OPERATOR_1), 0);
    assert_true(put_shown(&w, intent, "123456789012", "password") > 0);
}

static void a_confirmation_names_its_item(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_true(put(&w, QRT_EV_CREDENTIAL_CONFIRMED, "operator-1", "account", "999", "kind", "totp",
                    "serial", "1", "how", "x", NULL) > 0);
}

static void a_void_card_is_neither_issued_nor_proved(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put(&w, QRT_EV_CARD_VOIDED, "operator-1", "serial", "2", "reason", "x", NULL),
                     0);
    assert_true(put(&w, QRT_EV_CARD_PROVED, "operator-1", "serial", "2", "how", "code", "result",
                    "accepted", NULL) > 0);
}

static void a_person_stands_once_in_the_genesis(void **state)
{
    (void)state;
    WORLD w;
    world_begin(&w);
    people[1] = "operator-1";
    size_t faults = put_genesis(&w, "mfa 2 custodian-m1,custodian-m2,custodian-m3");
    people[1] = "operator-2";
    assert_true(faults > 0);
}

static void a_group_names_people_of_the_genesis(void **state)
{
    (void)state;
    WORLD w;
    world_begin(&w);
    assert_true(put_genesis(&w, "mfa 2 ghost-1,ghost-2") > 0);
}

static void two_people_have_two_keys(void **state)
{
    (void)state;
    WORLD w;
    world_begin(&w);
    memcpy(w.keys[1], w.keys[0], sizeof w.keys[0]);
    assert_true(put_genesis(&w, "mfa 2 custodian-m1,custodian-m2,custodian-m3") > 0);
}

#define CUSTODIAN_P1 (1U << 2)
#define CUSTODIAN_P2 (1U << 3)

/* A close with operator-1 and two custodians there, of whom the second has no badge with her. */
static void put_close(struct world *w)
{
    struct qrt_draft draft = {0};
    qrt_draft_start(&draft, QRT_EV_SESSION_CLOSED, "operator-1");
    qrt_draft_text(&draft, "minutes", HASH);
    qrt_draft_text(&draft, "present", "operator-1");
    qrt_draft_text(&draft, "present", "custodian-p1");
    qrt_draft_text(&draft, "present", "custodian-p2");
    qrt_draft_text(&draft, "badge-missing", "custodian-p2");
    assert_int_equal(put_draft(w, &draft), 0);
}

static void who_was_at_a_close_with_a_badge_has_cosigned_it(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    put_close(&w);
    assert_int_equal(seal(&w, OPERATOR_1 | CUSTODIAN_P1), 0);
    put_close(&w);
    assert_int_equal(seal(&w, OPERATOR_1 | CUSTODIAN_P1 | CUSTODIAN_P2), 0);
    put_close(&w);
    assert_int_equal(seal(&w, OPERATOR_1), 1);
    put_close(&w);
    assert_int_equal(seal(&w, OPERATOR_1 | CUSTODIAN_P2), 1);
    assert_int_equal(put_exception(&w, "operator-1"), 0);
    assert_int_equal(seal(&w, OPERATOR_1), 0); /* no close, and nobody else is asked for */
}

static void a_close_has_the_policys_number_of_cosignatures_or_says_why_not(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    w.state.cosignatures = 3;
    put_close(&w);
    assert_int_equal(seal(&w, OPERATOR_1 | CUSTODIAN_P1), 1);
    put_close(&w);
    assert_int_equal(seal(&w, OPERATOR_1 | CUSTODIAN_P1 | CUSTODIAN_P2), 0);
    put_close(&w);
    assert_int_equal(put_exception(&w, "operator-1"), 0); /* of another step */
    assert_int_equal(seal(&w, OPERATOR_1 | CUSTODIAN_P1), 1);
    assert_int_equal(w.state.notices.len, 0);
    assert_int_equal(put(&w, QRT_EV_EXCEPTION, "operator-1", "step", "close-session", "expected",
                         "3", "happened", "2", "decided", "closed", NULL),
                     0);
    unsigned long long said_at = w.index - 1;
    put_close(&w);
    assert_int_equal(seal(&w, OPERATOR_1 | CUSTODIAN_P1), 0);
    assert_int_equal(w.state.notices.len, 1);
    char wanted[80];
    snprintf(wanted, sizeof wanted, "2 of 3 cosigned; exception at entry %llu", said_at);
    assert_string_equal(w.state.notices.list[0].text, wanted);
    put_close(&w); /* an exception is one of its own epoch */
    assert_int_equal(seal(&w, OPERATOR_1 | CUSTODIAN_P1), 1);
}

/* Ends a close under good lines of operator-1 and custodian-p1, and one more. */
static size_t close_with(struct world *w, const struct qrt_buf *more)
{
    QRT_BUF lines = {0};
    add_line(&lines, ORIGIN, "operator-1", w->keys[0], NOTE_TEXT);
    add_line(&lines, ORIGIN, "custodian-p1", w->keys[2], NOTE_TEXT);
    qrt_buf_add(&lines, more->data, more->len_bytes);
    put_close(w);
    return seal_lines(w, &lines);
}

static void add_as_log(struct qrt_buf *lines, const struct world *w, size_t i)
{
    struct qrt_vkey vkey;
    char name[QRT_KEY_NAME_MAX_CHARS + 1];
    uint8_t signature[QRT_SIGNATURE_BYTES];
    snprintf(name, sizeof name, ORIGIN "/%s", people[i]);
    assert_int_equal(
        qrt_vkey_make(&vkey, name, QRT_KEY_TYPE_COSIGN, qrt_sign_public(w->keys[i]), NULL), QRT_OK);
    qrt_note_sign(signature, NOTE_TEXT, strlen(NOTE_TEXT), w->keys[i]);
    qrt_note_add_signature(lines, &vkey, signature, sizeof signature);
}

static void void_badge(struct world *w, const char *person)
{
    for (size_t i = 0; i < w->state.badges.len; i++) {
        struct qrt_badge_row *badge = QRT_ROW(&w->state, badges, qrt_badge_row, i);
        badge->voided = strcmp(badge->person, person) == 0 ? 5 : badge->voided;
    }
}

static void only_a_good_line_of_a_live_badge_counts_as_a_cosignature(void **state)
{
    (void)state;
    uint8_t stranger[QRT_SIGN_KEY_BYTES];
    uint8_t seed[QRT_SEED_BYTES] = {99};
    qrt_sign_key(stranger, seed);
    for (int kind = 0; kind < 8; kind++) {
        WORLD w;
        QRT_BUF line = {0};
        world_founded(&w);
        w.state.cosignatures = 3;
        /* Each but the first brings two faults: its line, and the number. */
        size_t faults = kind == 0 ? 0 : 2;
        switch (kind) {
        case 0:
            add_line(&line, ORIGIN, "custodian-p2", w.keys[3], NOTE_TEXT);
            break;
        case 1: /* one cosigner twice: neither of her lines counts */
            add_line(&line, ORIGIN, "custodian-p1", w.keys[2], NOTE_TEXT);
            faults = 4;
            break;
        case 2: /* a badge that was voided before */
            add_line(&line, ORIGIN, "custodian-p2", w.keys[3], NOTE_TEXT);
            void_badge(&w, "custodian-p2");
            break;
        case 3: /* type 1 as type 4 */
            add_as_log(&line, &w, 3);
            break;
        case 4: /* of another checkpoint */
            add_line(&line, ORIGIN, "custodian-p2", w.keys[3],
                     ORIGIN "\n2\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
            break;
        case 5: /* of another log */
            add_line(&line, "example.com/other", "custodian-p2", w.keys[3], NOTE_TEXT);
            break;
        case 6: /* the attacker's own key */
            add_line(&line, ORIGIN, "custodian-p2", stranger, NOTE_TEXT);
            break;
        default: /* and under a name that nobody has */
            add_line(&line, ORIGIN, "nobody", stranger, NOTE_TEXT);
        }
        assert_int_equal(close_with(&w, &line), faults);
    }
}

static void a_line_that_is_nobodys_is_a_fault_of_any_checkpoint(void **state)
{
    (void)state;
    WORLD w;
    QRT_BUF lines = {0};
    world_founded(&w);
    add_line(&lines, ORIGIN, "operator-1", w.keys[0], NOTE_TEXT);
    add_line(&lines, ORIGIN, "nobody", w.keys[3], NOTE_TEXT);
    assert_int_equal(put_exception(&w, "operator-1"), 0);
    assert_int_equal(seal_lines(&w, &lines), 1);
    struct qrt_vkey log_key;
    uint8_t signature[QRT_SIGNATURE_BYTES] = {7};
    lines.len_bytes = 0;
    assert_int_equal(qrt_vkey_make(&log_key, ORIGIN, QRT_KEY_TYPE_LOG, w.keys[3] + 32, NULL),
                     QRT_OK);
    add_line(&lines, ORIGIN, "operator-1", w.keys[0], NOTE_TEXT);
    qrt_note_add_signature(&lines, &log_key, signature, sizeof signature);
    assert_int_equal(put_exception(&w, "operator-1"), 0);
    assert_int_equal(seal_lines(&w, &lines), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exactly_the_quorums_of_both_groups_open),
        cmocka_unit_test(a_card_counts_once_and_only_while_it_lives),
        cmocka_unit_test(a_secret_is_shown_only_by_an_opening_that_asked_for_it),
        cmocka_unit_test(who_acts_is_an_operator_and_has_cosigned),
        cmocka_unit_test(to_void_a_card_takes_two_badges),
        cmocka_unit_test(an_abandoned_founding_voids_its_cards_with_one_badge),
        cmocka_unit_test(a_founding_is_done_when_every_card_was_handed_over),
        cmocka_unit_test(every_custodian_gets_one_card),
        cmocka_unit_test(a_key_is_created_once_and_by_a_founding),
        cmocka_unit_test(an_edition_has_the_threshold_of_its_group),
        cmocka_unit_test(a_card_belongs_to_its_group_and_follows_the_last_serial),
        cmocka_unit_test(an_item_is_sealed_only_where_the_key_is),
        cmocka_unit_test(an_item_is_of_the_generation_of_its_key),
        cmocka_unit_test(nobody_stands_in_both_groups),
        cmocka_unit_test(a_group_is_written_in_one_form),
        cmocka_unit_test(a_genesis_has_each_group_and_role_once_and_a_number_of_cosignatures),
        cmocka_unit_test(a_badge_is_issued_once_whatever_its_form),
        cmocka_unit_test(an_intent_asks_for_few_things_of_any_letters),
        cmocka_unit_test(an_event_that_no_rule_allows_is_a_fault),
        cmocka_unit_test(one_badge_cannot_void_by_a_second_founding),
        cmocka_unit_test(a_badge_is_stored_anew_by_two_badges),
        cmocka_unit_test(a_ceremony_of_no_known_name_is_a_fault),
        cmocka_unit_test(an_intent_waits_for_the_one_before),
        cmocka_unit_test(a_secret_is_shown_in_the_outcomes_commit_and_once),
        cmocka_unit_test(a_confirmation_names_its_item),
        cmocka_unit_test(a_void_card_is_neither_issued_nor_proved),
        cmocka_unit_test(a_person_stands_once_in_the_genesis),
        cmocka_unit_test(a_group_names_people_of_the_genesis),
        cmocka_unit_test(two_people_have_two_keys),
        cmocka_unit_test(who_was_at_a_close_with_a_badge_has_cosigned_it),
        cmocka_unit_test(a_close_has_the_policys_number_of_cosignatures_or_says_why_not),
        cmocka_unit_test(only_a_good_line_of_a_live_badge_counts_as_a_cosignature),
        cmocka_unit_test(a_line_that_is_nobodys_is_a_fault_of_any_checkpoint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
