/* What writing an export and reading one share: its names, and what follows
 * from the entries alone. */
#ifndef QRT_LOG_EXPORT_PARTS_H
#define QRT_LOG_EXPORT_PARTS_H

#include "log/entry.h"
#include "log/note.h"
#include "log/tiles.h"
#include <quorate/err.h>

#define QRT_EXPORT_CHECKPOINT "checkpoint"
#define QRT_EXPORT_ENTRIES    "entries.jsonl"
#define QRT_EXPORT_PEOPLE     "people.vkeys"
#define QRT_EXPORT_SUMS       "SHA256SUMS"
#define QRT_EXPORT_VERIFY     "VERIFY.txt"
#define QRT_EXPORT_CHAIN      "chain/"
#define QRT_EXPORT_OPENSSL_IN "openssl/"
#define QRT_EXPORT_PATH_BYTES 192

/* VERIFY.txt as this version writes it. */
extern const unsigned char qrt_verify_text[];
extern const size_t qrt_verify_text_len_bytes;

/* `chain/<epoch>`. */
void qrt_export_chain_path(char out[static QRT_EXPORT_PATH_BYTES], uint64_t epoch);

/* What the entries make, besides the tree's tiles. A zeroed one is empty. */
struct qrt_derived {
    struct qrt_tiles tiles;
    struct qrt_buf people; /* people.vkeys */
    struct qrt_buf line;   /* of entries.jsonl, the last entry's */
};

void qrt_derived_free(struct qrt_derived *derived);

/* Takes the next entry: its bytes and, unless they are none, what they say. */
enum qrt_code qrt_derived_add(struct qrt_derived *derived, struct qrt_span body,
                              const struct qrt_entry *entry, const struct qrt_tile_sink *tiles,
                              struct qrt_err *err) QRT_MUST_USE;

/* Gets a file by its path in the export. */
struct qrt_file_sink {
    void *ctx;
    enum qrt_code (*file)(void *ctx, const char *path, const void *bytes, size_t len_bytes,
                          struct qrt_err *err);
};

/* The files of openssl/: of each signature of a checkpoint whose key is the
 * log's or one of people.vkeys, what is signed, the signature, and the key. */
enum qrt_code qrt_export_openssl(const struct qrt_file_sink *sink, const struct qrt_buf *note,
                                 const char *origin, const uint8_t log_key[static QRT_PUBLIC_BYTES],
                                 const struct qrt_buf *people, struct qrt_err *err) QRT_MUST_USE;

#endif
