#include <quorate/card.h>

#include "base/bytes.h"
#include "card/code.h"
#include <string.h>

#define LABEL_VERSION 1

enum qrt_code qrt_label_text(char text[static QRT_LABEL_TEXT_CHARS + 1],
                             const struct qrt_label *label, struct qrt_err *err)
{
    memset(text, 0, QRT_LABEL_TEXT_CHARS + 1);
    if (label->generation == 0 || label->edition == 0 || label->serial == 0) {
        return qrt_fail(err, QRT_E_RANGE, "a label's generation, edition or serial is 0");
    }
    uint8_t payload[QRT_LABEL_BYTES];
    struct qrt_writer writer = qrt_writer_of(payload, sizeof payload);
    qrt_write_u8(&writer, LABEL_VERSION);
    qrt_write_bytes(&writer, label->vault_id, sizeof label->vault_id);
    qrt_write_u16(&writer, label->generation);
    qrt_write_u16(&writer, label->edition);
    qrt_write_u32(&writer, label->serial);
    qrt_write_bytes(&writer, label->commitment, sizeof label->commitment);
    qrt_code_write(text, QRT_CODE_LABEL, payload, sizeof payload);
    return QRT_OK;
}

static enum qrt_code decode_label(struct qrt_label *label, const uint8_t *payload, size_t len_bytes,
                                  struct qrt_err *err)
{
    if (len_bytes > 0 && payload[0] > LABEL_VERSION) {
        return qrt_fail(err, QRT_E_NEWER, "a label of a later form, version %u", payload[0]);
    }
    struct qrt_reader reader = qrt_reader_of(payload, len_bytes);
    unsigned version = qrt_read_u8(&reader);
    qrt_read_bytes(&reader, label->vault_id, sizeof label->vault_id);
    label->generation = qrt_read_u16(&reader);
    label->edition = qrt_read_u16(&reader);
    label->serial = qrt_read_u32(&reader);
    qrt_read_bytes(&reader, label->commitment, sizeof label->commitment);
    if (!qrt_reader_done(&reader) || version != LABEL_VERSION || label->generation == 0 ||
        label->edition == 0 || label->serial == 0) {
        return qrt_fail(err, QRT_E_FORMAT, "a label's field or length is out of range");
    }
    return QRT_OK;
}

enum qrt_code qrt_label_read(struct qrt_label *label, enum qrt_card_reason *reason,
                             const char *text, size_t len_bytes, struct qrt_err *err)
{
    /* Room for a later version, which is told by its first byte. */
    uint8_t payload[4 * QRT_LABEL_BYTES];
    size_t payload_len_bytes;
    *label = (struct qrt_label){0};
    qrt_code_trim(&text, &len_bytes);
    enum qrt_code code = qrt_code_read(payload, sizeof payload, &payload_len_bytes, QRT_CODE_LABEL,
                                       text, len_bytes, err);
    if (code == QRT_OK) {
        code = decode_label(label, payload, payload_len_bytes, err);
    }
    *reason = qrt_card_reason_of(code);
    if (code == QRT_OK) {
        return QRT_OK;
    }
    *label = (struct qrt_label){0};
    if (err != NULL) {
        err->code = QRT_E_REFUSED;
    }
    return QRT_E_REFUSED;
}
