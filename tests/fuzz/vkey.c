/* A verifier key that is read is written back to the same characters. */
#include "fuzz.h"

#include "log/note.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len_bytes)
{
    struct qrt_vkey vkey;
    struct qrt_err err;
    if (qrt_vkey_parse(&vkey, (const char *)data, len_bytes, &err) != QRT_OK) {
        return 0;
    }
    char again[QRT_VKEY_MAX_CHARS + 1];
    qrt_vkey_format(again, &vkey);
    FUZZ_HOLDS(strlen(again) == len_bytes && memcmp(again, data, len_bytes) == 0);
    return 0;
}
