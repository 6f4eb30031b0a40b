/* A ceremony in which one group's quorum makes new cards of what its own have:
 * what a re-issue and a replacement share (docs/ceremonies/reissue.md). */
#ifndef QRT_CEREMONY_RENEW_REMAKE_H
#define QRT_CEREMONY_RENEW_REMAKE_H

#include "ceremony/cards/cards.h"
#include "ceremony/cards/gather.h"
#include "ceremony/renew/regroup.h"
#include "ceremony/session/session.h"

#define QRT_REMAKE_STEPS 5 /* of docs/ceremonies/reissue.md and replace.md */

/* What it came to. */
struct qrt_remade {
    struct qrt_gather gather; /* what was said of each card */
    uint64_t intent;
    struct qrt_delivered delivered;
    bool in_force;       /* the new cards count */
    struct qrt_buf told; /* of another policy: a line for each difference */
};

void qrt_remade_free(struct qrt_remade *remade);
#define QRT_REMADE __attribute__((cleanup(qrt_remade_free))) struct qrt_remade

struct qrt_remake {
    struct qrt_remade *result;
    const char *ceremony; /* its word in the log … */
    const char *title;    /* … and its name on pages */
    enum qrt_group group;
    const char *reason;
    const char *what; /* it does, on the page before the intent */
    const char *stop; /* on pages of the hand-over: what then becomes of the cards */
    const char *last; /* what is to be done with the old ones, on the page of the close */
    const struct qrt_policy *policy; /* by which the cards are made; borrowed */
    struct qrt_regroup regroup;      /* another one, if a re-issue has it */
    struct qrt_session session;
    struct qrt_cards cards;
    /* Asks what else must be so before anything is written, or NULL: of people who
     * have read what it is for. */
    enum qrt_code (*agree)(struct qrt_remake *remake, struct qrt_err *err);
    /* Drafts what the quorum makes; the cards' shares (secret) are in the
     * result's gather, and are wiped behind it. */
    enum qrt_code (*make)(struct qrt_remake *remake, struct qrt_err *err);
    const struct qrt_card_row *old; /* that is replaced, or NULL … */
    bool in_hand;                   /* … and known to be here */
};

void qrt_remake_free(struct qrt_remake *remake);

/* Before anything is written: the vault has a key, no re-key is pending, and the
 * reason is one that can stand in the log. QRT_E_USAGE, QRT_E_FAILED,
 * QRT_E_REFUSED. */
enum qrt_code qrt_remake_check(const struct qrt_vault *vault, const char *reason,
                               struct qrt_err *err) QRT_MUST_USE;

/* Step 1: the session. */
enum qrt_code qrt_remake_begin(struct qrt_remake *remake, struct qrt_vault *vault,
                               const struct qrt_ui *ui, struct qrt_err *err) QRT_MUST_USE;

/* Steps 2 to 5: the intent, the quorum, the new cards committed and handed
 * over, and with the last of them the outcome. Where it breaks off before that,
 * the new cards are void and the old ones as they were. QRT_E_QUORUM without a
 * quorum, QRT_E_REFUSED without one where a card was refused. */
enum qrt_code qrt_remake_run(struct qrt_remake *remake, struct qrt_err *err) QRT_MUST_USE;

#endif
