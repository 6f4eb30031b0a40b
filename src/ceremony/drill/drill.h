/* The access drill (docs/ceremonies/drill.md): do cards, people and places
 * still work? It reveals nothing and changes nothing. */
#ifndef QRT_CEREMONY_DRILL_DRILL_H
#define QRT_CEREMONY_DRILL_DRILL_H

#include "ceremony/bags/seals.h"
#include "ceremony/cards/gather.h"

struct qrt_drill_request {
    const char *level; /* "group" or "full" */
    const char *group; /* of a group drill, or NULL */
};

struct qrt_drilled {
    struct qrt_gather gather; /* what was said of each card */
    int64_t intent;           /* place of the intent, as the views have it */
};

void qrt_drilled_free(struct qrt_drilled *drilled);
#define QRT_DRILLED __attribute__((cleanup(qrt_drilled_free))) struct qrt_drilled

/* One drill: intent committed; the cards one by one, and when there is the
 * quorum, that committed and the half (or the key) checked and wiped; every
 * further card judged alone; grades, actions and the outcome. QRT_E_QUORUM
 * without a quorum, QRT_E_REFUSED without one where a card was refused,
 * QRT_E_TAMPERED if what was rebuilt is not what the log published. */
enum qrt_code qrt_drill(struct qrt_drilled *drilled, struct qrt_vault *vault,
                        const struct qrt_drill_request *request, const struct qrt_ui *ui,
                        struct qrt_err *err) QRT_MUST_USE;

/* A drill of seals, a tour of the safes: intent committed; each bag looked at,
 * and none opened; grades, actions and the outcome. A script's seals are read
 * before anything is written. QRT_E_REFUSED, and seals->logged, if one was not
 * whole; QRT_E_FAILED if a person looked at none. */
enum qrt_code qrt_drill_seals(struct qrt_drilled *drilled, struct qrt_seals *seals,
                              struct qrt_vault *vault, const struct qrt_ui *ui,
                              struct qrt_err *err) QRT_MUST_USE;

#endif
