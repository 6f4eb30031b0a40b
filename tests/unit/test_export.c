#include "unit.h"

#include "crypto/seal.h"
#include "log/export.h"
#include "log/prove.h"
#include "unit/no_views.h"
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#define ORIGIN  "example.com/log"
#define COMMITS 3
#define NOTES   219 /* and a next key each: 661 entries with the genesis */
#define SIZE    (1 + COMMITS * NOTES + 1 + COMMITS)

static uint8_t operator_key[QRT_SIGN_KEY_BYTES];
static char place[64];
static char vault[80];
static char export[80];

QRT_PRINTF(1, 2)
static void shell(const char *format, ...)
{
    char command[1024];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(command, sizeof command, format, args);
    va_end(args);
    assert_true(n > 0 && (size_t)n < sizeof command);
    assert_int_equal(system(command), 0);
}

static void commit(struct qrt_log *log, struct qrt_draft *drafts, size_t len)
{
    struct qrt_cosigner cosigner = {"operator-1", operator_key};
    struct qrt_err err = {0};
    if (qrt_log_commit(log, drafts, len, NULL, 0, &cosigner, 1, &err) != QRT_OK) {
        fail_msg("%s", err.what);
    }
    for (size_t i = 0; i < len; i++) {
        qrt_draft_free(&drafts[i]);
    }
}

static void begin_log(void)
{
    struct qrt_log log;
    struct qrt_draft draft = {0};
    uint8_t box[QRT_BOX_PUBLIC_BYTES];
    char first[QRT_VKEY_MAX_CHARS + 1];
    assert_int_equal(qrt_log_create(&log, vault, ORIGIN, &no_views, NULL), QRT_OK);
    assert_true(qrt_box_public_from_sign(box, qrt_sign_public(operator_key)));
    assert_int_equal(qrt_keystate_wrap(&log.key, "operator-1", box, NULL), QRT_OK);
    assert_int_equal(qrt_log_current_vkey(&log, first, NULL), QRT_OK);
    qrt_draft_start(&draft, QRT_EV_GENESIS, "operator-1");
    qrt_draft_u64(&draft, "cosignatures", 1);
    qrt_draft_text(&draft, "first-key", first);
    commit(&log, &draft, 1);
    qrt_log_close(&log);
}

static void open_log(struct qrt_log *log)
{
    struct qrt_err err = {0};
    if (qrt_log_open(log, vault, &no_views, &err) != QRT_OK) {
        fail_msg("%s", err.what);
    }
}

static void grow_log(void)
{
    static struct qrt_draft drafts[NOTES];
    struct qrt_log log;
    open_log(&log);
    assert_int_equal(qrt_log_unlock(&log, "operator-1", operator_key, NULL), QRT_OK);
    for (int i = 0; i < COMMITS; i++) {
        for (int k = 0; k < NOTES; k++) {
            char text[64];
            snprintf(text, sizeof text, "note %d of commit %d", k, i);
            drafts[k] = (struct qrt_draft){0};
            qrt_draft_start(&drafts[k], QRT_EV_SESSION_NOTED, "operator-1");
            qrt_draft_text(&drafts[k], "text", text);
        }
        commit(&log, drafts, NOTES);
    }
    qrt_log_close(&log);
}

static int set_up(void **state)
{
    (void)state;
    uint8_t seed[QRT_SEED_BYTES] = {7};
    qrt_sign_key(operator_key, seed);
    snprintf(place, sizeof place, "/tmp/quorate-test-XXXXXX");
    if (mkdtemp(place) == NULL) {
        return -1;
    }
    snprintf(vault, sizeof vault, "%s/vault", place);
    snprintf(export, sizeof export, "%s/export", place);
    begin_log();
    grow_log();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    shell("rm -rf '%s'", place);
    return 0;
}

/* A fresh export of the log, in place of what a test did to it. */
static void write_export(void)
{
    struct qrt_export_result result;
    struct qrt_err err = {0};
    struct qrt_log log;
    shell("rm -rf '%s'", export);
    open_log(&log);
    if (qrt_export_write(&result, &log, export, 0, &err) != QRT_OK) {
        fail_msg("%s", err.what);
    }
    assert_int_equal(result.entries, SIZE);
    assert_int_equal(result.epochs, COMMITS + 1);
    qrt_log_close(&log);
}

/* Reads it, with SHA256SUMS made to agree with what was done. */
static void read_export(struct qrt_faults *faults)
{
    struct qrt_err err = {0};
    struct qrt_log log = {0};
    shell("cd '%s' && rm SHA256SUMS && find . -type f | cut -c3- | LC_ALL=C sort | "
          "xargs sha256sum >../sums && mv ../sums SHA256SUMS",
          export);
    if (qrt_export_read(&log, export, &no_views, NULL, faults, &err) != QRT_OK) {
        fail_msg("%s", err.what);
    }
    qrt_log_close(&log);
}

static bool is_told(const struct qrt_faults *faults, const char *file, const char *words)
{
    for (size_t i = 0; i < faults->len; i++) {
        if (strcmp(faults->list[i].file, file) == 0 &&
            strstr(faults->list[i].text, words) != NULL) {
            return true;
        }
    }
    return false;
}

static bool is_told_at(const struct qrt_faults *faults, uint64_t index, const char *words)
{
    for (size_t i = 0; i < faults->len; i++) {
        if (faults->list[i].file[0] == '\0' && faults->list[i].index == index &&
            strstr(faults->list[i].text, words) != NULL) {
            return true;
        }
    }
    return false;
}

static void an_export_of_many_bundles_is_read_without_fault(void **state)
{
    (void)state;
    QRT_FAULTS faults = {0};
    write_export();
    shell("cd '%s' && test -f tile/entries/001 && test -f tile/entries/002.p/%d && "
          "test -f tile/0/001 && test -f tile/1/000.p/2 && test ! -e tile/2",
          export, SIZE - 512);
    read_export(&faults);
    assert_int_equal(faults.len, 0);
}

static void a_missing_bundle_is_told_and_what_follows_is_read(void **state)
{
    (void)state;
    QRT_FAULTS faults = {0};
    write_export();
    shell("rm '%s/tile/entries/001'", export);
    read_export(&faults);
    assert_true(is_told(&faults, "tile/entries/001", "it is missing"));
    assert_true(is_told_at(&faults, 256, "the entry is missing"));
    assert_true(is_told_at(&faults, 511, "the entry is missing"));
    assert_false(is_told_at(&faults, 512, "the entry is missing"));
    assert_false(is_told(&faults, "tile/0/001", ""));
    assert_false(is_told(&faults, "tile/0/002.p/150", "no such file"));
}

static void a_partial_bundle_before_the_last_is_told(void **state)
{
    (void)state;
    QRT_FAULTS faults = {0};
    write_export();
    shell("cd '%s/tile/entries' && mkdir 000.p && mv 000 000.p/255", export);
    read_export(&faults);
    assert_true(is_told(&faults, "tile/entries/000", "it is missing"));
    assert_true(is_told(&faults, "tile/entries/000.p/255", "there are bytes behind its 255"));
    assert_true(is_told(&faults, "tile/entries/000.p/255", "only the last bundle"));
    assert_true(is_told_at(&faults, 255, "the entry is missing"));
}

static void a_second_bundle_of_one_number_is_unknown(void **state)
{
    (void)state;
    QRT_FAULTS faults = {0};
    write_export();
    shell("cd '%s/tile/entries' && mkdir 000.p && cp 000 000.p/9", export);
    read_export(&faults);
    assert_int_equal(faults.len, 1);
    assert_true(is_told(&faults, "tile/entries/000.p/9", "no such file"));
}

static void the_last_entries_cut_off_are_told(void **state)
{
    (void)state;
    QRT_FAULTS faults = {0};
    write_export();
    shell("cd '%s/tile' && rm -r entries/002.p", export);
    read_export(&faults);
    assert_true(is_told_at(&faults, 511, "the last epoch has no end"));
    assert_true(is_told(&faults, "tile/0/002.p/150", "no such file"));
    assert_true(is_told(&faults, "entries.jsonl", "lines behind"));
}

static void flip(const char *file, off_t at)
{
    char path[256];
    uint8_t byte;
    snprintf(path, sizeof path, "%s/%s", export, file);
    int fd = open(path, O_RDWR);
    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= 1;
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    close(fd);
}

static void a_tile_of_each_level_is_held_against_the_entries(void **state)
{
    (void)state;
    static const char *const paths[] = {"tile/0/000", "tile/0/001", "tile/0/002.p/150",
                                        "tile/1/000.p/2"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        QRT_FAULTS faults = {0};
        write_export();
        flip(paths[i], 40);
        read_export(&faults);
        assert_int_equal(faults.len, 1);
        assert_string_equal(faults.list[0].file, paths[i]);
        assert_int_equal(faults.list[0].offset, 40);
    }
}

/* Nobody has a log so long: the reader still ends, and tells. */
static void a_bundle_of_a_far_number_costs_nothing(void **state)
{
    (void)state;
    QRT_FAULTS faults = {0};
    write_export();
    shell("cd '%s/tile/entries' && mkdir -p x036/x028/x797/x018/x963 && "
          "cp 000 x036/x028/x797/x018/x963/967",
          export);
    read_export(&faults);
    assert_true(faults.len >= QRT_FAULTS_MAX);
    assert_true(faults.more);
}

static void a_log_with_a_fault_is_not_written(void **state)
{
    (void)state;
    struct qrt_export_result result;
    struct qrt_err err = {0};
    struct qrt_log log;
    shell("rm -rf '%s'", export);
    open_log(&log);
    /* As if the database had changed under an open log. */
    assert_int_equal(sqlite3_exec(log.db,
                                  "DROP TRIGGER log_entry_keep_1; UPDATE log_entry SET epoch = 9 "
                                  "WHERE idx = 3",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(qrt_export_write(&result, &log, export, 0, &err), QRT_E_TAMPERED);
    assert_non_null(strstr(err.what, "entry 3"));
    qrt_log_close(&log);
    shell("test -d '%s' && test ! -e '%s/SHA256SUMS'", export, export);
}

static void a_proof_out_of_the_rows_holds(void **state)
{
    (void)state;
    struct qrt_log log;
    open_log(&log);
    for (uint64_t number = 1; number < SIZE; number += 97) {
        for (int kind = 0; kind < 2; kind++) {
            QRT_PROOF_FILE file = {0};
            QRT_DB_SOURCE rows = {0};
            assert_int_equal(qrt_db_source_open(&rows, log.db, &no_views, NULL), QRT_OK);
            struct qrt_log_source source = qrt_db_source(&rows);
            assert_int_equal(
                qrt_prove(&file, &source, SIZE, (enum qrt_proof_kind)kind, number, NULL), QRT_OK);
            struct qrt_span entry = {qrt_buf_str(&file.extra), file.extra.len_bytes};
            assert_int_equal(qrt_proof_file_check(&file, entry, NULL), QRT_OK);
            assert_memory_equal(file.checkpoint.root, log.head.root, QRT_HASH_BYTES);
        }
    }
    qrt_log_close(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_export_of_many_bundles_is_read_without_fault),
        cmocka_unit_test(a_missing_bundle_is_told_and_what_follows_is_read),
        cmocka_unit_test(a_partial_bundle_before_the_last_is_told),
        cmocka_unit_test(a_second_bundle_of_one_number_is_unknown),
        cmocka_unit_test(the_last_entries_cut_off_are_told),
        cmocka_unit_test(a_tile_of_each_level_is_held_against_the_entries),
        cmocka_unit_test(a_bundle_of_a_far_number_costs_nothing),
        cmocka_unit_test(a_proof_out_of_the_rows_holds),
        cmocka_unit_test(a_log_with_a_fault_is_not_written),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
