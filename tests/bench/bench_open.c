/* Opening a vault without a badge, in one process: its replay, and nothing of
 * starting a program or deriving a key. Usage: bench_open RUNS DIRECTORY…
 * A line a directory: fastest and median in microseconds. */
#include "base/json.h"
#include "vault/vault.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RUNS_MAX = 1001 };

static double open_us(const char *path)
{
    struct timespec start, end;
    struct qrt_vault vault;
    struct qrt_err err = {0};
    clock_gettime(CLOCK_MONOTONIC, &start);
    if (qrt_vault_open(&vault, path, &err) != QRT_OK) {
        fprintf(stderr, "bench_open: %s: %s\n", path, err.what);
        exit(1);
    }
    qrt_vault_close(&vault);
    clock_gettime(CLOCK_MONOTONIC, &end);
    return (double)(end.tv_sec - start.tv_sec) * 1e6 + (double)(end.tv_nsec - start.tv_nsec) / 1e3;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    static double us[8][RUNS_MAX];
    int runs = argc > 2 ? atoi(argv[1]) : 0;
    if (runs < 1 || runs > RUNS_MAX || argc > 10 || sodium_init() < 0) {
        fputs("usage: bench_open RUNS DIRECTORY...\n", stderr);
        return 2;
    }
    qrt_json_init();
    for (int run = 0; run < runs; run++) {
        for (int i = 2; i < argc; i++) {
            us[i - 2][run] = open_us(argv[i]);
        }
    }
    for (int i = 2; i < argc; i++) {
        qsort(us[i - 2], (size_t)runs, sizeof us[i - 2][0], compare);
        printf("%.0f %.0f %s\n", us[i - 2][0], us[i - 2][runs / 2], argv[i]);
    }
    return 0;
}
