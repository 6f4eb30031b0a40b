#include "log/tree.h"

#include <string.h>

#define LEAF_PREFIX 0x00
#define NODE_PREFIX 0x01

/* Two neighbours in a frontier lie as `left || right` already. */
_Static_assert(sizeof(((struct qrt_frontier *)0)->nodes[0]) == QRT_HASH_BYTES, "no gaps");

void qrt_tree_leaf(uint8_t out[static QRT_HASH_BYTES], const void *leaf, size_t len_bytes)
{
    qrt_sha256_prefixed(out, LEAF_PREFIX, leaf, len_bytes);
}

void qrt_tree_node(uint8_t out[static QRT_HASH_BYTES], const uint8_t left[static QRT_HASH_BYTES],
                   const uint8_t right[static QRT_HASH_BYTES])
{
    uint8_t pair[2 * QRT_HASH_BYTES];
    memcpy(pair, left, QRT_HASH_BYTES);
    memcpy(pair + QRT_HASH_BYTES, right, QRT_HASH_BYTES);
    qrt_sha256_prefixed(out, NODE_PREFIX, pair, sizeof pair);
}

void qrt_frontier_add(struct qrt_frontier *frontier, const uint8_t leaf_hash[static QRT_HASH_BYTES])
{
    size_t last = (size_t)__builtin_popcountll(frontier->size);
    memcpy(frontier->nodes[last], leaf_hash, QRT_HASH_BYTES);
    for (uint64_t bits = frontier->size; (bits & 1) != 0; bits >>= 1) {
        last--;
        qrt_sha256_prefixed(frontier->nodes[last], NODE_PREFIX, frontier->nodes[last],
                            2 * QRT_HASH_BYTES);
    }
    frontier->size++;
}

void qrt_frontier_root(const struct qrt_frontier *frontier, uint8_t root[static QRT_HASH_BYTES])
{
    size_t left = (size_t)__builtin_popcountll(frontier->size);
    if (left == 0) {
        qrt_sha256(root, "", 0);
        return;
    }
    left--;
    memcpy(root, frontier->nodes[left], QRT_HASH_BYTES);
    while (left > 0) {
        left--;
        qrt_tree_node(root, frontier->nodes[left], root);
    }
}
