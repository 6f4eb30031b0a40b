/* Sealed items and the header of their sheet as codes on paper
 * (docs/formats/sealed.md). All of it is public. */
#ifndef QRT_VAULT_ITEM_CODE_H
#define QRT_VAULT_ITEM_CODE_H

#include "crypto/hash.h"
#include "vault/item.h"
#include <quorate/err.h>
#include <quorate/group.h>

#define QRT_ITEM_ACCOUNT_CHARS   32
#define QRT_ITEM_KIND_CHARS      9 /* questions */
#define QRT_ITEM_AD_MAX_BYTES    148
#define QRT_ITEM_CODE_MAX_BYTES  (2 + QRT_ITEM_AD_MAX_BYTES + 24 + 2080 + 16)
#define QRT_ITEM_CODE_CHARS      (11 + (QRT_ITEM_CODE_MAX_BYTES * 8 + 4) / 5)
#define QRT_SHEET_HEADER_BYTES   111
#define QRT_SHEET_HEADER_CHARS   189
#define QRT_SHEET_HEADER_VERSION 1

/* One item as a code carries it. */
struct qrt_item_code {
    uint8_t vault_id[12];
    unsigned generation; /* 1 to 65535 */
    char account[QRT_ITEM_ACCOUNT_CHARS + 1];
    char kind[QRT_ITEM_KIND_CHARS + 1];
    uint64_t serial; /* from 1 */
    size_t sealed_len_bytes;
    uint8_t sealed[24 + 2080 + 16]; /* as stored: nonce and ciphertext */
};

/* Appends the payload of an `:I:` code: u16 length, additional data, nonce,
 * ciphertext. QRT_E_RANGE for what no such code can carry; QRT_E_NOMEM. */
enum qrt_code qrt_item_code_encode(struct qrt_buf *out, const struct qrt_item_place *place,
                                   const uint8_t *sealed, size_t len_bytes,
                                   struct qrt_err *err) QRT_MUST_USE;

/* Reads one. Strict: what is taken is what qrt_item_code_encode would write of
 * it, to the last byte. QRT_E_FORMAT; *item is then zeroed. */
enum qrt_code qrt_item_code_decode(struct qrt_item_code *item, const uint8_t *payload,
                                   size_t len_bytes, struct qrt_err *err) QRT_MUST_USE;

/* The item's place; it borrows from *item. */
struct qrt_item_place qrt_item_code_place(const struct qrt_item_code *item);

/* The same as text, `QUORATE1:I:…`: appended with no end, and read with white
 * space at both ends left away. Reading: QRT_E_REFUSED for another kind of code. */
enum qrt_code qrt_item_code_text(struct qrt_buf *out, const struct qrt_item_place *place,
                                 const uint8_t *sealed, size_t len_bytes,
                                 struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_item_code_read(struct qrt_item_code *item, const char *text, size_t len_chars,
                                 struct qrt_err *err) QRT_MUST_USE;

/* What a sheet says of its vault's key, so that a quorum is known to be right
 * before anything is unsealed. */
struct qrt_sheet_header {
    uint8_t vault_id[12];
    uint16_t generation; /* from 1 */
    uint8_t key_check[QRT_HASH_BYTES];
    uint8_t group_check[QRT_GROUPS][QRT_HASH_BYTES];
};

/* QRT_E_RANGE for generation 0; payload is then zeroed. */
enum qrt_code qrt_sheet_header_encode(uint8_t payload[static QRT_SHEET_HEADER_BYTES],
                                      const struct qrt_sheet_header *header,
                                      struct qrt_err *err) QRT_MUST_USE;

/* QRT_E_FORMAT; QRT_E_NEWER for a later version; *header is then zeroed. */
enum qrt_code qrt_sheet_header_decode(struct qrt_sheet_header *header, const uint8_t *payload,
                                      size_t len_bytes, struct qrt_err *err) QRT_MUST_USE;

/* The same as text, `QUORATE1:H:…`, as above. */
enum qrt_code qrt_sheet_header_text(char text[static QRT_SHEET_HEADER_CHARS + 1],
                                    const struct qrt_sheet_header *header,
                                    struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_sheet_header_read(struct qrt_sheet_header *header, const char *text,
                                    size_t len_chars, struct qrt_err *err) QRT_MUST_USE;

#endif
