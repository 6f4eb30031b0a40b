#include "card/rows.h"

#define FIELD_BITS 10
#define FIELD_POLY 0x409U /* x^10 + x^3 + 1 */

static unsigned times_alpha(unsigned a)
{
    return a << 1 ^ FIELD_POLY * (a >> (FIELD_BITS - 1));
}

uint16_t qrt_row_check(unsigned row, const uint16_t words[static QRT_ROW_WORDS])
{
    /* Horner: row + α(w1 + α(w2 + α·w3)). */
    unsigned sum = 0;
    for (unsigned i = QRT_ROW_WORDS; i > 0; i--) {
        sum = times_alpha(sum ^ words[i - 1]);
    }
    return (uint16_t)(row ^ sum);
}

void qrt_rows_add(uint16_t rows[static QRT_ROWS_WORDS],
                  const uint16_t words[static QRT_SLIP39_CARD_WORDS])
{
    for (unsigned row = 0; row < QRT_ROWS; row++) {
        for (unsigned i = 0; i < QRT_ROW_WORDS; i++) {
            *rows++ = words[i];
        }
        *rows++ = qrt_row_check(row, words);
        words += QRT_ROW_WORDS;
    }
}

unsigned qrt_rows_strip(uint16_t words[static QRT_SLIP39_CARD_WORDS],
                        const uint16_t rows[static QRT_ROWS_WORDS])
{
    unsigned wrong = 0;
    for (unsigned row = 0; row < QRT_ROWS; row++) {
        wrong |= (unsigned)(qrt_row_check(row, rows) != rows[QRT_ROW_WORDS]) << row;
        for (unsigned i = 0; i < QRT_ROW_WORDS; i++) {
            *words++ = rows[i];
        }
        rows += QRT_ROW_WORDS + 1;
    }
    return wrong;
}
