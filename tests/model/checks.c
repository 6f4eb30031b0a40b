#include "checks.h"

#include <string.h>

bool check_quiet;

void check_signatures(const struct world *w)
{
    unsigned keys = 0;
    for (unsigned text = 1; text < TEXTS && !w->key_back; text++) {
        if ((w->signed_texts & 1U << text) != 0) {
            unsigned key = world_commit_of(w, w->parent[text]);
            if ((keys & 1U << key) != 0) {
                check_failed(w, "a key signed two checkpoints");
            }
            keys |= 1U << key;
        }
    }
}

bool check_same_file(const struct world *a, const struct world *b, enum name name)
{
    const struct inode *x = &a->inode[a->now[name]];
    const struct inode *y = &b->inode[b->now[name]];
    return (a->now[name] == NOTHING) == (b->now[name] == NOTHING) &&
           memcmp(x->cell, y->cell, sizeof x->cell) == 0 &&
           memcmp(&x->key, &y->key, sizeof x->key) == 0;
}

static void check_kept(const struct world *w, unsigned head)
{
    for (unsigned text = 1; text < TEXTS && !w->key_back; text++) {
        if ((w->acknowledged & 1U << text) != 0 && !world_in_history(w, text, head)) {
            check_failed(w, "an acknowledged commit is lost, and nobody says so");
        }
    }
}

/* What lies beside log.key while the program goes on holds no key any more. */
static bool is_spare(const struct world *w)
{
    return w->now[TMP] == NOTHING || w->inode[w->now[TMP]].maybe[0] == 1U << KEY_ZEROS;
}

static void check_settled(const struct world *w, unsigned head)
{
    const struct inode *key = &w->inode[w->now[KEY]];
    if (w->key_back && w->cosignatures != 0) {
        return; /* an old log.key may fit a commit, and not know who cosigned it since */
    }
    if (key->cell[0] != KEY_WHOLE || key->key.head != head ||
        (key->key.record != RECORD_NONE && key->key.record != RECORD_KEPT) || !is_spare(w) ||
        (w->now[JNL] != NOTHING && !w->attacked)) {
        check_failed(w, "a recovery that ended has left something to recover");
    }
    bool told = key->key.mark != 0;
    for (unsigned text = 1; text < TEXTS; text++) {
        told = told || ((w->naming & 1U << text) != 0 && world_in_history(w, text, head));
    }
    if (w->owed && !told && !w->key_back) {
        check_failed(w, "a commit was put back, and nothing says so");
    }
    struct world again = *w;
    bool was_quiet = check_quiet;
    check_quiet = true;
    struct outcome next = protocol_open(&again, false);
    check_quiet = was_quiet;
    if (next.verdict != OPEN || next.head != head) {
        check_failed(w, "after a recovery the vault does not open");
    }
}

void check_opening(const struct world *before, const struct world *w, bool badge,
                   struct outcome outcome)
{
    unsigned head;
    unsigned head_before;
    bool whole = protocol_whole(w, &head);
    bool was_whole = protocol_whole(before, &head_before);
    const struct key *key = &before->inode[before->now[KEY]].key;
    if (outcome.verdict == TAMPERED && !w->attacked) {
        check_failed(w, "an honest interruption is called tampering");
    }
    if (outcome.verdict == NO_VAULT && !w->attacked && w->acknowledged != 0) {
        check_failed(w, "an acknowledged commit is lost");
    }
    if (outcome.verdict == TAMPERED &&
        !(check_same_file(before, w, KEY) && check_same_file(before, w, DB))) {
        check_failed(w, "tampering was found, and the files are not as they were");
    }
    if ((key->record == RECORD_NONE || key->record == RECORD_KEPT) && was_whole &&
        head_before != 0 && !(whole && world_in_history(w, head_before, head))) {
        check_failed(w, "an opening took a commit out of the database");
    }
    if (outcome.verdict == OPEN || outcome.verdict == WAITING) {
        if (!whole || head != outcome.head) {
            check_failed(w, "a commit is half there");
        }
    }
    if (outcome.verdict == OPEN) {
        check_kept(w, head);
    }
    if (outcome.verdict == OPEN && badge) {
        check_settled(w, head);
    }
}
