#include "log/proof.h"

#include <string.h>

/* The largest power of two below n, for n > 1. */
static uint64_t split_at(uint64_t n)
{
    return UINT64_C(1) << (63 - __builtin_clzll(n - 1));
}

/* The hashes come from the root downwards, and stand the other way round. */
static void want(struct qrt_proving *proving, uint64_t from, uint64_t to)
{
    size_t at = proving->proof.len++;
    proving->parts[at].from = from;
    proving->parts[at].to = to;
    proving->parts[at].at = at;
}

/* Turns the order of the proof round, and sorts the parts by their leaves. */
static void settle(struct qrt_proving *proving)
{
    size_t len = proving->proof.len;
    for (size_t i = 0; i < len; i++) {
        proving->parts[i].at = len - 1 - proving->parts[i].at;
    }
    for (size_t i = 1; i < len; i++) {
        for (size_t k = i; k > 0 && proving->parts[k].from < proving->parts[k - 1].from; k--) {
            __typeof__(proving->parts[0]) swap = proving->parts[k];
            proving->parts[k] = proving->parts[k - 1];
            proving->parts[k - 1] = swap;
        }
    }
}

bool qrt_proving_inclusion(struct qrt_proving *proving, uint64_t index, uint64_t size)
{
    *proving = (struct qrt_proving){0};
    if (index >= size || size > INT64_MAX) {
        return false;
    }
    uint64_t from = 0;
    uint64_t to = size;
    while (to - from > 1) {
        uint64_t middle = from + split_at(to - from);
        if (index < middle) {
            want(proving, middle, to);
            to = middle;
        } else {
            want(proving, from, middle);
            from = middle;
        }
    }
    settle(proving);
    return true;
}

bool qrt_proving_consistency(struct qrt_proving *proving, uint64_t old_size, uint64_t size)
{
    *proving = (struct qrt_proving){0};
    if (old_size == 0 || old_size > size || size > INT64_MAX) {
        return false;
    }
    uint64_t from = 0;
    uint64_t to = size;
    while (old_size < to) {
        uint64_t middle = from + split_at(to - from);
        if (old_size <= middle) {
            want(proving, middle, to);
            to = middle;
        } else {
            want(proving, from, middle);
            from = middle;
        }
    }
    if (from > 0) { /* else it is the old root itself, which the other side has */
        want(proving, from, to);
    }
    settle(proving);
    return true;
}

void qrt_proving_add(struct qrt_proving *proving, const uint8_t leaf_hash[static QRT_HASH_BYTES])
{
    uint64_t index = proving->next++;
    if (proving->part == proving->proof.len || index < proving->parts[proving->part].from) {
        return;
    }
    qrt_frontier_add(&proving->frontier, leaf_hash);
    if (index + 1 == proving->parts[proving->part].to) {
        qrt_frontier_root(&proving->frontier,
                          proving->proof.hashes[proving->parts[proving->part].at]);
        proving->frontier.size = 0;
        proving->part++;
    }
}

static void add_left(uint8_t hash[static QRT_HASH_BYTES], const uint8_t left[static QRT_HASH_BYTES])
{
    qrt_tree_node(hash, left, hash);
}

/* One way up the tree: where a node stands among those of its level, and where
 * the last one does. */
struct climb {
    uint64_t at;
    uint64_t last;
};

/* Is the next sibling the left one? Then the node may lie some levels higher
 * than it is written, for a node without a sibling is its own parent. */
static bool sibling_is_left(struct climb *climb)
{
    if ((climb->at & 1) == 0 && climb->at != climb->last) {
        return false;
    }
    while ((climb->at & 1) == 0 && climb->at != 0) {
        climb->at >>= 1;
        climb->last >>= 1;
    }
    return true;
}

bool qrt_inclusion_verify(const struct qrt_proof *proof, uint64_t index, uint64_t size,
                          const uint8_t leaf_hash[static QRT_HASH_BYTES],
                          const uint8_t root[static QRT_HASH_BYTES])
{
    if (index >= size || size > INT64_MAX) {
        return false;
    }
    struct climb climb = {index, size - 1};
    uint8_t hash[QRT_HASH_BYTES];
    memcpy(hash, leaf_hash, sizeof hash);
    for (size_t i = 0; i < proof->len; i++) {
        if (climb.last == 0) {
            return false;
        }
        if (sibling_is_left(&climb)) {
            add_left(hash, proof->hashes[i]);
        } else {
            qrt_tree_node(hash, hash, proof->hashes[i]);
        }
        climb.at >>= 1;
        climb.last >>= 1;
    }
    return climb.last == 0 && memcmp(hash, root, sizeof hash) == 0;
}

bool qrt_consistency_verify(const struct qrt_proof *proof, uint64_t old_size, uint64_t size,
                            const uint8_t old_root[static QRT_HASH_BYTES],
                            const uint8_t root[static QRT_HASH_BYTES])
{
    if (old_size == 0 || old_size > size || size > INT64_MAX) {
        return false;
    }
    if (old_size == size) {
        return proof->len == 0 && memcmp(old_root, root, QRT_HASH_BYTES) == 0;
    }
    /* Up to the largest whole subtree at the old tree's end. */
    struct climb climb = {old_size - 1, size - 1};
    while ((climb.at & 1) != 0) {
        climb.at >>= 1;
        climb.last >>= 1;
    }
    bool is_old_root = climb.at == 0;
    size_t next = is_old_root ? 0 : 1;
    if (proof->len < 1) {
        return false;
    }
    uint8_t old_hash[QRT_HASH_BYTES];
    uint8_t hash[QRT_HASH_BYTES];
    memcpy(old_hash, is_old_root ? old_root : proof->hashes[0], sizeof old_hash);
    memcpy(hash, old_hash, sizeof hash);
    for (; next < proof->len; next++) {
        if (climb.last == 0) {
            return false;
        }
        if (sibling_is_left(&climb)) {
            add_left(old_hash, proof->hashes[next]);
            add_left(hash, proof->hashes[next]);
        } else {
            qrt_tree_node(hash, hash, proof->hashes[next]);
        }
        climb.at >>= 1;
        climb.last >>= 1;
    }
    return climb.last == 0 && memcmp(old_hash, old_root, sizeof hash) == 0 &&
           memcmp(hash, root, sizeof hash) == 0;
}
