/* A mnemonic that is read is written back to the same words; and so are words
 * made of the input's bits, with and without a checksum that holds. */
#include "fuzz.h"

#include "split/words.h"
#include <quorate/slip39.h>
#include <string.h>

/* Decodes words; what is accepted is encoded and packed to the same again. */
static bool words_hold(const uint16_t *words, size_t words_count)
{
    struct qrt_slip39_share share;
    struct qrt_err err;
    if (qrt_slip39_share_decode(&share, words, words_count, &err) != QRT_OK) {
        return false;
    }
    uint16_t again[QRT_SLIP39_WORDS_MAX];
    size_t again_count = 0;
    FUZZ_HOLDS(qrt_slip39_share_encode(again, &again_count, &share, &err) == QRT_OK);
    FUZZ_HOLDS(again_count == words_count &&
               memcmp(again, words, words_count * sizeof words[0]) == 0);
    if (words_count == QRT_SLIP39_CARD_WORDS) {
        uint8_t packed[QRT_SLIP39_CARD_BYTES];
        qrt_slip39_words_pack(packed, words);
        FUZZ_HOLDS(qrt_slip39_words_unpack(again, packed, &err) == QRT_OK);
        FUZZ_HOLDS(memcmp(again, words, words_count * sizeof words[0]) == 0);
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len_bytes)
{
    uint16_t words[QRT_SLIP39_WORDS_MAX];
    size_t words_count = 0;
    struct qrt_err err;
    if (qrt_slip39_text_decode(words, &words_count, (const char *)data, len_bytes, &err) ==
        QRT_OK) {
        (void)words_hold(words, words_count);
    }
    words_count = len_bytes / 2 < QRT_SLIP39_WORDS_MAX ? len_bytes / 2 : QRT_SLIP39_WORDS_MAX;
    for (size_t i = 0; i < words_count; i++) {
        words[i] = (uint16_t)((data[2 * i] << 8 | data[2 * i + 1]) & 0x7ff);
    }
    (void)words_hold(words, words_count);
    if (words_count > QRT_RS1024_WORDS) {
        for (size_t i = 0; i < words_count; i++) {
            words[i] &= 0x3ff;
        }
        qrt_rs1024_append(words, words_count - QRT_RS1024_WORDS, (words[1] >> 4 & 1) != 0);
        (void)words_hold(words, words_count);
    }
    uint16_t card[QRT_SLIP39_CARD_WORDS];
    if (len_bytes == QRT_SLIP39_CARD_BYTES && qrt_slip39_words_unpack(card, data, &err) == QRT_OK) {
        uint8_t packed[QRT_SLIP39_CARD_BYTES];
        qrt_slip39_words_pack(packed, card);
        FUZZ_HOLDS(memcmp(packed, data, sizeof packed) == 0);
        (void)words_hold(card, QRT_SLIP39_CARD_WORDS);
    }
    return 0;
}
