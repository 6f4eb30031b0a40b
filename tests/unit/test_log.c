#include "unit.h"

#include "base/file.h"
#include "crypto/seal.h"
#include "log/inspect.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define ORIGIN "example.com/log"

/* Views that keep nothing, and fail to be stored when told so. */
struct fake {
    bool fail_store;
    size_t entries;
};

static void fake_reset(void *ctx)
{
    ((struct fake *)ctx)->entries = 0;
}

static enum qrt_code fake_apply(void *ctx, const struct qrt_entry *entry, struct qrt_faults *faults,
                                struct qrt_err *err)
{
    (void)entry;
    (void)faults;
    (void)err;
    ((struct fake *)ctx)->entries++;
    return QRT_OK;
}

static enum qrt_code fake_seal(void *ctx, uint64_t epoch, const struct qrt_note *note,
                               struct qrt_signatures *later, struct qrt_faults *faults,
                               struct qrt_err *err)
{
    (void)ctx;
    (void)epoch;
    (void)note;
    (void)later;
    (void)faults;
    (void)err;
    return QRT_OK;
}

static enum qrt_code fake_store(void *ctx, sqlite3 *db, struct qrt_err *err)
{
    (void)db;
    return ((struct fake *)ctx)->fail_store ? qrt_fail(err, QRT_E_IO, "the disk is full") : QRT_OK;
}

static enum qrt_code fake_compare(void *ctx, sqlite3 *db, struct qrt_faults *faults,
                                  struct qrt_err *err)
{
    (void)ctx;
    (void)db;
    (void)faults;
    (void)err;
    return QRT_OK;
}

static struct fake fake;
static const struct qrt_views views = {&fake,      fake_reset,   fake_apply, fake_seal,
                                       fake_store, fake_compare, NULL};
static uint8_t operator_key[QRT_SIGN_KEY_BYTES];
static char place[64]; /* the test's folder */

static const char *in_place(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", place, name);
    return path;
}

QRT_PRINTF(1, 2)
static int shell(const char *format, ...)
{
    char command[1024];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(command, sizeof command, format, args);
    va_end(args);
    assert_true(n > 0 && (size_t)n < sizeof command);
    return system(command);
}

static enum qrt_code commit_one(struct qrt_log *log, enum qrt_event_id event)
{
    struct qrt_draft draft = {0};
    struct qrt_cosigner cosigner = {"operator-1", operator_key};
    char first[QRT_VKEY_MAX_CHARS + 1];
    qrt_draft_start(&draft, event, "operator-1");
    if (event == QRT_EV_GENESIS) {
        assert_int_equal(qrt_log_current_vkey(log, first, NULL), QRT_OK);
        qrt_draft_u64(&draft, "cosignatures", 1);
        qrt_draft_text(&draft, "first-key", first);
    } else {
        qrt_draft_text(&draft, "text", "noted");
    }
    enum qrt_code code = qrt_log_commit(log, &draft, 1, NULL, 0, &cosigner, 1, NULL);
    qrt_draft_free(&draft);
    return code;
}

static void begin_vault(const char *path)
{
    struct qrt_log log;
    uint8_t box[QRT_BOX_PUBLIC_BYTES];
    assert_int_equal(qrt_log_create(&log, path, ORIGIN, &views, NULL), QRT_OK);
    assert_true(qrt_box_public_from_sign(box, qrt_sign_public(operator_key)));
    assert_int_equal(qrt_keystate_wrap(&log.key, "operator-1", box, NULL), QRT_OK);
    assert_int_equal(commit_one(&log, QRT_EV_GENESIS), QRT_OK);
    qrt_log_close(&log);
}

/* Opens, unlocks, and looks at what came of it. */
static enum qrt_code settle(const char *path, uint64_t *size, bool *restored)
{
    struct qrt_log log;
    struct qrt_err err = {0};
    enum qrt_code code = qrt_log_open(&log, path, &views, &err);
    if (code != QRT_OK) {
        return code;
    }
    code = qrt_log_unlock(&log, "operator-1", operator_key, &err);
    *size = log.head.size;
    *restored = (log.key.marks & QRT_MARK_RESTORED) != 0;
    qrt_log_close(&log);
    return code;
}

static int set_up(void **state)
{
    (void)state;
    uint8_t seed[QRT_SEED_BYTES] = {7};
    qrt_sign_key(operator_key, seed);
    fake = (struct fake){0};
    snprintf(place, sizeof place, "/tmp/quorate-test-XXXXXX");
    return mkdtemp(place) == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    return shell("rm -rf '%s'", place);
}

/* Keeps the vault's files as `key-NAME` and `db-NAME`. */
static void keep(const char *vault, const char *name)
{
    assert_int_equal(shell("cp '%s/log.key' '%s/key-%s' && cp '%s/vault.sqlite' '%s/db-%s'", vault,
                           place, name, vault, place, name),
                     0);
}

/* A commit that dies between its first and its second step. */
static void commit_half(const char *vault)
{
    struct qrt_log log;
    assert_int_equal(qrt_log_open(&log, vault, &views, NULL), QRT_OK);
    assert_int_equal(qrt_log_unlock(&log, "operator-1", operator_key, NULL), QRT_OK);
    fake.fail_store = true;
    assert_int_equal(commit_one(&log, QRT_EV_SESSION_NOTED), QRT_E_IO);
    assert_int_equal(commit_one(&log, QRT_EV_SESSION_NOTED), QRT_E_FAILED);
    fake.fail_store = false;
    qrt_log_close(&log);
}

/* Every state of log.key beside every state of the database. */
static void each_pair_of_key_and_database_is_judged_right(void **state)
{
    (void)state;
    enum { OK, COMPLETED, RESTORED, TAMPERED };
    static const struct {
        const char *key;
        int with[3]; /* the database after commit 0, 1, 2 */
        uint64_t size;
    } rows[] = {
        {"0", {OK, TAMPERED, TAMPERED}, 2}, {"1p", {COMPLETED, COMPLETED, TAMPERED}, 4},
        {"1", {RESTORED, OK, TAMPERED}, 4}, {"2p", {TAMPERED, COMPLETED, COMPLETED}, 6},
        {"2", {TAMPERED, RESTORED, OK}, 6},
    };
    static const char *const databases[] = {"0", "1", "2"};
    char vault[128]; /* what in_place() gives */
    uint64_t size;
    bool restored;
    snprintf(vault, sizeof vault, "%s", in_place("vault"));
    begin_vault(vault);
    keep(vault, "0");
    for (int i = 1; i <= 2; i++) {
        commit_half(vault);
        keep(vault, i == 1 ? "1p" : "2p");
        assert_int_equal(settle(vault, &size, &restored), QRT_OK);
        keep(vault, i == 1 ? "1" : "2");
    }
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        for (size_t d = 0; d < 3; d++) {
            assert_int_equal(
                shell("rm -rf '%s' && mkdir '%s' && cp '%s/key-%s' '%s/log.key' && cp '%s/db-%s' "
                      "'%s/vault.sqlite'",
                      vault, vault, place, rows[k].key, vault, place, databases[d], vault),
                0);
            enum qrt_code code = settle(vault, &size, &restored);
            int want = rows[k].with[d];
            if (want == TAMPERED) {
                assert_int_equal(code, QRT_E_TAMPERED);
                /* Neither file was touched. */
                assert_int_equal(
                    shell("cmp -s '%s/key-%s' '%s/log.key' && cmp -s '%s/db-%s' '%s/vault.sqlite' "
                          "&& ls -d '%s'/evidence-* > /dev/null",
                          place, rows[k].key, vault, place, databases[d], vault, vault),
                    0);
                continue;
            }
            assert_int_equal(code, QRT_OK);
            assert_int_equal(size, rows[k].size);
            assert_int_equal(restored, want == RESTORED);
            /* Settled for good, with the same checkpoint as the first time. */
            assert_int_equal(settle(vault, &size, &restored), QRT_OK);
            assert_int_equal(
                shell(
                    "test \"$(sqlite3 '%s/vault.sqlite' 'SELECT hex(note) FROM log_checkpoint')\" "
                    "= \"$(sqlite3 '%s/db-%c' 'SELECT hex(note) FROM log_checkpoint')\"",
                    vault, place, rows[k].key[0]),
                0);
        }
    }
}

static void a_checkpoint_stripped_of_a_cosignature_is_not_completed(void **state)
{
    (void)state;
    char vault[128]; /* what in_place() gives */
    uint64_t size;
    bool restored;
    snprintf(vault, sizeof vault, "%s", in_place("vault"));
    begin_vault(vault);
    commit_half(vault);
    keep(vault, "pending");
    assert_int_equal(settle(vault, &size, &restored), QRT_OK);
    /* The key of before its last step, and a note that lost its last line. */
    assert_int_equal(shell("cp '%s/key-pending' '%s/log.key'", place, vault), 0);
    assert_int_equal(shell("sqlite3 -cmd '.dbconfig enable_trigger off' '%s/vault.sqlite' \"UPDATE "
                           "log_checkpoint SET note = CAST(substr(CAST(note AS TEXT), 1, "
                           "instr(CAST(note AS TEXT), char(10) || char(8212) || ' ' || '" ORIGIN
                           "/operator-1')) AS BLOB) WHERE epoch = 1\" > /dev/null",
                           vault),
                     0);
    assert_int_equal(settle(vault, &size, &restored), QRT_E_TAMPERED);
}

static void a_genesis_cut_short_is_completed_with_the_badge(void **state)
{
    (void)state;
    struct qrt_log log;
    uint8_t box[QRT_BOX_PUBLIC_BYTES];
    uint64_t size;
    bool restored;
    char vault[128]; /* what in_place() gives */
    snprintf(vault, sizeof vault, "%s", in_place("vault"));
    assert_int_equal(qrt_log_create(&log, vault, ORIGIN, &views, NULL), QRT_OK);
    assert_true(qrt_box_public_from_sign(box, qrt_sign_public(operator_key)));
    assert_int_equal(qrt_keystate_wrap(&log.key, "operator-1", box, NULL), QRT_OK);
    fake.fail_store = true;
    assert_int_equal(commit_one(&log, QRT_EV_GENESIS), QRT_E_IO);
    fake.fail_store = false;
    qrt_log_close(&log);
    assert_int_equal(settle(vault, &size, &restored), QRT_OK);
    assert_int_equal(size, 2);
    /* And with the database not even begun. */
    assert_int_equal(shell("rm -rf '%s'", vault), 0);
    assert_int_equal(qrt_log_create(&log, vault, ORIGIN, &views, NULL), QRT_OK);
    assert_int_equal(qrt_keystate_wrap(&log.key, "operator-1", box, NULL), QRT_OK);
    fake.fail_store = true;
    assert_int_equal(commit_one(&log, QRT_EV_GENESIS), QRT_E_IO);
    fake.fail_store = false;
    qrt_log_close(&log);
    assert_int_equal(shell("rm -f '%s/vault.sqlite'", vault), 0);
    assert_int_equal(settle(vault, &size, &restored), QRT_OK);
    assert_int_equal(size, 2);
}

static void a_second_process_finds_the_vault_busy(void **state)
{
    (void)state;
    struct qrt_log first;
    struct qrt_log second;
    begin_vault(in_place("vault"));
    assert_int_equal(qrt_log_open(&first, in_place("vault"), &views, NULL), QRT_OK);
    assert_int_equal(qrt_log_open(&second, in_place("vault"), &views, NULL), QRT_E_BUSY);
    qrt_log_close(&first);
    assert_int_equal(qrt_log_open(&second, in_place("vault"), &views, NULL), QRT_OK);
    qrt_log_close(&second);
}

static void another_person_s_badge_does_not_open_the_log_s_key(void **state)
{
    (void)state;
    struct qrt_log log;
    uint8_t seed[QRT_SEED_BYTES] = {8};
    uint8_t other[QRT_SIGN_KEY_BYTES];
    begin_vault(in_place("vault"));
    qrt_sign_key(other, seed);
    assert_int_equal(qrt_log_open(&log, in_place("vault"), &views, NULL), QRT_OK);
    assert_int_equal(qrt_log_unlock(&log, "operator-1", other, NULL), QRT_E_TAMPERED);
    assert_int_equal(qrt_log_unlock(&log, "operator-2", operator_key, NULL), QRT_E_REFUSED);
    assert_int_equal(commit_one(&log, QRT_EV_SESSION_NOTED), QRT_E_FAILED);
    assert_int_equal(qrt_log_unlock(&log, "operator-1", operator_key, NULL), QRT_OK);
    assert_int_equal(commit_one(&log, QRT_EV_SESSION_NOTED), QRT_OK);
    qrt_log_close(&log);
}

static void the_log_s_tables_take_rows_at_the_end_only(void **state)
{
    (void)state;
    static const char *const forbidden[] = {
        "UPDATE log_entry SET epoch = 9 WHERE idx = 0",
        "DELETE FROM log_entry WHERE idx = 0",
        "INSERT OR REPLACE INTO log_entry VALUES (0, 0, x'00')",
        "INSERT INTO log_entry VALUES (9, 1, x'00')",
        "UPDATE log_checkpoint SET size = 9",
        "DELETE FROM log_checkpoint",
        "INSERT OR REPLACE INTO log_checkpoint VALUES (0, 1, x'00')",
    };
    struct qrt_log log;
    begin_vault(in_place("vault"));
    assert_int_equal(qrt_log_open(&log, in_place("vault"), &views, NULL), QRT_OK);
    for (size_t i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++) {
        assert_int_not_equal(qrt_db_exec(log.db, forbidden[i], "testing", NULL), QRT_OK);
    }
    assert_int_equal(
        qrt_db_exec(log.db, "INSERT INTO log_entry VALUES (2, 1, x'00')", "testing", NULL), QRT_OK);
    qrt_log_close(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_pair_of_key_and_database_is_judged_right, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_checkpoint_stripped_of_a_cosignature_is_not_completed,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_genesis_cut_short_is_completed_with_the_badge, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_second_process_finds_the_vault_busy, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_person_s_badge_does_not_open_the_log_s_key, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_log_s_tables_take_rows_at_the_end_only, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
