#include "fuzz.h"

#include "worker/description.h"
#include <string.h>

/* Whatever is read can be written, and comes out as the bytes that were read. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len_bytes)
{
    struct qrt_sheet_reader sheet;
    struct qrt_sheet_item item = {0};
    if (qrt_sheet_open(&sheet, data, len_bytes, NULL) != QRT_OK) {
        return 0;
    }
    QRT_SECRET again = {0};
    struct qrt_drawing drawing;
    qrt_drawing_begin(&drawing, &again, &sheet.head);
    while (item.kind != QRT_SHEET_END) {
        if (qrt_sheet_next(&sheet, &item, NULL) != QRT_OK) {
            return 0;
        }
        if (item.kind != QRT_SHEET_END) {
            qrt_drawing_add(&drawing, &item);
        }
    }
    FUZZ_HOLDS(qrt_drawing_end(&drawing, NULL) == QRT_OK && again.len_bytes == len_bytes &&
               memcmp(again.data, data, len_bytes) == 0);
    return 0;
}
