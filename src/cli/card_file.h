/* A card or sheet presented as a file: a picture, or its codes or words as text. */
#ifndef QRT_CLI_CARD_FILE_H
#define QRT_CLI_CARD_FILE_H

#include "ceremony/ui.h"
#include "worker/worker.h"

/* Reads it; *card (secret) borrows the path as its name. What cannot be read is
 * a card refused, and no failure. The scanner is started when a first picture
 * comes. QRT_E_WORKER, QRT_E_NOMEM, QRT_E_LOCKED_MEMORY. */
enum qrt_code qrt_card_file_read(struct qrt_presented *card, struct qrt_worker *scanner,
                                 const char *path, struct qrt_err *err) QRT_MUST_USE;

/* The same for a sealed sheet, which may carry many codes. */
enum qrt_code qrt_sheet_file_read(struct qrt_presented *sheet, struct qrt_worker *scanner,
                                  const char *path, struct qrt_err *err) QRT_MUST_USE;

#endif
