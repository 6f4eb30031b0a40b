/* The printed receipt: the log's head, as somebody takes it home. */
#ifndef QRT_CARD_RECEIPT_H
#define QRT_CARD_RECEIPT_H

#include "worker/description.h"
#include <quorate/err.h>
#include <quorate/secret.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QRT_SHEET_RECEIPT_COSIGNERS_MAX 2
/* Version 30 at level Q; a note with two cosignatures has 1,147 at most. */
#define QRT_SHEET_RECEIPT_CHARS_MAX 1429

/* What a receipt says. All of it is public; the strings are C strings of the
 * caller's. */
struct qrt_sheet_receipt {
    const char *organisation; /* UTF-8 */
    const char *origin;
    const char *vault_id; /* 24 hex digits */
    const char *genesis;  /* the genesis fingerprint, 64 hex digits */
    uint64_t size;        /* the log's, in entries */
    uint64_t epoch;
    const char *root;      /* 64 hex digits */
    int64_t issued_unix_s; /* the checkpoint's date */
    const char *person;    /* who takes it home, an id, and as what; NULL for a line */
    const char *role;      /* to write that on */
    const char *cosigners[QRT_SHEET_RECEIPT_COSIGNERS_MAX]; /* ids of those that the code carries */
    size_t cosigners_len;
    const char *payload; /* QUORATE1:R:… */
    enum qrt_paper paper;
    bool practice;
};

/* Describes the page, folded once, in *description (replaced), as
 * qrt_sheet_wallet_describe does, with its codes. */
enum qrt_code qrt_sheet_receipt_describe(struct qrt_secret *description,
                                         const struct qrt_sheet_receipt *receipt,
                                         struct qrt_err *err) QRT_MUST_USE;

#endif
