#include "crypto/totp.h"

#include <nettle/hmac.h>
#include <sodium.h>
#include <string.h>

void qrt_totp_wipe(struct qrt_totp *totp)
{
    qrt_secret_wipe(&totp->seed);
    *totp = (struct qrt_totp){0};
}

enum qrt_code qrt_totp_check(const struct qrt_totp *totp, struct qrt_err *err)
{
    if (totp->algorithm < QRT_TOTP_SHA1 || totp->algorithm > QRT_TOTP_SHA512) {
        return qrt_fail(err, QRT_E_RANGE, "the MFA algorithm is none of SHA1, SHA256, SHA512");
    }
    if (totp->digits < QRT_TOTP_DIGITS_MIN || totp->digits > QRT_TOTP_DIGITS_MAX) {
        return qrt_fail(err, QRT_E_RANGE, "an MFA code has %d to %d digits", QRT_TOTP_DIGITS_MIN,
                        QRT_TOTP_DIGITS_MAX);
    }
    if (totp->period_s < QRT_TOTP_PERIOD_MIN_S || totp->period_s > QRT_TOTP_PERIOD_MAX_S) {
        return qrt_fail(err, QRT_E_RANGE, "an MFA code lasts %d to %d seconds",
                        QRT_TOTP_PERIOD_MIN_S, QRT_TOTP_PERIOD_MAX_S);
    }
    if (totp->seed.len_bytes < 1 || totp->seed.len_bytes > QRT_TOTP_SEED_BYTES_MAX) {
        return qrt_fail(err, QRT_E_RANGE, "an MFA seed has 1 to %d bytes", QRT_TOTP_SEED_BYTES_MAX);
    }
    return QRT_OK;
}

/* Writes the HMAC of the eight bytes and returns its length. */
static size_t hmac(uint8_t out[static SHA512_DIGEST_SIZE], const struct qrt_totp *totp,
                   const uint8_t counter[static 8])
{
    union {
        struct hmac_sha1_ctx sha1;
        struct hmac_sha256_ctx sha256;
        struct hmac_sha512_ctx sha512;
    } ctx;
    const uint8_t *seed = totp->seed.data;
    size_t len_bytes = totp->seed.len_bytes;
    size_t digest_bytes;
    switch (totp->algorithm) {
    case QRT_TOTP_SHA512:
        digest_bytes = SHA512_DIGEST_SIZE;
        hmac_sha512_set_key(&ctx.sha512, len_bytes, seed);
        hmac_sha512_update(&ctx.sha512, 8, counter);
        hmac_sha512_digest(&ctx.sha512, digest_bytes, out);
        break;
    case QRT_TOTP_SHA256:
        digest_bytes = SHA256_DIGEST_SIZE;
        hmac_sha256_set_key(&ctx.sha256, len_bytes, seed);
        hmac_sha256_update(&ctx.sha256, 8, counter);
        hmac_sha256_digest(&ctx.sha256, digest_bytes, out);
        break;
    default:
        digest_bytes = SHA1_DIGEST_SIZE;
        hmac_sha1_set_key(&ctx.sha1, len_bytes, seed);
        hmac_sha1_update(&ctx.sha1, 8, counter);
        hmac_sha1_digest(&ctx.sha1, digest_bytes, out);
        break;
    }
    sodium_memzero(&ctx, sizeof ctx);
    return digest_bytes;
}

static void code_of_step(char code[static QRT_TOTP_DIGITS_MAX + 1], const struct qrt_totp *totp,
                         uint64_t step)
{
    uint8_t counter[8];
    for (unsigned i = 0; i < 8; i++) {
        counter[i] = (uint8_t)(step >> (56 - 8 * i));
    }
    uint8_t digest[SHA512_DIGEST_SIZE];
    size_t digest_bytes = hmac(digest, totp, counter);
    const uint8_t *at = digest + (digest[digest_bytes - 1] & 15);
    uint32_t value =
        (uint32_t)(at[0] & 0x7f) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    for (unsigned i = totp->digits; i > 0; i--) {
        code[i - 1] = (char)('0' + value % 10);
        value /= 10;
    }
    code[totp->digits] = '\0';
    sodium_memzero(digest, sizeof digest);
}

void qrt_totp_code(char code[static QRT_TOTP_DIGITS_MAX + 1], const struct qrt_totp *totp,
                   int64_t unix_s)
{
    code_of_step(code, totp, (uint64_t)unix_s / totp->period_s);
}

unsigned qrt_totp_seconds_left(const struct qrt_totp *totp, int64_t unix_s)
{
    return totp->period_s - (unsigned)((uint64_t)unix_s % totp->period_s);
}

static bool is_code(const char *text, unsigned digits)
{
    return strlen(text) == digits && strspn(text, "0123456789") == digits;
}

enum qrt_code qrt_totp_match(int *offset_steps, const struct qrt_totp *totp, const char *first,
                             const char *second, int64_t unix_s, struct qrt_err *err)
{
    /* The nearest first. */
    static const int offsets[] = {0, -1, 1, -2, 2};
    *offset_steps = 0;
    if (!is_code(first, totp->digits) || !is_code(second, totp->digits)) {
        return qrt_fail(err, QRT_E_FORMAT, "an MFA code here is %u digits", totp->digits);
    }
    int64_t now = unix_s / (int64_t)totp->period_s;
    bool found = false;
    for (size_t i = 0; !found && i < sizeof offsets / sizeof offsets[0]; i++) {
        char codes[2][QRT_TOTP_DIGITS_MAX + 1];
        int64_t step = now + offsets[i];
        if (step < 0) {
            continue;
        }
        code_of_step(codes[0], totp, (uint64_t)step);
        code_of_step(codes[1], totp, (uint64_t)step + 1);
        found = sodium_memcmp(codes[0], first, totp->digits) == 0 &&
                sodium_memcmp(codes[1], second, totp->digits) == 0;
        *offset_steps = found ? offsets[i] : 0;
        sodium_memzero(codes, sizeof codes);
    }
    return found ? QRT_OK
                 : qrt_fail(err, QRT_E_REFUSED,
                            "these are not two codes of this MFA seed, one after the other, of "
                            "about now");
}
