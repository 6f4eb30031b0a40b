#include "vault/vouch.h"

#include <stdlib.h>
#include <string.h>

/* Most checkpoints wait and are never verified: a newer one is. */
#define WAITING_MAX 64

void qrt_vouching_free(struct qrt_vouching *vouching)
{
    qrt_people_free(&vouching->named);
    free(vouching->waiting);
    *vouching = (struct qrt_vouching){0};
}

/* ---- the checkpoints ---- */

static enum qrt_code name_people(struct qrt_vouching *vouching, const char *origin,
                                 struct qrt_err *err)
{
    if (vouching->named.keys != NULL && strcmp(vouching->origin, origin) == 0) {
        return QRT_OK;
    }
    qrt_people_free(&vouching->named);
    memcpy(vouching->origin, origin, strlen(origin) + 1);
    return qrt_people_rename(&vouching->named, vouching->people, origin, err);
}

/* How many lines look like those of people given: no arithmetic. */
static unsigned count_lines(const struct qrt_people *people, const struct qrt_note *note)
{
    unsigned count = 0;
    for (size_t i = 0; i < note->signatures_len; i++) {
        const struct qrt_note_signature *line = &note->signatures[i];
        for (size_t k = 0; k < people->len; k++) {
            if (people->keys[k].id == line->id && strcmp(people->keys[k].name, line->name) == 0) {
                count++;
                break;
            }
        }
    }
    return count;
}

static void set(struct qrt_vouched *to, const struct qrt_vouched *from)
{
    *to = *from;
    to->note.text = to->text;
}

/* The newest good one of those that wait; then none waits. */
static enum qrt_code settle(struct qrt_vouching *vouching, struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    bool found = false;
    while (code == QRT_OK && !found && vouching->waiting_len > 0) {
        const struct qrt_vouched *one = &vouching->waiting[--vouching->waiting_len];
        code = name_people(vouching, one->checkpoint.origin, err);
        found = code == QRT_OK &&
                qrt_people_count(&vouching->named, &one->note, NULL, 0, 0) >= one->wanted;
        if (found) {
            set(&vouching->best, one);
        }
    }
    vouching->waiting_len = 0;
    return code;
}

static enum qrt_code take(struct qrt_vouching *vouching, uint64_t epoch,
                          const struct qrt_note *note, struct qrt_err *err)
{
    struct qrt_vouched one = {.epoch = epoch, .wanted = vouching->state->cosignatures};
    enum qrt_code code;
    one.wanted = one.wanted == 0 ? 1 : one.wanted;
    if (qrt_checkpoint_parse(&one.checkpoint, note->text, note->text_len_bytes, NULL) != QRT_OK) {
        return QRT_OK;
    }
    if ((code = name_people(vouching, one.checkpoint.origin, err)) != QRT_OK ||
        count_lines(&vouching->named, note) < one.wanted) {
        return code;
    }
    if (vouching->waiting == NULL) {
        vouching->waiting = calloc(WAITING_MAX, sizeof *vouching->waiting);
        if (vouching->waiting == NULL) {
            return qrt_fail(err, QRT_E_NOMEM, "the checkpoints");
        }
    }
    if (vouching->waiting_len == WAITING_MAX && (code = settle(vouching, err)) != QRT_OK) {
        return code;
    }
    one.note = *note;
    memcpy(one.text, note->text, note->text_len_bytes);
    set(&vouching->waiting[vouching->waiting_len++], &one);
    return QRT_OK;
}

enum qrt_code qrt_vouching_end(struct qrt_vouching *vouching, struct qrt_err *err)
{
    return settle(vouching, err);
}

/* ---- the views ---- */

static void reset(void *ctx)
{
    struct qrt_vouching *vouching = ctx;
    vouching->inner.reset(vouching->inner.ctx);
}

static enum qrt_code apply(void *ctx, const struct qrt_entry *entry, struct qrt_faults *faults,
                           struct qrt_err *err)
{
    struct qrt_vouching *vouching = ctx;
    return vouching->inner.apply(vouching->inner.ctx, entry, faults, err);
}

static enum qrt_code seal(void *ctx, uint64_t epoch, const struct qrt_note *note,
                          struct qrt_signatures *later, struct qrt_faults *faults,
                          struct qrt_err *err)
{
    struct qrt_vouching *vouching = ctx;
    enum qrt_code code = vouching->inner.seal(vouching->inner.ctx, epoch, note, later, faults, err);
    return code == QRT_OK && note != NULL ? take(vouching, epoch, note, err) : code;
}

static enum qrt_code store(void *ctx, sqlite3 *db, struct qrt_err *err)
{
    struct qrt_vouching *vouching = ctx;
    return vouching->inner.store(vouching->inner.ctx, db, err);
}

static enum qrt_code compare(void *ctx, sqlite3 *db, struct qrt_faults *faults, struct qrt_err *err)
{
    struct qrt_vouching *vouching = ctx;
    return vouching->inner.compare(vouching->inner.ctx, db, faults, err);
}

static bool vkey(void *ctx, const char *person, struct qrt_vkey *out)
{
    struct qrt_vouching *vouching = ctx;
    return vouching->inner.vkey(vouching->inner.ctx, person, out);
}

struct qrt_views qrt_vouching_views(struct qrt_vouching *vouching, struct qrt_state *state,
                                    const struct qrt_people *people)
{
    vouching->inner = qrt_state_views(state);
    vouching->state = state;
    vouching->people = people;
    return (struct qrt_views){.ctx = vouching,
                              .reset = reset,
                              .apply = apply,
                              .seal = seal,
                              .store = store,
                              .compare = compare,
                              .vkey = vkey};
}
