/* Items that are texts: a device, security questions, a note
 * (docs/formats/item.md). */
#ifndef QRT_VAULT_ITEM_TEXT_H
#define QRT_VAULT_ITEM_TEXT_H

#include "vault/item.h"
#include <stdbool.h>

#define QRT_ITEM_TEXTS          3
#define QRT_ITEM_TEXT_MAX_BYTES 1024

/* "device", "questions", "note". */
extern const char *const qrt_item_texts[QRT_ITEM_TEXTS];

/* Is there an item of that kind, and is it a text? */
bool qrt_item_is_kind(const char *kind);
bool qrt_item_is_text(const char *kind);

/* May the text (secret) be such an item? Lines of UTF-8 in NFC without control
 * characters, none of them empty, none ended by a blank, the last without its
 * end; of a device and of questions each is `NAME: TEXT`. QRT_E_FORMAT names
 * the line and quotes nothing; QRT_E_RANGE if it is empty or too long. */
enum qrt_code qrt_item_text_check(const char *kind, const uint8_t *text, size_t len_bytes,
                                  struct qrt_err *err) QRT_MUST_USE;

#endif
