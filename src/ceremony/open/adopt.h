/* Deposits taken over by an opening, or refused (docs/ceremonies/opening.md). */
#ifndef QRT_CEREMONY_OPEN_ADOPT_H
#define QRT_CEREMONY_OPEN_ADOPT_H

#include "ceremony/cards/gather.h"
#include "ceremony/session/session.h"
#include "vault/provenance.h"

enum qrt_adoption_fate {
    QRT_ADOPTION_WAITS, /* for another opening */
    QRT_ADOPTION_ADOPTED,
    QRT_ADOPTION_REFUSED,
};

/* One deposit, and what becomes of it. */
struct qrt_adoption {
    size_t row; /* of the item that it would become */
    struct qrt_provenance by;
    enum qrt_adoption_fate fate;
    char why[QRT_ERR_WHAT_BYTES];   /* it is refused; or "" */
    char same_as[QRT_ID_CHARS + 1]; /* account that has this very secret; or "" */
};

struct qrt_adoptions {
    struct qrt_adoption *list;
    size_t len;
};

void qrt_adoptions_free(struct qrt_adoptions *adoptions);

/* Of a script: does every key of `deposits` name one that waits, or all, and is
 * every answer one of the three? Before anything is written. QRT_E_USAGE. */
enum qrt_code qrt_adoptions_check(const struct qrt_vault *vault, const struct qrt_ui *ui,
                                  struct qrt_err *err) QRT_MUST_USE;

/* Lists every deposit that waits, and asks of each whether it is adopted,
 * refused, or waits on: `deposits.SERIAL`, or else `deposits.all`, of a script.
 * Where anything is decided and one badge is no two, a second is asked for;
 * without it all wait. QRT_E_USAGE, QRT_E_REFUSED. */
enum qrt_code qrt_adoptions_ask(struct qrt_adoptions *adoptions, struct qrt_session *session,
                                struct qrt_err *err) QRT_MUST_USE;

/* Is anything decided? */
bool qrt_adoptions_any(const struct qrt_adoptions *adoptions);

/* Opens with the quorum's key what is adopted, and drafts it sealed anew; what
 * does not open, or is no credential, is refused with its reason. What was
 * confirmed lets its former items go. QRT_E_TAMPERED for a quorum that is none. */
enum qrt_code qrt_adoptions_draft(struct qrt_adoptions *adoptions, struct qrt_session *session,
                                  const struct qrt_gather *gather,
                                  struct qrt_err *err) QRT_MUST_USE;

/* Tells what became of each, once it is committed. */
void qrt_adoptions_tell(const struct qrt_adoptions *adoptions, const struct qrt_session *session);

#endif
