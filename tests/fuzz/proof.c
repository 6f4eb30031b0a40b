/* A proof that is read is written back to the same bytes; checking it, whatever
 * it says, ends. */
#include "fuzz.h"

#include "log/proof.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len_bytes)
{
    QRT_PROOF_FILE file = {0};
    QRT_BUF again = {0};
    struct qrt_err err;
    if (qrt_proof_file_parse(&file, (const char *)data, len_bytes, &err) != QRT_OK) {
        return 0;
    }
    FUZZ_HOLDS(qrt_proof_file_format(&again, &file, &err) == QRT_OK);
    FUZZ_HOLDS(again.len_bytes == len_bytes && memcmp(again.data, data, len_bytes) == 0);
    struct qrt_span entry = {(const char *)file.extra.data, file.extra.len_bytes};
    if (qrt_proof_file_check(&file, entry, &err) == QRT_OK && file.kind == QRT_PROOF_INCLUSION &&
        file.proof.len > 0) {
        file.proof.hashes[0][0] ^= 1;
        FUZZ_HOLDS(qrt_proof_file_check(&file, entry, &err) == QRT_E_REFUSED);
    }
    return 0;
}
