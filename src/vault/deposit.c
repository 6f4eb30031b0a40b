#include "vault/deposit.h"

#include "crypto/seal.h"
#include <sodium.h>
#include <string.h>

static const char tag[] = "quorate/deposit/v1";

#define TAG_BYTES        (sizeof tag - 1)
#define HEADER_MAX_BYTES 256
#define CONTENT_MAX_BYTES                                                                          \
    (TAG_BYTES + 2 + HEADER_MAX_BYTES + QRT_ITEM_MAX_BYTES + QRT_ITEM_PAD_BYTES)

/* What stands before the padded plaintext. */
static enum qrt_code make_head(struct qrt_buf *head, const struct qrt_item_place *place,
                               struct qrt_err *err)
{
    QRT_BUF header = {0};
    qrt_item_additional_data(&header, place);
    qrt_buf_text(head, tag);
    qrt_buf_u16(head, (uint16_t)header.len_bytes);
    qrt_buf_add(head, header.data, header.len_bytes);
    if (header.len_bytes > HEADER_MAX_BYTES) {
        return qrt_fail(err, QRT_E_RANGE, "the header of a deposit");
    }
    return header.failed ? qrt_buf_check(&header, err) : qrt_buf_check(head, err);
}

enum qrt_code qrt_deposit_seal(struct qrt_buf *out, const struct qrt_item_place *place,
                               const uint8_t *plaintext, size_t len_bytes,
                               const uint8_t deposit_key[static 32], struct qrt_err *err)
{
    QRT_BUF head = {0};
    QRT_SECRET content = {0};
    uint8_t box[CONTENT_MAX_BYTES + QRT_BOX_EXTRA_BYTES];
    size_t padded_len = 0;
    enum qrt_code code;
    if (len_bytes > QRT_ITEM_MAX_BYTES) {
        return qrt_fail(err, QRT_E_RANGE, "an item longer than %d bytes", QRT_ITEM_MAX_BYTES);
    }
    if ((code = make_head(&head, place, err)) != QRT_OK ||
        (code = qrt_secret_init(&content, CONTENT_MAX_BYTES, err)) != QRT_OK ||
        (code = qrt_secret_append(&content, head.data, head.len_bytes, err)) != QRT_OK ||
        (code = qrt_secret_append(&content, plaintext, len_bytes, err)) != QRT_OK) {
        return code;
    }
    if (sodium_pad(&padded_len, content.data + head.len_bytes, len_bytes, QRT_ITEM_PAD_BYTES,
                   content.size_bytes - head.len_bytes) != 0) {
        return qrt_fail(err, QRT_E_RANGE, "an item longer than %d bytes", QRT_ITEM_MAX_BYTES);
    }
    if (!qrt_box_seal(box, content.data, head.len_bytes + padded_len, deposit_key)) {
        return qrt_fail(err, QRT_E_FAILED, "the vault's deposit key is none");
    }
    qrt_buf_add(out, box, head.len_bytes + padded_len + QRT_BOX_EXTRA_BYTES);
    return qrt_buf_check(out, err);
}

/* Of what came out of the box: the plaintext, if all before it is of this place. */
static enum qrt_code take_content(struct qrt_secret *plaintext, const struct qrt_secret *content,
                                  size_t content_len, const struct qrt_buf *head,
                                  struct qrt_err *err)
{
    size_t len = 0;
    struct qrt_reader reader = qrt_reader_of(content->data, content_len);
    const uint8_t *have = qrt_read_view(&reader, head->len_bytes);
    size_t left = qrt_reader_left(&reader);
    const uint8_t *padded = qrt_read_view(&reader, left);
    if (have == NULL || memcmp(have, head->data, head->len_bytes) != 0) {
        return qrt_fail(err, QRT_E_REFUSED, "it was sealed for another item");
    }
    if (left == 0 || left % QRT_ITEM_PAD_BYTES != 0 ||
        left > QRT_ITEM_MAX_BYTES + QRT_ITEM_PAD_BYTES ||
        sodium_unpad(&len, padded, left, QRT_ITEM_PAD_BYTES) != 0) {
        return qrt_fail(err, QRT_E_REFUSED, "what is in it is not padded");
    }
    enum qrt_code code = qrt_secret_init(plaintext, len + 1, err);
    return code == QRT_OK ? qrt_secret_append(plaintext, padded, len, err) : code;
}

enum qrt_code qrt_deposit_open(struct qrt_secret *plaintext, const struct qrt_item_place *place,
                               const uint8_t *box, size_t len_bytes,
                               const uint8_t deposit_key[static 32],
                               const uint8_t private_key[static 32], struct qrt_err *err)
{
    QRT_BUF head = {0};
    QRT_SECRET content = {0};
    enum qrt_code code = make_head(&head, place, err);
    if (code != QRT_OK) {
        return code;
    }
    if (len_bytes <= QRT_BOX_EXTRA_BYTES || len_bytes > CONTENT_MAX_BYTES + QRT_BOX_EXTRA_BYTES) {
        return qrt_fail(err, QRT_E_REFUSED, "it has an impossible length");
    }
    if ((code = qrt_secret_init(&content, len_bytes, err)) != QRT_OK) {
        return code;
    }
    if (!qrt_box_open(content.data, box, len_bytes, deposit_key, private_key)) {
        return qrt_fail(err, QRT_E_REFUSED, "the key of this vault does not open it");
    }
    return take_content(plaintext, &content, len_bytes - QRT_BOX_EXTRA_BYTES, &head, err);
}
