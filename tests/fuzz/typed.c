/* Typed words: what is taken are words of the list, and rows that fit. */
#include "fuzz.h"

#include "card/rows.h"
#include "card/typed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len_bytes)
{
    uint16_t words[QRT_SLIP39_CARD_WORDS];
    uint16_t again[QRT_SLIP39_CARD_WORDS];
    uint16_t rows[QRT_ROWS_WORDS];
    enum qrt_card_reason reason;
    struct qrt_err err;
    if (qrt_typed_parse(words, &reason, (const char *)data, len_bytes, &err) != QRT_OK) {
        FUZZ_HOLDS(reason == QRT_CARD_UNKNOWN_WORD || reason == QRT_CARD_UNREADABLE);
        return 0;
    }
    qrt_rows_add(rows, words);
    FUZZ_HOLDS(qrt_rows_strip(again, rows) == 0);
    for (size_t i = 0; i < QRT_SLIP39_CARD_WORDS; i++) {
        FUZZ_HOLDS(words[i] < 1024 && words[i] == again[i]);
    }
    return 0;
}
