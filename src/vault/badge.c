#include "vault/badge.h"

#include "base/bytes.h"
#include "base/text.h"
#include "card/code.h"
#include "crypto/seal.h"
#include <sodium.h>
#include <string.h>

#define TAG     "quorate/badge/v1"
#define VERSION 1

void qrt_badge_wipe(struct qrt_badge *badge)
{
    qrt_secret_wipe(&badge->key);
    *badge = (struct qrt_badge){0};
}

static enum qrt_code take_seed(struct qrt_badge *badge, const char *person, const uint8_t *seed,
                               struct qrt_err *err)
{
    enum qrt_code code = qrt_secret_init(&badge->key, QRT_SIGN_KEY_BYTES, err);
    if (code == QRT_OK) {
        memcpy(badge->person, person, strlen(person) + 1);
        qrt_sign_key(badge->key.data, seed);
        badge->key.len_bytes = QRT_SIGN_KEY_BYTES;
    }
    return code;
}

enum qrt_code qrt_badge_generate(struct qrt_badge *badge, const char *person, struct qrt_err *err)
{
    QRT_SECRET seed = {0};
    *badge = (struct qrt_badge){0};
    enum qrt_code code = qrt_secret_init(&seed, QRT_SEED_BYTES, err);
    if (code == QRT_OK) {
        qrt_random(seed.data, QRT_SEED_BYTES);
        code = take_seed(badge, person, seed.data, err);
    }
    return code;
}

/* The tag and all that stands before the nonce. */
static size_t additional_data(uint8_t ad[static 128], const uint8_t *head, size_t head_len_bytes)
{
    struct qrt_writer writer = qrt_writer_of(ad, 128);
    qrt_write_text(&writer, TAG);
    qrt_write_bytes(&writer, head, head_len_bytes);
    return writer.len_bytes;
}

/* *key (secret) for a tuple; zero where there is no passphrase. */
static enum qrt_code derive(struct qrt_secret *key, unsigned tuple, const uint8_t *passphrase,
                            size_t passphrase_len_bytes,
                            const uint8_t salt[static QRT_ARGON2_SALT_BYTES], struct qrt_err *err)
{
    enum qrt_code code = qrt_secret_init(key, QRT_KEY_BYTES, err);
    if (code != QRT_OK || tuple == QRT_KDF_NONE) {
        return code;
    }
    return qrt_kdf_passphrase(key->data, passphrase, passphrase_len_bytes, salt, tuple, err);
}

enum qrt_code qrt_badge_encode(struct qrt_secret *payload, const struct qrt_badge *badge,
                               enum qrt_kdf_tuple tuple, const uint8_t *passphrase,
                               size_t passphrase_len_bytes, struct qrt_err *err)
{
    QRT_SECRET key = {0};
    uint8_t salt[QRT_ARGON2_SALT_BYTES] = {0};
    uint8_t nonce[QRT_NONCE_BYTES];
    uint8_t ciphertext[QRT_SEED_BYTES + QRT_TAG_BYTES];
    uint8_t ad[128];
    if (tuple != QRT_KDF_NONE) {
        qrt_random(salt, sizeof salt);
    }
    qrt_random(nonce, sizeof nonce);
    enum qrt_code code = qrt_secret_init(payload, QRT_BADGE_MAX_BYTES, err);
    if (code == QRT_OK) {
        code = derive(&key, tuple, passphrase, passphrase_len_bytes, salt, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_writer writer = qrt_writer_of(payload->data, payload->size_bytes);
    qrt_write_u8(&writer, VERSION);
    qrt_write_u8(&writer, (uint8_t)strlen(badge->person));
    qrt_write_text(&writer, badge->person);
    qrt_write_u8(&writer, (uint8_t)tuple);
    qrt_write_bytes(&writer, salt, sizeof salt);
    size_t ad_len = additional_data(ad, payload->data, writer.len_bytes);
    qrt_seal(ciphertext, badge->key.data, QRT_SEED_BYTES, ad, ad_len, nonce, key.data);
    qrt_write_bytes(&writer, nonce, sizeof nonce);
    qrt_write_bytes(&writer, ciphertext, sizeof ciphertext);
    payload->len_bytes = writer.len_bytes;
    return QRT_OK;
}

struct parsed {
    char person[33];
    unsigned tuple;
    const uint8_t *salt;
    size_t head_len_bytes;
    const uint8_t *nonce;
    const uint8_t *ciphertext;
};

static bool parse(struct parsed *parsed, const uint8_t *payload, size_t len_bytes)
{
    struct qrt_reader reader = qrt_reader_of(payload, len_bytes);
    uint8_t version = qrt_read_u8(&reader);
    size_t id_len = qrt_read_u8(&reader);
    const uint8_t *id = qrt_read_view(&reader, id_len);
    if (id == NULL || version != VERSION || id_len >= sizeof parsed->person) {
        return false;
    }
    memcpy(parsed->person, id, id_len);
    parsed->person[id_len] = '\0';
    parsed->tuple = qrt_read_u8(&reader);
    parsed->salt = qrt_read_view(&reader, QRT_ARGON2_SALT_BYTES);
    parsed->head_len_bytes = reader.at;
    parsed->nonce = qrt_read_view(&reader, QRT_NONCE_BYTES);
    parsed->ciphertext = qrt_read_view(&reader, QRT_SEED_BYTES + QRT_TAG_BYTES);
    return qrt_reader_done(&reader) && qrt_text_is_id(parsed->person) &&
           strlen(parsed->person) == id_len &&
           (parsed->tuple != QRT_KDF_NONE || sodium_is_zero(parsed->salt, QRT_ARGON2_SALT_BYTES));
}

bool qrt_badge_peek(char person[static 33], unsigned *tuple, const uint8_t *payload,
                    size_t len_bytes)
{
    struct parsed parsed;
    if (!parse(&parsed, payload, len_bytes)) {
        return false;
    }
    memcpy(person, parsed.person, sizeof parsed.person);
    *tuple = parsed.tuple;
    return true;
}

enum qrt_code qrt_badge_decode(struct qrt_badge *badge, const uint8_t *payload, size_t len_bytes,
                               const uint8_t *passphrase, size_t passphrase_len_bytes,
                               bool practice, struct qrt_err *err)
{
    struct parsed parsed;
    QRT_SECRET key = {0};
    QRT_SECRET seed = {0};
    uint8_t ad[128];
    *badge = (struct qrt_badge){0};
    if (!parse(&parsed, payload, len_bytes)) {
        return qrt_fail(err, QRT_E_FORMAT, "not a badge");
    }
    if (parsed.tuple == QRT_KDF_SMALL && !practice) {
        return qrt_fail(err, QRT_E_REFUSED,
                        "the badge of %s is weak: only a practice vault takes it", parsed.person);
    }
    enum qrt_code code =
        derive(&key, parsed.tuple, passphrase, passphrase_len_bytes, parsed.salt, err);
    if (code == QRT_OK) {
        code = qrt_secret_init(&seed, QRT_SEED_BYTES, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    size_t ad_len = additional_data(ad, payload, parsed.head_len_bytes);
    if (!qrt_unseal(seed.data, parsed.ciphertext, QRT_SEED_BYTES + QRT_TAG_BYTES, ad, ad_len,
                    parsed.nonce, key.data)) {
        return qrt_fail(err, QRT_E_REFUSED, "the passphrase is not the one of %s's badge",
                        parsed.person);
    }
    return take_seed(badge, parsed.person, seed.data, err);
}

enum qrt_code qrt_badge_read_wallet(struct qrt_badge *badge, const char *text, size_t len_chars,
                                    struct qrt_err *err)
{
    QRT_SECRET payload = {0};
    QRT_SECRET squeezed = {0};
    size_t len = 0;
    struct qrt_err why = {0};
    enum qrt_code code;
    if ((code = qrt_secret_init(&payload, QRT_BADGE_MAX_BYTES, err)) != QRT_OK ||
        (code = qrt_secret_init(&squeezed, len_chars + 1, err)) != QRT_OK) {
        return code;
    }
    for (size_t i = 0; i < len_chars; i++) {
        if (text[i] != ' ') {
            squeezed.data[squeezed.len_bytes++] = (uint8_t)text[i];
        }
    }
    char person[33];
    unsigned tuple;
    if (qrt_code_read(payload.data, payload.size_bytes, &len, QRT_CODE_BADGE,
                      (const char *)squeezed.data, squeezed.len_bytes, &why) != QRT_OK ||
        !qrt_badge_peek(person, &tuple, payload.data, len) || tuple != QRT_KDF_NONE) {
        return qrt_fail(err, QRT_E_REFUSED, "that is no wallet card");
    }
    return qrt_badge_decode(badge, payload.data, len, NULL, 0, false, err);
}
