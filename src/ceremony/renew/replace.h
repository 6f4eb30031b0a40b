/* The replacement of a damaged card (docs/ceremonies/replace.md): its group's
 * quorum puts the same share on a new one. */
#ifndef QRT_CEREMONY_RENEW_REPLACE_H
#define QRT_CEREMONY_RENEW_REPLACE_H

#include "ceremony/renew/remake.h"

/* Rebuilds the share of a card on record from its group's quorum, and holds it
 * against what the log says of the half and of that card, so that it is the very
 * same. *share (secret), a qrt_slip39_share, is inited here. Those of
 * qrt_gather_half. */
enum qrt_code qrt_replace_rebuild(struct qrt_secret *share, const struct qrt_gather *gather,
                                  const struct qrt_card_row *card,
                                  struct qrt_err *err) QRT_MUST_USE;

struct qrt_replace_request {
    uint64_t serial;
    const char *reason;
    bool in_hand; /* the card is here; else a person is asked */
};

/* Does it. QRT_E_USAGE for a card that is not live, or not known to be in hand:
 * whoever finds a lost one would have the same share. Otherwise as
 * qrt_remake_run. */
enum qrt_code qrt_replace(struct qrt_remade *remade, struct qrt_vault *vault,
                          const struct qrt_replace_request *request, const struct qrt_ui *ui,
                          struct qrt_err *err) QRT_MUST_USE;

#endif
