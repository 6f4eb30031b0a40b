#include "unit.h"

#include "log/tiles.h"
#include "log/tree.h"
#include <sodium.h>

/* What came out of one pass. */
struct seen {
    unsigned full[QRT_TILE_LEVELS];
    unsigned partial[QRT_TILE_LEVELS]; /* its width */
    uint64_t next[QRT_TILE_LEVELS];
    struct qrt_frontier over[QRT_TILE_LEVELS]; /* the level's hashes, as leaves of a tree */
};

static enum qrt_code see(void *ctx, unsigned level, uint64_t n, unsigned width,
                         const uint8_t *hashes, struct qrt_err *err)
{
    struct seen *seen = ctx;
    (void)err;
    assert_int_equal(n, seen->next[level]++);
    seen->full[level] += width == QRT_TILE_WIDTH;
    if (width < QRT_TILE_WIDTH) {
        assert_int_equal(seen->partial[level], 0);
        seen->partial[level] = width;
    }
    for (unsigned i = 0; i < width; i++) {
        qrt_frontier_add(&seen->over[level], hashes + (size_t)i * QRT_HASH_BYTES);
    }
    return QRT_OK;
}

static void leaf_of(uint8_t out[static QRT_HASH_BYTES], uint64_t i)
{
    char text[24];
    int n = snprintf(text, sizeof text, "%llu", (unsigned long long)i);
    qrt_tree_leaf(out, text, (size_t)n);
}

/* Every level of a tree of a power of 256 has the root of the tree below it. */
static void tiles_are_those_of_the_tree(void **state)
{
    (void)state;
    static const struct {
        uint64_t size;
        unsigned full[3];
        unsigned partial[3];
    } cases[] = {
        {1, {0, 0, 0}, {1, 0, 0}},       {255, {0, 0, 0}, {255, 0, 0}},
        {256, {1, 0, 0}, {0, 1, 0}},     {257, {1, 0, 0}, {1, 1, 0}},
        {65536, {256, 1, 0}, {0, 0, 1}}, {70000, {273, 1, 0}, {112, 17, 1}},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        struct qrt_tiles *tiles = calloc(1, sizeof *tiles);
        struct seen *seen = calloc(1, sizeof *seen);
        struct qrt_tile_sink sink = {seen, see};
        struct qrt_frontier frontier = {0};
        uint8_t root[QRT_HASH_BYTES];
        uint8_t again[QRT_HASH_BYTES];
        for (uint64_t i = 0; i < cases[c].size; i++) {
            uint8_t leaf[QRT_HASH_BYTES];
            leaf_of(leaf, i);
            qrt_frontier_add(&frontier, leaf);
            assert_int_equal(qrt_tiles_add(tiles, leaf, &sink, NULL), QRT_OK);
        }
        assert_int_equal(qrt_tiles_end(tiles, &sink, NULL), QRT_OK);
        for (unsigned level = 0; level < 3; level++) {
            assert_int_equal(seen->full[level], cases[c].full[level]);
            assert_int_equal(seen->partial[level], cases[c].partial[level]);
        }
        qrt_frontier_root(&frontier, root);
        qrt_frontier_root(&seen->over[0], again);
        assert_memory_equal(root, again, sizeof root);
        if (cases[c].size == 256 || cases[c].size == 65536) {
            qrt_frontier_root(&seen->over[1], again);
            assert_memory_equal(root, again, sizeof root);
        }
        free(tiles);
        free(seen);
    }
}

static void a_path_is_written_and_read(void **state)
{
    (void)state;
    static const struct {
        int level;
        uint64_t n;
        unsigned width;
        const char *path;
    } cases[] = {
        {0, 0, 256, "tile/0/000"},
        {0, 7, 1, "tile/0/007.p/1"},
        {1, 999, 255, "tile/1/999.p/255"},
        {0, 1000, 256, "tile/0/x001/000"},
        {2, 1234067, 256, "tile/2/x001/x234/067"},
        {QRT_TILE_ENTRIES, 3906, 64, "tile/entries/x003/906.p/64"},
        {7, INT64_MAX / 256, 256, "tile/7/x036/x028/x797/x018/x963/967"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char path[QRT_TILE_PATH_BYTES];
        int level;
        uint64_t n;
        unsigned width;
        qrt_tile_path(path, cases[i].level, cases[i].n, cases[i].width);
        assert_string_equal(path, cases[i].path);
        assert_true(qrt_tile_path_read(path, &level, &n, &width));
        assert_int_equal(level, cases[i].level);
        assert_int_equal(n, cases[i].n);
        assert_int_equal(width, cases[i].width);
    }
}

static void any_other_path_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/00/000",
        "tile/8/000",
        "tile/-1/000",
        "tile/entries",
        "tile/entries/",
        "tile/data/000",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/1/",
        "tile/0/000/",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/x001/x000",
        "tile/0/x001000",
        "tile/0/x1/000",
        "tile//000",
        "/tile/0/000",
        "tile/0/000.p/+1",
        "tile/0/ 00",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/0/x036/x028/x797/x018/x963/968",
        "tile/0/x001/x001/x001/x001/x001/x001/x001/x001/x001/x001/x001/x001/x001/x001/x001/000"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int level;
        uint64_t n;
        unsigned width;
        if (qrt_tile_path_read(cases[i], &level, &n, &width)) {
            fail_msg("`%s` is read as tile %llu", cases[i], (unsigned long long)n);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiles_are_those_of_the_tree),
        cmocka_unit_test(a_path_is_written_and_read),
        cmocka_unit_test(any_other_path_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
