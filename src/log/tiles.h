/* A tree as tiles (C2SP tlog-tiles, height 8), made in one pass over the
 * leaves. Everything here is public. */
#ifndef QRT_LOG_TILES_H
#define QRT_LOG_TILES_H

#include "crypto/hash.h"
#include <quorate/err.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QRT_TILE_WIDTH      256
#define QRT_TILE_LEVELS     8 /* 256^8 leaves are more than 2^63 */
#define QRT_TILE_ENTRIES    (-1)
#define QRT_TILE_PATH_BYTES 80

/* Writes `tile/<level>/<n>`, or `tile/entries/<n>` for QRT_TILE_ENTRIES, with
 * `.p/<width>` behind it unless the width is whole. */
void qrt_tile_path(char out[static QRT_TILE_PATH_BYTES], int level, uint64_t n, unsigned width);

/* Reads exactly what the former writes; false for anything else. */
bool qrt_tile_path_read(const char *path, int *level, uint64_t *n, unsigned *width);

/* Gets each tile when it is whole, and at the end those that are not, the
 * lower level first. */
struct qrt_tile_sink {
    void *ctx;
    enum qrt_code (*tile)(void *ctx, unsigned level, uint64_t n, unsigned width,
                          const uint8_t *hashes, struct qrt_err *err);
};

/* A zeroed one has no leaf. */
struct qrt_tiles {
    uint64_t leaves;
    uint8_t hashes[QRT_TILE_LEVELS][QRT_TILE_WIDTH][QRT_HASH_BYTES];
};

/* Fails only if the sink does. */
enum qrt_code qrt_tiles_add(struct qrt_tiles *tiles, const uint8_t leaf_hash[static QRT_HASH_BYTES],
                            const struct qrt_tile_sink *sink, struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_tiles_end(const struct qrt_tiles *tiles, const struct qrt_tile_sink *sink,
                            struct qrt_err *err) QRT_MUST_USE;

#endif
