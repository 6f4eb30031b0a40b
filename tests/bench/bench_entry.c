/* What an entry costs when a log is verified: SHA-256 of the leaf and its
 * nodes, and, beside it, the strict reading of an entry of about 250 bytes.
 * One row per kind of entry, the median of several rounds. */
#include "log/entry.h"
#include "log/tree.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ENTRIES 200000
#define ROUNDS  9

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* The kinds that fill a real log, and the two worst to read. */
struct kind {
    const char *name;
    enum qrt_event_id event;
    const char *keys[6][2];
};

static const struct kind kinds[] = {
    {"card-accepted",
     QRT_EV_CARD_ACCEPTED,
     {{"intent", "123456"}, {"serial", "4711"}, {"how", "code"}, {"result", "accepted"}}},
    {"item-sealed",
     QRT_EV_ITEM_SEALED,
     {{"account", "123456789012"},
      {"kind", "password"},
      {"serial", "3"},
      {"generation", "2"},
      {"ciphertext", DIGEST}}},
    {"note, ASCII",
     QRT_EV_SESSION_NOTED,
     {{"text", "The second custodian came at nine and left the room once, with nothing in hand"}}},
    {"note, umlauts",
     QRT_EV_SESSION_NOTED,
     {{"text", "Die zweite Verwahrerin kam um neun, \xC3\xBC"
               "ber Z\xC3\xBCrich"}}},
};

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values)
{
    qsort(values, ROUNDS, sizeof values[0], compare);
    return values[ROUNDS / 2];
}

static void make(struct qrt_buf *entries, size_t *at, const struct kind *kind)
{
    static const uint8_t salt[QRT_ENTRY_SALT_BYTES] = {1, 2, 3};
    for (size_t i = 0; i < ENTRIES; i++) {
        struct qrt_draft draft;
        struct qrt_err err;
        qrt_draft_start(&draft, kind->event, "operator-1");
        for (size_t k = 0; k < 6 && kind->keys[k][0] != NULL; k++) {
            qrt_draft_text(&draft, kind->keys[k][0], kind->keys[k][1]);
        }
        struct qrt_place place = {"example.com/vault", 100000 + i, 20000 + i / 9, 1772600767};
        at[i] = entries->len_bytes;
        if (qrt_entry_encode(entries, &draft, &place, salt, &err) != QRT_OK) {
            fprintf(stderr, "bench_entry: %s\n", err.what);
            exit(1);
        }
        qrt_draft_free(&draft);
    }
    at[ENTRIES] = entries->len_bytes;
}

static double read_all(const struct qrt_buf *entries, const size_t *at)
{
    double start = now_ns();
    for (size_t i = 0; i < ENTRIES; i++) {
        struct qrt_entry entry;
        const char *text = (const char *)entries->data + at[i];
        if (qrt_entry_parse(&entry, text, at[i + 1] - at[i], NULL) != QRT_OK ||
            entry.index != 100000 + i) {
            fputs("bench_entry: an entry is not read\n", stderr);
            exit(1);
        }
    }
    return (now_ns() - start) / ENTRIES;
}

static double hash_all(const struct qrt_buf *entries, const size_t *at)
{
    struct qrt_frontier frontier = {0};
    double start = now_ns();
    for (size_t i = 0; i < ENTRIES; i++) {
        uint8_t leaf[QRT_HASH_BYTES];
        qrt_tree_leaf(leaf, entries->data + at[i], at[i + 1] - at[i]);
        qrt_frontier_add(&frontier, leaf);
    }
    return (now_ns() - start) / ENTRIES;
}

int main(void)
{
    static size_t at[ENTRIES + 1];
    printf("%-16s %8s %12s %12s\n", "entry", "bytes", "hash, ns", "read, ns");
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        QRT_BUF entries = {0};
        double hash_ns[ROUNDS];
        double read_ns[ROUNDS];
        make(&entries, at, &kinds[k]);
        for (size_t i = 0; i < ROUNDS; i++) {
            hash_ns[i] = hash_all(&entries, at);
            read_ns[i] = read_all(&entries, at);
        }
        printf("%-16s %8zu %12.0f %12.0f\n", kinds[k].name, at[1], median(hash_ns),
               median(read_ns));
    }
    return 0;
}
