/* Sealed items and sheet headers: what is read is what would be written. */
#include "fuzz.h"

#include "vault/item_code.h"
#include <string.h>

static void check_item(const struct qrt_item_code *item, const uint8_t *payload, size_t len_bytes)
{
    QRT_BUF again = {0};
    struct qrt_item_place place = qrt_item_code_place(item);
    FUZZ_HOLDS(qrt_item_code_encode(&again, &place, item->sealed, item->sealed_len_bytes, NULL) ==
               QRT_OK);
    FUZZ_HOLDS(payload == NULL ||
               (again.len_bytes == len_bytes && memcmp(again.data, payload, len_bytes) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len_bytes)
{
    struct qrt_item_code item;
    struct qrt_sheet_header header;
    uint8_t payload[QRT_SHEET_HEADER_BYTES];
    const char *text = (const char *)data;
    if (qrt_item_code_decode(&item, data, len_bytes, NULL) == QRT_OK) {
        check_item(&item, data, len_bytes);
    }
    if (qrt_item_code_read(&item, text, len_bytes, NULL) == QRT_OK) {
        QRT_BUF again = {0};
        struct qrt_item_place place = qrt_item_code_place(&item);
        check_item(&item, NULL, 0);
        FUZZ_HOLDS(qrt_item_code_text(&again, &place, item.sealed, item.sealed_len_bytes, NULL) ==
                   QRT_OK);
        FUZZ_HOLDS(memmem(text, len_bytes, again.data, again.len_bytes) != NULL);
    }
    if (qrt_sheet_header_decode(&header, data, len_bytes, NULL) == QRT_OK) {
        FUZZ_HOLDS(qrt_sheet_header_encode(payload, &header, NULL) == QRT_OK);
        FUZZ_HOLDS(len_bytes == sizeof payload && memcmp(payload, data, sizeof payload) == 0);
    }
    if (qrt_sheet_header_read(&header, text, len_bytes, NULL) == QRT_OK) {
        char again[QRT_SHEET_HEADER_CHARS + 1];
        FUZZ_HOLDS(qrt_sheet_header_text(again, &header, NULL) == QRT_OK);
        FUZZ_HOLDS(memmem(text, len_bytes, again, QRT_SHEET_HEADER_CHARS) != NULL);
    }
    return 0;
}
