/* MFA seeds: whatever is taken encodes to an item that gives it back. */
#include "fuzz.h"

#include "vault/otpauth.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len_bytes)
{
    QRT_TOTP totp = {0};
    struct qrt_otpauth_label label;
    if (qrt_otpauth_parse(&totp, &label, (const char *)data, len_bytes, NULL) != QRT_OK) {
        FUZZ_HOLDS(totp.seed.data == NULL && label.label[0] == '\0');
        FUZZ_HOLDS(qrt_totp_decode(&totp, data, len_bytes, NULL) == QRT_OK ||
                   totp.seed.data == NULL);
        return 0;
    }
    QRT_SECRET item = {0};
    QRT_TOTP back = {0};
    FUZZ_HOLDS(qrt_totp_encode(&item, &totp, NULL) == QRT_OK);
    FUZZ_HOLDS(qrt_totp_decode(&back, item.data, item.len_bytes, NULL) == QRT_OK);
    FUZZ_HOLDS(back.algorithm == totp.algorithm && back.digits == totp.digits);
    FUZZ_HOLDS(back.period_s == totp.period_s && back.seed.len_bytes == totp.seed.len_bytes);
    FUZZ_HOLDS(memcmp(back.seed.data, totp.seed.data, totp.seed.len_bytes) == 0);
    return 0;
}
