/* SLIP-0039, "Encryption of the master secret". */
#include "crypto/pbkdf2.h"
#include <quorate/slip39.h>

#include <sodium.h>
#include <string.h>

enum { ROUNDS = 4, HALF_MAX = QRT_SLIP39_VALUE_MAX_BYTES / 2, BASE_ITERATIONS = 10000 };

/* The round function's constant inputs, and its secret scratch. */
struct feistel {
    size_t half_bytes;
    uint32_t iterations;
    size_t password_len_bytes;
    size_t prefix_len_bytes;
    uint8_t password[1 + QRT_SLIP39_PASSPHRASE_MAX_BYTES]; /* round, passphrase */
    uint8_t salt[8 + HALF_MAX];                            /* prefix, right half */
    uint8_t output[HALF_MAX];
};

static void feistel_wipe(struct feistel *feistel)
{
    sodium_memzero(feistel, sizeof *feistel);
}

/* left ^= F(round, right) */
static void feistel_round(uint8_t *left, struct feistel *feistel, const uint8_t *right,
                          unsigned round)
{
    feistel->password[0] = (uint8_t)round;
    memcpy(feistel->salt + feistel->prefix_len_bytes, right, feistel->half_bytes);
    qrt_pbkdf2_sha256(feistel->output, feistel->half_bytes, feistel->password,
                      feistel->password_len_bytes, feistel->salt,
                      feistel->prefix_len_bytes + feistel->half_bytes, feistel->iterations);
    for (size_t i = 0; i < feistel->half_bytes; i++) {
        left[i] ^= feistel->output[i];
    }
}

static enum qrt_code feistel_run(uint8_t *out, const uint8_t *in, size_t len_bytes,
                                 uint16_t identifier, bool extendable, unsigned iteration_exponent,
                                 const uint8_t *passphrase, size_t passphrase_len_bytes,
                                 bool backwards, struct qrt_err *err)
{
    if (len_bytes < QRT_SLIP39_VALUE_MIN_BYTES || len_bytes > QRT_SLIP39_VALUE_MAX_BYTES ||
        len_bytes % 2 != 0) {
        return qrt_fail(err, QRT_E_RANGE, "a secret of %zu bytes: even, %d to %d bytes are needed",
                        len_bytes, QRT_SLIP39_VALUE_MIN_BYTES, QRT_SLIP39_VALUE_MAX_BYTES);
    }
    if (iteration_exponent > 15 || passphrase_len_bytes > QRT_SLIP39_PASSPHRASE_MAX_BYTES) {
        return qrt_fail(err, QRT_E_RANGE, "iteration exponent or passphrase out of range");
    }
    __attribute__((cleanup(feistel_wipe))) struct feistel feistel = {
        .half_bytes = len_bytes / 2,
        .iterations = (uint32_t)(BASE_ITERATIONS / ROUNDS) << iteration_exponent,
        .password_len_bytes = 1 + passphrase_len_bytes,
    };
    if (passphrase_len_bytes > 0) {
        memcpy(feistel.password + 1, passphrase, passphrase_len_bytes);
    }
    if (!extendable) {
        memcpy(feistel.salt, "shamir", 6);
        feistel.salt[6] = (uint8_t)(identifier >> 8);
        feistel.salt[7] = (uint8_t)identifier;
        feistel.prefix_len_bytes = 8;
    }
    uint8_t halves[2][HALF_MAX];
    memcpy(halves[0], in, feistel.half_bytes);
    memcpy(halves[1], in + feistel.half_bytes, feistel.half_bytes);
    for (unsigned i = 0; i < ROUNDS; i++) {
        /* Swapping the halves is swapping their names. */
        unsigned round = backwards ? ROUNDS - 1 - i : i;
        feistel_round(halves[i % 2], &feistel, halves[1 - i % 2], round);
    }
    memcpy(out, halves[1], feistel.half_bytes);
    memcpy(out + feistel.half_bytes, halves[0], feistel.half_bytes);
    sodium_memzero(halves, sizeof halves);
    return QRT_OK;
}

enum qrt_code qrt_slip39_encrypt(uint8_t *encrypted, const uint8_t *secret, size_t len_bytes,
                                 uint16_t identifier, bool extendable, unsigned iteration_exponent,
                                 const uint8_t *passphrase, size_t passphrase_len_bytes,
                                 struct qrt_err *err)
{
    return feistel_run(encrypted, secret, len_bytes, identifier, extendable, iteration_exponent,
                       passphrase, passphrase_len_bytes, false, err);
}

enum qrt_code qrt_slip39_decrypt(uint8_t *secret, const uint8_t *encrypted, size_t len_bytes,
                                 uint16_t identifier, bool extendable, unsigned iteration_exponent,
                                 const uint8_t *passphrase, size_t passphrase_len_bytes,
                                 struct qrt_err *err)
{
    return feistel_run(secret, encrypted, len_bytes, identifier, extendable, iteration_exponent,
                       passphrase, passphrase_len_bytes, true, err);
}
