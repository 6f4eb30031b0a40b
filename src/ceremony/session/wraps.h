/* Whom `log.key` opens to: the operators' badges, and what only a quorum of
 * both groups has (docs/formats/log-key.md). */
#ifndef QRT_CEREMONY_SESSION_WRAPS_H
#define QRT_CEREMONY_SESSION_WRAPS_H

#include "vault/vault.h"

/* Lets a badge of that public key open log.key. QRT_E_REFUSED, QRT_E_RANGE. */
enum qrt_code qrt_wraps_add_badge(struct qrt_keystate *state, const char *person,
                                  const uint8_t sign_public[static QRT_PUBLIC_BYTES],
                                  struct qrt_err *err) QRT_MUST_USE;

/* Adds both quorums of the key in force, and those of a re-key that is pending.
 * The log's keys must be open. QRT_E_RANGE, QRT_E_NOMEM. */
enum qrt_code qrt_wraps_add_quorums(struct qrt_vault *vault, struct qrt_err *err) QRT_MUST_USE;

/* Adds everyone who is an operator now. QRT_E_RANGE, QRT_E_REFUSED, QRT_E_NOMEM. */
enum qrt_code qrt_wraps_add_operators(struct qrt_vault *vault, struct qrt_err *err) QRT_MUST_USE;

/* A fresh state key, for the operators of now and the quorums of that vault key
 * alone: with the next commit nobody else opens it any more. */
enum qrt_code qrt_wraps_renew(struct qrt_vault *vault, const struct qrt_key_row *key,
                              struct qrt_err *err) QRT_MUST_USE;

#endif
