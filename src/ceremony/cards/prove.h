/* Cards checked and proved: by one holder alone, with no key formed. */
#ifndef QRT_CEREMONY_CARDS_PROVE_H
#define QRT_CEREMONY_CARDS_PROVE_H

#include "ceremony/cards/gather.h"

/* Judges every card that the ui presents and writes nothing. QRT_E_REFUSED if
 * one was refused; *gather then holds all verdicts. */
enum qrt_code qrt_card_check(struct qrt_gather *gather, struct qrt_vault *vault,
                             const struct qrt_ui *ui, struct qrt_err *err) QRT_MUST_USE;

/* The same, logged: `card-proved` for each accepted card, `card-refused` for
 * each other. */
enum qrt_code qrt_card_prove(struct qrt_gather *gather, struct qrt_vault *vault,
                             const struct qrt_ui *ui, struct qrt_err *err) QRT_MUST_USE;

/* Drafts `card-proved` for the cards gathered and, if they are the last that a
 * pending re-key waits for, its coming into force. */
enum qrt_code qrt_prove_draft(struct qrt_session *session, const struct qrt_gather *gather,
                              struct qrt_err *err) QRT_MUST_USE;

#endif
