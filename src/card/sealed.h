/* Sealed sheets: a group's items as ciphertext on paper. */
#ifndef QRT_CARD_SEALED_H
#define QRT_CARD_SEALED_H

#include "worker/description.h"
#include <quorate/err.h>
#include <quorate/secret.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QRT_SHEET_SEALED_ITEMS_MAX    24  /* of one description; a booklet has several */
#define QRT_SHEET_SEALED_CHARS_MAX    574 /* of an item: version 18 at level Q */
#define QRT_SHEET_SEALED_HEADER_MAX   189 /* of the header: version 9 */
#define QRT_SHEET_SEALED_PAGES(items) (((items) + 3) / 4)

/* One item: its code and what stands beside it. All of it is public. */
struct qrt_sheet_sealed_item {
    const char *account;
    const char *kind;
    uint32_t serial;
    unsigned generation;
    const char *payload; /* QUORATE1:I:… */
};

/* What a sealed sheet says, four items to a page and the header on each. All
 * of it is public; the strings are C strings of the caller's. */
struct qrt_sheet_sealed {
    const char *organisation; /* UTF-8 */
    const char *origin;
    const char *vault_id;    /* 24 hex digits */
    unsigned group;          /* 0 password, 1 MFA */
    unsigned needs_password; /* the groups' thresholds */
    unsigned needs_mfa;
    unsigned generation;
    int64_t issued_unix_s;
    const char *header; /* QUORATE1:H:… */
    const struct qrt_sheet_sealed_item *items;
    size_t items_len;    /* 1 to QRT_SHEET_SEALED_ITEMS_MAX */
    unsigned first_page; /* page `first_page` of `pages` is this sheet's first: 1, and */
    unsigned pages;      /* QRT_SHEET_SEALED_PAGES(items_len), where it is alone */
    enum qrt_paper paper;
    bool practice;
};

/* Describes the pages in *description (replaced), as qrt_sheet_wallet_describe
 * does, with its codes. */
enum qrt_code qrt_sheet_sealed_describe(struct qrt_secret *description,
                                        const struct qrt_sheet_sealed *sealed,
                                        struct qrt_err *err) QRT_MUST_USE;

#endif
