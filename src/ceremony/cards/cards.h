/* New cards: made of a group's shares, and handed over one by one. What a
 * founding, a re-issue, a replacement and a re-key have in common. */
#ifndef QRT_CEREMONY_CARDS_CARDS_H
#define QRT_CEREMONY_CARDS_CARDS_H

#include "ceremony/session/session.h"
#include <quorate/card.h>
#include <quorate/slip39.h>

#define QRT_CARDS_MAX (QRT_GROUPS * QRT_GROUP_MEMBERS_MAX)

/* A card on its way to its custodian; wiped when it is on paper. */
struct qrt_new_card {
    struct qrt_card card; /* secret */
    char custodian[QRT_ID_CHARS + 1];
    unsigned place; /* in its group, from 1 */
};

/* What people in the room are told while cards are handed over, and what else
 * is done then. */
struct qrt_handing {
    const char *ceremony; /* its name on pages */
    unsigned step;
    unsigned of;
    const char *stop;      /* how to stop safely before the last card is handed over … */
    const char *stop_late; /* … and after it */
    /* Or NULL: hands a custodian what else is theirs, before their card counts
     * as issued … */
    enum qrt_code (*beside)(void *ctx, const char *custodian, struct qrt_err *err);
    /* … and, or NULL, drafts what is to stand in the commit that issues the
     * last card. */
    void (*conclude)(void *ctx);
    void *ctx;
};

struct qrt_cards {
    struct qrt_session *session;     /* borrowed */
    const struct qrt_policy *policy; /* borrowed: by which they are made */
    struct qrt_secret block;         /* qrt_new_card [QRT_CARDS_MAX] */
    size_t len;
};

/* Takes what the session and the policy lend. QRT_E_NOMEM, QRT_E_LOCKED_MEMORY. */
enum qrt_code qrt_cards_init(struct qrt_cards *cards, struct qrt_session *session,
                             const struct qrt_policy *policy, struct qrt_err *err) QRT_MUST_USE;
void qrt_cards_wipe(struct qrt_cards *cards);
#define QRT_CARDS __attribute__((cleanup(qrt_cards_wipe))) struct qrt_cards

/* Which edition of a group is made. */
struct qrt_new_edition {
    enum qrt_group group;
    unsigned generation;
    unsigned edition;
};

/* Drafts the edition and a card for each of the group's custodians, signed by a
 * fresh key that is erased before this returns. `shares` (secret), already
 * proved, are in the order of the custodians; of a threshold of one it is one. */
enum qrt_code qrt_cards_draft_edition(struct qrt_cards *cards,
                                      const struct qrt_new_edition *edition,
                                      const struct qrt_slip39_share *shares,
                                      struct qrt_err *err) QRT_MUST_USE;

/* Drafts one card with the share (secret) of another, which it replaces, signed
 * likewise. QRT_E_FAILED if its custodian is not of the policy's group. */
enum qrt_code qrt_cards_draft_replacement(struct qrt_cards *cards, const struct qrt_card_row *old,
                                          const struct qrt_slip39_share *share,
                                          struct qrt_err *err) QRT_MUST_USE;

/* A real vault's cards are not written into files by mistake: its name is typed
 * first. QRT_E_USAGE. */
enum qrt_code qrt_cards_confirm_files(const struct qrt_policy *policy, const struct qrt_ui *ui,
                                      struct qrt_err *err) QRT_MUST_USE;

/* Draws the fullest of a policy's cards with a share of nothing, and throws it
 * away: what would stop the sheets is known while nothing is written. */
enum qrt_code qrt_cards_try_sheet(const struct qrt_policy *policy, const struct qrt_ui *ui,
                                  struct qrt_err *err) QRT_MUST_USE;

/* One card as it was delivered. */
struct qrt_delivered_card {
    uint32_t serial;
    enum qrt_group group;
    char custodian[QRT_ID_CHARS + 1];
    unsigned member_index;
    struct qrt_buf card;  /* where its sheet went */
    struct qrt_buf label; /* where its label went */
};

struct qrt_delivered {
    struct qrt_delivered_card cards[QRT_CARDS_MAX];
    size_t len;
};

void qrt_delivered_free(struct qrt_delivered *delivered);
#define QRT_DELIVERED __attribute__((cleanup(qrt_delivered_free))) struct qrt_delivered

/* Hands over every card that was committed: sheet and label, then the commit
 * that it is issued. With a person each custodian is called to the printer
 * first, and afterwards the card is read back and bagged, each logged. A card
 * is wiped once it is on paper. */
enum qrt_code qrt_cards_deliver(struct qrt_cards *cards, struct qrt_delivered *delivered,
                                const struct qrt_handing *handing,
                                struct qrt_err *err) QRT_MUST_USE;

#endif
