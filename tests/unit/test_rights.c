#include "unit.h"

#include "base/text.h"
#include "crypto/sign.h"
#include "vault/authority.h"
#include "vault/state.h"
#include <stdarg.h>

#define ORIGIN "example.com/rights"
#define HASH   "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static const char *people[] = /* one test exchanges a name */
    {"operator-1",   "operator-2",   "custodian-p1", "custodian-p2",
     "custodian-p3", "custodian-m1", "custodian-m2", "custodian-m3"};
#define PEOPLE (sizeof people / sizeof people[0])

/* A log in memory, entry by entry, with everybody's badges. */
struct world {
    struct qrt_state state;
    struct qrt_views views;
    struct qrt_faults faults;
    uint64_t index;
    uint64_t epoch;
    uint8_t keys[PEOPLE][QRT_SIGN_KEY_BYTES];
    uint8_t fresh[3][QRT_SIGN_KEY_BYTES]; /* new badges, for whoever gets one */
    struct qrt_buf texts[256];
    size_t texts_len;
};

static void vkey_of(const struct world *w, size_t i, char out[static QRT_VKEY_MAX_CHARS + 1])
{
    struct qrt_vkey vkey;
    char name[QRT_KEY_NAME_MAX_CHARS + 1];
    snprintf(name, sizeof name, ORIGIN "/%s", people[i]);
    assert_int_equal(
        qrt_vkey_make(&vkey, name, QRT_KEY_TYPE_COSIGN, qrt_sign_public(w->keys[i]), NULL), QRT_OK);
    qrt_vkey_format(out, &vkey);
}

/* Puts the drafted entry at the end; how many faults it brought. */
static size_t put_draft(struct world *w, struct qrt_draft *draft)
{
    struct qrt_place place = {ORIGIN, w->index++, w->epoch, 1795219201};
    uint8_t salt[QRT_ENTRY_SALT_BYTES] = {0};
    struct qrt_err err = {0};
    struct qrt_buf *text = &w->texts[w->texts_len++];
    struct qrt_entry entry;
    size_t before = w->faults.len;
    if (qrt_entry_encode(text, draft, &place, salt, &err) != QRT_OK) {
        fail_msg("%s", err.what);
    }
    qrt_draft_free(draft);
    assert_int_equal(qrt_entry_parse(&entry, qrt_buf_str(text), text->len_bytes, NULL), QRT_OK);
    assert_int_equal(w->views.apply(&w->state, &entry, &w->faults, NULL), QRT_OK);
    return w->faults.len - before;
}

/* put(w, event, actor, key, value, …, NULL) */
static size_t put(struct world *w, enum qrt_event_id event, const char *actor, ...)
{
    struct qrt_draft draft = {0};
    va_list args;
    const char *key;
    qrt_draft_start(&draft, event, actor);
    va_start(args, actor);
    while ((key = va_arg(args, const char *)) != NULL) {
        qrt_draft_text(&draft, key, va_arg(args, const char *));
    }
    va_end(args);
    return put_draft(w, &draft);
}

#define NOTE_TEXT ORIGIN "\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"

/* A cosignature of a text, under the name of a person and by any key. */
static void add_line(struct qrt_buf *lines, const char *origin, const char *person,
                     const uint8_t key[static QRT_SIGN_KEY_BYTES], const char *text)
{
    struct qrt_vkey vkey;
    char name[QRT_KEY_NAME_MAX_CHARS + 1];
    uint8_t cosignature[QRT_COSIGNATURE_BYTES];
    snprintf(name, sizeof name, "%s/%s", origin, person);
    assert_int_equal(qrt_vkey_make(&vkey, name, QRT_KEY_TYPE_COSIGN, qrt_sign_public(key), NULL),
                     QRT_OK);
    qrt_note_cosign(cosignature, text, strlen(text), 1795219201, key);
    qrt_note_add_signature(lines, &vkey, cosignature, sizeof cosignature);
}

/* Ends the epoch under a line of the log's and these; how many faults. */
static size_t seal_lines(struct world *w, const struct qrt_buf *lines)
{
    QRT_BUF bytes = {0};
    struct qrt_note note;
    size_t before = w->faults.len;
    uint8_t signature[QRT_SIGNATURE_BYTES] = {0};
    struct qrt_vkey log_key;
    assert_int_equal(qrt_vkey_make(&log_key, ORIGIN, QRT_KEY_TYPE_LOG, signature, NULL), QRT_OK);
    qrt_buf_text(&bytes, NOTE_TEXT "\n");
    qrt_note_add_signature(&bytes, &log_key, signature, sizeof signature);
    qrt_buf_add(&bytes, lines->data, lines->len_bytes);
    assert_int_equal(qrt_note_parse(&note, qrt_buf_str(&bytes), bytes.len_bytes, NULL), QRT_OK);
    assert_int_equal(w->views.seal(&w->state, w->epoch, &note, NULL, &w->faults, NULL), QRT_OK);
    w->epoch++;
    return w->faults.len - before;
}

/* Under the badges whose bits are set, or the first new badge in their hand. */
static size_t seal_by(struct world *w, unsigned cosigners, bool fresh)
{
    QRT_BUF lines = {0};
    for (size_t i = 0; i < PEOPLE; i++) {
        if ((cosigners & 1U << i) != 0) {
            add_line(&lines, ORIGIN, people[i], fresh ? w->fresh[0] : w->keys[i], NOTE_TEXT);
        }
    }
    return seal_lines(w, &lines);
}

static size_t seal(struct world *w, unsigned cosigners)
{
    return seal_by(w, cosigners, false);
}

static size_t seal_fresh(struct world *w, unsigned cosigners)
{
    return seal_by(w, cosigners, true);
}

#define OPERATOR_1 1U
#define OPERATOR_2 2U

/* What a genesis may have otherwise. */
struct changes {
    const char *third_group; /* or NULL */
    const char *role;        /* of operator-2 */
    uint64_t cosignatures;
};

static size_t put_changed_genesis(struct world *w, const char *mfa_group,
                                  const struct changes *changes)
{
    struct qrt_draft draft = {0};
    char first[QRT_VKEY_MAX_CHARS + 1];
    struct qrt_vkey vkey;
    assert_int_equal(qrt_vkey_make(&vkey, ORIGIN, QRT_KEY_TYPE_LOG, w->keys[0] + 32, NULL), QRT_OK);
    qrt_vkey_format(first, &vkey);
    qrt_draft_start(&draft, QRT_EV_GENESIS, "operator-1");
    qrt_draft_text(&draft, "policy", HASH);
    qrt_draft_text(&draft, "group", "password 2 custodian-p1,custodian-p2,custodian-p3");
    qrt_draft_text(&draft, "group", mfa_group);
    qrt_draft_text(&draft, "group", changes->third_group);
    qrt_draft_u64(&draft, "cosignatures", changes->cosignatures);
    qrt_draft_text(&draft, "first-key", first);
    for (size_t i = 0; i < PEOPLE; i++) {
        char line[512];
        char text[QRT_VKEY_MAX_CHARS + 1];
        vkey_of(w, i, text);
        const char *role = i == 0 ? "operator" : i == 1 ? changes->role : "custodian";
        snprintf(line, sizeof line, "%s %s %s", people[i], role, text);
        qrt_draft_text(&draft, "person", line);
    }
    return put_draft(w, &draft);
}

static size_t put_genesis(struct world *w, const char *mfa_group)
{
    return put_changed_genesis(w, mfa_group,
                               &(struct changes){.role = "operator", .cosignatures = 1});
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
    for (size_t i = 0; i < 3; i++) {
        uint8_t seed[QRT_SEED_BYTES];
        memset(seed, (int)i + 100, sizeof seed);
        qrt_sign_key(w->fresh[i], seed);
    }
}

static void world_free(struct world *w)
{
    qrt_state_free(&w->state);
    qrt_faults_free(&w->faults);
    for (size_t i = 0; i < w->texts_len; i++) {
        qrt_buf_free(&w->texts[i]);
    }
}
#define WORLD __attribute__((cleanup(world_free))) struct world

/* The key that only both quorums have. */
static const uint8_t *authority(void)
{
    static uint8_t key[QRT_SIGN_KEY_BYTES];
    uint8_t seed[QRT_SEED_BYTES];
    memset(seed, 77, sizeof seed);
    qrt_sign_key(key, seed);
    return key;
}

static size_t put_key(struct world *w, const char *generation)
{
    char authority_key[65];
    qrt_text_hex(authority_key, qrt_sign_public(authority()), QRT_PUBLIC_BYTES);
    return put(w, QRT_EV_KEY_CREATED, "operator-1", "generation", generation, "identifier", "7",
               "key-check", HASH, "group-check-password", HASH, "group-check-mfa", HASH,
               "deposit-key", HASH, "recovery-key", HASH, "authority-key", authority_key, NULL);
}

static size_t put_edition(struct world *w, const char *group, const char *threshold)
{
    return put(w, QRT_EV_EDITION_CREATED, "operator-1", "generation", "1", "group", group,
               "edition", "1", "threshold", threshold, "issuing-key", HASH, NULL);
}

static size_t put_card(struct world *w, const char *group, const char *serial, const char *index,
                       const char *custodian)
{
    return put(w, QRT_EV_CARD_CREATED, "operator-1", "generation", "1", "group", group, "edition",
               "1", "serial", serial, "member-index", index, "custodian", custodian, "commitment",
               HASH, NULL);
}

/* Genesis, one account, and the founding's intent. */
static void world_until_intent(struct world *w)
{
    world_begin(w);
    assert_int_equal(put_genesis(w, "mfa 2 custodian-m1,custodian-m2,custodian-m3"), 0);
    assert_int_equal(seal(w, OPERATOR_1), 0);
    assert_int_equal(put(w, QRT_EV_ACCOUNT_ADDED, "operator-1", "account", "123456789012", "name",
                         "Management", "email", "root@example.com", NULL),
                     0);
    assert_int_equal(put(w, QRT_EV_INTENT, "operator-1", "ceremony", "found", NULL), 0);
    assert_int_equal(seal(w, OPERATOR_1), 0);
}

static const char *const serials[] = {"1", "2", "3", "4", "5", "6"};

/* The key, cards 1-3 and 4-6 and a password in custody; nothing handed over. */
static void world_split(struct world *w)
{
    static const char *const indices[] = {"0", "1", "2"};
    world_until_intent(w);
    assert_int_equal(put_key(w, "1"), 0);
    assert_int_equal(put_edition(w, "password", "2"), 0);
    assert_int_equal(put_edition(w, "mfa", "2"), 0);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(
            put_card(w, i < 3 ? "password" : "mfa", serials[i], indices[i % 3], people[2 + i]), 0);
    }
    assert_int_equal(put(w, QRT_EV_ITEM_SEALED, "operator-1", "account", "123456789012", "kind",
                         "password", "serial", "1", "generation", "1", "ciphertext", HASH, NULL),
                     0);
    assert_int_equal(seal(w, OPERATOR_1), 0);
}

static void world_founded(struct world *w)
{
    world_split(w);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(put(w, QRT_EV_CARD_ISSUED, "operator-1", "serial", serials[i], NULL), 0);
    }
    assert_int_equal(put(w, QRT_EV_OUTCOME, "operator-1", "intent", "2", "result", "done", NULL),
                     0);
    assert_int_equal(seal(w, OPERATOR_1), 0);
}

/* Asks for an opening; returns the intent's index as text. */
static const char *put_intent(struct world *w)
{
    static char text[24];
    snprintf(text, sizeof text, "%llu", (unsigned long long)w->index);
    assert_int_equal(put(w, QRT_EV_INTENT, "operator-1", "ceremony", "open", "account",
                         "123456789012", "purpose", "close-account", "show", "password", NULL),
                     0);
    return text;
}

static size_t put_accepted(struct world *w, const char *intent, const char *serial)
{
    return put(w, QRT_EV_CARD_ACCEPTED, "operator-1", "intent", intent, "serial", serial, "how",
               "code", "result", "accepted", NULL);
}

static size_t put_outcome(struct world *w, const char *intent, const char *result)
{
    return put(w, QRT_EV_OUTCOME, "operator-1", "intent", intent, "result", result, NULL);
}

static size_t put_shown(struct world *w, const char *intent, const char *account, const char *what)
{
    return put(w, QRT_EV_SECRET_SHOWN, "operator-1", "intent", intent, "account", account, "kind",
               "password", "serial", "1", "what", what, "to", "terminal", NULL);
}

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

/* An entry that needs no more than an operator. */
static size_t put_exception(struct world *w, const char *actor)
{
    return put(w, QRT_EV_EXCEPTION, actor, "step", "a", "expected", "b", "happened", "c", "decided",
               "d", NULL);
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

static void to_destroy_a_card_is_not_allowed_yet(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    /* No command of this version destroys a card, so no rule allows it. */
    assert_int_equal(put(&w, QRT_EV_CARD_DESTROYED, "operator-1", "serial", "1", NULL), 1);
}

/* What a take-over says of an operator: the key of the person at `key_of`. */
static void add_operator(const struct world *w, struct qrt_draft *draft, const char *id,
                         size_t key_of)
{
    char line[256];
    char name[QRT_KEY_NAME_MAX_CHARS + 1];
    char vkey_text[QRT_VKEY_MAX_CHARS + 1];
    struct qrt_vkey vkey;
    snprintf(name, sizeof name, ORIGIN "/%s", id);
    assert_int_equal(
        qrt_vkey_make(&vkey, name, QRT_KEY_TYPE_COSIGN, qrt_sign_public(w->fresh[key_of]), NULL),
        QRT_OK);
    qrt_vkey_format(vkey_text, &vkey);
    snprintf(line, sizeof line, "%s %s", id, vkey_text);
    qrt_draft_text(draft, "operator", line);
}

struct taking {
    const char *cards; /* serials as digits */
    bool no_intent;    /* an opening is under way instead */
    bool no_outcome;
    bool forged; /* another key signed */
    bool late;   /* signed for the entry before */
    const char *operators[3];
    unsigned cosigners; /* bits of people; their fresh badges */
};

/* A take-over by custodian-p1, or whoever is named; how many faults. */
static size_t take_over(struct world *w, const struct taking *taking)
{
    struct qrt_draft draft = {0};
    char intent[24];
    const char *actor = taking->operators[0] != NULL ? taking->operators[0] : "operator-1";
    uint8_t other[QRT_SIGN_KEY_BYTES];
    uint8_t seed[QRT_SEED_BYTES] = {1, 2, 3};
    qrt_sign_key(other, seed);
    snprintf(intent, sizeof intent, "%llu", (unsigned long long)w->index);
    size_t faults =
        put(w, QRT_EV_INTENT, actor, "ceremony", taking->no_intent ? "open" : "takeover", NULL);
    for (const char *digit = taking->cards; *digit != '\0'; digit++) {
        char serial[2] = {*digit, '\0'};
        faults += put(w, QRT_EV_CARD_ACCEPTED, actor, "intent", intent, "serial", serial, "how",
                      "code", "result", "accepted", NULL);
    }
    qrt_draft_start(&draft, QRT_EV_LOG_TAKEN_OVER, actor);
    for (size_t i = 0; i < 3 && taking->operators[i] != NULL; i++) {
        add_operator(w, &draft, taking->operators[i], i);
    }
    struct qrt_place place = {ORIGIN, w->index - (taking->late ? 1 : 0), w->epoch, 1795219201};
    assert_int_equal(qrt_authority_sign(&draft, &place, taking->forged ? other : authority(), NULL),
                     QRT_OK);
    faults += put_draft(w, &draft);
    if (!taking->no_outcome) {
        faults += put(w, QRT_EV_OUTCOME, actor, "intent", intent, "result", "done", NULL);
    }
    return faults + seal_fresh(w, taking->cosigners);
}

static void both_quorums_take_the_log_over(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    struct taking taking = {.cards = "1245", .operators = {"custodian-p1"}, .cosigners = 1U << 2};
    assert_int_equal(take_over(&w, &taking), 0);
    assert_int_equal(put_exception(&w, "operator-1"), 0);
    assert_int_equal(seal(&w, OPERATOR_1), 2); /* no operator, and no badge of theirs counts */
    assert_int_equal(put_exception(&w, "custodian-p1"), 0);
    assert_int_equal(seal_fresh(&w, 1U << 2), 0);
    assert_string_equal(qrt_state_person(&w.state, "custodian-p1")->roles, "operator,custodian");
    assert_string_equal(qrt_state_person(&w.state, "operator-2")->roles, "");
    assert_null(qrt_state_badge(&w.state, "operator-2"));
    assert_non_null(qrt_state_badge(&w.state, "custodian-p2"));
}

static void a_take_over_without_its_right_is_a_fault(void **state)
{
    (void)state;
    static const struct taking wrong[] = {
        {.cards = "124", .operators = {"custodian-p1"}, .cosigners = 1U << 2},
        {.cards = "1456", .operators = {"custodian-p1"}, .cosigners = 1U << 2},
        {.cards = "", .operators = {"custodian-p1"}, .cosigners = 1U << 2},
        {.cards = "1245", .operators = {NULL}, .cosigners = OPERATOR_1},
        {.cards = "1245", .operators = {"nobody"}, .cosigners = 0},
        {.cards = "1245", .operators = {"custodian-p1"}, .cosigners = 0},
        {.cards = "1245", .operators = {"custodian-p1"}, .cosigners = 1U << 3},
        {.cards = "1245", .operators = {"custodian-p1"}, .cosigners = 1U << 2, .forged = true},
        {.cards = "1245", .operators = {"custodian-p1"}, .cosigners = 1U << 2, .late = true},
        {.cards = "1245", .operators = {"custodian-p1"}, .cosigners = 1U << 2, .no_intent = true},
        {.cards = "1245", .operators = {"custodian-p1"}, .cosigners = 1U << 2, .no_outcome = true},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        WORLD w;
        world_founded(&w);
        if (take_over(&w, &wrong[i]) == 0) {
            fail_msg("wrong take-over %zu passes", i);
        }
    }
}

static void a_take_over_is_done_in_its_own_commit(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    assert_int_equal(put(&w, QRT_EV_INTENT, "operator-1", "ceremony", "takeover", NULL), 0);
    assert_int_equal(seal(&w, OPERATOR_1), 1);
    assert_int_equal(put_outcome(&w, "17", "failed"), 1);
}

static void a_badge_of_a_take_over_is_issued_once(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    struct taking taking = {.cards = "1245", .operators = {"custodian-p1"}, .cosigners = 1U << 2};
    assert_int_equal(take_over(&w, &taking), 0);
    const struct qrt_badge_row *badge = qrt_state_badge(&w.state, "custodian-p1");
    char vkey[QRT_VKEY_MAX_CHARS + 1];
    snprintf(vkey, sizeof vkey, "%s", badge->vkey);
    assert_int_equal(put(&w, QRT_EV_BADGE_ISSUED, "custodian-p1", "person", "custodian-p1", "vkey",
                         vkey, "form", "passphrase", "stored", HASH, NULL),
                     1);
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
        cmocka_unit_test(to_destroy_a_card_is_not_allowed_yet),
        cmocka_unit_test(both_quorums_take_the_log_over),
        cmocka_unit_test(a_take_over_without_its_right_is_a_fault),
        cmocka_unit_test(a_take_over_is_done_in_its_own_commit),
        cmocka_unit_test(a_badge_of_a_take_over_is_issued_once),
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
