/* What the foreign judges of notes work on, and our own verdict for them.
 *
 * note_tool make DIR COUNT   a log of COUNT entries: entries.hex, checkpoint,
 *                            log.vkey, operator-1.vkey
 * note_tool example DIR      the log of docs/formats/log.md: entry-0, entry-1,
 *                            checkpoint, log.vkey, operator-1.vkey
 * note_tool verify NOTE VKEY exit 0 if the checkpoint has a valid signature */
#include "log/entry.h"
#include "log/note.h"
#include "log/tree.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ORIGIN        "example.com/vault"
#define SIGNED_UNIX_S 1772600767

static void stop_at(enum qrt_code code, const struct qrt_err *err)
{
    if (code != QRT_OK) {
        fprintf(stderr, "note_tool: %s\n", err->what);
        exit(1);
    }
}

static FILE *create(const char *dir, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    return file;
}

static void close_written(FILE *file)
{
    if (fclose(file) != 0) {
        perror("note_tool");
        exit(1);
    }
}

static void make_key(struct qrt_vkey *vkey, uint8_t key[64], const char *name,
                     enum qrt_key_type type, uint8_t fill)
{
    struct qrt_err err;
    uint8_t seed[QRT_SEED_BYTES];
    memset(seed, fill, sizeof seed);
    qrt_sign_key(key, seed);
    stop_at(qrt_vkey_make(vkey, name, type, qrt_sign_public(key), &err), &err);
}

static void write_vkey(const char *dir, const char *name, const struct qrt_vkey *vkey)
{
    char text[QRT_VKEY_MAX_CHARS + 1];
    qrt_vkey_format(text, vkey);
    FILE *file = create(dir, name);
    fprintf(file, "%s\n", text);
    close_written(file);
}

/* Entries of every kind of length, each with bytes beyond ASCII. */
static void write_entries(const char *dir, uint64_t count, struct qrt_frontier *frontier)
{
    FILE *file = create(dir, "entries.hex");
    for (uint64_t i = 0; i < count; i++) {
        struct qrt_err err;
        struct qrt_draft draft;
        uint8_t salt[QRT_ENTRY_SALT_BYTES];
        uint8_t leaf[QRT_HASH_BYTES];
        char text[64];
        QRT_BUF entry = {0};
        memset(salt, (int)i, sizeof salt);
        snprintf(text, sizeof text, "note %llu of Z\xC3\xBCrich", (unsigned long long)i);
        qrt_draft_start(&draft, QRT_EV_SESSION_NOTED, "operator-1");
        qrt_draft_text(&draft, "text", text);
        struct qrt_place place = {ORIGIN, i, i, SIGNED_UNIX_S + (int64_t)i};
        stop_at(qrt_entry_encode(&entry, &draft, &place, salt, &err), &err);
        qrt_draft_free(&draft);
        qrt_tree_leaf(leaf, entry.data, entry.len_bytes);
        qrt_frontier_add(frontier, leaf);
        for (size_t k = 0; k < entry.len_bytes; k++) {
            fprintf(file, "%02x", entry.data[k]);
        }
        fprintf(file, "\n");
    }
    close_written(file);
}

/* Appends the next entry of the log and its leaf. */
static void add_entry(struct qrt_buf *out, struct qrt_frontier *frontier, struct qrt_draft *draft)
{
    struct qrt_err err;
    uint8_t salt[QRT_ENTRY_SALT_BYTES];
    uint8_t leaf[QRT_HASH_BYTES];
    memset(salt, 0x10 + (int)frontier->size, sizeof salt);
    struct qrt_place place = {ORIGIN, frontier->size, 0, SIGNED_UNIX_S};
    stop_at(qrt_entry_encode(out, draft, &place, salt, &err), &err);
    qrt_draft_free(draft);
    qrt_tree_leaf(leaf, out->data, out->len_bytes);
    qrt_frontier_add(frontier, leaf);
}

static void write_text(const char *dir, const char *name, const struct qrt_buf *text)
{
    FILE *file = create(dir, name);
    fputs(qrt_buf_str(text), file);
    close_written(file);
}

/* The keys of a log and of its operator; both verifier keys are written. */
struct keys {
    struct qrt_vkey log;
    struct qrt_vkey badge;
    uint8_t log_key[QRT_SIGN_KEY_BYTES];
    uint8_t badge_key[QRT_SIGN_KEY_BYTES];
};

static void make_keys(struct keys *keys, const char *dir)
{
    make_key(&keys->log, keys->log_key, ORIGIN, QRT_KEY_TYPE_LOG, 1);
    make_key(&keys->badge, keys->badge_key, ORIGIN "/operator-1", QRT_KEY_TYPE_COSIGN, 2);
    write_vkey(dir, "log.vkey", &keys->log);
    write_vkey(dir, "operator-1.vkey", &keys->badge);
}

static void write_checkpoint(const char *dir, const struct qrt_frontier *frontier,
                             const struct keys *keys)
{
    QRT_BUF note = {0};
    struct qrt_checkpoint checkpoint = {.origin = ORIGIN, .size = frontier->size};
    uint8_t signature[QRT_SIGNATURE_BYTES];
    uint8_t cosignature[QRT_COSIGNATURE_BYTES];
    qrt_frontier_root(frontier, checkpoint.root);
    qrt_checkpoint_format(&note, &checkpoint);
    qrt_note_sign(signature, qrt_buf_str(&note), note.len_bytes, keys->log_key);
    qrt_note_cosign(cosignature, qrt_buf_str(&note), note.len_bytes, SIGNED_UNIX_S,
                    keys->badge_key);
    qrt_buf_text(&note, "\n");
    qrt_note_add_signature(&note, &keys->log, signature, sizeof signature);
    qrt_note_add_signature(&note, &keys->badge, cosignature, sizeof cosignature);
    write_text(dir, "checkpoint", &note);
}

static int make(const char *dir, uint64_t count)
{
    struct keys keys;
    struct qrt_frontier frontier = {0};
    make_keys(&keys, dir);
    write_entries(dir, count, &frontier);
    write_checkpoint(dir, &frontier, &keys);
    return 0;
}

static void draft_genesis(struct qrt_draft *draft, const struct keys *keys)
{
    uint8_t policy[QRT_HASH_BYTES];
    char text[QRT_VKEY_MAX_CHARS + 1];
    QRT_BUF person = {0};
    qrt_sha256(policy, "{}\n", 3);
    qrt_draft_start(draft, QRT_EV_GENESIS, "operator-1");
    qrt_draft_text(draft, "practice", "yes");
    qrt_draft_hex(draft, "policy", policy, sizeof policy);
    qrt_vkey_format(text, &keys->badge);
    qrt_buf_printf(&person, "operator-1 operator,custodian %s", text);
    qrt_draft_text(draft, "person", qrt_buf_str(&person));
    qrt_draft_text(draft, "group", "password 2 custodian-p1,custodian-p2,operator-1");
    qrt_draft_text(draft, "group", "mfa 2 custodian-m1,custodian-m2");
    qrt_draft_u64(draft, "cosignatures", 1);
    qrt_vkey_format(text, &keys->log);
    qrt_draft_text(draft, "first-key", text);
}

static int example(const char *dir)
{
    struct keys keys;
    struct qrt_frontier frontier = {0};
    struct qrt_draft draft;
    QRT_BUF genesis = {0};
    QRT_BUF last = {0};
    make_keys(&keys, dir);
    draft_genesis(&draft, &keys);
    add_entry(&genesis, &frontier, &draft);
    write_text(dir, "entry-0", &genesis);

    struct qrt_vkey next;
    uint8_t next_key[QRT_SIGN_KEY_BYTES];
    char text[QRT_VKEY_MAX_CHARS + 1];
    make_key(&next, next_key, ORIGIN, QRT_KEY_TYPE_LOG, 3);
    qrt_vkey_format(text, &next);
    qrt_draft_start(&draft, QRT_EV_CHECKPOINT_KEY, "operator-1");
    qrt_draft_text(&draft, "next-key", text);
    add_entry(&last, &frontier, &draft);
    write_text(dir, "entry-1", &last);
    write_checkpoint(dir, &frontier, &keys);
    return 0;
}

static int verify(const char *path, const char *vkey_text)
{
    static char text[QRT_NOTE_MAX_BYTES + 1];
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    size_t n = fread(text, 1, sizeof text, file);
    fclose(file);
    struct qrt_err err;
    struct qrt_vkey vkey;
    struct qrt_note note;
    struct qrt_checkpoint checkpoint;
    stop_at(qrt_vkey_parse(&vkey, vkey_text, strlen(vkey_text), &err), &err);
    stop_at(qrt_note_parse(&note, text, n, &err), &err);
    stop_at(qrt_checkpoint_parse(&checkpoint, note.text, note.text_len_bytes, &err), &err);
    return qrt_note_verify(&note, &vkey, NULL) ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "make") == 0) {
        return make(argv[2], strtoull(argv[3], NULL, 10));
    }
    if (argc == 3 && strcmp(argv[1], "example") == 0) {
        return example(argv[2]);
    }
    if (argc == 4 && strcmp(argv[1], "verify") == 0) {
        return verify(argv[2], argv[3]);
    }
    fputs("usage: note_tool make DIR COUNT | example DIR | verify NOTE VKEY\n", stderr);
    return 2;
}
