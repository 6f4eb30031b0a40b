#include <quorate/card.h>

#include "base/bytes.h"
#include "card/code.h"
#include "crypto/hash.h"
#include "crypto/sign.h"
#include <sodium.h>
#include <string.h>

#define SIGN_TAG   "quorate/card/v1"
#define COMMIT_TAG "quorate/card-commit/v1"

static const struct {
    const char *word;
    const char *said;
} reasons[] = {{"", ""},
#define REASON(constant, word, said) {word, said},
               QRT_CARD_REASONS(REASON)
#undef REASON
};

const char *qrt_card_reason_word(enum qrt_card_reason reason)
{
    return reasons[reason].word;
}

const char *qrt_card_reason_said(enum qrt_card_reason reason)
{
    return reasons[reason].said;
}

/* The field that is out of its range, or NULL. */
static const char *find_bad_field(const struct qrt_card *card)
{
    if (card->generation == 0) {
        return "generation";
    }
    if (card->edition == 0) {
        return "edition";
    }
    if (card->serial == 0) {
        return "serial";
    }
    if (card->group >= QRT_GROUPS) {
        return "group";
    }
    if (card->member_index >= QRT_GROUP_MEMBERS_MAX) {
        return "member index";
    }
    if (card->member_threshold == 0 || card->member_threshold > QRT_GROUP_MEMBERS_MAX) {
        return "threshold";
    }
    return (card->share[0] & 0xFC) != 0 ? "share's spare bits" : NULL;
}

enum qrt_code qrt_card_encode(uint8_t payload[static QRT_CARD_PAYLOAD_BYTES],
                              const struct qrt_card *card, struct qrt_err *err)
{
    const char *bad = find_bad_field(card);
    if (bad != NULL) {
        sodium_memzero(payload, QRT_CARD_PAYLOAD_BYTES);
        return qrt_fail(err, QRT_E_RANGE, "a card's %s out of range", bad);
    }
    struct qrt_writer writer = qrt_writer_of(payload, QRT_CARD_PAYLOAD_BYTES);
    qrt_write_u8(&writer, QRT_CARD_VERSION);
    qrt_write_bytes(&writer, card->vault_id, sizeof card->vault_id);
    qrt_write_u16(&writer, card->generation);
    qrt_write_u16(&writer, card->edition);
    qrt_write_u32(&writer, card->serial);
    qrt_write_u8(&writer, card->group);
    qrt_write_u8(&writer, card->member_index);
    qrt_write_u8(&writer, card->member_threshold);
    qrt_write_bytes(&writer, card->share, sizeof card->share);
    qrt_write_bytes(&writer, card->signature, sizeof card->signature);
    return QRT_OK;
}

enum qrt_code qrt_card_decode(struct qrt_card *card, const uint8_t *payload, size_t len_bytes,
                              struct qrt_err *err)
{
    sodium_memzero(card, sizeof *card);
    if (len_bytes > 0 && payload[0] > QRT_CARD_VERSION) {
        return qrt_fail(err, QRT_E_NEWER, "a card of a later form, version %u", payload[0]);
    }
    struct qrt_reader reader = qrt_reader_of(payload, len_bytes);
    unsigned version = qrt_read_u8(&reader);
    qrt_read_bytes(&reader, card->vault_id, sizeof card->vault_id);
    card->generation = qrt_read_u16(&reader);
    card->edition = qrt_read_u16(&reader);
    card->serial = qrt_read_u32(&reader);
    card->group = qrt_read_u8(&reader);
    card->member_index = qrt_read_u8(&reader);
    card->member_threshold = qrt_read_u8(&reader);
    qrt_read_bytes(&reader, card->share, sizeof card->share);
    qrt_read_bytes(&reader, card->signature, sizeof card->signature);
    const char *bad = !qrt_reader_done(&reader)     ? "length"
                      : version != QRT_CARD_VERSION ? "version"
                                                    : find_bad_field(card);
    if (bad != NULL) {
        sodium_memzero(card, sizeof *card);
        return qrt_fail(err, QRT_E_FORMAT, "a card's %s out of range", bad);
    }
    return QRT_OK;
}

/* The tag, then the 66 bytes. */
struct signed_bytes {
    uint8_t bytes[sizeof SIGN_TAG - 1 + QRT_CARD_PAYLOAD_BYTES];
};

#define SIGNED_LEN_BYTES (sizeof SIGN_TAG - 1 + QRT_CARD_SIGNED_BYTES)

static enum qrt_code fill_signed(struct signed_bytes *out, const struct qrt_card *card,
                                 struct qrt_err *err)
{
    memcpy(out->bytes, SIGN_TAG, sizeof SIGN_TAG - 1);
    return qrt_card_encode(out->bytes + sizeof SIGN_TAG - 1, card, err);
}

enum qrt_code qrt_card_sign(struct qrt_card *card, const uint8_t key[static 64],
                            struct qrt_err *err)
{
    struct signed_bytes message;
    memset(card->signature, 0, sizeof card->signature);
    enum qrt_code code = fill_signed(&message, card, err);
    if (code == QRT_OK) {
        qrt_sign(card->signature, message.bytes, SIGNED_LEN_BYTES, key);
    }
    sodium_memzero(&message, sizeof message);
    return code;
}

bool qrt_card_verify(const struct qrt_card *card, const uint8_t public_key[static 32])
{
    struct signed_bytes message;
    bool good = fill_signed(&message, card, NULL) == QRT_OK &&
                qrt_sign_verify(card->signature, message.bytes, SIGNED_LEN_BYTES, public_key);
    sodium_memzero(&message, sizeof message);
    return good;
}

enum qrt_code qrt_card_commit(uint8_t commitment[static QRT_CARD_COMMIT_BYTES],
                              const struct qrt_card *card, struct qrt_err *err)
{
    uint8_t payload[QRT_CARD_PAYLOAD_BYTES];
    memset(commitment, 0, QRT_CARD_COMMIT_BYTES);
    enum qrt_code code = qrt_card_encode(payload, card, err);
    if (code == QRT_OK) {
        struct qrt_blake2b hash;
        qrt_blake2b_start(&hash, COMMIT_TAG);
        qrt_blake2b_add(&hash, payload, QRT_CARD_SIGNED_BYTES);
        qrt_blake2b_end(&hash, commitment);
    }
    sodium_memzero(payload, sizeof payload);
    return code;
}

static bool is_of_profile(const struct qrt_slip39_share *share)
{
    return share->value_len_bytes == QRT_SLIP39_CARD_VALUE_BYTES && share->extendable &&
           share->iteration_exponent == 0 && share->group_count == QRT_GROUPS &&
           share->group_threshold == QRT_GROUPS && share->group_index < QRT_GROUPS;
}

enum qrt_code qrt_card_put_share(struct qrt_card *card, const struct qrt_slip39_share *share,
                                 struct qrt_err *err)
{
    if (!is_of_profile(share)) {
        return qrt_fail(err, QRT_E_RANGE, "a share that is not of a vault");
    }
    uint16_t words[QRT_SLIP39_WORDS_MAX];
    size_t words_count;
    enum qrt_code code = qrt_slip39_share_encode(words, &words_count, share, err);
    if (code == QRT_OK) {
        card->group = share->group_index;
        card->member_index = share->member_index;
        card->member_threshold = share->member_threshold;
        qrt_slip39_words_pack(card->share, words);
    }
    sodium_memzero(words, sizeof words);
    return code;
}

enum qrt_code qrt_card_get_share(struct qrt_slip39_share *share, enum qrt_card_reason *reason,
                                 const struct qrt_card *card, struct qrt_err *err)
{
    uint16_t words[QRT_SLIP39_CARD_WORDS];
    *reason = QRT_CARD_UNREADABLE;
    sodium_memzero(share, sizeof *share);
    enum qrt_code code = qrt_slip39_words_unpack(words, card->share, err);
    if (code == QRT_OK) {
        code = qrt_slip39_share_decode(share, words, QRT_SLIP39_CARD_WORDS, err);
    }
    sodium_memzero(words, sizeof words);
    if (code != QRT_OK) {
        return code;
    }
    *reason = QRT_CARD_MISMATCH;
    if (!is_of_profile(share)) {
        sodium_memzero(share, sizeof *share);
        return qrt_fail(err, QRT_E_REFUSED, "a share of SLIP-0039, but not of a vault");
    }
    if (share->group_index != card->group || share->member_index != card->member_index ||
        share->member_threshold != card->member_threshold) {
        sodium_memzero(share, sizeof *share);
        return qrt_fail(err, QRT_E_REFUSED, "the card's fields and its share say different things");
    }
    *reason = QRT_CARD_FINE;
    return QRT_OK;
}

enum qrt_code qrt_card_text(char text[static QRT_CARD_TEXT_CHARS + 1], const struct qrt_card *card,
                            struct qrt_err *err)
{
    uint8_t payload[QRT_CARD_PAYLOAD_BYTES];
    sodium_memzero(text, QRT_CARD_TEXT_CHARS + 1);
    enum qrt_code code = qrt_card_encode(payload, card, err);
    if (code == QRT_OK) {
        qrt_code_write(text, QRT_CODE_SHARE, payload, sizeof payload);
    }
    sodium_memzero(payload, sizeof payload);
    return code;
}
