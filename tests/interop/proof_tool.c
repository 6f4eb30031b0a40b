/* Every proof of small trees, and our own verdict on each and on what becomes
 * of it when something is changed; proofs.go and proofs.py write the same lines.
 *
 * proof_tool dump SIZES         the lines, of all trees of 1 to SIZES leaves
 * proof_tool check SIZES <FILE  reads lines, and verifies their proofs
 *
 * Leaf i is the bytes `entry i LF`. A line: `I` (inclusion of leaf M) or `C`
 * (consistency with the tree of M), size, M, the hashes in hex joined by commas
 * (`-` if there are none), and a verdict, 0 or 1, on each of: the proof; each
 * hash with a bit flipped; the leaf or old root, then the root, with one; M,
 * then the size, with each of 9 bits; the last hash left out; the first one put
 * behind the last. */
#include "base/text.h"
#include "log/proof.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIZES_MAX   1000
#define NUMBER_BITS 9

static uint8_t leaves[SIZES_MAX][QRT_HASH_BYTES];
static uint8_t roots[SIZES_MAX + 1][QRT_HASH_BYTES];

/* One question to the verifier. */
struct question {
    char kind;
    struct qrt_proof proof;
    uint64_t size;
    uint64_t other; /* index or old size */
    uint8_t start[QRT_HASH_BYTES];
    uint8_t root[QRT_HASH_BYTES];
};

static void stop(const char *why, const struct question *q)
{
    fprintf(stderr, "proof_tool: %c %llu %llu: %s\n", q->kind, (unsigned long long)q->size,
            (unsigned long long)q->other, why);
    exit(1);
}

static void make_trees(uint64_t sizes)
{
    struct qrt_frontier frontier = {0};
    for (uint64_t i = 0; i < sizes; i++) {
        char text[32];
        int n = snprintf(text, sizeof text, "entry %llu\n", (unsigned long long)i);
        qrt_tree_leaf(leaves[i], text, (size_t)n);
        qrt_frontier_add(&frontier, leaves[i]);
        qrt_frontier_root(&frontier, roots[i + 1]);
    }
}

static struct question ask(char kind, uint64_t size, uint64_t other)
{
    struct question q = {.kind = kind, .size = size, .other = other};
    memcpy(q.start, kind == 'I' ? leaves[other] : roots[other], sizeof q.start);
    memcpy(q.root, roots[size], sizeof q.root);
    return q;
}

static void make_proof(struct question *q)
{
    struct qrt_proving proving;
    bool begun = q->kind == 'I' ? qrt_proving_inclusion(&proving, q->other, q->size)
                                : qrt_proving_consistency(&proving, q->other, q->size);
    if (!begun) {
        stop("no proof", q);
    }
    for (uint64_t i = 0; i < q->size; i++) {
        qrt_proving_add(&proving, leaves[i]);
    }
    q->proof = proving.proof;
}

static bool holds(const struct question *q)
{
    return q->kind == 'I' ? qrt_inclusion_verify(&q->proof, q->other, q->size, q->start, q->root)
                          : qrt_consistency_verify(&q->proof, q->other, q->size, q->start, q->root);
}

static void flip(uint8_t *hash, uint64_t bit)
{
    hash[bit / 8 % QRT_HASH_BYTES] ^= (uint8_t)(1 << bit % 8);
}

static void put(char **at, bool verdict)
{
    *(*at)++ = verdict ? '1' : '0';
}

/* What may never hold: with a hash, leaf, root, index or old size that is not
 * the proof's own, the size being right. */
static void put_never(char **at, const struct question *q)
{
    if (holds(q)) {
        stop("a changed proof is accepted", q);
    }
    put(at, false);
}

static void judge(char *verdicts, const struct question *asked)
{
    struct question q = *asked;
    if (!holds(&q)) {
        stop("a proof of our own is refused", &q);
    }
    put(&verdicts, true);
    for (size_t k = 0; k < q.proof.len; k++) {
        uint64_t bit = q.size * 31 + q.other * 7 + k * 13;
        flip(q.proof.hashes[k], bit);
        put_never(&verdicts, &q);
        flip(q.proof.hashes[k], bit);
    }
    flip(q.start, q.size + q.other);
    put_never(&verdicts, &q);
    flip(q.start, q.size + q.other);
    flip(q.root, q.size + q.other + 1);
    put_never(&verdicts, &q);
    flip(q.root, q.size + q.other + 1);
    for (unsigned bit = 0; bit < NUMBER_BITS; bit++) {
        q.other ^= UINT64_C(1) << bit;
        put_never(&verdicts, &q);
        q.other ^= UINT64_C(1) << bit;
    }
    for (unsigned bit = 0; bit < NUMBER_BITS; bit++) {
        q.size ^= UINT64_C(1) << bit;
        put(&verdicts, holds(&q));
        q.size ^= UINT64_C(1) << bit;
    }
    if (q.proof.len > 0) {
        q.proof.len--;
        put_never(&verdicts, &q);
        q.proof.len++;
        memcpy(q.proof.hashes[q.proof.len++], q.proof.hashes[0], QRT_HASH_BYTES);
        put_never(&verdicts, &q);
    }
    *verdicts = '\0';
}

static void dump(char kind, uint64_t size, uint64_t other)
{
    struct question q = ask(kind, size, other);
    char verdicts[QRT_PROOF_HASHES_MAX + 2 * NUMBER_BITS + 6];
    make_proof(&q);
    judge(verdicts, &q);
    printf("%c %llu %llu ", kind, (unsigned long long)size, (unsigned long long)other);
    for (size_t i = 0; i < q.proof.len; i++) {
        char hex[2 * QRT_HASH_BYTES + 1];
        qrt_text_hex(hex, q.proof.hashes[i], QRT_HASH_BYTES);
        printf("%s%s", i == 0 ? "" : ",", hex);
    }
    printf("%s %s\n", q.proof.len == 0 ? "-" : "", verdicts);
}

static int check_all(uint64_t sizes)
{
    static char line[8192];
    unsigned long long count = 0;
    while (fgets(line, sizeof line, stdin) != NULL) {
        char kind;
        unsigned long long size;
        unsigned long long other;
        int at = 0;
        if (sscanf(line, "%c %llu %llu %n", &kind, &size, &other, &at) != 3 || size < 1 ||
            size > sizes || other > size) {
            fprintf(stderr, "proof_tool: no line of a proof: %s", line);
            return 1;
        }
        struct question q = ask(kind, size, other);
        char *text = line + at;
        for (char *hex; (hex = strtok_r(text, ", \n", &text)) != NULL && strlen(hex) == 64;) {
            if (!qrt_text_unhex(q.proof.hashes[q.proof.len++], QRT_HASH_BYTES, hex, 64)) {
                stop("no hash", &q);
            }
        }
        if (!holds(&q)) {
            stop("a foreign proof is refused", &q);
        }
        count++;
    }
    printf("%llu proofs hold\n", count);
    return count == sizes * (sizes + 1) ? 0 : 1;
}

int main(int argc, char **argv)
{
    uint64_t sizes = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
    if (sizes < 1 || sizes > SIZES_MAX) {
        fputs("usage: proof_tool dump|check SIZES\n", stderr);
        return 2;
    }
    make_trees(sizes);
    if (strcmp(argv[1], "check") == 0) {
        return check_all(sizes);
    }
    for (uint64_t size = 1; size <= sizes; size++) {
        for (uint64_t index = 0; index < size; index++) {
            dump('I', size, index);
        }
        for (uint64_t old = 1; old <= size; old++) {
            dump('C', size, old);
        }
    }
    return fflush(stdout) == 0 ? 0 : 1;
}
