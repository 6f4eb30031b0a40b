/* What the foreign judges of notes work on, and our own verdict for them.
 *
 * note_tool make DIR COUNT   a log of COUNT entries: entries.hex, checkpoint,
 *                            log.vkey, operator-1.vkey
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

static int make(const char *dir, uint64_t count)
{
    struct qrt_vkey log;
    struct qrt_vkey badge;
    uint8_t log_key[64];
    uint8_t badge_key[64];
    struct qrt_frontier frontier = {0};
    make_key(&log, log_key, ORIGIN, QRT_KEY_TYPE_LOG, 1);
    make_key(&badge, badge_key, ORIGIN "/operator-1", QRT_KEY_TYPE_COSIGN, 2);
    write_vkey(dir, "log.vkey", &log);
    write_vkey(dir, "operator-1.vkey", &badge);
    write_entries(dir, count, &frontier);

    QRT_BUF note = {0};
    struct qrt_checkpoint checkpoint = {.origin = ORIGIN, .size = count};
    uint8_t signature[QRT_SIGNATURE_BYTES];
    uint8_t cosignature[QRT_COSIGNATURE_BYTES];
    qrt_frontier_root(&frontier, checkpoint.root);
    qrt_checkpoint_format(&note, &checkpoint);
    qrt_note_sign(signature, qrt_buf_str(&note), note.len_bytes, log_key);
    qrt_note_cosign(cosignature, qrt_buf_str(&note), note.len_bytes, SIGNED_UNIX_S, badge_key);
    qrt_buf_text(&note, "\n");
    qrt_note_add_signature(&note, &log, signature, sizeof signature);
    qrt_note_add_signature(&note, &badge, cosignature, sizeof cosignature);
    FILE *file = create(dir, "checkpoint");
    fputs(qrt_buf_str(&note), file);
    close_written(file);
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
    if (argc == 4 && strcmp(argv[1], "verify") == 0) {
        return verify(argv[2], argv[3]);
    }
    fputs("usage: note_tool make DIR COUNT | verify NOTE VKEY\n", stderr);
    return 2;
}
