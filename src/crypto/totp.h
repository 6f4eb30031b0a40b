/* Time-based one-time passwords (RFC 6238, over the HMAC of RFC 4226). */
#ifndef QRT_CRYPTO_TOTP_H
#define QRT_CRYPTO_TOTP_H

#include <quorate/err.h>
#include <quorate/secret.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QRT_TOTP_DIGITS_MIN     6
#define QRT_TOTP_DIGITS_MAX     8
#define QRT_TOTP_PERIOD_MIN_S   15
#define QRT_TOTP_PERIOD_MAX_S   300
#define QRT_TOTP_SEED_BYTES_MAX 128
#define QRT_TOTP_WINDOW_STEPS   2

enum qrt_totp_algorithm {
    QRT_TOTP_SHA1 = 1,
    QRT_TOTP_SHA256 = 2,
    QRT_TOTP_SHA512 = 3,
};

/* What an authenticator holds. The seed is secret, the rest public. A zeroed
 * struct is an empty one. */
struct qrt_totp {
    unsigned algorithm; /* of enum qrt_totp_algorithm */
    unsigned digits;
    unsigned period_s;
    struct qrt_secret seed; /* 1 to QRT_TOTP_SEED_BYTES_MAX bytes */
};

void qrt_totp_wipe(struct qrt_totp *totp); /* leaves it zeroed */
#define QRT_TOTP __attribute__((cleanup(qrt_totp_wipe))) struct qrt_totp

/* Are algorithm, digits, period and the seed's length among what the limits
 * above allow? QRT_E_RANGE. */
enum qrt_code qrt_totp_check(const struct qrt_totp *totp, struct qrt_err *err) QRT_MUST_USE;

/* The code (secret while it lasts) of that second, 0 or later, with a NUL. The
 * struct must be one that qrt_totp_check() takes. */
void qrt_totp_code(char code[static QRT_TOTP_DIGITS_MAX + 1], const struct qrt_totp *totp,
                   int64_t unix_s);

/* How many seconds that second's code still lasts, itself included. */
unsigned qrt_totp_seconds_left(const struct qrt_totp *totp, int64_t unix_s);

/* Are these two texts the codes of neighbouring steps, the first of which lies
 * at most QRT_TOTP_WINDOW_STEPS from that second's? *offset_steps says how far
 * (negative: the codes come from a clock that is behind). QRT_E_FORMAT for a
 * text that is not so many digits; QRT_E_REFUSED. On failure *offset_steps is
 * 0. The codes are never quoted. */
enum qrt_code qrt_totp_match(int *offset_steps, const struct qrt_totp *totp, const char *first,
                             const char *second, int64_t unix_s, struct qrt_err *err) QRT_MUST_USE;

#endif
