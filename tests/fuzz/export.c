/* One file of a small export is replaced by the input, whose first byte says
 * which: without a fault only if it is the very same. SHA256SUMS is made to
 * agree with what was put there, so that it hides nothing. */
#include "fuzz.h"

#include "log/export.h"
#include "log/export_files.h"
#include "unit/no_views.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ORIGIN  "example.com/vault"
#define ENTRIES 3
#define UNIX_S  1772600767

static const char *const names[] = {"checkpoint",      "chain/0",        "people.vkeys",
                                    "entries.jsonl",   "tile/0/000.p/3", "tile/entries/000.p/3",
                                    "openssl/log.pem", "VERIFY.txt",     "SHA256SUMS"};
#define NAMES (sizeof names / sizeof names[0])

static char place[64];
static struct qrt_export_files files = {.dir_fd = -1};
static struct qrt_buf contents[NAMES];

/* ---- the export ---- */

static void holds(enum qrt_code code)
{
    FUZZ_HOLDS(code == QRT_OK);
}

static void keep(const char *name, const void *bytes, size_t len_bytes)
{
    struct qrt_err err;
    for (size_t i = 0; i < NAMES; i++) {
        if (strcmp(names[i], name) == 0) {
            qrt_buf_add(&contents[i], bytes, len_bytes);
        }
    }
    holds(qrt_export_put(&files, name, bytes, len_bytes, &err));
}

static enum qrt_code keep_file(void *ctx, const char *path, const void *bytes, size_t len_bytes,
                               struct qrt_err *err)
{
    (void)ctx;
    (void)err;
    keep(path, bytes, len_bytes);
    return QRT_OK;
}

static enum qrt_code keep_tile(void *ctx, unsigned level, uint64_t n, unsigned width,
                               const uint8_t *hashes, struct qrt_err *err)
{
    char path[QRT_TILE_PATH_BYTES];
    (void)ctx;
    (void)err;
    qrt_tile_path(path, (int)level, n, width);
    keep(path, hashes, (size_t)width * QRT_HASH_BYTES);
    return QRT_OK;
}

static void make_key(struct qrt_vkey *vkey, uint8_t key[static QRT_SIGN_KEY_BYTES],
                     const char *name, enum qrt_key_type type, uint8_t fill)
{
    uint8_t seed[QRT_SEED_BYTES];
    memset(seed, fill, sizeof seed);
    qrt_sign_key(key, seed);
    holds(qrt_vkey_make(vkey, name, type, qrt_sign_public(key), NULL));
}

static void draft_entry(struct qrt_draft *draft, unsigned i, const char *first, const char *badge,
                        const char *next)
{
    if (i == 0) {
        qrt_draft_start(draft, QRT_EV_GENESIS, "operator-1");
        qrt_draft_text(draft, "policy",
                       "ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356");
        qrt_draft_text(draft, "person", badge);
        qrt_draft_u64(draft, "cosignatures", 1);
        qrt_draft_text(draft, "first-key", first);
    } else if (i + 1 < ENTRIES) {
        qrt_draft_start(draft, QRT_EV_SESSION_NOTED, "operator-1");
        qrt_draft_text(draft, "text", "50 % of Z\xC3\xBCrich");
    } else {
        qrt_draft_start(draft, QRT_EV_CHECKPOINT_KEY, "operator-1");
        qrt_draft_text(draft, "next-key", next);
    }
}

/* The entries, and all that follows from them. */
static void put_entries(struct qrt_derived *derived, struct qrt_frontier *frontier,
                        const char *first, const char *badge, const char *next)
{
    struct qrt_tile_sink sink = {NULL, keep_tile};
    QRT_BUF bundle = {0};
    QRT_BUF lines = {0};
    for (unsigned i = 0; i < ENTRIES; i++) {
        struct qrt_draft draft = {0};
        struct qrt_place at = {ORIGIN, i, 0, UNIX_S};
        struct qrt_entry entry;
        uint8_t salt[QRT_ENTRY_SALT_BYTES] = {(uint8_t)i};
        uint8_t leaf[QRT_HASH_BYTES];
        QRT_BUF text = {0};
        draft_entry(&draft, i, first, badge, next);
        holds(qrt_entry_encode(&text, &draft, &at, salt, NULL));
        qrt_draft_free(&draft);
        holds(qrt_entry_parse(&entry, qrt_buf_str(&text), text.len_bytes, NULL));
        qrt_tree_leaf(leaf, text.data, text.len_bytes);
        qrt_frontier_add(frontier, leaf);
        holds(qrt_derived_add(derived, entry.text, &entry, &sink, NULL));
        qrt_buf_add(&lines, derived->line.data, derived->line.len_bytes);
        qrt_buf_u16(&bundle, (uint16_t)text.len_bytes);
        qrt_buf_add(&bundle, text.data, text.len_bytes);
    }
    holds(qrt_tiles_end(&derived->tiles, &sink, NULL));
    keep("tile/entries/000.p/3", bundle.data, bundle.len_bytes);
    keep("entries.jsonl", lines.data, lines.len_bytes);
    keep("people.vkeys", derived->people.data, derived->people.len_bytes);
}

static void make_export(void)
{
    static struct qrt_derived derived;
    struct qrt_frontier frontier = {0};
    struct qrt_vkey keys[3];
    uint8_t secret[3][QRT_SIGN_KEY_BYTES];
    char texts[3][QRT_VKEY_MAX_CHARS + 1];
    char person[QRT_VKEY_MAX_CHARS + 64];
    struct qrt_file_sink sink = {NULL, keep_file};
    make_key(&keys[0], secret[0], ORIGIN, QRT_KEY_TYPE_LOG, 1);
    make_key(&keys[1], secret[1], ORIGIN "/operator-1", QRT_KEY_TYPE_COSIGN, 2);
    make_key(&keys[2], secret[2], ORIGIN, QRT_KEY_TYPE_LOG, 3);
    for (size_t i = 0; i < 3; i++) {
        qrt_vkey_format(texts[i], &keys[i]);
    }
    snprintf(person, sizeof person, "operator-1 operator %s", texts[1]);
    snprintf(place, sizeof place, "%s/fuzz-export-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    FUZZ_HOLDS(mkdtemp(place) != NULL);
    holds(qrt_export_files_create(&files, place, NULL));
    put_entries(&derived, &frontier, texts[0], person, texts[2]);

    struct qrt_checkpoint checkpoint = {.origin = ORIGIN, .size = ENTRIES};
    uint8_t signature[QRT_SIGNATURE_BYTES];
    uint8_t cosignature[QRT_COSIGNATURE_BYTES];
    QRT_BUF note = {0};
    qrt_frontier_root(&frontier, checkpoint.root);
    qrt_checkpoint_format(&note, &checkpoint);
    qrt_note_sign(signature, qrt_buf_str(&note), note.len_bytes, secret[0]);
    qrt_note_cosign(cosignature, qrt_buf_str(&note), note.len_bytes, UNIX_S, secret[1]);
    qrt_buf_text(&note, "\n");
    qrt_note_add_signature(&note, &keys[0], signature, sizeof signature);
    qrt_note_add_signature(&note, &keys[1], cosignature, sizeof cosignature);
    keep("checkpoint", note.data, note.len_bytes);
    keep("chain/0", note.data, note.len_bytes);
    holds(qrt_export_openssl(&sink, &note, ORIGIN, keys[0].key, &derived.people, NULL));
    keep("VERIFY.txt", qrt_verify_text, qrt_verify_text_len_bytes);
    qrt_derived_free(&derived);
}

static void clean_up(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", place);
    (void)!system(command);
    qrt_export_files_free(&files);
    for (size_t i = 0; i < NAMES; i++) {
        qrt_buf_free(&contents[i]);
    }
}

static void write_file(const char *name, const void *bytes, size_t len_bytes)
{
    int fd = openat(files.dir_fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FUZZ_HOLDS(fd >= 0 && write(fd, bytes, len_bytes) == (ssize_t)len_bytes);
    close(fd);
}

/* SHA256SUMS as it would be with this file. */
static void write_sums(const char *name, const void *bytes, size_t len_bytes)
{
    for (size_t i = 0; i < files.len; i++) {
        if (name != NULL && strcmp(files.sums[i].path, name) == 0) {
            qrt_sha256(files.sums[i].digest, bytes, len_bytes);
        }
    }
    QRT_BUF text = {0};
    qrt_export_sums(&text, &files);
    write_file("SHA256SUMS", text.data, text.len_bytes);
    struct qrt_buf *sums = &contents[NAMES - 1];
    sums->len_bytes = 0;
    qrt_buf_add(sums, text.data, text.len_bytes);
}

static size_t count_faults(void)
{
    struct qrt_log log = {0};
    QRT_FAULTS faults = {0};
    struct qrt_err err = {0};
    holds(qrt_export_read(&log, place, &no_views, NULL, &faults, &err));
    qrt_log_close(&log);
    return faults.len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len_bytes)
{
    if (place[0] == '\0') {
        make_export();
        atexit(clean_up);
        write_sums(NULL, NULL, 0);
        FUZZ_HOLDS(count_faults() == 0);
    }
    if (len_bytes == 0) {
        return 0;
    }
    size_t which = data[0] % NAMES;
    const struct qrt_buf *was = &contents[which];
    const uint8_t *put = data + 1;
    size_t put_bytes = len_bytes - 1;
    bool same = put_bytes == was->len_bytes && memcmp(put, was->data, put_bytes) == 0;
    write_file(names[which], put, put_bytes);
    if (which < NAMES - 1) {
        write_sums(names[which], put, put_bytes);
    }
    /* The page is held against its digest only. */
    FUZZ_HOLDS((count_faults() == 0) == (same || strcmp(names[which], "VERIFY.txt") == 0));
    if (which < NAMES - 1) {
        write_file(names[which], was->data, was->len_bytes);
        write_sums(names[which], was->data, was->len_bytes);
    } else {
        write_sums(NULL, NULL, 0);
    }
    return 0;
}
