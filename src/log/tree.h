/* The Merkle tree of RFC 6962, section 2.1, grown leaf by leaf. */
#ifndef QRT_LOG_TREE_H
#define QRT_LOG_TREE_H

#include "crypto/hash.h"
#include <stddef.h>
#include <stdint.h>

/* The roots of the perfect subtrees of a tree of `size` leaves, the largest
 * first: one per bit set in size. A zeroed struct is the empty tree. */
struct qrt_frontier {
    uint64_t size;
    uint8_t nodes[64][QRT_HASH_BYTES];
};

/* SHA-256(0x00 || leaf). */
void qrt_tree_leaf(uint8_t out[static QRT_HASH_BYTES], const void *leaf, size_t len_bytes);

/* SHA-256(0x01 || left || right); out may be either. */
void qrt_tree_node(uint8_t out[static QRT_HASH_BYTES], const uint8_t left[static QRT_HASH_BYTES],
                   const uint8_t right[static QRT_HASH_BYTES]);

/* Adds a leaf by its hash. */
void qrt_frontier_add(struct qrt_frontier *frontier,
                      const uint8_t leaf_hash[static QRT_HASH_BYTES]);

/* The root; of the empty tree SHA-256 of nothing. */
void qrt_frontier_root(const struct qrt_frontier *frontier, uint8_t root[static QRT_HASH_BYTES]);

#endif
