/* The words of a card as a person types or copies them. */
#ifndef QRT_CARD_TYPED_H
#define QRT_CARD_TYPED_H

#include <quorate/card.h>

/* Reads 33 words, or 44 with a check word behind every three, into word
 * indices (secret). Words stand whole, in either case, parted by white space;
 * no word is completed or mended. Before the first word of a row its letter
 * may stand, A to K, alone or with one of . : ) behind it. QRT_E_REFUSED, with
 * *reason unknown-word or unreadable; the text names row and word, as in `row
 * D, word 11`, and never what was typed. On failure words is zeroed. */
enum qrt_code qrt_typed_parse(uint16_t words[static QRT_SLIP39_CARD_WORDS],
                              enum qrt_card_reason *reason, const char *text, size_t len_chars,
                              struct qrt_err *err) QRT_MUST_USE;

#endif
