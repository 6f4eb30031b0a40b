/* A log in memory, entry by entry, with everybody's badges: what the rules of
 * vault/ are asked with. For the tests of the rules, and nothing else. */
#ifndef QRT_TESTS_WORLD_H
#define QRT_TESTS_WORLD_H

#include "unit/unit.h"

#include "base/text.h"
#include "crypto/sign.h"
#include "vault/authority.h"
#include "vault/state.h"
#include <stdarg.h>

#define ORIGIN "example.com/rights"
#define HASH   "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static const char *people[] __attribute__((unused)) = /* one test exchanges a name */
    {"operator-1",   "operator-2",   "custodian-p1", "custodian-p2",
     "custodian-p3", "custodian-m1", "custodian-m2", "custodian-m3"};
#define PEOPLE (sizeof people / sizeof people[0])

/* A log in memory, entry by entry, with everybody's badges. */
struct world {
    struct qrt_state state;
    struct qrt_views views;
    struct qrt_faults faults;
    const char *origin; /* of the log being written */
    uint64_t index;
    uint64_t epoch;
    uint8_t keys[PEOPLE][QRT_SIGN_KEY_BYTES];
    uint8_t fresh[3][QRT_SIGN_KEY_BYTES]; /* new badges, for whoever gets one */
    struct qrt_buf texts[256];
    size_t texts_len;
};

static inline void vkey_of(const struct world *w, size_t i, char out[static QRT_VKEY_MAX_CHARS + 1])
{
    struct qrt_vkey vkey;
    char name[QRT_KEY_NAME_MAX_CHARS + 1];
    snprintf(name, sizeof name, "%s/%s", w->origin, people[i]);
    assert_int_equal(
        qrt_vkey_make(&vkey, name, QRT_KEY_TYPE_COSIGN, qrt_sign_public(w->keys[i]), NULL), QRT_OK);
    qrt_vkey_format(out, &vkey);
}

/* Puts the drafted entry at the end; how many faults it brought. */
static inline size_t put_draft(struct world *w, struct qrt_draft *draft)
{
    struct qrt_place place = {w->origin, w->index++, w->epoch, 1795219201};
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
static inline size_t put(struct world *w, enum qrt_event_id event, const char *actor, ...)
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
static inline void add_line(struct qrt_buf *lines, const char *origin, const char *person,
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
static inline size_t seal_lines(struct world *w, const struct qrt_buf *lines)
{
    QRT_BUF bytes = {0};
    struct qrt_note note;
    size_t before = w->faults.len;
    uint8_t signature[QRT_SIGNATURE_BYTES] = {0};
    struct qrt_vkey log_key;
    assert_int_equal(qrt_vkey_make(&log_key, w->origin, QRT_KEY_TYPE_LOG, signature, NULL), QRT_OK);
    qrt_buf_text(&bytes, NOTE_TEXT "\n");
    qrt_note_add_signature(&bytes, &log_key, signature, sizeof signature);
    qrt_buf_add(&bytes, lines->data, lines->len_bytes);
    assert_int_equal(qrt_note_parse(&note, qrt_buf_str(&bytes), bytes.len_bytes, NULL), QRT_OK);
    assert_int_equal(w->views.seal(&w->state, w->epoch, &note, NULL, &w->faults, NULL), QRT_OK);
    w->epoch++;
    return w->faults.len - before;
}

/* Under the badges whose bits are set, or the first new badge in their hand. */
static inline size_t seal_by(struct world *w, unsigned cosigners, bool fresh)
{
    QRT_BUF lines = {0};
    for (size_t i = 0; i < PEOPLE; i++) {
        if ((cosigners & 1U << i) != 0) {
            add_line(&lines, w->origin, people[i], fresh ? w->fresh[0] : w->keys[i], NOTE_TEXT);
        }
    }
    return seal_lines(w, &lines);
}

static inline size_t seal(struct world *w, unsigned cosigners)
{
    return seal_by(w, cosigners, false);
}

static inline size_t seal_fresh(struct world *w, unsigned cosigners)
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

static inline size_t put_changed_genesis(struct world *w, const char *mfa_group,
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

static inline size_t put_genesis(struct world *w, const char *mfa_group)
{
    return put_changed_genesis(w, mfa_group,
                               &(struct changes){.role = "operator", .cosignatures = 1});
}

static inline void world_begin(struct world *w)
{
    *w = (struct world){.origin = ORIGIN};
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

static inline void world_free(struct world *w)
{
    qrt_state_free(&w->state);
    qrt_faults_free(&w->faults);
    for (size_t i = 0; i < w->texts_len; i++) {
        qrt_buf_free(&w->texts[i]);
    }
}
#define WORLD __attribute__((cleanup(world_free))) struct world

/* The key that only both quorums have. */
static inline const uint8_t *authority(void)
{
    static uint8_t key[QRT_SIGN_KEY_BYTES];
    uint8_t seed[QRT_SEED_BYTES];
    memset(seed, 77, sizeof seed);
    qrt_sign_key(key, seed);
    return key;
}

static inline size_t put_key(struct world *w, const char *generation)
{
    char authority_key[65];
    qrt_text_hex(authority_key, qrt_sign_public(authority()), QRT_PUBLIC_BYTES);
    return put(w, QRT_EV_KEY_CREATED, "operator-1", "generation", generation, "identifier", "7",
               "key-check", HASH, "group-check-password", HASH, "group-check-mfa", HASH,
               "deposit-key", HASH, "recovery-key", HASH, "authority-key", authority_key, NULL);
}

static inline size_t put_edition(struct world *w, const char *group, const char *threshold)
{
    return put(w, QRT_EV_EDITION_CREATED, "operator-1", "generation", "1", "group", group,
               "edition", "1", "threshold", threshold, "issuing-key", HASH, NULL);
}

static inline size_t put_card(struct world *w, const char *group, const char *serial,
                              const char *index, const char *custodian)
{
    return put(w, QRT_EV_CARD_CREATED, "operator-1", "generation", "1", "group", group, "edition",
               "1", "serial", serial, "member-index", index, "custodian", custodian, "commitment",
               HASH, NULL);
}

/* Genesis, one account, and the founding's intent. */
static inline void world_until_intent(struct world *w)
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

static const char *const serials[] __attribute__((unused)) = {"1", "2", "3", "4", "5", "6"};

/* The key, cards 1-3 and 4-6 and a password in custody; nothing handed over. */
static inline void world_split(struct world *w)
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

static inline void world_founded(struct world *w)
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
static inline const char *put_intent(struct world *w)
{
    static char text[24];
    snprintf(text, sizeof text, "%llu", (unsigned long long)w->index);
    assert_int_equal(put(w, QRT_EV_INTENT, "operator-1", "ceremony", "open", "account",
                         "123456789012", "purpose", "close-account", "show", "password", NULL),
                     0);
    return text;
}

static inline size_t put_accepted(struct world *w, const char *intent, const char *serial)
{
    return put(w, QRT_EV_CARD_ACCEPTED, "operator-1", "intent", intent, "serial", serial, "how",
               "code", "result", "accepted", NULL);
}

static inline size_t put_outcome(struct world *w, const char *intent, const char *result)
{
    return put(w, QRT_EV_OUTCOME, "operator-1", "intent", intent, "result", result, NULL);
}

static inline size_t put_shown(struct world *w, const char *intent, const char *account,
                               const char *what)
{
    return put(w, QRT_EV_SECRET_SHOWN, "operator-1", "intent", intent, "account", account, "kind",
               "password", "serial", "1", "what", what, "to", "terminal", NULL);
}

static inline size_t put_bag(struct world *w, const char *number, const char *serial)
{
    return put(w, QRT_EV_BAG_SEALED, "operator-1", "bag", number, "serial", serial, "site",
               "site-1", "safe", "safe-1", NULL);
}

static inline size_t put_check(struct world *w, const char *number, const char *result,
                               const char *seen)
{
    return seen == NULL
               ? put(w, QRT_EV_SEAL_CHECKED, "operator-1", "bag", number, "result", result, NULL)
               : put(w, QRT_EV_SEAL_CHECKED, "operator-1", "bag", number, "result", result, "seen",
                     seen, NULL);
}

/* An entry that needs no more than an operator. */
static inline size_t put_exception(struct world *w, const char *actor)
{
    return put(w, QRT_EV_EXCEPTION, actor, "step", "a", "expected", "b", "happened", "c", "decided",
               "d", NULL);
}

#endif
