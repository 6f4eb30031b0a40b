/* The end of a card: void, and later destroyed before witnesses. */
#ifndef QRT_CEREMONY_CARDS_CARD_END_H
#define QRT_CEREMONY_CARDS_CARD_END_H

#include "ceremony/ui.h"
#include "vault/vault.h"

/* Makes a card void, by two badges: no quorum counts it from then on. Where too
 * few others are left for its group's quorum, the vault's name is asked for, if
 * `confirm` is NULL. QRT_E_USAGE (no such card, void already, no reason, another
 * name), QRT_E_REFUSED, and those of a session. */
enum qrt_code qrt_card_void(struct qrt_vault *vault, uint32_t serial, const char *reason,
                            const char *confirm, const struct qrt_ui *ui,
                            struct qrt_err *err) QRT_MUST_USE;

/* Logs that a void card was destroyed before these witnesses: one at least,
 * people of the vault, and not the operator. QRT_E_USAGE. */
enum qrt_code qrt_card_destroy(struct qrt_vault *vault, uint32_t serial,
                               const char *const *witnesses, size_t witnesses_len,
                               const struct qrt_ui *ui, struct qrt_err *err) QRT_MUST_USE;

#endif
