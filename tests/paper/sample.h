/* A card and a label to print: every field is made up. */
#ifndef QRT_TESTS_PAPER_SAMPLE_H
#define QRT_TESTS_PAPER_SAMPLE_H

#include "card/label.h"
#include "card/sheet.h"

/* 219 characters, each of the alphabet's 32. */
const char *sample_payload(void);
const char *sample_label_payload(void);
struct qrt_sheet_card sample_card(void);
struct qrt_sheet_label sample_label(void);
/* Fields as long as they come. */
void sample_make_long(struct qrt_sheet_card *card, struct qrt_sheet_label *label);

#endif
