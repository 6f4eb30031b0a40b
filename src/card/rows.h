/* Check words: a card's 33 words in 11 rows of three, and a fourth that tells
 * by itself whether its row was read right (docs/formats/card.md). */
#ifndef QRT_CARD_ROWS_H
#define QRT_CARD_ROWS_H

#include <quorate/slip39.h>
#include <stdint.h>

#define QRT_ROWS       11
#define QRT_ROW_WORDS  3
#define QRT_ROWS_WORDS (QRT_ROWS * (QRT_ROW_WORDS + 1))

/* The check word of a row (0-10): indices 0-1023, secret. Its time depends on
 * nothing. */
uint16_t qrt_row_check(unsigned row, const uint16_t words[static QRT_ROW_WORDS]);

/* 44 words from 33 (secret), each row's check word behind it. */
void qrt_rows_add(uint16_t rows[static QRT_ROWS_WORDS],
                  const uint16_t words[static QRT_SLIP39_CARD_WORDS]);

/* The 33 words of 44 (secret), and which rows do not fit their check words:
 * bit r for row r. Any one wrong word and any two neighbours exchanged inside
 * a row are seen. */
unsigned qrt_rows_strip(uint16_t words[static QRT_SLIP39_CARD_WORDS],
                        const uint16_t rows[static QRT_ROWS_WORDS]);

#endif
