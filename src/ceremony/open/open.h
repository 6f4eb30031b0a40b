/* The opening ceremony (docs/ceremonies/opening.md). */
#ifndef QRT_CEREMONY_OPEN_OPEN_H
#define QRT_CEREMONY_OPEN_OPEN_H

#include "ceremony/cards/gather.h"
#include "ceremony/open/adopt.h"
#include "ceremony/ui.h"
#include "vault/vault.h"

enum {
    QRT_SHOW_PASSWORD = 1,
    QRT_SHOW_CODE = 2,
    QRT_SHOW_SEED = 4,
    QRT_SHOW_DEVICE = 8,
    QRT_SHOW_QUESTIONS = 16,
    QRT_SHOW_NOTE = 32,
};

/* What is asked for. Public. */
struct qrt_open_request {
    const char *account;
    const char *purpose;                /* a task's id, or words */
    const char *ticket;                 /* or NULL */
    const char *approver;               /* or NULL */
    unsigned show;                      /* of QRT_SHOW_…, at least one */
    bool former;                        /* the items before the latest, which are kept still */
    const struct qrt_presented *sealed; /* sealed sheets; public */
    size_t sealed_len;
};

struct qrt_opened {
    struct qrt_gather gather;       /* what was said of each card */
    uint64_t intent;                /* index of the intent */
    struct qrt_adoptions adoptions; /* what became of the deposits */
};

void qrt_opened_free(struct qrt_opened *opened);
#define QRT_OPENED __attribute__((cleanup(qrt_opened_free))) struct qrt_opened

/* Opens one account: intent committed, then the cards, then the outcome
 * committed, and only then released through the ui. Sealed sheets, where given,
 * are held against the log, and what the vault has lost is put back from them.
 * QRT_E_QUORUM without a quorum, QRT_E_REFUSED without one where a card was
 * refused, or where no sheet given has what is wanted of it. */
enum qrt_code qrt_open(struct qrt_opened *opened, struct qrt_vault *vault,
                       const struct qrt_open_request *request, const struct qrt_ui *ui,
                       struct qrt_err *err) QRT_MUST_USE;

#endif
