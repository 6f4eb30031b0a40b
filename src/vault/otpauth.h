/* MFA seeds as people give them, and as an item holds them. */
#ifndef QRT_VAULT_OTPAUTH_H
#define QRT_VAULT_OTPAUTH_H

#include "crypto/totp.h"
#include <quorate/err.h>
#include <quorate/secret.h>
#include <stddef.h>
#include <stdint.h>

#define QRT_OTPAUTH_BYTES_MAX   2048
#define QRT_OTPAUTH_LABEL_BYTES 256

/* What an otpauth URI says besides the seed: foreign, valid UTF-8 without
 * control characters, to be escaped on its way to a screen; "" if absent. */
struct qrt_otpauth_label {
    char label[QRT_OTPAUTH_LABEL_BYTES];
    char issuer[QRT_OTPAUTH_LABEL_BYTES];
};

/* Reads an otpauth URI, or else bare Base32 (SHA-1, 6 digits, 30 seconds). The
 * text is secret. What is taken and what is not: docs/formats/codes.md.
 * QRT_E_FORMAT, QRT_E_RANGE, and those of qrt_secret_init(); the error names
 * the place and never quotes. *totp (wiped first) and *label (may be NULL) are
 * zeroed on failure. */
enum qrt_code qrt_otpauth_parse(struct qrt_totp *totp, struct qrt_otpauth_label *label,
                                const char *text, size_t len_bytes,
                                struct qrt_err *err) QRT_MUST_USE;

/* The plaintext of a `totp` item: algorithm u8, digits u8, period u16, length
 * u16, seed. *item (secret, wiped first) is inited to its size. */
enum qrt_code qrt_totp_encode(struct qrt_secret *item, const struct qrt_totp *totp,
                              struct qrt_err *err) QRT_MUST_USE;
/* Nothing may follow it. QRT_E_FORMAT, QRT_E_RANGE; *totp (wiped first) is
 * zeroed on failure. */
enum qrt_code qrt_totp_decode(struct qrt_totp *totp, const uint8_t *item, size_t len_bytes,
                              struct qrt_err *err) QRT_MUST_USE;

#endif
