/* Which checkpoint of an export the people's keys from paper vouch for
 * (docs/formats/export.md). Everything here is public. */
#ifndef QRT_VAULT_VOUCH_H
#define QRT_VAULT_VOUCH_H

#include "log/people.h"
#include "log/views.h"
#include "vault/state.h"
#include <quorate/err.h>

/* A checkpoint, and how many people's cosignatures the policy in force at it
 * asks for. */
struct qrt_vouched {
    struct qrt_checkpoint checkpoint; /* size 0: there is none */
    uint64_t epoch;
    unsigned wanted;
    struct qrt_note note; /* a view into `text` */
    char text[QRT_NOTE_TEXT_MAX_BYTES];
};

/* Stands between a replay and the state's views, and looks at each checkpoint.
 * A zeroed one is empty. */
struct qrt_vouching {
    struct qrt_views inner;
    const struct qrt_state *state;   /* borrowed */
    const struct qrt_people *people; /* borrowed */
    struct qrt_people named;         /* the same keys as those of the log at hand */
    char origin[QRT_ORIGIN_MAX_CHARS + 1];
    struct qrt_vouched *waiting; /* have the lines; the newest last */
    size_t waiting_len;
    struct qrt_vouched best; /* the newest that is known to be vouched for */
};

void qrt_vouching_free(struct qrt_vouching *vouching);
#define QRT_VOUCHING __attribute__((cleanup(qrt_vouching_free))) struct qrt_vouching

/* The views to replay into; *vouching must not move while they are in use. */
struct qrt_views qrt_vouching_views(struct qrt_vouching *vouching, struct qrt_state *state,
                                    const struct qrt_people *people);

/* The replay is over: vouching->best is the newest checkpoint, of this log or of
 * one that it continues, with as many people's cosignatures as the policy asked
 * for. QRT_E_NOMEM. */
enum qrt_code qrt_vouching_end(struct qrt_vouching *vouching, struct qrt_err *err) QRT_MUST_USE;

#endif
