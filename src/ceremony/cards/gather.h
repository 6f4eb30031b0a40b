/* Cards gathered: each one judged the moment it is presented, and put together
 * once the groups that it is for have their quorum. */
#ifndef QRT_CEREMONY_CARDS_GATHER_H
#define QRT_CEREMONY_CARDS_GATHER_H

#include "ceremony/ui.h"
#include "vault/vault.h"
#include <quorate/card.h>
#include <quorate/slip39.h>

#define QRT_GATHER_MAX 512 /* cards presented in one sitting */

/* Whose quorum it is for: a set of bits, 1 << group. */
#define QRT_GATHER_SINGLY 0U /* no quorum: each card for itself */
#define QRT_GATHER_BOTH   (1U << QRT_GROUP_PASSWORD | 1U << QRT_GROUP_MFA)

/* What was said of one presented card. */
struct qrt_judged {
    char *name;
    char why[QRT_ERR_WHAT_BYTES]; /* where it fails ("row D, word 11 …"), or empty */
    uint32_t serial;              /* 0: unknown */
    enum qrt_card_reason reason;
    bool damaged;
    bool suspect; /* its bag was not found whole; taken all the same */
    bool by_words;
};

struct qrt_gather {
    const struct qrt_vault *vault; /* borrowed */
    unsigned groups;               /* whose quorum it is for */
    bool takes_pending;            /* the cards of a re-key that is pending count too */
    int64_t generation;            /* whose cards count; 0: the first one's, or any */
    struct qrt_secret shares;      /* qrt_slip39_share [QRT_GROUPS][QRT_GROUP_MEMBERS_MAX]; once
                                      wiped, a card that comes is judged alone */
    unsigned count[QRT_GROUPS];
    struct qrt_judged *judged; /* all that were presented, in order */
    size_t judged_len;
};

void qrt_gather_wipe(struct qrt_gather *gather);
#define QRT_GATHER __attribute__((cleanup(qrt_gather_wipe))) struct qrt_gather

/* For a quorum the cards of the key in force count; singly, those of a re-key
 * that is pending too. */
enum qrt_code qrt_gather_init(struct qrt_gather *gather, const struct qrt_vault *vault,
                              unsigned groups, struct qrt_err *err) QRT_MUST_USE;

/* Of a quorum that may be of either generation while a re-key is pending: the
 * first card that counts says of which. Right after the init. */
void qrt_gather_take_pending(struct qrt_gather *gather);

/* Takes one card from the ui and answers it at once; it is judged[judged_len-1]
 * then. A refused one is set aside and spoils nothing. QRT_E_NOT_FOUND: no more
 * come. */
enum qrt_code qrt_gather_one(struct qrt_gather *gather, const struct qrt_ui *ui,
                             struct qrt_err *err) QRT_MUST_USE;

/* Takes every card that the ui presents. A person is not asked for more once
 * there is the quorum that it is for. */
enum qrt_code qrt_gather_all(struct qrt_gather *gather, const struct qrt_ui *ui,
                             struct qrt_err *err) QRT_MUST_USE;

/* Tells "1 of 2 in the password group", of each group that it is for. */
void qrt_gather_tell_count(const struct qrt_gather *gather, const struct qrt_ui *ui);

/* The shares of a group (secret), gather->count[group] of them. */
struct qrt_slip39_share *qrt_gather_shares(const struct qrt_gather *gather, unsigned group);

/* How many cards make a group's quorum. */
unsigned qrt_gather_threshold(const struct qrt_gather *gather, enum qrt_group group);
/* How many more distinct cards a group needs; 0 when it has its quorum. */
unsigned qrt_gather_missing(const struct qrt_gather *gather, enum qrt_group group);
/* Has every group that it is for its quorum? */
bool qrt_gather_complete(const struct qrt_gather *gather);
/* Appends what those groups lack, in words: "1 more card of the MFA group". */
void qrt_gather_tell_missing(struct qrt_buf *out, const struct qrt_gather *gather);
bool qrt_gather_any_refused(const struct qrt_gather *gather);

struct qrt_session;

/* Drafts what was said of each card: `accepted` (QRT_EV_CARD_ACCEPTED or
 * QRT_EV_CARD_PROVED) or a refusal, of the intent if there is one. */
void qrt_gather_draft(struct qrt_session *session, const struct qrt_gather *gather,
                      enum qrt_event_id accepted, const uint64_t *intent);

/* The same of those that came from `from` on. */
void qrt_gather_draft_from(struct qrt_session *session, const struct qrt_gather *gather,
                           size_t from, enum qrt_event_id accepted, const uint64_t *intent);

/* Rebuilds a group's half (secret, 32 bytes) and checks it against what the
 * log published. QRT_E_QUORUM; QRT_E_TAMPERED if it does not match. */
enum qrt_code qrt_gather_half(uint8_t half[static 32], const struct qrt_gather *gather,
                              enum qrt_group group, struct qrt_err *err) QRT_MUST_USE;

/* Puts both halves together: the vault key; *key (secret) is inited here. */
enum qrt_code qrt_gather_key(struct qrt_secret *key, const struct qrt_gather *gather,
                             struct qrt_err *err) QRT_MUST_USE;

#endif
