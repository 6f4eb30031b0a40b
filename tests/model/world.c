#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {"log.key", "log.key.new", "vault.sqlite",
                                    "vault.sqlite-journal"};

unsigned world_texts = TEXTS - 1;

static void changed(struct world *w, struct change change)
{
    if (w->changes == CHANGES) {
        fprintf(stderr, "the model has too few changes\n");
        abort();
    }
    w->change[w->changes++] = change;
}

static unsigned free_inode(const struct world *w)
{
    unsigned i = 1;
    struct inode none = {0};
    while (memcmp(&w->inode[i], &none, sizeof none) != 0) {
        if (++i == INODES) {
            fprintf(stderr, "the model has too few inodes\n");
            abort();
        }
    }
    return i;
}

unsigned world_create(struct world *w, enum name name)
{
    unsigned i = free_inode(w);
    w->inode[i] = (struct inode){.maybe = {1, 1}};
    w->now[name] = (uint8_t)i;
    changed(w, (struct change){BIND, (uint8_t)name, (uint8_t)i, NOTHING});
    world_told("create", name);
    world_moment(w);
    return i;
}

static enum name name_of(const struct world *w, unsigned inode)
{
    for (unsigned n = 0; n < NAMES; n++) {
        if (w->now[n] == inode) {
            return n;
        }
    }
    return NAMES; /* the old log.key, held open */
}

void world_write(struct world *w, unsigned inode, unsigned cell, unsigned value)
{
    struct inode *i = &w->inode[inode];
    i->cell[cell] = (uint8_t)value;
    i->maybe[cell] |= (uint16_t)(1U << value | 1U << TORN);
    world_told("write", name_of(w, inode));
    world_moment(w);
}

void world_sync(struct world *w, unsigned inode)
{
    struct inode *i = &w->inode[inode];
    for (unsigned c = 0; c < 2; c++) {
        i->maybe[c] = (uint16_t)(1U << i->cell[c]);
    }
    world_told("sync", name_of(w, inode));
    world_moment(w);
}

void world_unlink(struct world *w, enum name name)
{
    w->now[name] = NOTHING;
    changed(w, (struct change){UNBIND, (uint8_t)name, NOTHING, NOTHING});
    world_told("unlink", name);
    world_moment(w);
}

void world_replace_key(struct world *w, bool exchanges)
{
    uint8_t inode = w->now[TMP];
    uint8_t other = exchanges ? w->now[KEY] : NOTHING;
    w->now[KEY] = inode;
    w->now[TMP] = other;
    changed(w, (struct change){REPLACE, KEY, inode, other});
    world_told(exchanges ? "exchange" : "rename", TMP);
    world_moment(w);
}

unsigned world_held;

/* What has no name any more is gone, unless the program holds it open. */
static void forget(struct world *w)
{
    bool named[INODES] = {[NOTHING] = true};
    named[world_held] = true;
    for (unsigned n = 0; n < NAMES; n++) {
        named[w->now[n]] = named[w->synced[n]] = true;
    }
    for (unsigned i = 0; i < w->changes; i++) {
        named[w->change[i].inode] = named[w->change[i].other] = true;
    }
    for (unsigned i = 0; i < INODES; i++) {
        if (!named[i]) {
            memset(&w->inode[i], 0, sizeof w->inode[i]);
        }
    }
}

void world_sync_folder(struct world *w)
{
    memcpy(w->synced, w->now, sizeof w->synced);
    w->changes = 0;
    memset(w->change, 0, sizeof w->change);
    forget(w);
    world_told("sync", NAMES + 1);
    world_moment(w);
}

/* Each cell of each file independently: any value that was on its way. */
static void cut_cells(struct world *w, unsigned at, void (*each)(const struct world *after))
{
    if (at == 2 * INODES) {
        struct world after = *w;
        world_tidy(&after);
        each(&after);
        return;
    }
    struct inode *i = &w->inode[at / 2];
    struct inode was = *i;
    unsigned c = at % 2;
    if (i->maybe[c] == 0) {
        cut_cells(w, at + 1, each);
        return;
    }
    for (unsigned value = 0; value <= TORN; value++) {
        if ((was.maybe[c] & 1U << value) != 0) {
            i->cell[c] = (uint8_t)value;
            i->maybe[c] = (uint16_t)(1U << value);
            cut_cells(w, at + 1, each);
        }
    }
    *i = was;
}

void world_power_cut(const struct world *w, void (*each)(const struct world *after))
{
    for (unsigned some = 0; some < 1U << w->changes; some++) {
        struct world after = *w;
        memcpy(after.now, w->synced, sizeof after.now);
        for (unsigned i = 0; i < w->changes; i++) {
            const struct change *change = &w->change[i];
            if ((some & 1U << i) == 0) {
                continue;
            }
            after.now[change->name] = change->inode;
            if (change->kind == REPLACE) {
                after.now[TMP] = change->other;
            }
        }
        memcpy(after.synced, after.now, sizeof after.synced);
        after.changes = 0;
        memset(after.change, 0, sizeof after.change);
        world_tidy(&after);
        cut_cells(&after, 2, each);
    }
    if (w->folder == 1) {
        struct world after = *w;
        memset(after.now, 0, sizeof after.now);
        memset(after.synced, 0, sizeof after.synced);
        after.changes = 0;
        memset(after.change, 0, sizeof after.change);
        after.folder = 0;
        world_tidy(&after);
        each(&after);
    }
}

static unsigned texts_of(const struct inode *inode, enum name name)
{
    unsigned texts = 0;
    if (name == DB) {
        texts = (inode->maybe[0] | inode->maybe[1] | 1U << inode->cell[0] | 1U << inode->cell[1]) &
                ((1U << TEXTS) - 1);
    } else if (name == JNL) {
        texts = 1U << inode->before | 1U << inode->after;
    } else {
        texts = 1U << inode->key.head | 1U << inode->key.text;
    }
    return texts;
}

uint8_t world_texts_in_use(const struct world *w)
{
    unsigned texts = w->signed_texts | w->acknowledged;
    for (unsigned n = 0; n < NAMES; n++) {
        if (w->now[n] != NOTHING) {
            texts |= texts_of(&w->inode[w->now[n]], n);
        }
        if (w->synced[n] != NOTHING) {
            texts |= texts_of(&w->inode[w->synced[n]], n);
        }
        if (w->copy.there[n]) {
            texts |= texts_of(&w->copy.file[n], n);
        }
    }
    for (unsigned i = 0; i < w->changes; i++) {
        if (w->change[i].inode != NOTHING) {
            texts |= texts_of(&w->inode[w->change[i].inode], w->change[i].name);
        }
        if (w->change[i].other != NOTHING) {
            texts |= texts_of(&w->inode[w->change[i].other], w->change[i].name);
        }
    }
    texts &= ~1U;
    for (unsigned text = TEXTS - 1; text > 0; text--) {
        for (unsigned t = text; (texts & 1U << text) != 0 && t != 0; t = w->parent[t]) {
            texts |= 1U << t;
        }
    }
    return (uint8_t)texts;
}

unsigned world_text_new(struct world *w, unsigned parent, bool cosignature)
{
    unsigned used = world_texts_in_use(w);
    for (unsigned text = 1; text <= world_texts; text++) {
        if ((used & 1U << text) == 0) {
            w->parent[text] = (uint8_t)parent;
            w->cosignatures &= (uint8_t) ~(1U << text);
            w->cosignatures |= (uint8_t)(cosignature << text);
            return text;
        }
    }
    return 0;
}

static uint8_t move(struct inode to[static INODES], const struct world *w,
                    uint8_t moved[static INODES], unsigned *len, uint8_t inode)
{
    if (inode != NOTHING && moved[inode] == 0) {
        moved[inode] = (uint8_t)++ * len;
        to[*len] = w->inode[inode];
    }
    return moved[inode];
}

void world_tidy(struct world *w)
{
    struct inode to[INODES];
    uint8_t moved[INODES] = {0};
    unsigned len = 0;
    memset(to, 0, sizeof to);
    for (unsigned n = 0; n < NAMES; n++) {
        uint8_t inode = move(to, w, moved, &len, w->now[n]);
        w->now[n] = inode;
    }
    for (unsigned n = 0; n < NAMES; n++) {
        w->synced[n] = move(to, w, moved, &len, w->synced[n]);
    }
    for (unsigned i = 0; i < w->changes; i++) {
        w->change[i].inode = move(to, w, moved, &len, w->change[i].inode);
        w->change[i].other = move(to, w, moved, &len, w->change[i].other);
    }
    memcpy(w->inode, to, sizeof to);
    unsigned used = world_texts_in_use(w);
    for (unsigned text = 0; text < TEXTS; text++) {
        if ((used & 1U << text) == 0) {
            w->parent[text] = 0;
        }
    }
    w->naming &= (uint8_t)used;
    w->cosignatures &= (uint8_t)used;
}

unsigned world_commit_of(const struct world *w, unsigned text)
{
    while ((w->cosignatures & 1U << text) != 0) {
        text = w->parent[text];
    }
    return text;
}

bool world_in_history(const struct world *w, unsigned text, unsigned head)
{
    while (head != 0 && head != text) {
        head = w->parent[head];
    }
    return head == text;
}

static void print_file(const struct world *w, enum name name)
{
    static const char *const key_cells[] = {"empty", "", "zeros"};
    static const char *const records[] = {"none", "pending", "kept", "restoring", "cosigning"};
    if (w->now[name] == NOTHING) {
        return;
    }
    const struct inode *i = &w->inode[w->now[name]];
    printf(" %s", names[name]);
    if (name == DB) {
        printf("=%u/%u", i->cell[0], i->cell[1]);
    } else if (name == JNL) {
        printf("=%u/%u(%u>%u)", i->cell[0], i->cell[1], i->before, i->after);
    } else if (i->cell[0] != KEY_WHOLE) {
        printf("=%s", i->cell[0] == TORN ? "torn" : key_cells[i->cell[0]]);
    } else {
        printf("=%u:%s%s%u", i->key.head, records[i->key.record], i->key.mark ? "!" : ":",
               i->key.text);
    }
}

void world_print(const struct world *w)
{
    printf("folder %u;", w->folder);
    for (unsigned n = 0; n < NAMES; n++) {
        print_file(w, n);
    }
    printf("; signed %02x, acknowledged %02x%s; %u changes not synced\n", w->signed_texts,
           w->acknowledged,
           w->key_back   ? ", log.key put back"
           : w->attacked ? ", attacked"
                         : "",
           w->changes);
}
