#include "vault/otpauth.h"

#include "base/base32.h"
#include "base/bytes.h"
#include "base/text.h"
#include <string.h>
#include <strings.h>

#define SCHEME "otpauth://"
#define TYPE   "totp/"

enum param { PARAM_SECRET, PARAM_ISSUER, PARAM_ALGORITHM, PARAM_DIGITS, PARAM_PERIOD, PARAMS };

static const char *const param_names[PARAMS] = {"secret", "issuer", "algorithm", "digits",
                                                "period"};

/* A piece of the URI; not there if text is NULL. */
struct piece {
    const char *text;
    size_t len_bytes;
};

/* The next piece up to `stop` or the end, taken off *rest with that stop. */
static struct piece take(struct piece *rest, char stop)
{
    const char *end = memchr(rest->text, stop, rest->len_bytes);
    struct piece piece = {rest->text, end != NULL ? (size_t)(end - rest->text) : rest->len_bytes};
    size_t used = piece.len_bytes + (end != NULL ? 1 : 0);
    rest->text += used;
    rest->len_bytes -= used;
    return piece;
}

static bool starts(const char *text, size_t len_bytes, const char *with)
{
    return len_bytes >= strlen(with) && strncasecmp(text, with, strlen(with)) == 0;
}

static bool is_word(struct piece piece, const char *word)
{
    return piece.len_bytes == strlen(word) && strncasecmp(piece.text, word, piece.len_bytes) == 0;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Percent-decodes (RFC 3986, section 2.1; a plus is a plus) into *out. */
static enum qrt_code unescape(struct qrt_secret *out, struct piece piece, const char *what,
                              struct qrt_err *err)
{
    enum qrt_code code = qrt_secret_init(out, piece.len_bytes + 1, err);
    for (size_t i = 0; code == QRT_OK && i < piece.len_bytes; i++) {
        uint8_t byte = (uint8_t)piece.text[i];
        if (byte == '%') {
            int high = i + 2 < piece.len_bytes ? hex_digit(piece.text[i + 1]) : -1;
            int low = high >= 0 ? hex_digit(piece.text[i + 2]) : -1;
            if (low < 0) {
                return qrt_fail(err, QRT_E_FORMAT, "otpauth: a broken %% escape in the %s", what);
            }
            byte = (uint8_t)(high << 4 | low);
            i += 2;
        }
        code = qrt_secret_append(out, &byte, 1, err);
    }
    return code;
}

static enum qrt_code get_label(char out[static QRT_OTPAUTH_LABEL_BYTES], struct piece piece,
                               const char *what, struct qrt_err *err)
{
    QRT_SECRET text = {0};
    enum qrt_code code = unescape(&text, piece, what, err);
    if (code != QRT_OK) {
        return code;
    }
    if (text.len_bytes >= QRT_OTPAUTH_LABEL_BYTES) {
        return qrt_fail(err, QRT_E_RANGE, "otpauth: the %s is longer than %d bytes", what,
                        QRT_OTPAUTH_LABEL_BYTES - 1);
    }
    if (!qrt_text_is_clean((const char *)text.data, text.len_bytes)) {
        return qrt_fail(err, QRT_E_FORMAT, "otpauth: the %s is not clean UTF-8 text", what);
    }
    memcpy(out, text.data, text.len_bytes);
    out[text.len_bytes] = '\0';
    return QRT_OK;
}

/* Base32 as people paste it: lower case, spaces between, the padding of RFC
 * 4648 or none. Nothing else is forgiven. */
static enum qrt_code get_seed(struct qrt_secret *seed, const char *text, size_t len_bytes,
                              struct qrt_err *err)
{
    QRT_SECRET plain = {0};
    enum qrt_code code = qrt_secret_init(&plain, len_bytes + 1, err);
    size_t padding = 0;
    for (size_t i = 0; code == QRT_OK && i < len_bytes; i++) {
        char c = text[i];
        if (c == ' ') {
            continue;
        }
        padding += c == '=';
        if (padding > 0 && c != '=') {
            return qrt_fail(err, QRT_E_FORMAT, "the MFA seed goes on behind its padding");
        }
        if (padding == 0) {
            c = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
            code = qrt_secret_append(&plain, &c, 1, err);
        }
    }
    if (code != QRT_OK || (code = qrt_secret_init(seed, QRT_TOTP_SEED_BYTES_MAX, err)) != QRT_OK) {
        return code;
    }
    if (padding > 0 && (padding > 6 || (plain.len_bytes + padding) % 8 != 0)) {
        return qrt_fail(err, QRT_E_FORMAT, "the MFA seed has a padding of the wrong length");
    }
    code = qrt_base32_decode(seed->data, QRT_TOTP_SEED_BYTES_MAX, &seed->len_bytes,
                             (const char *)plain.data, plain.len_bytes, err);
    return code == QRT_OK ? QRT_OK : (err != NULL ? qrt_err_prefix(err, "the MFA seed") : code);
}

static enum qrt_code get_algorithm(unsigned *out, struct piece piece, struct qrt_err *err)
{
    static const char *const names[] = {"SHA1", "SHA256", "SHA512"};
    for (unsigned i = 0; i < 3; i++) {
        if (is_word(piece, names[i])) {
            *out = QRT_TOTP_SHA1 + i;
            return QRT_OK;
        }
    }
    return qrt_fail(err, QRT_E_FORMAT, "otpauth: the algorithm is none of SHA1, SHA256, SHA512");
}

static enum qrt_code get_number(unsigned *out, struct piece piece, enum param param,
                                struct qrt_err *err)
{
    uint64_t number;
    if (!qrt_text_u64(piece.text, piece.len_bytes, UINT16_MAX, &number)) {
        return qrt_fail(err, QRT_E_FORMAT, "otpauth: the %s is not a number", param_names[param]);
    }
    *out = (unsigned)number;
    return QRT_OK;
}

/* Finds the known parameters. Others are ignored, as authenticators do. */
static enum qrt_code get_params(struct piece params[static PARAMS], struct piece query,
                                struct qrt_err *err)
{
    bool more = true;
    for (size_t n = 1; more; n++) {
        more = memchr(query.text, '&', query.len_bytes) != NULL;
        struct piece value = take(&query, '&');
        bool has_value = memchr(value.text, '=', value.len_bytes) != NULL;
        struct piece name = take(&value, '=');
        if (!has_value || name.len_bytes == 0) {
            return qrt_fail(err, QRT_E_FORMAT,
                            "otpauth: parameter %zu is not of the form name=value", n);
        }
        for (unsigned p = 0; p < PARAMS; p++) {
            if (!is_word(name, param_names[p])) {
                continue;
            }
            if (params[p].text != NULL) {
                return qrt_fail(err, QRT_E_FORMAT, "otpauth: the %s is given twice",
                                param_names[p]);
            }
            params[p] = value;
        }
    }
    return QRT_OK;
}

static enum qrt_code use_params(struct qrt_totp *totp, struct qrt_otpauth_label *label,
                                const struct piece params[static PARAMS], struct qrt_err *err)
{
    if (params[PARAM_SECRET].text == NULL) {
        return qrt_fail(err, QRT_E_FORMAT, "otpauth: there is no secret");
    }
    QRT_SECRET secret = {0};
    enum qrt_code code = unescape(&secret, params[PARAM_SECRET], "secret", err);
    if (code == QRT_OK) {
        code = get_seed(&totp->seed, (const char *)secret.data, secret.len_bytes, err);
    }
    if (code == QRT_OK && params[PARAM_ISSUER].text != NULL) {
        code = get_label(label->issuer, params[PARAM_ISSUER], "issuer", err);
    }
    if (code == QRT_OK && params[PARAM_ALGORITHM].text != NULL) {
        code = get_algorithm(&totp->algorithm, params[PARAM_ALGORITHM], err);
    }
    if (code == QRT_OK && params[PARAM_DIGITS].text != NULL) {
        code = get_number(&totp->digits, params[PARAM_DIGITS], PARAM_DIGITS, err);
    }
    if (code == QRT_OK && params[PARAM_PERIOD].text != NULL) {
        code = get_number(&totp->period_s, params[PARAM_PERIOD], PARAM_PERIOD, err);
    }
    return code;
}

static enum qrt_code parse_uri(struct qrt_totp *totp, struct qrt_otpauth_label *label,
                               struct piece uri, struct qrt_err *err)
{
    for (size_t i = 0; i < uri.len_bytes; i++) {
        if (uri.text[i] <= ' ' || uri.text[i] > '~' || uri.text[i] == '#') {
            return qrt_fail(err, QRT_E_FORMAT, "otpauth: character %zu has no place in it", i + 1);
        }
    }
    take(&uri, ':');
    uri.text += 2;
    uri.len_bytes -= 2;
    if (!starts(uri.text, uri.len_bytes, TYPE)) {
        return qrt_fail(err, QRT_E_FORMAT, "otpauth: it is not of the type totp");
    }
    take(&uri, '/');
    if (memchr(uri.text, '?', uri.len_bytes) == NULL) {
        return qrt_fail(err, QRT_E_FORMAT, "otpauth: there is no secret");
    }
    struct piece params[PARAMS] = {0};
    enum qrt_code code = get_label(label->label, take(&uri, '?'), "label", err);
    if (code == QRT_OK) {
        code = get_params(params, uri, err);
    }
    return code != QRT_OK ? code : use_params(totp, label, params, err);
}

enum qrt_code qrt_otpauth_parse(struct qrt_totp *totp, struct qrt_otpauth_label *label,
                                const char *text, size_t len_bytes, struct qrt_err *err)
{
    qrt_totp_wipe(totp);
    struct qrt_otpauth_label found = {0};
    enum qrt_code code;
    totp->algorithm = QRT_TOTP_SHA1;
    totp->digits = 6;
    totp->period_s = 30;
    if (len_bytes > QRT_OTPAUTH_BYTES_MAX) {
        code = qrt_fail(err, QRT_E_RANGE, "an MFA seed of more than %d characters",
                        QRT_OTPAUTH_BYTES_MAX);
    } else if (starts(text, len_bytes, SCHEME)) {
        code = parse_uri(totp, &found, (struct piece){text, len_bytes}, err);
    } else {
        code = get_seed(&totp->seed, text, len_bytes, err);
    }
    if (code == QRT_OK) {
        code = qrt_totp_check(totp, err);
    }
    if (code != QRT_OK) {
        qrt_totp_wipe(totp);
        found = (struct qrt_otpauth_label){0};
    }
    if (label != NULL) {
        *label = found;
    }
    return code;
}

enum qrt_code qrt_totp_encode(struct qrt_secret *item, const struct qrt_totp *totp,
                              struct qrt_err *err)
{
    qrt_secret_wipe(item);
    enum qrt_code code = qrt_totp_check(totp, err);
    if (code == QRT_OK) {
        code = qrt_secret_init(item, 6 + totp->seed.len_bytes, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_writer writer = qrt_writer_of(item->data, item->size_bytes);
    qrt_write_u8(&writer, (uint8_t)totp->algorithm);
    qrt_write_u8(&writer, (uint8_t)totp->digits);
    qrt_write_u16(&writer, (uint16_t)totp->period_s);
    qrt_write_u16(&writer, (uint16_t)totp->seed.len_bytes);
    qrt_write_bytes(&writer, totp->seed.data, totp->seed.len_bytes);
    item->len_bytes = writer.len_bytes;
    return QRT_OK;
}

enum qrt_code qrt_totp_decode(struct qrt_totp *totp, const uint8_t *item, size_t len_bytes,
                              struct qrt_err *err)
{
    qrt_totp_wipe(totp);
    struct qrt_reader reader = qrt_reader_of(item, len_bytes);
    totp->algorithm = qrt_read_u8(&reader);
    totp->digits = qrt_read_u8(&reader);
    totp->period_s = qrt_read_u16(&reader);
    size_t seed_bytes = qrt_read_u16(&reader);
    const uint8_t *seed = qrt_read_view(&reader, seed_bytes);
    enum qrt_code code = QRT_OK;
    if (!qrt_reader_done(&reader)) {
        code = qrt_fail(err, QRT_E_FORMAT, "a totp item of the wrong length");
    } else if (seed_bytes == 0 || seed_bytes > QRT_TOTP_SEED_BYTES_MAX) {
        code = qrt_fail(err, QRT_E_RANGE, "a totp item with a seed of %zu bytes", seed_bytes);
    } else if ((code = qrt_secret_init(&totp->seed, seed_bytes, err)) == QRT_OK &&
               (code = qrt_secret_append(&totp->seed, seed, seed_bytes, err)) == QRT_OK) {
        code = qrt_totp_check(totp, err);
    }
    if (code != QRT_OK) {
        qrt_totp_wipe(totp);
    }
    return code;
}
