/* One commit of one entry into a vault on disk, through the library, beside
 * what it cannot do without: a bare SQLite insert of rows of the same length, in
 * the same journal mode, and two durable replacements of a file of log.key's size.
 * In turn, in one directory's file system. Prints the two medians in microseconds.
 *
 * usage: bench_append RUNS VAULT
 */
#include "base/json.h"
#include "vault/vault.h"
#include <fcntl.h>
#include <quorate/secret.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { RUNS_MAX = 2001 };

static const char operator_id[] = "operator-1";
static const char operator_passphrase[] = "correct horse battery"; /* of tests/bench/vault.py */

static void die(const char *doing, const char *what)
{
    fprintf(stderr, "bench_append: %s: %s\n", doing, what);
    exit(1);
}

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void append(struct qrt_vault *vault, const struct qrt_badge *badge)
{
    struct qrt_err err = {0};
    struct qrt_cosigner cosigner = {operator_id, badge->key.data};
    struct qrt_draft draft = {0};
    qrt_draft_start(&draft, QRT_EV_EXCEPTION, operator_id);
    qrt_draft_text(&draft, "step", "bring-bags");
    qrt_draft_text(&draft, "expected", "the bag of custodian-p2 lies in safe-1");
    qrt_draft_text(&draft, "happened", "it lay one shelf lower, and was whole");
    qrt_draft_text(&draft, "decided", "to go on");
    if (qrt_log_commit(&vault->log, &draft, 1, NULL, 0, &cosigner, 1, &err) != QRT_OK) {
        die("committing", err.what);
    }
    qrt_draft_free(&draft);
}

static sqlite3 *open_peer(const char *path)
{
    sqlite3 *db;
    (void)unlink(path);
    if (sqlite3_open(path, &db) != SQLITE_OK ||
        sqlite3_exec(db,
                     "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA;"
                     "CREATE TABLE log_entry (idx INTEGER PRIMARY KEY, epoch INTEGER, body BLOB);"
                     "CREATE TABLE log_checkpoint (epoch INTEGER PRIMARY KEY, size INTEGER, "
                     "note BLOB)",
                     NULL, NULL, NULL) != SQLITE_OK) {
        die("the peer", sqlite3_errmsg(db));
    }
    return db;
}

static void replace(int dir_fd, const uint8_t *bytes, size_t len_bytes)
{
    int fd = openat(dir_fd, "peer.key.new", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, bytes, len_bytes) != (ssize_t)len_bytes || fsync(fd) != 0 ||
        close(fd) != 0 || renameat(dir_fd, "peer.key.new", dir_fd, "peer.key") != 0 ||
        fsync(dir_fd) != 0) {
        die("the peer", "replacing a file");
    }
}

/* The entry, its checkpoint-key and the checkpoint, as long as ours. */
static const char insert[] =
    "BEGIN IMMEDIATE;"
    "INSERT INTO log_entry (epoch, body) VALUES (1, randomblob(286)), (1, randomblob(244));"
    "INSERT INTO log_checkpoint (size, note) VALUES (1, randomblob(322));"
    "COMMIT";

static void append_peer(sqlite3 *db, int dir_fd, const uint8_t *key, size_t key_bytes)
{
    replace(dir_fd, key, key_bytes);
    if (sqlite3_exec(db, insert, NULL, NULL, NULL) != SQLITE_OK) {
        die("the peer", sqlite3_errmsg(db));
    }
    replace(dir_fd, key, key_bytes);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void open_vault(struct qrt_vault *vault, struct qrt_badge *badge, const char *path)
{
    QRT_SECRET passphrase = {0};
    struct qrt_err err = {0};
    if (qrt_vault_open(vault, path, &err) != QRT_OK ||
        qrt_secret_init(&passphrase, sizeof operator_passphrase, &err) != QRT_OK ||
        qrt_secret_append(&passphrase, operator_passphrase, sizeof operator_passphrase - 1, &err) !=
            QRT_OK ||
        qrt_vault_badge(badge, vault, operator_id, &passphrase, &err) != QRT_OK ||
        qrt_vault_unlock(vault, badge, &err) != QRT_OK) {
        die(path, err.what);
    }
}

int main(int argc, char **argv)
{
    static double us[2][RUNS_MAX];
    QRT_VAULT vault = {0};
    QRT_BADGE badge = {0};
    char path[4096];
    struct stat key;
    int runs = argc == 3 ? atoi(argv[1]) : 0;
    if (runs < 1 || runs > RUNS_MAX || sodium_init() < 0) {
        fputs("usage: bench_append RUNS VAULT\n", stderr);
        return 2;
    }
    qrt_json_init();
    open_vault(&vault, &badge, argv[2]);
    append(&vault, &badge); /* log.key holds the record of a commit like these */
    snprintf(path, sizeof path, "%s.peer", argv[2]);
    int dir_fd = mkdir(path, 0700) == 0 ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    snprintf(path, sizeof path, "%s.peer/peer.sqlite", argv[2]);
    if (dir_fd < 0 || fstatat(vault.log.dir_fd, "log.key", &key, 0) != 0) {
        die(path, "no directory for the peer");
    }
    uint8_t *bytes = calloc(1, (size_t)key.st_size);
    sqlite3 *db = open_peer(path);
    for (int run = 0; run < runs; run++) {
        double start = now_us();
        append(&vault, &badge);
        us[0][run] = now_us() - start;
        start = now_us();
        append_peer(db, dir_fd, bytes, (size_t)key.st_size);
        us[1][run] = now_us() - start;
    }
    for (int i = 0; i < 2; i++) {
        qsort(us[i], (size_t)runs, sizeof us[i][0], compare);
        printf("%.0f\n", us[i][runs / 2]);
    }
    sqlite3_close(db);
    free(bytes);
    close(dir_fd);
    return 0;
}
