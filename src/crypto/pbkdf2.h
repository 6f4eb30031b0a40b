/* PBKDF2 (RFC 8018) with HMAC-SHA256, for SLIP-0039. */
#ifndef QRT_CRYPTO_PBKDF2_H
#define QRT_CRYPTO_PBKDF2_H

#include <stddef.h>
#include <stdint.h>

/* out (secret, out_len_bytes) from a password and a salt (both secret). */
void qrt_pbkdf2_sha256(uint8_t *out, size_t out_len_bytes, const uint8_t *password,
                       size_t password_len_bytes, const uint8_t *salt, size_t salt_len_bytes,
                       uint32_t iterations);

#endif
