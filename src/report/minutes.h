/* The minutes of a session, as a sheet to sign. */
#ifndef QRT_REPORT_MINUTES_H
#define QRT_REPORT_MINUTES_H

#include "worker/description.h"
#include <quorate/err.h>
#include <quorate/secret.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Somebody who was present, and signs. */
struct qrt_minutes_person {
    const char *id;
    const char *name;  /* UTF-8 */
    const char *roles; /* comma-joined */
    bool cosigned;     /* the checkpoint, with a badge */
};

/* Something that happened. */
struct qrt_minutes_line {
    int64_t unix_s;
    const char *text; /* UTF-8 */
};

struct qrt_minutes_exception {
    int64_t unix_s;
    const char *step; /* each UTF-8, or NULL */
    const char *expected;
    const char *happened;
    const char *decided;
    const char *person;     /* whom it is about: an id */
    const char *settles[2]; /* who, and what, will not come back */
};

/* A card, and the bag that it went into; NULL or "" is left to write by hand. */
struct qrt_minutes_bag {
    uint32_t serial;
    const char *person; /* the custodian's id */
    const char *bag;
    const char *site;
    const char *safe;
    const char *witnesses; /* comma-joined */
};

/* What minutes say. All of it is public; the strings are C strings of the
 * caller's. Tables of length 0 are left out. */
struct qrt_sheet_minutes {
    const char *title;        /* as "Minutes of a founding" */
    const char *organisation; /* UTF-8 */
    const char *origin;
    const char *vault_id; /* 24 hex digits */
    const char *ceremony;
    const char *result; /* UTF-8 */
    int64_t opened_unix_s;
    int64_t closed_unix_s;
    int64_t clock_offset_s; /* wall clock less this machine's, as attested */
    const struct qrt_minutes_person *people;
    size_t people_len;
    const struct qrt_minutes_line *lines;
    size_t lines_len;
    const struct qrt_minutes_exception *exceptions;
    size_t exceptions_len;
    const struct qrt_minutes_bag *bags;
    size_t bags_len;
    const char *const *receipts; /* shown: the log's size on each */
    size_t receipts_len;
    uint64_t size; /* the closing checkpoint's, and its root: 64 hex digits */
    uint64_t epoch;
    const char *root;
    const char *genesis; /* the genesis fingerprint, 64 hex digits */
    const char *digest;  /* SHA-256 of the minutes' bytes in the log, 64 hex digits, or NULL */
    enum qrt_paper paper;
    bool practice;
};

/* Describes the pages in *description (replaced), for qrt_print_pdf. On
 * failure it is empty. QRT_E_RANGE (a field is malformed, or it is more than
 * QRT_SHEET_PAGES_MAX pages or QRT_FRAME_SHEET_BYTES), QRT_E_NOMEM,
 * QRT_E_LOCKED_MEMORY. */
enum qrt_code qrt_sheet_minutes_describe(struct qrt_secret *description,
                                         const struct qrt_sheet_minutes *minutes,
                                         struct qrt_err *err) QRT_MUST_USE;

#endif
