/* The re-key (docs/ceremonies/rekey.md): a new vault key on new cards for both
 * groups, and everything sealed under it anew. Two phases: pending until every
 * new card is proved, then in force. */
#ifndef QRT_CEREMONY_RENEW_REKEY_H
#define QRT_CEREMONY_RENEW_REKEY_H

#include "ceremony/cards/cards.h"
#include "ceremony/cards/gather.h"

#define QRT_REKEY_STEPS 6

/* What is asked for. Public. */
struct qrt_rekey_request {
    const char *reason;
    const char *confirm;          /* the vault's name; NULL: it is asked for */
    const struct qrt_buf *policy; /* the JSON of one with other groups; NULL: it stays */
};

/* What it came to. */
struct qrt_rekeyed {
    struct qrt_gather gather; /* what was said of each card of the former key */
    uint64_t intent;
    int64_t generation; /* the new one */
    size_t items;       /* sealed anew */
    struct qrt_delivered delivered;
    bool in_force;       /* every new card was proved already */
    struct qrt_buf told; /* of another policy: a line for each difference */
};

void qrt_rekeyed_free(struct qrt_rekeyed *rekeyed);
#define QRT_REKEYED __attribute__((cleanup(qrt_rekeyed_free))) struct qrt_rekeyed

/* Does the re-key, up to the last card handed over. A new policy is in force at
 * once, by two badges, and gone again if the new key is given up. Where it breaks off before
 * that, the new key is given up and the old cards are as they were. QRT_E_USAGE;
 * QRT_E_REFUSED while another is pending, while deposits wait, or without a
 * quorum where a card was refused; QRT_E_QUORUM without one; QRT_E_TAMPERED. */
enum qrt_code qrt_rekey(struct qrt_rekeyed *rekeyed, struct qrt_vault *vault,
                        const struct qrt_rekey_request *request, const struct qrt_ui *ui,
                        struct qrt_err *err) QRT_MUST_USE;

/* Gives a pending re-key up, by two badges. QRT_E_REFUSED: none is pending. */
enum qrt_code qrt_rekey_abandon(int64_t *generation, struct qrt_vault *vault,
                                const struct qrt_rekey_request *request, const struct qrt_ui *ui,
                                struct qrt_err *err) QRT_MUST_USE;

#endif
