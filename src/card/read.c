#include <quorate/card.h>

#include "card/code.h"
#include "card/typed.h"
#include <sodium.h>

static enum qrt_code read_code(struct qrt_card *card, enum qrt_card_reason *reason,
                               const char *text, size_t len_chars, struct qrt_err *err)
{
    /* Room for a later version, which is told by its first byte. */
    uint8_t payload[4 * QRT_CARD_PAYLOAD_BYTES];
    size_t len_bytes;
    enum qrt_code code =
        qrt_code_read(payload, sizeof payload, &len_bytes, QRT_CODE_SHARE, text, len_chars, err);
    if (code == QRT_OK) {
        code = qrt_card_decode(card, payload, len_bytes, err);
    }
    sodium_memzero(payload, sizeof payload);
    *reason = qrt_card_reason_of(code);
    return code;
}

static enum qrt_code read_words(struct qrt_card *card, enum qrt_card_reason *reason,
                                const char *text, size_t len_chars, struct qrt_err *err)
{
    uint16_t words[QRT_SLIP39_CARD_WORDS];
    enum qrt_code code = qrt_typed_parse(words, reason, text, len_chars, err);
    struct qrt_slip39_share share;
    sodium_memzero(&share, sizeof share);
    if (code == QRT_OK) {
        *reason = QRT_CARD_UNREADABLE;
        code = qrt_slip39_share_decode(&share, words, QRT_SLIP39_CARD_WORDS, err);
    }
    if (code == QRT_OK) {
        *reason = QRT_CARD_FINE;
        card->group = share.group_index;
        card->member_index = share.member_index;
        card->member_threshold = share.member_threshold;
        qrt_slip39_words_pack(card->share, words);
    }
    sodium_memzero(words, sizeof words);
    sodium_memzero(&share, sizeof share);
    return code;
}

enum qrt_code qrt_card_read(struct qrt_card *card, struct qrt_slip39_share *share,
                            enum qrt_card_reason *reason, const char *text, size_t len_bytes,
                            struct qrt_err *err)
{
    sodium_memzero(card, sizeof *card);
    sodium_memzero(share, sizeof *share);
    *reason = QRT_CARD_UNREADABLE;
    if (len_bytes > QRT_CARD_INPUT_MAX) {
        return qrt_fail(err, QRT_E_REFUSED, "more text than any card has");
    }
    qrt_code_trim(&text, &len_bytes);
    enum qrt_code code = qrt_code_is(text, len_bytes)
                             ? read_code(card, reason, text, len_bytes, err)
                             : read_words(card, reason, text, len_bytes, err);
    if (code == QRT_OK) {
        code = qrt_card_get_share(share, reason, card, err);
    }
    if (code == QRT_OK) {
        return QRT_OK;
    }
    sodium_memzero(card, sizeof *card);
    if (err != NULL) {
        err->code = QRT_E_REFUSED;
    }
    return QRT_E_REFUSED;
}
