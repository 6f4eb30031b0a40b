/* Badges: a person's Ed25519 key under a passphrase, or on a wallet card
 * (docs/formats/badge.md). */
#ifndef QRT_VAULT_BADGE_H
#define QRT_VAULT_BADGE_H

#include "crypto/kdf.h"
#include "crypto/sign.h"
#include <quorate/err.h>
#include <quorate/secret.h>
#include <stdbool.h>

#define QRT_BADGE_MAX_BYTES (1 + 1 + 32 + 1 + 16 + 24 + 48)

/* A badge in somebody's hand: whose, and the signing key (secret). Zeroed is
 * empty. */
struct qrt_badge {
    char person[33];
    struct qrt_secret key; /* QRT_SIGN_KEY_BYTES */
};

void qrt_badge_wipe(struct qrt_badge *badge);
#define QRT_BADGE __attribute__((cleanup(qrt_badge_wipe))) struct qrt_badge

/* Draws a new badge for a person. */
enum qrt_code qrt_badge_generate(struct qrt_badge *badge, const char *person,
                                 struct qrt_err *err) QRT_MUST_USE;

/* Writes the payload: under a passphrase (secret; tuple of enum qrt_kdf_tuple),
 * or, with QRT_KDF_NONE, readable by whoever holds it, and so itself secret.
 * *payload is inited here. */
enum qrt_code qrt_badge_encode(struct qrt_secret *payload, const struct qrt_badge *badge,
                               enum qrt_kdf_tuple tuple, const uint8_t *passphrase,
                               size_t passphrase_len_bytes, struct qrt_err *err) QRT_MUST_USE;

/* Whose payload is it? False for another form. */
bool qrt_badge_peek(char person[static 33], unsigned *tuple, const uint8_t *payload,
                    size_t len_bytes);

/* Opens a payload. QRT_E_FORMAT for another form; QRT_E_REFUSED for a wrong
 * passphrase, unknown parameters, or the small ones where `practice` is false. */
enum qrt_code qrt_badge_decode(struct qrt_badge *badge, const uint8_t *payload, size_t len_bytes,
                               const uint8_t *passphrase, size_t passphrase_len_bytes,
                               bool practice, struct qrt_err *err) QRT_MUST_USE;

/* Opens a wallet card's code, as it was scanned or typed: blanks between its
 * characters, as a card shows it in letters, do not count. QRT_E_REFUSED for
 * anything else. */
enum qrt_code qrt_badge_read_wallet(struct qrt_badge *badge, const char *text, size_t len_chars,
                                    struct qrt_err *err) QRT_MUST_USE;

#endif
