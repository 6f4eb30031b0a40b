/* A share as words, and its words as the bytes of a card. */
#include "split/share.h"

#include "split/ctime.h"
#include "split/words.h"
#include <sodium.h>
#include <string.h>

enum { WORD_BITS = 10, HEAD_WORDS = 4, WORD_MAX = 1023 };

/* The words without a value. */
#define FRAME_WORDS (HEAD_WORDS + QRT_RS1024_WORDS)

_Static_assert(QRT_SLIP39_WORDS_MAX ==
                   FRAME_WORDS + (8 * QRT_SLIP39_VALUE_MAX_BYTES + WORD_BITS - 1) / WORD_BITS,
               "words of the longest value");

/* Bits in (big-endian), bits out. The buffer of bits is secret. */
struct bits {
    uint32_t held;
    unsigned count;
};

static void bits_wipe(struct bits *bits)
{
    sodium_memzero(bits, sizeof *bits);
}

#define BITS __attribute__((cleanup(bits_wipe))) struct bits

static void words_of_bytes(uint16_t *words, size_t words_count, const uint8_t *bytes,
                           size_t len_bytes)
{
    /* Padding stands before the value, whose length is even: pairs of bytes. */
    BITS bits = {.count = (unsigned)(words_count * WORD_BITS - len_bytes * 8)};
    for (size_t i = 0; i < words_count; i++) {
        if (bits.count < WORD_BITS) {
            bits.held = bits.held << 16 | (uint32_t)bytes[0] << 8 | bytes[1];
            bits.count += 16;
            bytes += 2;
        }
        bits.count -= WORD_BITS;
        words[i] = (uint16_t)(bits.held >> bits.count & WORD_MAX);
    }
}

/* Returns the padding, which is to be 0. */
static uint32_t bytes_of_words(uint8_t *bytes, size_t len_bytes, const uint16_t *words,
                               size_t words_count)
{
    unsigned padding_bits = (unsigned)(words_count * WORD_BITS - len_bytes * 8);
    uint32_t padding = (uint32_t)words[0] >> (WORD_BITS - padding_bits);
    BITS bits = {0};
    for (size_t i = 0; i < words_count; i++) {
        bits.held = bits.held << WORD_BITS | words[i];
        bits.count += i == 0 ? WORD_BITS - padding_bits : WORD_BITS;
        if (bits.count >= 16) {
            bits.count -= 16;
            bytes[0] = (uint8_t)(bits.held >> (bits.count + 8));
            bytes[1] = (uint8_t)(bits.held >> bits.count);
            bytes += 2;
        }
    }
    return padding;
}

enum qrt_code qrt_share_check(const struct qrt_slip39_share *share, struct qrt_err *err)
{
    if (share->identifier > 0x7fff || share->iteration_exponent > 15 || share->group_index > 15 ||
        share->group_threshold < 1 || share->group_count > 16 || share->member_index > 15 ||
        share->member_threshold < 1 || share->member_threshold > 16 ||
        share->value_len_bytes < QRT_SLIP39_VALUE_MIN_BYTES ||
        share->value_len_bytes > QRT_SLIP39_VALUE_MAX_BYTES || share->value_len_bytes % 2 != 0) {
        return qrt_fail(err, QRT_E_RANGE, "a share's field is out of its range");
    }
    if (share->group_threshold > share->group_count) {
        return qrt_fail(err, QRT_E_RANGE, "group threshold %u is more than the %u groups",
                        share->group_threshold, share->group_count);
    }
    return QRT_OK;
}

enum qrt_code qrt_slip39_share_encode(uint16_t words[static QRT_SLIP39_WORDS_MAX],
                                      size_t *words_count, const struct qrt_slip39_share *share,
                                      struct qrt_err *err)
{
    enum qrt_code code = qrt_share_check(share, err);
    if (code != QRT_OK) {
        return code;
    }
    size_t value_words = (8u * share->value_len_bytes + WORD_BITS - 1) / WORD_BITS;
    words[0] = share->identifier >> 5;
    words[1] = (uint16_t)((share->identifier & 0x1f) << 5 | (share->extendable ? 1 : 0) << 4 |
                          share->iteration_exponent);
    words[2] = (uint16_t)(share->group_index << 6 | (share->group_threshold - 1) << 2 |
                          (share->group_count - 1) >> 2);
    words[3] = (uint16_t)(((share->group_count - 1) & 3) << 8 | share->member_index << 4 |
                          (share->member_threshold - 1));
    words_of_bytes(words + HEAD_WORDS, value_words, share->value, share->value_len_bytes);
    qrt_rs1024_append(words, HEAD_WORDS + value_words, share->extendable);
    *words_count = FRAME_WORDS + value_words;
    return QRT_OK;
}

static void head_decode(struct qrt_slip39_share *share, const uint16_t words[static HEAD_WORDS])
{
    share->identifier = (uint16_t)(words[0] << 5 | words[1] >> 5);
    share->extendable = (words[1] >> 4 & 1) != 0;
    share->iteration_exponent = words[1] & 15;
    share->group_index = (uint8_t)(words[2] >> 6);
    share->group_threshold = (uint8_t)((words[2] >> 2 & 15) + 1);
    share->group_count = (uint8_t)(((words[2] & 3) << 2 | words[3] >> 8) + 1);
    share->member_index = words[3] >> 4 & 15;
    share->member_threshold = (uint8_t)((words[3] & 15) + 1);
}

static enum qrt_code share_decode(struct qrt_slip39_share *share, const uint16_t *words,
                                  size_t words_count, struct qrt_err *err)
{
    if (words_count < QRT_SLIP39_WORDS_MIN || words_count > QRT_SLIP39_WORDS_MAX) {
        return qrt_fail(err, QRT_E_REFUSED, "%zu words are no share", words_count);
    }
    for (size_t i = 0; i < words_count; i++) {
        bool above = words[i] > WORD_MAX;
        QRT_PUBLIC(above);
        if (above) {
            return qrt_fail(err, QRT_E_REFUSED, "word %zu is not in the list", i + 1);
        }
    }
    head_decode(share, words);
    if (!qrt_rs1024_holds(words, words_count, share->extendable)) {
        return qrt_fail(err, QRT_E_REFUSED, "the checksum does not hold");
    }
    size_t value_words = words_count - FRAME_WORDS;
    size_t value_len_bytes = value_words * WORD_BITS / 16 * 2;
    if (value_words * WORD_BITS - value_len_bytes * 8 > 8) {
        return qrt_fail(err, QRT_E_REFUSED, "%zu words are no share", words_count);
    }
    share->value_len_bytes = (uint8_t)value_len_bytes;
    bool padded =
        bytes_of_words(share->value, value_len_bytes, words + HEAD_WORDS, value_words) != 0;
    QRT_PUBLIC(padded);
    if (padded) {
        return qrt_fail(err, QRT_E_REFUSED, "the padding is not zero");
    }
    if (qrt_share_check(share, err) != QRT_OK) {
        return err == NULL ? QRT_E_REFUSED : (err->code = QRT_E_REFUSED);
    }
    return QRT_OK;
}

enum qrt_code qrt_slip39_share_decode(struct qrt_slip39_share *share, const uint16_t *words,
                                      size_t words_count, struct qrt_err *err)
{
    sodium_memzero(share, sizeof *share);
    enum qrt_code code = share_decode(share, words, words_count, err);
    if (code != QRT_OK) {
        sodium_memzero(share, sizeof *share);
    }
    return code;
}

/* 33 words are 330 bits; six zero bits before them make 42 bytes. */
void qrt_slip39_words_pack(uint8_t packed[static QRT_SLIP39_CARD_BYTES],
                           const uint16_t words[static QRT_SLIP39_CARD_WORDS])
{
    BITS bits = {.count = 8 * QRT_SLIP39_CARD_BYTES - WORD_BITS * QRT_SLIP39_CARD_WORDS};
    for (size_t i = 0; i < QRT_SLIP39_CARD_WORDS; i++) {
        bits.held = bits.held << WORD_BITS | (words[i] & WORD_MAX);
        bits.count += WORD_BITS;
        while (bits.count >= 8) {
            bits.count -= 8;
            *packed++ = (uint8_t)(bits.held >> bits.count);
        }
    }
}

enum qrt_code qrt_slip39_words_unpack(uint16_t words[static QRT_SLIP39_CARD_WORDS],
                                      const uint8_t packed[static QRT_SLIP39_CARD_BYTES],
                                      struct qrt_err *err)
{
    unsigned spare_bits = 8 * QRT_SLIP39_CARD_BYTES - WORD_BITS * QRT_SLIP39_CARD_WORDS;
    bool spare = packed[0] >> (8 - spare_bits) != 0;
    QRT_PUBLIC(spare);
    if (spare) {
        sodium_memzero(words, QRT_SLIP39_CARD_WORDS * sizeof words[0]);
        return qrt_fail(err, QRT_E_REFUSED, "the six spare bits of a share are not zero");
    }
    BITS bits = {.held = packed[0], .count = 8 - spare_bits};
    size_t at = 1;
    for (size_t i = 0; i < QRT_SLIP39_CARD_WORDS; i++) {
        while (bits.count < WORD_BITS) {
            bits.held = bits.held << 8 | packed[at++];
            bits.count += 8;
        }
        bits.count -= WORD_BITS;
        words[i] = (uint16_t)(bits.held >> bits.count & WORD_MAX);
    }
    return QRT_OK;
}
