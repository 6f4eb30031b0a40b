#include "states.h"

#include "checks.h"
#include "seen.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool telling;
static char program[4096];

void world_told(const char *what, enum name name)
{
    static const char *const files[] = {"key", "tmp", "db", "jnl", "old", "dir"};
    char step[32];
    if (!telling) {
        return;
    }
    snprintf(step, sizeof step, "%s%s:%s", program[0] == '\0' ? "" : ",", what, files[name]);
    size_t len = strlen(program);
    size_t step_len = strlen(step);
    /* How often a file is written in a row is SQLite's business. */
    if (strcmp(what, "write") == 0 && len >= step_len &&
        strcmp(program + len - step_len, step) == 0) {
        return;
    }
    strncat(program, step, sizeof program - len - 1);
}

/* ---- texts by their way from the first ---- */

static char letter[TEXTS], letters[TEXTS]; /* of a text; how many behind a text */

static const char *way(const struct world *w, unsigned text)
{
    static char ways[64][TEXTS + 1]; /* of a whole line, parents included */
    static unsigned turn;
    char *out = ways[turn++ % 64];
    if (text == TORN) {
        return "torn";
    }
    if (text == 0) {
        return "0";
    }
    const char *before = w->parent[text] == 0 ? "" : way(w, w->parent[text]);
    if (letter[text] == 0) {
        char first = (w->cosignatures & 1U << text) != 0 ? 'A' : 'a';
        letter[text] = (char)(first + letters[w->parent[text]]++);
    }
    snprintf(out, TEXTS + 1, "%s%c", before, letter[text]);
    return out;
}

static const char *cell_name(unsigned cell, const char *zero, const char *one, const char *two)
{
    return cell == TORN ? "torn" : cell == 0 ? zero : cell == 1 ? one : two;
}

static void describe(char out[static 256], const struct world *w)
{
    static const char *const records[] = {"none", "pending", "kept", "restoring", "cosigning"};
    char key[64] = "-";
    char db[64] = "-";
    char jnl[96] = "-";
    const struct inode *file = &w->inode[w->now[KEY]];
    if (w->now[KEY] != NOTHING && file->cell[0] == KEY_WHOLE) {
        const char *head = way(w, file->key.head);
        snprintf(key, sizeof key, "%s.%s.%s.%u", head, records[file->key.record],
                 way(w, file->key.text), file->key.mark);
    } else if (w->now[KEY] != NOTHING) {
        snprintf(key, sizeof key, "%s", cell_name(file->cell[0], "empty", "", "zeros"));
    }
    file = &w->inode[w->now[DB]];
    if (w->now[DB] != NOTHING) {
        const char *first = way(w, file->cell[0]);
        snprintf(db, sizeof db, "%s/%s", first, way(w, file->cell[1]));
    }
    file = &w->inode[w->now[JNL]];
    if (w->now[JNL] != NOTHING) {
        const char *before = way(w, file->before);
        snprintf(jnl, sizeof jnl, "%s/%s/%s>%s", cell_name(file->cell[0], "empty", "open", "full"),
                 cell_name(file->cell[1], "none", "whole", ""), before, way(w, file->after));
    }
    const struct inode *tmp = &w->inode[w->now[TMP]];
    snprintf(out, 256, "key=%s tmp=%s db=%s jnl=%s", key,
             w->now[TMP] == NOTHING ? "-" : cell_name(tmp->cell[0], "empty", "whole", "zeros"), db,
             jnl);
}

/* ---- what the model does from there ---- */

static void tell(const struct world *start, enum command command, const char *from)
{
    static const char *const commands[] = {"found", "look", "add", "cosign"};
    static const char *const verdicts[] = {"no-vault", "open", "waiting", "tampered"};
    struct world w = *start;
    struct outcome outcome = {.verdict = OPEN};
    char after[256];
    char letter_before[TEXTS];
    char letters_before[TEXTS];
    memcpy(letter_before, letter, sizeof letter);
    memcpy(letters_before, letters, sizeof letters);
    program[0] = '\0';
    w.acknowledged = world_texts_in_use(&w); /* a new commit is called by a new name */
    telling = true;
    if (command == FOUND) {
        (void)protocol_found(&w);
    } else {
        outcome = protocol_open(&w, command != LOOK);
        if (command == ADD && outcome.verdict == OPEN) {
            (void)protocol_commit(&w, outcome.head);
        } else if (command == COSIGN && outcome.verdict == OPEN) {
            (void)protocol_cosign(&w, outcome.head);
        }
    }
    protocol_close(&w);
    telling = false;
    describe(after, &w);
    printf("%s\t%s\t%s%s\t%s\t%s\n", from, commands[command], verdicts[outcome.verdict],
           outcome.put_back    ? "-put-back"
           : outcome.completed ? "-completed"
                               : "",
           program, after);
    memcpy(letter, letter_before, sizeof letter); /* a new text's name is free again */
    memcpy(letters, letters_before, sizeof letters);
}

/* As it is after a power cut that lost nothing more, and with nobody's memory. */
static struct world files_of(const struct world *w)
{
    struct world bare;
    memset(&bare, 0, sizeof bare);
    bare.folder = 2;
    memcpy(bare.inode, w->inode, sizeof bare.inode);
    memcpy(bare.now, w->now, sizeof bare.now);
    memcpy(bare.synced, w->now, sizeof bare.synced);
    memcpy(bare.parent, w->parent, sizeof bare.parent);
    bare.cosignatures = w->cosignatures;
    for (unsigned i = 1; i < INODES; i++) {
        for (unsigned c = 0; c < 2; c++) {
            if (bare.inode[i].maybe[c] != 0) {
                bare.inode[i].maybe[c] = (uint16_t)(1U << bare.inode[i].cell[c]);
            }
        }
    }
    world_tidy(&bare);
    return bare;
}

static bool is_new(const char *line)
{
    static char *table[1 << 20];
    static size_t len;
    uint64_t hash = 5381;
    for (const char *c = line; *c != '\0'; c++) {
        hash = hash * 33 + (unsigned char)*c;
    }
    size_t at = hash % (1 << 20);
    while (table[at] != NULL && strcmp(table[at], line) != 0) {
        at = (at + 1) % (1 << 20);
    }
    if (table[at] != NULL) {
        return false;
    }
    table[at] = strdup(line);
    if (table[at] == NULL || ++len > 1 << 19) {
        fprintf(stderr, "too many states to print\n");
        exit(1);
    }
    return true;
}

static void tell_all(const struct world *start, const char *files, bool with_cosignatures)
{
    if (start->now[KEY] == NOTHING && start->now[DB] == NOTHING && start->now[JNL] == NOTHING) {
        tell(start, FOUND, files);
    }
    tell(start, LOOK, files);
    tell(start, ADD, files);
    if (with_cosignatures) {
        tell(start, COSIGN, files);
    }
}

void states_print(bool with_cosignatures)
{
    check_quiet = true;
    world_texts = TEXTS - 1;
    for (size_t i = 0; i < seen.len; i++) {
        char files[256];
        if (seen.world[i].folder == 0) {
            continue;
        }
        memset(letter, 0, sizeof letter);
        memset(letters, 0, sizeof letters);
        struct world bare = files_of(&seen.world[i]);
        describe(files, &bare);
        if (is_new(files)) {
            stray_journal_fits = false;
            tell_all(&bare, files, with_cosignatures);
            stray_journal_fits = true; /* where it may be either, either is told */
            tell_all(&bare, files, with_cosignatures);
        }
    }
}
