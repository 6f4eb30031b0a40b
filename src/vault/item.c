#include "vault/item.h"

#include "base/text.h"
#include "crypto/seal.h"
#include "crypto/sign.h"
#include <sodium.h>
#include <stdlib.h>

void qrt_item_additional_data(struct qrt_buf *ad, const struct qrt_item_place *place)
{
    char vault[25];
    qrt_text_hex(vault, place->vault_id, 12);
    qrt_buf_printf(
        ad, "quorate/item/v1\nvault %s\ngeneration %u\naccount %s\nkind %s\nserial %llu\n", vault,
        place->generation, place->account, place->kind, (unsigned long long)place->serial);
}

enum qrt_code qrt_item_seal(struct qrt_buf *out, const struct qrt_item_place *place,
                            const uint8_t *plaintext, size_t len_bytes,
                            const uint8_t item_key[static 32], struct qrt_err *err)
{
    if (len_bytes > QRT_ITEM_MAX_BYTES) {
        return qrt_fail(err, QRT_E_RANGE, "an item longer than %d bytes", QRT_ITEM_MAX_BYTES);
    }
    QRT_SECRET padded = {0};
    enum qrt_code code = qrt_secret_init(&padded, QRT_ITEM_MAX_BYTES + QRT_ITEM_PAD_BYTES, err);
    if (code == QRT_OK) {
        code = qrt_secret_append(&padded, plaintext, len_bytes, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    QRT_BUF ad = {0};
    uint8_t nonce[QRT_NONCE_BYTES];
    uint8_t ciphertext[QRT_ITEM_MAX_BYTES + QRT_ITEM_PAD_BYTES + QRT_TAG_BYTES];
    size_t padded_len = 0;
    if (sodium_pad(&padded_len, padded.data, len_bytes, QRT_ITEM_PAD_BYTES, padded.size_bytes) !=
        0) {
        return qrt_fail(err, QRT_E_RANGE, "an item longer than %d bytes", QRT_ITEM_MAX_BYTES);
    }
    qrt_item_additional_data(&ad, place);
    qrt_random(nonce, sizeof nonce);
    qrt_seal(ciphertext, padded.data, padded_len, ad.data, ad.len_bytes, nonce, item_key);
    qrt_buf_add(out, nonce, sizeof nonce);
    qrt_buf_add(out, ciphertext, padded_len + QRT_TAG_BYTES);
    return ad.failed ? qrt_buf_check(&ad, err) : qrt_buf_check(out, err);
}

enum qrt_code qrt_item_unseal(struct qrt_secret *plaintext, const struct qrt_item_place *place,
                              const uint8_t *sealed, size_t len_bytes,
                              const uint8_t item_key[static 32], struct qrt_err *err)
{
    struct qrt_reader reader = qrt_reader_of(sealed, len_bytes);
    const uint8_t *nonce = qrt_read_view(&reader, QRT_NONCE_BYTES);
    size_t left = qrt_reader_left(&reader);
    const uint8_t *ciphertext = qrt_read_view(&reader, left);
    if (nonce == NULL || left <= QRT_TAG_BYTES ||
        left > QRT_ITEM_MAX_BYTES + QRT_ITEM_PAD_BYTES + QRT_TAG_BYTES) {
        return qrt_fail(err, QRT_E_TAMPERED, "item %s of %s has an impossible length", place->kind,
                        place->account);
    }
    QRT_BUF ad = {0};
    size_t len = 0;
    enum qrt_code code = qrt_secret_init(plaintext, left - QRT_TAG_BYTES, err);
    if (code != QRT_OK) {
        return code;
    }
    qrt_item_additional_data(&ad, place);
    if ((code = qrt_buf_check(&ad, err)) != QRT_OK) {
        return code;
    }
    if (!qrt_unseal(plaintext->data, ciphertext, left, ad.data, ad.len_bytes, nonce, item_key) ||
        sodium_unpad(&len, plaintext->data, left - QRT_TAG_BYTES, QRT_ITEM_PAD_BYTES) != 0) {
        qrt_secret_wipe(plaintext);
        return qrt_fail(err, QRT_E_TAMPERED, "item %s of %s is not the one that was sealed",
                        place->kind, place->account);
    }
    plaintext->len_bytes = len;
    return QRT_OK;
}
