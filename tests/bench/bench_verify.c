/* What `quorate log verify` is held against, on the same log: a bare loop of
 * SELECT and nettle's SHA-256 over the entries, and bare libsodium checks of
 * all checkpoints' signatures. Usage: bench_verify RUNS DIRECTORY
 * Prints the fastest loop and the fastest checks in microseconds, the number
 * of entries and of signatures. */
#include "base/json.h"
#include "vault/vault.h"
#include <nettle/sha2.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void die(const char *what)
{
    fprintf(stderr, "bench_verify: %s\n", what);
    exit(1);
}

/* The leaves' hashes, xored so that nothing of it can be left out. */
static double hash_rows(const char *path, size_t *rows)
{
    sqlite3 *db;
    sqlite3_stmt *select = NULL;
    uint8_t all[SHA256_DIGEST_SIZE] = {0};
    double start = now_us();
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, "SELECT body FROM log_entry ORDER BY idx", -1, &select, NULL) !=
            SQLITE_OK) {
        die(path);
    }
    for (*rows = 0; sqlite3_step(select) == SQLITE_ROW; ++*rows) {
        struct sha256_ctx hash;
        uint8_t leaf[SHA256_DIGEST_SIZE];
        const void *body = sqlite3_column_blob(select, 0);
        sha256_init(&hash);
        sha256_update(&hash, 1, (const uint8_t *)"");
        sha256_update(&hash, (size_t)sqlite3_column_bytes(select, 0), body);
        sha256_digest(&hash, sizeof leaf, leaf);
        for (size_t i = 0; i < sizeof leaf; i++) {
            all[i] ^= leaf[i];
        }
    }
    sqlite3_finalize(select);
    sqlite3_close(db);
    double us = now_us() - start;
    return sodium_is_zero(all, sizeof all) ? 0 : us;
}

static double check_signatures(const struct qrt_signatures *due)
{
    double start = now_us();
    for (size_t i = 0; i < due->len; i++) {
        const struct qrt_signature_due *one = &due->list[i];
        if (crypto_sign_verify_detached(one->signature, due->bytes.data + one->message_at,
                                        one->message_bytes, one->key) != 0) {
            die("a signature is wrong");
        }
    }
    return now_us() - start;
}

int main(int argc, char **argv)
{
    int runs = argc == 3 ? atoi(argv[1]) : 0;
    if (runs < 1 || sodium_init() < 0) {
        fputs("usage: bench_verify RUNS DIRECTORY\n", stderr);
        return 2;
    }
    qrt_json_init();
    QRT_VAULT vault = {0};
    struct qrt_err err = {0};
    char path[4096];
    snprintf(path, sizeof path, "%s/vault.sqlite", argv[2]);
    if (qrt_vault_open(&vault, argv[2], &err) != QRT_OK) {
        die(err.what);
    }
    double hashing = 0;
    double checking = 0;
    size_t rows = 0;
    for (int run = 0; run < runs; run++) {
        double us = hash_rows(path, &rows);
        hashing = run == 0 || us < hashing ? us : hashing;
        us = check_signatures(&vault.log.unverified);
        checking = run == 0 || us < checking ? us : checking;
    }
    printf("%.0f %.0f %zu %zu\n", hashing, checking, rows, vault.log.unverified.len);
    return 0;
}
