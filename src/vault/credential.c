#include "vault/credential.h"

#include "crypto/sign.h"
#include <sodium.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define SYMBOLS "!@#$%^&*()<>[]{}|_+-="

static const char drawn_from[] = "ABCDEFGHJKLMNPQRSTUVWXYZ"
                                 "abcdefghijkmnopqrstuvwxyz"
                                 "23456789"
                                 "!#$%&*+-=@_";

enum kind { UPPER = 1, LOWER = 2, DIGIT = 4, SYMBOL = 8 };

/* 0 if AWS does not allow it. */
static unsigned kind_of(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return UPPER;
    }
    if (c >= 'a' && c <= 'z') {
        return LOWER;
    }
    if (c >= '0' && c <= '9') {
        return DIGIT;
    }
    return c != '\0' && strchr(SYMBOLS, c) != NULL ? SYMBOL : 0;
}

static bool is_same(const char *password, size_t len_chars, const char *name)
{
    return strlen(name) == len_chars && strncasecmp(password, name, len_chars) == 0;
}

enum qrt_code qrt_password_check(const char *password, size_t len_chars, const char *name,
                                 const char *email, struct qrt_err *err)
{
    if (len_chars < QRT_PASSWORD_CHARS_MIN) {
        return qrt_fail(err, QRT_E_RANGE, "the password is shorter than %d characters",
                        QRT_PASSWORD_CHARS_MIN);
    }
    if (len_chars > QRT_PASSWORD_CHARS_MAX) {
        return qrt_fail(err, QRT_E_RANGE, "the password is longer than %d characters",
                        QRT_PASSWORD_CHARS_MAX);
    }
    unsigned kinds = 0;
    for (size_t i = 0; i < len_chars; i++) {
        unsigned kind = kind_of(password[i]);
        if (kind == 0) {
            return qrt_fail(err, QRT_E_FORMAT,
                            "the password's character %zu is none that AWS allows", i + 1);
        }
        kinds |= kind;
    }
    if (__builtin_popcount(kinds) < 3) {
        return qrt_fail(err, QRT_E_FORMAT,
                        "the password has fewer than three of upper case, lower case, digits, "
                        "symbols");
    }
    if (is_same(password, len_chars, name) || is_same(password, len_chars, email)) {
        return qrt_fail(err, QRT_E_FORMAT, "the password is the account's name or address");
    }
    return QRT_OK;
}

static char draw(void)
{
    const unsigned count = sizeof drawn_from - 1;
    uint8_t byte;
    do {
        qrt_random(&byte, 1);
    } while (byte >= 256 / count * count);
    char drawn = drawn_from[byte % count];
    sodium_memzero(&byte, 1);
    return drawn;
}

enum qrt_code qrt_password_generate(struct qrt_secret *password, const char *name,
                                    const char *email, struct qrt_err *err)
{
    qrt_secret_wipe(password);
    enum qrt_code code = qrt_secret_init(password, QRT_PASSWORD_GENERATED_CHARS, err);
    if (code != QRT_OK) {
        return code;
    }
    char *text = (char *)password->data;
    do {
        for (size_t i = 0; i < QRT_PASSWORD_GENERATED_CHARS; i++) {
            text[i] = draw();
        }
    } while (qrt_password_check(text, QRT_PASSWORD_GENERATED_CHARS, name, email, NULL) != QRT_OK);
    password->len_bytes = QRT_PASSWORD_GENERATED_CHARS;
    return QRT_OK;
}
