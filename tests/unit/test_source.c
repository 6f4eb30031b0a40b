#include "unit.h"

#include "crypto/seal.h"
#include "log/replay.h"
#include <unistd.h>

#define ORIGIN "example.com/log"
#define EPOCHS 3

/* Views that count, and keep the last note that they were given. */
struct seen {
    int resets;
    int comparisons;
    size_t entries;
    size_t signatures; /* on the last epoch's note */
    struct qrt_vkey second;
};

static void seen_reset(void *ctx)
{
    struct seen *seen = ctx;
    seen->resets++;
    seen->entries = 0;
}

static enum qrt_code seen_apply(void *ctx, const struct qrt_entry *entry, struct qrt_faults *faults,
                                struct qrt_err *err)
{
    (void)entry;
    (void)faults;
    (void)err;
    ((struct seen *)ctx)->entries++;
    return QRT_OK;
}

static enum qrt_code seen_seal(void *ctx, uint64_t epoch, const struct qrt_note *note,
                               struct qrt_signatures *later, struct qrt_faults *faults,
                               struct qrt_err *err)
{
    struct seen *seen = ctx;
    (void)epoch;
    (void)later;
    (void)faults;
    (void)err;
    seen->signatures = note == NULL ? 0 : note->signatures_len;
    return QRT_OK;
}

static enum qrt_code seen_store(void *ctx, sqlite3 *db, struct qrt_err *err)
{
    (void)ctx;
    (void)db;
    (void)err;
    return QRT_OK;
}

static enum qrt_code seen_compare(void *ctx, sqlite3 *db, struct qrt_faults *faults,
                                  struct qrt_err *err)
{
    (void)db;
    (void)faults;
    (void)err;
    ((struct seen *)ctx)->comparisons++;
    return QRT_OK;
}

static bool seen_vkey(void *ctx, const char *person, struct qrt_vkey *vkey)
{
    *vkey = ((struct seen *)ctx)->second;
    return strcmp(person, "operator-2") == 0;
}

static struct seen seen;
static const struct qrt_views views = {&seen,      seen_reset,   seen_apply, seen_seal,
                                       seen_store, seen_compare, seen_vkey};
static uint8_t operator_key[QRT_SIGN_KEY_BYTES];
static char place[64]; /* the test's folder */
static char vault[80];

static void commit_one(struct qrt_log *log, enum qrt_event_id event)
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
    assert_int_equal(qrt_log_commit(log, &draft, 1, NULL, 0, &cosigner, 1, NULL), QRT_OK);
    qrt_draft_free(&draft);
}

static int set_up(void **state)
{
    (void)state;
    struct qrt_log log;
    uint8_t seed[QRT_SEED_BYTES] = {7};
    uint8_t box[QRT_BOX_PUBLIC_BYTES];
    qrt_sign_key(operator_key, seed);
    seen = (struct seen){0};
    assert_int_equal(qrt_vkey_make(&seen.second, ORIGIN "/operator-2", QRT_KEY_TYPE_COSIGN,
                                   qrt_sign_public(operator_key), NULL),
                     QRT_OK);
    snprintf(place, sizeof place, "/tmp/quorate-test-XXXXXX");
    assert_non_null(mkdtemp(place));
    snprintf(vault, sizeof vault, "%s/vault", place);
    assert_int_equal(qrt_log_create(&log, vault, ORIGIN, &views, NULL), QRT_OK);
    assert_true(qrt_box_public_from_sign(box, qrt_sign_public(operator_key)));
    assert_int_equal(qrt_keystate_wrap(&log.key, "operator-1", box, NULL), QRT_OK);
    for (int i = 0; i < EPOCHS; i++) {
        commit_one(&log, i == 0 ? QRT_EV_GENESIS : QRT_EV_SESSION_NOTED);
    }
    qrt_log_close(&log);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", place);
    return system(command);
}

/* A source with nothing but what a test puts into it. */
struct listed {
    struct qrt_entry_row entries[2 * EPOCHS];
    struct qrt_checkpoint_row checkpoints[EPOCHS];
    struct qrt_buf bytes[3 * EPOCHS];
    size_t entries_at;
    size_t checkpoints_at;
};

static enum qrt_code listed_entry(void *ctx, struct qrt_entry_row *row, bool *found,
                                  struct qrt_err *err)
{
    struct listed *listed = ctx;
    (void)err;
    *found = listed->entries_at < 2 * (size_t)EPOCHS;
    if (*found) {
        *row = listed->entries[listed->entries_at++];
    }
    return QRT_OK;
}

static enum qrt_code listed_checkpoint(void *ctx, struct qrt_checkpoint_row *row, bool *found,
                                       struct qrt_err *err)
{
    struct listed *listed = ctx;
    (void)err;
    *found = listed->checkpoints_at < (size_t)EPOCHS;
    if (*found) {
        *row = listed->checkpoints[listed->checkpoints_at++];
    }
    return QRT_OK;
}

static void keep(struct qrt_buf *bytes, struct qrt_span *span)
{
    qrt_buf_add(bytes, span->data, span->len_bytes);
    span->data = qrt_buf_str(bytes);
}

/* Copies every row of the vault's database. */
static void list_rows(struct listed *listed)
{
    struct qrt_log log;
    QRT_DB_SOURCE rows = {0};
    bool found;
    *listed = (struct listed){0};
    assert_int_equal(qrt_log_open(&log, vault, &views, NULL), QRT_OK);
    assert_int_equal(qrt_db_source_open(&rows, log.db, &views, NULL), QRT_OK);
    struct qrt_log_source source = qrt_db_source(&rows);
    for (size_t i = 0; i < 2 * (size_t)EPOCHS; i++) {
        assert_int_equal(source.next_entry(source.ctx, &listed->entries[i], &found, NULL), QRT_OK);
        assert_true(found && listed->entries[i].typed);
        keep(&listed->bytes[i], &listed->entries[i].body);
    }
    for (size_t i = 0; i < (size_t)EPOCHS; i++) {
        assert_int_equal(source.next_checkpoint(source.ctx, &listed->checkpoints[i], &found, NULL),
                         QRT_OK);
        assert_true(found && listed->checkpoints[i].typed);
        assert_int_equal(listed->checkpoints[i].later.len_bytes, 0);
        keep(&listed->bytes[2 * EPOCHS + i], &listed->checkpoints[i].note);
    }
    struct qrt_entry_row entry;
    struct qrt_checkpoint_row checkpoint;
    assert_int_equal(source.next_entry(source.ctx, &entry, &found, NULL), QRT_OK);
    assert_false(found);
    assert_int_equal(source.next_checkpoint(source.ctx, &checkpoint, &found, NULL), QRT_OK);
    assert_false(found);
    qrt_db_source_close(&rows);
    qrt_log_close(&log);
    seen.resets = seen.comparisons = 0;
}

static void free_rows(struct listed *listed)
{
    for (size_t i = 0; i < sizeof listed->bytes / sizeof listed->bytes[0]; i++) {
        qrt_buf_free(&listed->bytes[i]);
    }
}

static size_t replay_listed(struct listed *listed, unsigned flags)
{
    struct qrt_log log = {.dir_fd = -1, .views = &views};
    struct qrt_faults faults = {0};
    struct qrt_log_source source = {listed, listed_entry, listed_checkpoint};
    listed->entries_at = listed->checkpoints_at = 0;
    assert_int_equal(qrt_replay(&log, &source, flags, &faults, NULL), QRT_OK);
    assert_int_equal(log.head.size, 2 * EPOCHS);
    assert_int_equal(log.head.epochs, EPOCHS);
    size_t n = faults.len;
    qrt_faults_free(&faults);
    qrt_log_close(&log);
    return n;
}

static void a_log_is_replayed_where_there_is_no_database(void **state)
{
    (void)state;
    struct listed listed;
    list_rows(&listed);
    assert_int_equal(replay_listed(&listed, QRT_REPLAY_ALL), 0);
    assert_int_equal(seen.entries, 2 * EPOCHS);
    assert_int_equal(seen.comparisons, 0);
    /* And a changed byte is seen there too. */
    listed.bytes[2].data[listed.bytes[2].len_bytes - 2] ^= 1;
    assert_int_not_equal(replay_listed(&listed, QRT_REPLAY_ALL), 0);
    free_rows(&listed);
}

static void a_successor_goes_on_with_the_views_of_the_log_before_it(void **state)
{
    (void)state;
    struct listed listed;
    list_rows(&listed);
    assert_int_equal(replay_listed(&listed, QRT_REPLAY_ALL), 0);
    assert_int_equal(replay_listed(&listed, QRT_REPLAY_ALL | QRT_REPLAY_GOES_ON), 0);
    assert_int_equal(seen.resets, 1);
    assert_int_equal(seen.entries, 4 * EPOCHS);
    free_rows(&listed);
}

static void a_row_of_other_types_is_a_fault(void **state)
{
    (void)state;
    struct listed listed;
    list_rows(&listed);
    listed.entries[1].typed = false;
    assert_int_equal(replay_listed(&listed, QRT_REPLAY_ALL), 1);
    listed.entries[1].typed = true;
    listed.checkpoints[1].typed = false;
    assert_int_equal(replay_listed(&listed, QRT_REPLAY_ALL), 1);
    free_rows(&listed);
}

static void a_later_cosignature_stands_behind_the_note_that_it_is_of(void **state)
{
    (void)state;
    struct qrt_log log;
    assert_int_equal(qrt_log_open(&log, vault, &views, NULL), QRT_OK);
    assert_int_equal(seen.signatures, 2);
    assert_int_equal(qrt_db_exec(log.db,
                                 "INSERT INTO log_cosignature VALUES (2, 'operator-2', "
                                 "zeroblob(72)), (2, 'operator-3', zeroblob(72)), (2, "
                                 "'operator-4', x'00'), (0, 'operator-2', zeroblob(72))",
                                 "testing", NULL),
                     QRT_OK);
    qrt_log_close(&log);
    /* Of whom the views know no key makes no line. And of a row of the last
     * checkpoint log.key would know. */
    assert_int_equal(qrt_log_open(&log, vault, &views, NULL), QRT_E_TAMPERED);
    assert_int_equal(seen.signatures, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_log_is_replayed_where_there_is_no_database, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_successor_goes_on_with_the_views_of_the_log_before_it,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_row_of_other_types_is_a_fault, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_later_cosignature_stands_behind_the_note_that_it_is_of,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
