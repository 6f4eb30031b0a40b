#include "vault/item_code.h"

#include "base/text.h"
#include "card/code.h"
#include "crypto/seal.h"
#include "vault/item_text.h"
#include <stdlib.h>
#include <string.h>

#define SEALED_MAX_BYTES (sizeof(((struct qrt_item_code *)0)->sealed))

/* A padded plaintext is whole blocks, at least one. */
static bool is_sealed_length(size_t len_bytes)
{
    const size_t around = QRT_NONCE_BYTES + QRT_TAG_BYTES;
    return len_bytes > around && len_bytes <= SEALED_MAX_BYTES &&
           (len_bytes - around) % QRT_ITEM_PAD_BYTES == 0;
}

struct qrt_item_place qrt_item_code_place(const struct qrt_item_code *item)
{
    return (struct qrt_item_place){item->vault_id, item->generation, item->account, item->kind,
                                   item->serial};
}

enum qrt_code qrt_item_code_encode(struct qrt_buf *out, const struct qrt_item_place *place,
                                   const uint8_t *sealed, size_t len_bytes, struct qrt_err *err)
{
    QRT_BUF data = {0};
    if (!qrt_item_is_kind(place->kind) || !qrt_text_is_id(place->account) || place->serial == 0 ||
        place->generation == 0 || place->generation > UINT16_MAX || !is_sealed_length(len_bytes)) {
        return qrt_fail(err, QRT_E_RANGE, "an item that no code can carry");
    }
    qrt_item_additional_data(&data, place);
    enum qrt_code code = qrt_buf_check(&data, err);
    if (code != QRT_OK) {
        return code;
    }
    qrt_buf_u16(out, (uint16_t)data.len_bytes);
    qrt_buf_add(out, data.data, data.len_bytes);
    qrt_buf_add(out, sealed, len_bytes);
    return qrt_buf_check(out, err);
}

/* Takes `NAME VALUE LF` off the lines; the value gets its end. */
static bool take_line(struct qrt_reader *lines, char *value, size_t size_bytes, const char *name)
{
    const char *at = (const char *)lines->data + lines->at;
    const char *end = memchr(at, '\n', qrt_reader_left(lines));
    size_t name_len = strlen(name);
    size_t len = end == NULL ? 0 : (size_t)(end - at);
    if (len <= name_len + 1 || memcmp(at, name, name_len) != 0 || at[name_len] != ' ' ||
        len - name_len - 1 >= size_bytes || memchr(at, '\0', len) != NULL) {
        return false;
    }
    memcpy(value, at + name_len + 1, len - name_len - 1);
    value[len - name_len - 1] = '\0';
    return qrt_read_view(lines, len + 1) != NULL;
}

static bool parse_additional_data(struct qrt_item_code *item, const uint8_t *data, size_t len_bytes)
{
    static const char tag[] = "quorate/item/v1\n";
    struct qrt_reader lines = qrt_reader_of(data, len_bytes);
    const uint8_t *head = qrt_read_view(&lines, sizeof tag - 1);
    char vault[25];
    char generation[8];
    char serial[24];
    uint64_t number = 0;
    if (head == NULL || memcmp(head, tag, sizeof tag - 1) != 0 ||
        !take_line(&lines, vault, sizeof vault, "vault") ||
        !take_line(&lines, generation, sizeof generation, "generation") ||
        !take_line(&lines, item->account, sizeof item->account, "account") ||
        !take_line(&lines, item->kind, sizeof item->kind, "kind") ||
        !take_line(&lines, serial, sizeof serial, "serial") || !qrt_reader_done(&lines)) {
        return false;
    }
    if (!qrt_text_unhex(item->vault_id, sizeof item->vault_id, vault, strlen(vault)) ||
        !qrt_text_u64(generation, strlen(generation), UINT16_MAX, &number) || number == 0 ||
        !qrt_text_u64(serial, strlen(serial), UINT64_MAX, &item->serial) || item->serial == 0) {
        return false;
    }
    item->generation = (unsigned)number;
    return qrt_text_is_id(item->account) && qrt_item_is_kind(item->kind);
}

enum qrt_code qrt_item_code_decode(struct qrt_item_code *item, const uint8_t *payload,
                                   size_t len_bytes, struct qrt_err *err)
{
    struct qrt_reader reader = qrt_reader_of(payload, len_bytes);
    *item = (struct qrt_item_code){0};
    size_t data_len = qrt_read_u16(&reader);
    const uint8_t *data = qrt_read_view(&reader, data_len);
    size_t left = qrt_reader_left(&reader);
    if (data == NULL || data_len > QRT_ITEM_AD_MAX_BYTES || !is_sealed_length(left) ||
        !parse_additional_data(item, data, data_len)) {
        *item = (struct qrt_item_code){0};
        return qrt_fail(err, QRT_E_FORMAT, "no sealed item");
    }
    item->sealed_len_bytes = left;
    qrt_read_bytes(&reader, item->sealed, left);
    return QRT_OK;
}

enum qrt_code qrt_item_code_text(struct qrt_buf *out, const struct qrt_item_place *place,
                                 const uint8_t *sealed, size_t len_bytes, struct qrt_err *err)
{
    QRT_BUF payload = {0};
    enum qrt_code code = qrt_item_code_encode(&payload, place, sealed, len_bytes, err);
    if (code != QRT_OK) {
        return code;
    }
    char text[QRT_ITEM_CODE_CHARS + 1];
    qrt_code_write(text, QRT_CODE_ITEM, payload.data, payload.len_bytes);
    qrt_buf_text(out, text);
    return qrt_buf_check(out, err);
}

/* The payload of a code of that type, as somebody gave it. */
static enum qrt_code read_code(uint8_t *payload, size_t size_bytes, size_t *len_bytes,
                               enum qrt_code_type type, const char *text, size_t len_chars,
                               struct qrt_err *err)
{
    qrt_code_trim(&text, &len_chars);
    enum qrt_code code = qrt_code_read(payload, size_bytes, len_bytes, type, text, len_chars, err);
    return code == QRT_E_RANGE ? qrt_fail(err, QRT_E_FORMAT, "a code too long") : code;
}

enum qrt_code qrt_item_code_read(struct qrt_item_code *item, const char *text, size_t len_chars,
                                 struct qrt_err *err)
{
    uint8_t payload[QRT_ITEM_CODE_MAX_BYTES];
    size_t len = 0;
    *item = (struct qrt_item_code){0};
    enum qrt_code code =
        read_code(payload, sizeof payload, &len, QRT_CODE_ITEM, text, len_chars, err);
    return code == QRT_OK ? qrt_item_code_decode(item, payload, len, err) : code;
}

enum qrt_code qrt_sheet_header_encode(uint8_t payload[static QRT_SHEET_HEADER_BYTES],
                                      const struct qrt_sheet_header *header, struct qrt_err *err)
{
    struct qrt_writer writer = qrt_writer_of(payload, QRT_SHEET_HEADER_BYTES);
    if (header->generation == 0) {
        memset(payload, 0, QRT_SHEET_HEADER_BYTES);
        return qrt_fail(err, QRT_E_RANGE, "a sheet's header without a generation");
    }
    qrt_write_u8(&writer, QRT_SHEET_HEADER_VERSION);
    qrt_write_bytes(&writer, header->vault_id, sizeof header->vault_id);
    qrt_write_u16(&writer, header->generation);
    qrt_write_bytes(&writer, header->key_check, sizeof header->key_check);
    qrt_write_bytes(&writer, header->group_check, sizeof header->group_check);
    return QRT_OK;
}

enum qrt_code qrt_sheet_header_decode(struct qrt_sheet_header *header, const uint8_t *payload,
                                      size_t len_bytes, struct qrt_err *err)
{
    struct qrt_reader reader = qrt_reader_of(payload, len_bytes);
    *header = (struct qrt_sheet_header){0};
    unsigned version = qrt_read_u8(&reader);
    if (version > QRT_SHEET_HEADER_VERSION) {
        return qrt_fail(err, QRT_E_NEWER, "a sheet's header of a later form, version %u", version);
    }
    qrt_read_bytes(&reader, header->vault_id, sizeof header->vault_id);
    header->generation = qrt_read_u16(&reader);
    qrt_read_bytes(&reader, header->key_check, sizeof header->key_check);
    qrt_read_bytes(&reader, (uint8_t *)header->group_check, sizeof header->group_check);
    if (version == 0 || header->generation == 0 || !qrt_reader_done(&reader)) {
        *header = (struct qrt_sheet_header){0};
        return qrt_fail(err, QRT_E_FORMAT, "no header of a sealed sheet");
    }
    return QRT_OK;
}

enum qrt_code qrt_sheet_header_text(char text[static QRT_SHEET_HEADER_CHARS + 1],
                                    const struct qrt_sheet_header *header, struct qrt_err *err)
{
    uint8_t payload[QRT_SHEET_HEADER_BYTES];
    enum qrt_code code = qrt_sheet_header_encode(payload, header, err);
    if (code != QRT_OK) {
        text[0] = '\0';
        return code;
    }
    qrt_code_write(text, QRT_CODE_SHEET, payload, sizeof payload);
    return QRT_OK;
}

enum qrt_code qrt_sheet_header_read(struct qrt_sheet_header *header, const char *text,
                                    size_t len_chars, struct qrt_err *err)
{
    uint8_t payload[QRT_SHEET_HEADER_BYTES];
    size_t len = 0;
    *header = (struct qrt_sheet_header){0};
    enum qrt_code code =
        read_code(payload, sizeof payload, &len, QRT_CODE_SHEET, text, len_chars, err);
    return code == QRT_OK ? qrt_sheet_header_decode(header, payload, len, err) : code;
}
