#include "protocol.h"

#include <string.h>

int planted = FAULTS;
bool stray_journal_fits;
bool only_renames;

static bool faulty(enum fault fault)
{
    return planted == (int)fault;
}

static struct inode *file(struct world *w, enum name name)
{
    return &w->inode[w->now[name]];
}

/* ---- SQLite ---- */

struct pages {
    uint8_t page[2];
};

static struct pages pages_of(const struct world *w)
{
    struct pages pages = {{0, 0}};
    if (w->now[DB] != NOTHING) {
        memcpy(pages.page, w->inode[w->now[DB]].cell, sizeof pages.page);
    }
    return pages;
}

/* A full replay takes a database only if all of it is of one commit. */
static bool is_whole(struct pages pages, unsigned *head)
{
    *head = pages.page[1];
    return pages.page[1] != TORN && (faulty(HEADS_ALONE) || pages.page[0] == pages.page[1]);
}

bool protocol_whole(const struct world *w, unsigned *head)
{
    struct pages pages = pages_of(w);
    *head = pages.page[1];
    return pages.page[0] == pages.page[1] && pages.page[0] != TORN;
}

/* SQLite plays no journal whose first byte is zero. */
static bool is_hot(const struct world *w)
{
    const struct inode *journal = &w->inode[w->now[JNL]];
    return w->now[JNL] != NOTHING && (journal->cell[0] == HEADER_FULL || journal->cell[0] == TORN);
}

/* What playing the journal makes of the pages. */
static struct pages played(const struct world *w)
{
    struct pages pages = pages_of(w);
    const struct inode *journal = &w->inode[w->now[JNL]];
    struct pages old = {{journal->before, journal->before}};
    bool records = journal->cell[1] == RECORDS_WHOLE;
    if (!is_hot(w) || journal->cell[0] == TORN) {
        return pages;
    }
    bool its_own = true;
    for (unsigned i = 0; i < 2; i++) {
        its_own = its_own && (pages.page[i] == journal->before || pages.page[i] == journal->after ||
                              pages.page[i] == TORN);
    }
    if (records || journal->before == 0) {
        return its_own || stray_journal_fits || journal->before == 0
                   ? old
                   : (struct pages){{journal->before, TORN}};
    }
    /* Nothing is put back, but what was appended since is cut off. */
    if (pages.page[1] != journal->before) {
        pages.page[1] = TORN;
    }
    return pages;
}

static void play_journal(struct world *w)
{
    struct pages to = played(w);
    uint8_t journal = w->now[JNL];
    if (!is_hot(w)) {
        return;
    }
    bool syncs = !faulty(SYNCHRONOUS_OFF);
    if (syncs) {
        world_sync(w, journal);
    }
    bool all = file(w, JNL)->cell[0] == HEADER_FULL && file(w, JNL)->cell[1] == RECORDS_WHOLE;
    for (unsigned i = 0; i < 2; i++) {
        if (all || file(w, DB)->cell[i] != to.page[i]) {
            world_write(w, w->now[DB], i, to.page[i]);
        }
    }
    if (syncs) {
        world_sync(w, w->now[DB]);
    }
    world_unlink(w, JNL); /* not synced: SQLite plays before it is told EXTRA */
}

static void transaction(struct world *w, unsigned text)
{
    /* A cosignature's row alone, and not put back with its commit. */
    bool row = (w->cosignatures & 1U << text) != 0 && pages_of(w).page[1] == w->parent[text];
    bool syncs = !faulty(SYNCHRONOUS_OFF);
    bool first = pages_of(w).page[1] == 0;
    if (w->now[DB] == NOTHING) {
        world_create(w, DB);
    }
    if (w->now[JNL] == NOTHING) {
        world_create(w, JNL);
    }
    uint8_t journal = w->now[JNL];
    w->inode[journal].before = file(w, DB)->cell[1];
    w->inode[journal].after = (uint8_t)text;
    world_write(w, journal, 0, syncs ? HEADER_OPEN : HEADER_FULL);
    world_write(w, journal, 1, RECORDS_WHOLE);
    if (syncs) {
        world_sync(w, journal);
        world_sync_folder(w);
        world_write(w, journal, 0, HEADER_FULL);
        world_sync(w, journal);
    }
    world_write(w, w->now[DB], 0, text);
    world_write(w, w->now[DB], 1, text);
    if (syncs) {
        world_sync(w, w->now[DB]);
    }
    world_unlink(w, JNL);
    if (syncs) {
        world_sync_folder(w);
    }
    if (first || row) {
        world_sync_folder(w); /* ours, for a new file's name; a row needs none */
    }
}

/* ---- log.key ---- */

static void overwrite(struct world *w, unsigned inode)
{
    if (w->inode[inode].cell[0] != KEY_EMPTY) {
        world_write(w, inode, 0, KEY_ZEROS);
    }
    world_sync(w, inode);
}

static void replace_key(struct world *w, struct key key)
{
    unsigned old = w->now[KEY];
    world_held = old;
    unsigned inode = w->now[TMP] != NOTHING ? w->now[TMP] : world_create(w, TMP);
    w->inode[inode].key = key;
    world_write(w, inode, 0, KEY_WHOLE);
    if (!faulty(NO_FILE_SYNC)) {
        world_sync(w, inode);
    }
    world_replace_key(w, old != NOTHING && !only_renames);
    if (old != NOTHING && faulty(OVERWRITE_EARLY)) {
        overwrite(w, old);
    }
    if (!faulty(NO_FOLDER_SYNC)) {
        world_sync_folder(w);
    }
    if (old != NOTHING && !faulty(OVERWRITE_EARLY)) {
        overwrite(w, old);
    }
    world_held = NOTHING;
}

/* ---- the three steps ---- */

static void sign(struct world *w, unsigned text)
{
    w->signed_texts |= (uint8_t)(1U << text);
}

static void finish(struct world *w, struct key key, bool in_database)
{
    struct key after = {RECORD_KEPT, key.text, key.text, key.mark};
    if (key.record == RECORD_PENDING) {
        sign(w, key.text);
    }
    if (faulty(STEP_3_FIRST)) {
        replace_key(w, after);
    }
    if (!in_database) {
        transaction(w, key.text);
    }
    if (!faulty(STEP_3_FIRST)) {
        replace_key(w, after);
    }
}

bool protocol_commit(struct world *w, unsigned head)
{
    struct key now = w->now[KEY] == NOTHING ? (struct key){0} : file(w, KEY)->key;
    unsigned text = world_text_new(w, head, false);
    if (text == 0) {
        return false;
    }
    struct key pending = {RECORD_PENDING, (uint8_t)head, (uint8_t)text, 0};
    if (now.mark != 0) {
        w->naming |= (uint8_t)(1U << text);
    }
    if (faulty(SIGN_EARLY)) {
        sign(w, text);
    }
    if (faulty(SHOW_EARLY)) {
        w->acknowledged |= (uint8_t)(1U << text);
    }
    if (!faulty(NO_STEP_1)) {
        replace_key(w, pending);
    }
    finish(w, pending, false);
    w->acknowledged |= (uint8_t)(1U << text);
    return true;
}

bool protocol_cosign(struct world *w, unsigned head)
{
    struct key key = file(w, KEY)->key;
    unsigned text = world_text_new(w, head, true);
    if (text == 0) {
        return false;
    }
    key = (struct key){RECORD_COSIGNING, (uint8_t)text, (uint8_t)text, key.mark};
    if (!faulty(COSIGN_UNTOLD)) {
        replace_key(w, key);
    }
    finish(w, key, false);
    w->acknowledged |= (uint8_t)(1U << text);
    return true;
}

bool protocol_found(struct world *w)
{
    if (w->now[KEY] != NOTHING || w->now[DB] != NOTHING || w->now[JNL] != NOTHING) {
        return false;
    }
    if (w->folder == 0) {
        w->folder = 1;
        world_moment(w);
    }
    if (w->now[TMP] != NOTHING) {
        overwrite(w, w->now[TMP]);
        world_unlink(w, TMP);
        world_sync_folder(w);
    }
    if (!faulty(NO_PARENT_SYNC)) {
        w->folder = 2;
        world_moment(w);
    }
    return protocol_commit(w, 0);
}

/* The spare: overwritten, or a replacement had failed and the program with it. */
void protocol_close(struct world *w)
{
    if (w->now[TMP] != NOTHING) {
        world_unlink(w, TMP);
    }
}

/* ---- opening ---- */

static void sync_all(struct world *w)
{
    static const enum name synced[] = {KEY, DB};
    for (unsigned i = 0; i < 2; i++) {
        if (w->now[synced[i]] != NOTHING) {
            world_sync(w, w->now[synced[i]]);
        }
    }
    world_sync_folder(w);
}

enum standing { AT_HEAD, BEFORE, UNCOSIGNED, ELSEWHERE };

/* Heads are compared, which a cosignature does not move; of the last commit's
 * cosignatures the record tells which there are. */
static enum standing standing(const struct world *w, struct key key, unsigned head)
{
    unsigned commit = world_commit_of(w, head);
    unsigned last = world_commit_of(w, key.text);
    if (key.record == RECORD_PENDING) {
        return commit == world_commit_of(w, key.head) ? BEFORE
               : commit == key.text                   ? AT_HEAD
                                                      : ELSEWHERE;
    }
    if (commit == last) {
        return head == key.text                                  ? AT_HEAD
               : key.text != last && head == w->parent[key.text] ? UNCOSIGNED
                                                                 : ELSEWHERE;
    }
    return commit == world_commit_of(w, w->parent[last]) ? BEFORE : ELSEWHERE;
}

static bool in_flight(struct key key)
{
    return key.record == RECORD_PENDING || key.record == RECORD_RESTORING ||
           key.record == RECORD_COSIGNING;
}

static bool fits(const struct world *w, struct key key, struct pages pages)
{
    unsigned head;
    return is_whole(pages, &head) && standing(w, key, head) != ELSEWHERE;
}

/* Copies that no verdict depends on; the vault's directory is synced behind them. */
static void save_evidence(struct world *w)
{
    world_sync_folder(w);
}

/* False: neither with nor without its journal. */
static bool settle_journal(struct world *w, struct key key)
{
    struct pages now = pages_of(w);
    bool absent = now.page[0] == 0 && now.page[1] == 0;
    if (w->now[JNL] == NOTHING) {
        return true;
    }
    save_evidence(w);
    if (faulty(PLAY_ALWAYS) && !absent) {
        return true;
    }
    if (in_flight(key) && !absent && (faulty(PLAY_UNTRIED) || fits(w, key, played(w)))) {
        return true;
    }
    if (in_flight(key) && !absent && !fits(w, key, now)) {
        return false;
    }
    world_unlink(w, JNL);
    world_sync_folder(w);
    return true;
}

static void complete(struct world *w, struct key key, struct outcome *outcome, enum standing where)
{
    bool lost = where != AT_HEAD &&
                (key.record == RECORD_KEPT || (key.record == RECORD_COSIGNING && where == BEFORE));
    if (lost) {
        key.record = RECORD_RESTORING;
        key.mark = !faulty(NO_MARK);
        outcome->put_back = true;
        w->owed = 1;
        w->naming = 0;
        replace_key(w, key);
    }
    finish(w, key, where == AT_HEAD);
    outcome->completed = true;
    if (where != AT_HEAD) {
        outcome->head = key.text;
    }
}

static enum verdict read_key(struct world *w)
{
    if (w->now[KEY] == NOTHING) {
        return NO_VAULT;
    }
    if (file(w, KEY)->cell[0] != KEY_WHOLE) {
        return TAMPERED;
    }
    return w->now[DB] == NOTHING && file(w, KEY)->key.head != 0 ? NO_VAULT : OPEN;
}

/* Reads, settles what the last program left, and replays. */
static struct outcome judge(struct world *w, struct key *key, enum standing *where)
{
    struct outcome outcome = {.verdict = read_key(w)};
    if (outcome.verdict != OPEN) {
        return outcome;
    }
    *key = file(w, KEY)->key;
    outcome.verdict = TAMPERED;
    if (!settle_journal(w, *key)) {
        return outcome;
    }
    if (w->now[DB] != NOTHING && (file(w, DB)->cell[0] != 0 || file(w, DB)->cell[1] != 0)) {
        play_journal(w);
    }
    if (is_whole(pages_of(w), &outcome.head)) {
        *where = standing(w, *key, outcome.head);
        outcome.verdict = *where == ELSEWHERE ? TAMPERED : OPEN;
    }
    return outcome;
}

struct outcome protocol_open(struct world *w, bool badge)
{
    struct outcome outcome = {.verdict = NO_VAULT};
    struct key key = {0};
    enum standing where = ELSEWHERE;
    if (w->folder == 0) {
        return outcome;
    }
    if (!faulty(NO_OPENING_SYNC)) {
        sync_all(w);
    }
    if (w->now[TMP] != NOTHING) {
        overwrite(w, w->now[TMP]);
        world_unlink(w, TMP);
        world_sync_folder(w);
    }
    outcome = judge(w, &key, &where);
    if (outcome.verdict == TAMPERED) {
        save_evidence(w);
    }
    if (outcome.verdict != OPEN || (where == AT_HEAD && !in_flight(key))) {
        return outcome;
    }
    if (!badge) {
        outcome.verdict = WAITING;
    } else if (!faulty(REPLACE_PENDING) || key.record != RECORD_PENDING || where != BEFORE) {
        complete(w, key, &outcome, where);
    }
    return outcome;
}
