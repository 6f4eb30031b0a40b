#include "log/tiles.h"

#include "base/text.h"
#include "log/tree.h"
#include <stdio.h>
#include <string.h>

#define ENTRIES_WORD "entries"

/* `x001/x234/067`: elements of three digits, all but the last behind an x. */
static size_t put_number(char *out, size_t size_bytes, uint64_t n)
{
    size_t len = n < 1000 ? 0 : put_number(out, size_bytes, n / 1000);
    /* What came before is an element that is not the last. */
    return len + (size_t)snprintf(out + len, size_bytes - len, n < 1000 ? "%03u" : "/%03u",
                                  (unsigned)(n % 1000));
}

void qrt_tile_path(char out[static QRT_TILE_PATH_BYTES], int level, uint64_t n, unsigned width)
{
    char digits[32];
    char number[48];
    size_t len = put_number(digits, sizeof digits, n);
    size_t at = 0;
    for (size_t i = 0; i < len; i++) {
        if (i % 4 == 0 && i + 4 < len) {
            number[at++] = 'x';
        }
        number[at++] = digits[i];
    }
    number[at] = '\0';
    char partial[8] = "";
    if (width < QRT_TILE_WIDTH) {
        snprintf(partial, sizeof partial, ".p/%u", width);
    }
    if (level == QRT_TILE_ENTRIES) {
        snprintf(out, QRT_TILE_PATH_BYTES, "tile/" ENTRIES_WORD "/%s%s", number, partial);
    } else {
        snprintf(out, QRT_TILE_PATH_BYTES, "tile/%d/%s%s", level, number, partial);
    }
}

/* The path is split loosely, written again, and compared: one form only. */
bool qrt_tile_path_read(const char *path, int *level, uint64_t *n, unsigned *width)
{
    static const char entries[] = "tile/" ENTRIES_WORD "/";
    char again[QRT_TILE_PATH_BYTES];
    const char *at = path;
    if (strlen(path) >= QRT_TILE_PATH_BYTES || strncmp(path, "tile/", 5) != 0) {
        return false;
    }
    if (strncmp(path, entries, sizeof entries - 1) == 0) {
        *level = QRT_TILE_ENTRIES;
        at += sizeof entries - 1;
    } else {
        *level = path[5] - '0';
        if (*level < 0 || *level >= QRT_TILE_LEVELS || path[6] != '/') {
            return false;
        }
        at += 7;
    }
    *n = 0;
    *width = QRT_TILE_WIDTH;
    for (; *at != '\0' && *at != '.'; at++) {
        if (*at >= '0' && *at <= '9') {
            if (*n > INT64_MAX / 16) {
                return false;
            }
            *n = *n * 10 + (uint64_t)(*at - '0');
        } else if (*at != 'x' && *at != '/') {
            return false;
        }
    }
    uint64_t partial;
    if (*at == '.') {
        if (strncmp(at, ".p/", 3) != 0 ||
            !qrt_text_u64(at + 3, strlen(at + 3), QRT_TILE_WIDTH - 1, &partial) || partial == 0) {
            return false;
        }
        *width = (unsigned)partial;
    }
    qrt_tile_path(again, *level, *n, *width);
    return *n <= INT64_MAX / QRT_TILE_WIDTH && strcmp(again, path) == 0;
}

/* The node over a whole tile. */
static void tile_root(uint8_t out[static QRT_HASH_BYTES], uint8_t hashes[][QRT_HASH_BYTES])
{
    struct qrt_frontier frontier = {0};
    for (size_t i = 0; i < QRT_TILE_WIDTH; i++) {
        qrt_frontier_add(&frontier, hashes[i]);
    }
    qrt_frontier_root(&frontier, out);
}

enum qrt_code qrt_tiles_add(struct qrt_tiles *tiles, const uint8_t leaf_hash[static QRT_HASH_BYTES],
                            const struct qrt_tile_sink *sink, struct qrt_err *err)
{
    uint64_t at = tiles->leaves++;
    uint8_t hash[QRT_HASH_BYTES];
    memcpy(hash, leaf_hash, sizeof hash);
    for (unsigned level = 0; level < QRT_TILE_LEVELS; level++) {
        memcpy(tiles->hashes[level][at % QRT_TILE_WIDTH], hash, sizeof hash);
        if (at % QRT_TILE_WIDTH + 1 < QRT_TILE_WIDTH) {
            return QRT_OK;
        }
        at /= QRT_TILE_WIDTH;
        tile_root(hash, tiles->hashes[level]);
        enum qrt_code code =
            sink->tile(sink->ctx, level, at, QRT_TILE_WIDTH, tiles->hashes[level][0], err);
        if (code != QRT_OK) {
            return code;
        }
    }
    return QRT_OK;
}

enum qrt_code qrt_tiles_end(const struct qrt_tiles *tiles, const struct qrt_tile_sink *sink,
                            struct qrt_err *err)
{
    uint64_t count = tiles->leaves;
    for (unsigned level = 0; level < QRT_TILE_LEVELS && count > 0; level++) {
        unsigned width = (unsigned)(count % QRT_TILE_WIDTH);
        count /= QRT_TILE_WIDTH;
        if (width > 0) {
            enum qrt_code code =
                sink->tile(sink->ctx, level, count, width, tiles->hashes[level][0], err);
            if (code != QRT_OK) {
                return code;
            }
        }
    }
    return QRT_OK;
}
