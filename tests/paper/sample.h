/* One sheet of each kind to print: every field is made up. */
#ifndef QRT_TESTS_PAPER_SAMPLE_H
#define QRT_TESTS_PAPER_SAMPLE_H

#include "card/label.h"
#include "card/receipt.h"
#include "card/sealed.h"
#include "card/sheet.h"
#include "card/wallet.h"
#include "report/minutes.h"

/* 219 characters, each of the alphabet's 32. */
const char *sample_payload(void);
const char *sample_label_payload(void);
struct qrt_sheet_card sample_card(void);
struct qrt_sheet_label sample_label(void);
struct qrt_sheet_wallet sample_wallet(void);
struct qrt_sheet_receipt sample_receipt(void);
/* Of so many items, up to QRT_SHEET_SEALED_ITEMS_MAX. */
struct qrt_sheet_sealed sample_sealed(size_t items_len);
struct qrt_sheet_minutes sample_minutes(void);

/* One of each. */
struct samples {
    struct qrt_sheet_card card;
    struct qrt_sheet_label label;
    struct qrt_sheet_wallet wallet;
    struct qrt_sheet_receipt receipt;
    struct qrt_sheet_sealed sealed;
    struct qrt_sheet_minutes minutes;
};

struct samples sample_all(void);
/* Fields and codes as long as they come. */
void sample_make_long(struct samples *samples);

/* What the codes of a sheet of that kind say, a line each, page by page. */
void sample_tell_payloads(const struct samples *samples, const char *kind);

#endif
