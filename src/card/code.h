/* The text of QR codes: `QUORATE1:`, a type letter, `:`, Base32. */
#ifndef QRT_CARD_CODE_H
#define QRT_CARD_CODE_H

#include <quorate/card.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QRT_CODE_HEAD_CHARS 11

enum qrt_code_type {
    QRT_CODE_SHARE = 'S',
    QRT_CODE_LABEL = 'B',
    QRT_CODE_ITEM = 'I',
    QRT_CODE_SHEET = 'H',
    QRT_CODE_RECEIPT = 'R',
    QRT_CODE_BADGE = 'K',
};

/* How many characters a code of so many bytes has. */
size_t qrt_code_chars(size_t len_bytes);

/* Writes qrt_code_chars(len_bytes) characters and a NUL. The bytes may be
 * secret. */
void qrt_code_write(char *text, enum qrt_code_type type, const uint8_t *bytes, size_t len_bytes);

/* Does the text begin as codes do? */
bool qrt_code_is(const char *text, size_t len_chars);

/* Reads a code of that type (may be secret) into bytes, *len_bytes of them.
 * QRT_E_FORMAT: no code, or broken Base32; QRT_E_REFUSED: of another type;
 * QRT_E_RANGE: more than size_bytes. On failure bytes is zeroed and *len_bytes
 * is 0. */
enum qrt_code qrt_code_read(uint8_t *bytes, size_t size_bytes, size_t *len_bytes,
                            enum qrt_code_type type, const char *text, size_t len_chars,
                            struct qrt_err *err) QRT_MUST_USE;

/* Leaves white space (blank, tab, CR, LF) at both ends away. */
void qrt_code_trim(const char **text, size_t *len_chars);

/* What a failure to read a code means for who presented it. */
enum qrt_card_reason qrt_card_reason_of(enum qrt_code code);

#endif
