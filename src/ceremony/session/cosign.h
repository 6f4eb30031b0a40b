/* A badge that was missing at a close signs it later. */
#ifndef QRT_CEREMONY_SESSION_COSIGN_H
#define QRT_CEREMONY_SESSION_COSIGN_H

#include "ceremony/ui.h"
#include "vault/vault.h"

/* What came of it. Public. */
struct qrt_cosigned {
    size_t have;     /* people whose cosignature the close has now … */
    unsigned wanted; /* … and how many the policy asks for */
    bool shown;      /* they showed their own last receipt */
};

/* Adds a person's cosignature to the log's head, which must be a session's
 * close: the operator's badge opens the log's keys, the person's own last
 * receipt is held against the log, then their badge signs. No entry is written.
 * QRT_E_USAGE: nobody of that id has a badge, or the head is no close.
 * QRT_E_REFUSED: a wrong badge or receipt, or they have cosigned already.
 * QRT_E_TAMPERED: their receipt contradicts the log. Nothing is signed then. */
enum qrt_code qrt_cosign(struct qrt_cosigned *cosigned, struct qrt_vault *vault, const char *person,
                         const struct qrt_ui *ui, struct qrt_err *err) QRT_MUST_USE;

#endif
