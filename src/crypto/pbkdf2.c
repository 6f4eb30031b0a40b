#include "crypto/pbkdf2.h"

#include "base/harden.h"
#include <nettle/pbkdf2.h>

void qrt_pbkdf2_sha256(uint8_t *out, size_t out_len_bytes, const uint8_t *password,
                       size_t password_len_bytes, const uint8_t *salt, size_t salt_len_bytes,
                       uint32_t iterations)
{
    pbkdf2_hmac_sha256(password_len_bytes, password, iterations, salt_len_bytes, salt,
                       out_len_bytes, out);
    /* nettle leaves the keyed states on its stack. */
    qrt_harden_wipe_traces();
}
