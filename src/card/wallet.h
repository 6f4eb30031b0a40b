/* The wallet card of a badge: small, folded in three, the code inside. */
#ifndef QRT_CARD_WALLET_H
#define QRT_CARD_WALLET_H

#include "worker/description.h"
#include <quorate/err.h>
#include <quorate/secret.h>
#include <stdbool.h>
#include <stdint.h>

/* Above this a code does not fit a wallet card; a badge has 208 at most. */
#define QRT_SHEET_WALLET_CHARS_MAX 221

/* What a wallet card says. The strings are C strings of the caller's. */
struct qrt_sheet_wallet {
    const char *organisation; /* UTF-8 */
    const char *origin;
    const char *vault_id; /* 24 hex digits */
    const char *person;   /* the badge's id */
    const char *roles;    /* comma-joined, as "custodian, witness" */
    int64_t issued_unix_s;
    enum qrt_paper paper;
    bool practice;
    const char *payload; /* secret: QUORATE1:K:… */
};

/* Describes the page in *description (secret, replaced), for qrt_print_pdf. On
 * failure it is empty. QRT_E_RANGE (a field is malformed or too long),
 * QRT_E_NOMEM, QRT_E_LOCKED_MEMORY. */
enum qrt_code qrt_sheet_wallet_describe(struct qrt_secret *description,
                                        const struct qrt_sheet_wallet *wallet,
                                        struct qrt_err *err) QRT_MUST_USE;

#endif
