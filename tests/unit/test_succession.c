#include "world.h"

/* What a take-over says of an operator: the key of the person at `key_of`. */
static void add_operator(const struct world *w, struct qrt_draft *draft, const char *id,
                         size_t key_of)
{
    char line[256];
    char name[QRT_KEY_NAME_MAX_CHARS + 1];
    char vkey_text[QRT_VKEY_MAX_CHARS + 1];
    struct qrt_vkey vkey;
    snprintf(name, sizeof name, "%s/%s", w->origin, id);
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
    struct qrt_place place = {w->origin, w->index - (taking->late ? 1 : 0), w->epoch, 1795219201};
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

/* How the genesis of a successor differs from what it must be. */
struct joining {
    const char *origin;
    const char *vault;
    const char *mfa_group;
    const char *person;     /* one more */
    const char *roles_of_2; /* of operator-2 */
    const char *policy;
    uint64_t cosignatures;
    unsigned without; /* a person, from 1 */
    unsigned new_key; /* another key for that person, from 1 */
    bool practice;
    bool second;
    bool no_cause;
    bool forged;
    bool unsigned_genesis;
    bool no_predecessor;
    const char *cards;
    bool no_outcome;
    bool no_intent;
    const char *acting; /* gets a new badge */
    unsigned cosigners;
};

static const struct joining right = {
    .origin = ORIGIN "/2",
    .mfa_group = "mfa 2 custodian-m1,custodian-m2,custodian-m3",
    .roles_of_2 = "operator",
    .policy = HASH,
    .cosignatures = 1,
    .cards = "1245",
    .cosigners = OPERATOR_1,
};

static void add_people(const struct world *w, struct qrt_draft *draft,
                       const struct joining *joining)
{
    for (unsigned i = 0; i < PEOPLE; i++) {
        char line[512];
        char text[QRT_VKEY_MAX_CHARS + 1];
        const struct qrt_person *person = qrt_state_person(&w->state, people[i]);
        vkey_of(w, i, text);
        if (joining->new_key == i + 1) {
            vkey_of(w, (i + 1) % PEOPLE, text);
        }
        snprintf(line, sizeof line, "%s %s %s", people[i],
                 i == 1 ? joining->roles_of_2 : person->roles, text);
        if (joining->without != i + 1) {
            qrt_draft_text(draft, "person", line);
        }
    }
    qrt_draft_text(draft, "person", joining->person);
}

static size_t put_successor(struct world *w, const struct joining *joining, const char *actor)
{
    struct qrt_draft draft = {0};
    char vault[25];
    char first[QRT_VKEY_MAX_CHARS + 1];
    struct qrt_vkey vkey;
    uint8_t other[QRT_SIGN_KEY_BYTES];
    uint8_t seed[QRT_SEED_BYTES] = {1, 2, 3};
    qrt_sign_key(other, seed);
    w->origin = joining->origin;
    w->index = w->epoch = 0;
    assert_int_equal(qrt_vkey_make(&vkey, w->origin, QRT_KEY_TYPE_LOG, w->keys[0] + 32, NULL),
                     QRT_OK);
    qrt_vkey_format(first, &vkey);
    qrt_text_hex(vault, w->state.vault_id, sizeof w->state.vault_id);
    qrt_draft_start(&draft, QRT_EV_GENESIS, actor);
    qrt_draft_text(&draft, "vault", joining->vault != NULL ? joining->vault : vault);
    qrt_draft_text(&draft, "predecessor",
                   joining->no_predecessor ? NULL
                                           : ORIGIN
                       " 4 17 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    qrt_draft_text(&draft, "cause", joining->no_cause ? NULL : "the laptop was lost");
    qrt_draft_text(&draft, "evidence", HASH);
    qrt_draft_text(&draft, "practice", joining->practice ? "yes" : NULL);
    qrt_draft_text(&draft, "policy", joining->policy);
    qrt_draft_text(&draft, "group", "password 2 custodian-p1,custodian-p2,custodian-p3");
    qrt_draft_text(&draft, "group", joining->mfa_group);
    qrt_draft_u64(&draft, "cosignatures", joining->cosignatures);
    qrt_draft_text(&draft, "second", joining->second ? "yes" : NULL);
    qrt_draft_text(&draft, "first-key", first);
    add_people(w, &draft, joining);
    struct qrt_place place = {w->origin, 0, 0, 1795219201};
    if (!joining->unsigned_genesis) {
        assert_int_equal(
            qrt_authority_sign(&draft, &place, joining->forged ? other : authority(), NULL),
            QRT_OK);
    }
    return put_draft(w, &draft);
}

/* The first epoch of a successor; how many faults. */
static size_t join(struct world *w, const struct joining *joining)
{
    struct qrt_draft draft = {0};
    const char *actor = joining->acting != NULL ? joining->acting : "operator-1";
    size_t faults = put_successor(w, joining, actor);
    if (!joining->no_intent) {
        faults += put(w, QRT_EV_INTENT, actor, "ceremony", "continue", NULL);
    }
    for (const char *digit = joining->cards; *digit != '\0'; digit++) {
        char serial[2] = {*digit, '\0'};
        faults += put(w, QRT_EV_CARD_ACCEPTED, actor, "intent", "1", "serial", serial, "how",
                      "code", "result", "accepted", NULL);
    }
    if (joining->acting != NULL) {
        qrt_draft_start(&draft, QRT_EV_LOG_TAKEN_OVER, actor);
        add_operator(w, &draft, joining->acting, 0);
        struct qrt_place place = {w->origin, w->index, w->epoch, 1795219201};
        assert_int_equal(qrt_authority_sign(&draft, &place, authority(), NULL), QRT_OK);
        faults += put_draft(w, &draft);
    }
    if (!joining->no_outcome) {
        faults += put(w, QRT_EV_OUTCOME, actor, "intent", "1", "result", "done", NULL);
    }
    return faults + (joining->acting != NULL ? seal_fresh(w, joining->cosigners)
                                             : seal(w, joining->cosigners));
}

static void a_successor_goes_on_where_its_predecessor_ended(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    (void)put_intent(&w); /* an opening is under way */
    assert_int_equal(seal(&w, OPERATOR_1), 0);
    size_t former = w.index;
    assert_int_equal(join(&w, &right), 0);
    assert_string_equal(w.state.origin, ORIGIN "/2");
    assert_string_equal(w.state.name, ORIGIN);
    assert_int_equal(w.state.former_entries, former);
    assert_int_equal(QRT_ROW(&w.state, cards, qrt_card_row, 5)->issued, 18);
    const struct qrt_ceremony *opening = QRT_ROW(&w.state, ceremonies, qrt_ceremony, 1);
    assert_string_equal(opening->result, "ended");
    assert_int_equal(opening->outcome, former);
    assert_int_equal(put_exception(&w, "operator-2"), 0);
    assert_int_equal(seal(&w, OPERATOR_2), 0);
    const char *intent = put_intent(&w);
    for (const char *digit = "1245"; *digit != '\0'; digit++) {
        char serial[2] = {*digit, '\0'};
        assert_int_equal(put_accepted(&w, intent, serial), 0);
    }
    assert_int_equal(put_outcome(&w, intent, "done"), 0);
    assert_int_equal(put_shown(&w, intent, "123456789012", "password"), 0);
    assert_int_equal(seal(&w, OPERATOR_1), 0);
}

static void a_successor_may_have_new_operators(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    struct joining joining = right;
    joining.acting = "custodian-p1";
    joining.cosigners = 1U << 2;
    assert_int_equal(join(&w, &joining), 0);
    assert_int_equal(put_exception(&w, "operator-1"), 0);
    assert_int_equal(seal(&w, OPERATOR_1), 2); /* no operator, and no badge in force */
}

static void nothing_is_smuggled_over_the_joint(void **state)
{
    (void)state;
    struct joining wrong[21];
    size_t n = 0;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        wrong[i] = right;
    }
    wrong[n++].origin = ORIGIN "/3";
    wrong[n++].origin = ORIGIN;
    wrong[n++].vault = "00112233445566778899aabb";
    wrong[n++].mfa_group = "mfa 1 custodian-m1,custodian-m2,custodian-m3";
    wrong[n++].mfa_group = "mfa 2 custodian-m1,custodian-m2";
    wrong[n++].person = "mallory operator -";
    wrong[n++].roles_of_2 = "operator,witness";
    wrong[n++].policy = "11112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    wrong[n++].policy = NULL;
    wrong[n++].cosignatures = 2;
    wrong[n++].without = 8;
    wrong[n++].new_key = 3;
    wrong[n++].practice = true;
    wrong[n++].second = true;
    wrong[n++].no_cause = true;
    wrong[n++].forged = true;
    wrong[n++].unsigned_genesis = true;
    wrong[n++].cards = "124";
    wrong[n++].no_outcome = true;
    wrong[n++].cosigners = 0;
    wrong[n++].no_predecessor = true;
    assert_int_equal(n, sizeof wrong / sizeof wrong[0]);
    for (size_t i = 0; i < n; i++) {
        WORLD w;
        world_founded(&w);
        if (join(&w, &wrong[i]) == 0) {
            fail_msg("wrong joint %zu passes", i);
        }
    }
}

static void a_log_is_continued_by_its_first_commit_alone(void **state)
{
    (void)state;
    WORLD w;
    world_founded(&w);
    struct joining joining = right;
    joining.no_intent = joining.no_outcome = true;
    joining.cards = "";
    assert_int_equal(join(&w, &joining), 1);
    WORLD v;
    world_founded(&v);
    assert_int_equal(put(&v, QRT_EV_INTENT, "operator-1", "ceremony", "continue", NULL), 1);
}

static void a_log_without_a_key_has_no_successor(void **state)
{
    (void)state;
    WORLD w;
    world_until_intent(&w);
    struct joining joining = right;
    joining.cards = "";
    assert_true(join(&w, &joining) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_quorums_take_the_log_over),
        cmocka_unit_test(a_take_over_without_its_right_is_a_fault),
        cmocka_unit_test(a_take_over_is_done_in_its_own_commit),
        cmocka_unit_test(a_badge_of_a_take_over_is_issued_once),
        cmocka_unit_test(a_successor_goes_on_where_its_predecessor_ended),
        cmocka_unit_test(a_successor_may_have_new_operators),
        cmocka_unit_test(nothing_is_smuggled_over_the_joint),
        cmocka_unit_test(a_log_is_continued_by_its_first_commit_alone),
        cmocka_unit_test(a_log_without_a_key_has_no_successor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
