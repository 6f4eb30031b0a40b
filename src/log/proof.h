/* Proofs over the tree of RFC 6962 (sections 2.1.1 and 2.1.2), and their text
 * forms (docs/formats/proof.md). Everything here is public. */
#ifndef QRT_LOG_PROOF_H
#define QRT_LOG_PROOF_H

#include "log/entry.h"
#include "log/note.h"
#include "log/tree.h"
#include <quorate/err.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No proof of a tree of at most 2^63 - 1 leaves has more. */
#define QRT_PROOF_HASHES_MAX 64

/* In the order of the RFC: the lowest first. */
struct qrt_proof {
    size_t len;
    uint8_t hashes[QRT_PROOF_HASHES_MAX][QRT_HASH_BYTES];
};

/* A proof in the making: one pass over the leaves, whose number does not
 * matter to its size. */
struct qrt_proving {
    struct qrt_proof proof; /* to be read when all leaves are in */
    struct {
        uint64_t from; /* the leaves of one of its hashes */
        uint64_t to;
        size_t at;                 /* which one */
    } parts[QRT_PROOF_HASHES_MAX]; /* ascending */
    size_t part;                   /* the one that gathers */
    uint64_t next;                 /* index of the next leaf */
    struct qrt_frontier frontier;
};

/* Begins a proof that leaf `index` is in the tree of `size` leaves, or that
 * the tree of `size` leaves continues the one of the first `old_size`. False
 * if there is none: index < size, 0 < old_size <= size, size < 2^63. */
bool qrt_proving_inclusion(struct qrt_proving *proving, uint64_t index, uint64_t size);
bool qrt_proving_consistency(struct qrt_proving *proving, uint64_t old_size, uint64_t size);
/* Takes the next leaf, from index 0 on; those beyond the size change nothing. */
void qrt_proving_add(struct qrt_proving *proving, const uint8_t leaf_hash[static QRT_HASH_BYTES]);

/* Does the proof lead from the leaf to the root? The size is bound only by
 * what vouches for the root. */
bool qrt_inclusion_verify(const struct qrt_proof *proof, uint64_t index, uint64_t size,
                          const uint8_t leaf_hash[static QRT_HASH_BYTES],
                          const uint8_t root[static QRT_HASH_BYTES]);
/* Does it lead from the old root to the new one? For equal sizes it is empty. */
bool qrt_consistency_verify(const struct qrt_proof *proof, uint64_t old_size, uint64_t size,
                            const uint8_t old_root[static QRT_HASH_BYTES],
                            const uint8_t root[static QRT_HASH_BYTES]);

enum qrt_proof_kind {
    QRT_PROOF_INCLUSION,
    QRT_PROOF_CONSISTENCY,
};

/* A proof as a file. */
struct qrt_proof_file {
    enum qrt_proof_kind kind;
    uint64_t index;       /* inclusion: of the entry */
    struct qrt_buf extra; /* inclusion: the entry, if the file carries it */
    uint64_t old_size;    /* consistency */
    uint8_t old_root[QRT_HASH_BYTES];
    struct qrt_proof proof;
    struct qrt_buf checkpoint_note; /* verbatim */
    struct qrt_checkpoint checkpoint;
    struct qrt_note note; /* views into checkpoint_note */
};

/* The longest file that is read: an entry in base64, the hashes, a note. */
#define QRT_PROOF_FILE_MAX_BYTES (128 * 1024)

void qrt_proof_file_free(struct qrt_proof_file *file);
#define QRT_PROOF_FILE __attribute__((cleanup(qrt_proof_file_free))) struct qrt_proof_file

/* Appends the file's text: of kind, index, extra, old_size, old_root, proof and
 * checkpoint_note. QRT_E_NOMEM. */
enum qrt_code qrt_proof_file_format(struct qrt_buf *out, const struct qrt_proof_file *file,
                                    struct qrt_err *err) QRT_MUST_USE;

/* Reads a file strictly: what qrt_proof_file_format would not write the same
 * is refused with QRT_E_FORMAT and the line; QRT_E_NOMEM. Verifies nothing.
 * *file is then empty. */
enum qrt_code qrt_proof_file_parse(struct qrt_proof_file *file, const char *text, size_t len_bytes,
                                   struct qrt_err *err) QRT_MUST_USE;

/* Does the proof hold under the checkpoint in the file? For inclusion the
 * entry is the one given. Whether the checkpoint is to be trusted is told by
 * its signatures alone. QRT_E_REFUSED. */
enum qrt_code qrt_proof_file_check(const struct qrt_proof_file *file, struct qrt_span entry,
                                   struct qrt_err *err) QRT_MUST_USE;

#endif
