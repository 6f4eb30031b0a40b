/* The share card: what stands where on its front and its back. */
#ifndef QRT_CARD_SHEET_H
#define QRT_CARD_SHEET_H

#include "worker/description.h"
#include <quorate/err.h>
#include <quorate/secret.h>
#include <stdbool.h>
#include <stdint.h>

#define QRT_SHEET_WORDS       33
#define QRT_SHEET_ROWS        11
#define QRT_SHEET_SHARE_CHARS 219 /* QUORATE1:S: and the Base32 of 130 bytes */

/* The groups, as in a card's payload. */
enum { QRT_SHEET_PASSWORD_GROUP = 0, QRT_SHEET_MFA_GROUP = 1 };

/* What a share card says. The strings are C strings of the caller's. */
struct qrt_sheet_card {
    const char *organisation; /* UTF-8 */
    unsigned group;           /* 0 password, 1 MFA */
    unsigned number;          /* card `number` of `of` in its group, from 1 */
    unsigned of;
    unsigned needs_here; /* threshold of its own group, and of the other */
    unsigned needs_other;
    const char *vault_id; /* 24 hex digits */
    unsigned generation;
    unsigned edition;
    uint32_t serial;
    int64_t issued_unix_s;
    const char *role;    /* the holder's, UTF-8 */
    const char *genesis; /* the genesis fingerprint, 64 hex digits */
    enum qrt_paper paper;
    bool practice;
    const char *payload;                /* secret: QUORATE1:S:… */
    const char *words[QRT_SHEET_WORDS]; /* secret */
    const char *checks[QRT_SHEET_ROWS]; /* secret: the rows' check words */
};

/* Describes the two pages of a card in *description (secret, replaced), for
 * qrt_print_pdf. On failure it is empty. QRT_E_RANGE (a field is malformed or
 * too long), QRT_E_NOMEM, QRT_E_LOCKED_MEMORY. */
enum qrt_code qrt_sheet_card_describe(struct qrt_secret *description,
                                      const struct qrt_sheet_card *card,
                                      struct qrt_err *err) QRT_MUST_USE;

#endif
