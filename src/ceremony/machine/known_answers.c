#include "ceremony/machine/known_answers.h"

#include "base/base32.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "crypto/kdf.h"
#include "crypto/seal.h"
#include "crypto/sign.h"
#include "crypto/totp.h"
#include <quorate/slip39.h>
#include <string.h>

static bool is_hex_of(const uint8_t *bytes, size_t len_bytes, const char *hex)
{
    uint8_t wanted[192];
    return len_bytes <= sizeof wanted && qrt_text_unhex(wanted, len_bytes, hex, strlen(hex)) &&
           memcmp(bytes, wanted, len_bytes) == 0;
}

/* FIPS 180-4. */
static bool sha256_holds(void)
{
    uint8_t digest[QRT_HASH_BYTES];
    qrt_sha256(digest, "abc", 3);
    return is_hex_of(digest, sizeof digest,
                     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/* RFC 7693's algorithm, 32 bytes of it. */
static bool blake2b_holds(void)
{
    uint8_t digest[QRT_HASH_BYTES];
    struct qrt_blake2b hash;
    qrt_blake2b_start(&hash, "a");
    qrt_blake2b_add(&hash, "bc", 2);
    qrt_blake2b_end(&hash, digest);
    return is_hex_of(digest, sizeof digest,
                     "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

/* RFC 8032, section 7.1, test 2; and another message is refused. */
static bool ed25519_holds(void)
{
    uint8_t seed[QRT_SEED_BYTES];
    uint8_t key[QRT_SIGN_KEY_BYTES];
    uint8_t signature[QRT_SIGNATURE_BYTES];
    static const char seed_hex[] =
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
    if (!qrt_text_unhex(seed, sizeof seed, seed_hex, sizeof seed_hex - 1)) {
        return false;
    }
    qrt_sign_key(key, seed);
    qrt_sign(signature, "\x72", 1, key);
    return is_hex_of(signature, sizeof signature,
                     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00") &&
           qrt_sign_verify(signature, "\x72", 1, qrt_sign_public(key)) &&
           !qrt_sign_verify(signature, "\x73", 1, qrt_sign_public(key));
}

/* draft-irtf-cfrg-xchacha, appendix A.3.1; and a changed byte is refused. */
static bool xchacha20_holds(void)
{
    static const char text[] = "Ladies and Gentlemen of the class of '99: If I could offer you "
                               "only one tip for the future, sunscreen would be it.";
    static const uint8_t ad[] = {0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1,
                                 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7};
    uint8_t key[QRT_KEY_BYTES];
    uint8_t nonce[QRT_NONCE_BYTES];
    uint8_t sealed[sizeof text - 1 + QRT_TAG_BYTES];
    uint8_t opened[sizeof text - 1];
    for (size_t i = 0; i < sizeof key; i++) {
        key[i] = (uint8_t)(0x80 + i);
    }
    for (size_t i = 0; i < sizeof nonce; i++) {
        nonce[i] = (uint8_t)(0x40 + i);
    }
    qrt_seal(sealed, (const uint8_t *)text, sizeof opened, ad, sizeof ad, nonce, key);
    bool holds = is_hex_of(sealed, sizeof sealed,
                           "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
                           "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
                           "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
                           "21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780a"
                           "cf49") &&
                 qrt_unseal(opened, sealed, sizeof sealed, ad, sizeof ad, nonce, key) &&
                 memcmp(opened, text, sizeof opened) == 0;
    sealed[3] ^= 1;
    return holds && !qrt_unseal(opened, sealed, sizeof sealed, ad, sizeof ad, nonce, key);
}

/* RFC 9106's algorithm with the small parameters; libsodium's own
 * implementation gives the same. */
static bool argon2id_holds(void)
{
    static const char passphrase[] = "correct horse battery staple";
    static const uint8_t salt[QRT_ARGON2_SALT_BYTES] = {0, 1, 2,  3,  4,  5,  6,  7,
                                                        8, 9, 10, 11, 12, 13, 14, 15};
    uint8_t key[32];
    return qrt_kdf_passphrase(key, passphrase, sizeof passphrase - 1, salt, QRT_KDF_SMALL, NULL) ==
               QRT_OK &&
           is_hex_of(key, sizeof key,
                     "9aeef75313e585f492c33c5e12d82e9ad253b7dd78632d537e899cd4eddd789c");
}

/* The standard's first vector, and a word of it changed. */
static bool slip39_holds(void)
{
    static const char text[] =
        "duckling enlarge academic academic agency result length solution fridge kidney coal piece "
        "deal husband erode duke ajar critical decision keyboard";
    uint16_t words[QRT_SLIP39_WORDS_MAX];
    size_t count;
    struct qrt_slip39_share share;
    uint8_t secret[QRT_SLIP39_VALUE_MAX_BYTES];
    size_t len_bytes;
    bool holds = qrt_slip39_text_decode(words, &count, text, sizeof text - 1, NULL) == QRT_OK &&
                 qrt_slip39_share_decode(&share, words, count, NULL) == QRT_OK &&
                 qrt_slip39_combine(secret, sizeof secret, &len_bytes, &share, 1,
                                    (const uint8_t *)"TREZOR", 6, NULL) == QRT_OK &&
                 len_bytes == 16 &&
                 is_hex_of(secret, len_bytes, "bb54aac4b89dc868ba37d9cc21b2cece");
    words[5] ^= 1;
    return holds && qrt_slip39_share_decode(&share, words, count, NULL) != QRT_OK;
}

/* RFC 6238, appendix B, at 59 seconds. */
static bool totp_holds(void)
{
    static const struct {
        enum qrt_totp_algorithm algorithm;
        const char *seed;
        const char *code;
    } cases[] = {
        {QRT_TOTP_SHA1, "12345678901234567890", "94287082"},
        {QRT_TOTP_SHA256, "12345678901234567890123456789012", "46119246"},
        {QRT_TOTP_SHA512, "1234567890123456789012345678901234567890123456789012345678901234",
         "90693936"},
    };
    bool holds = true;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char code[QRT_TOTP_DIGITS_MAX + 1] = "";
        struct qrt_totp totp = {.algorithm = cases[i].algorithm, .digits = 8, .period_s = 30};
        if (qrt_secret_init(&totp.seed, strlen(cases[i].seed), NULL) == QRT_OK &&
            qrt_secret_append(&totp.seed, cases[i].seed, strlen(cases[i].seed), NULL) == QRT_OK) {
            qrt_totp_code(code, &totp, 59);
        }
        qrt_totp_wipe(&totp);
        holds = holds && strcmp(code, cases[i].code) == 0;
    }
    return holds;
}

/* RFC 4648, section 10, without its padding; and a spare bit set is refused. */
static bool base32_holds(void)
{
    char text[QRT_BASE32_CHARS(6)];
    uint8_t bytes[8];
    size_t len_bytes;
    qrt_base32_encode(text, sizeof text, (const uint8_t *)"foobar", 6);
    return memcmp(text, "MZXW6YTBOI", sizeof text) == 0 &&
           qrt_base32_decode(bytes, sizeof bytes, &len_bytes, text, sizeof text, NULL) == QRT_OK &&
           len_bytes == 6 && memcmp(bytes, "foobar", 6) == 0 &&
           qrt_base32_decode(bytes, sizeof bytes, &len_bytes, "MZ", 2, NULL) != QRT_OK;
}

const struct qrt_known_answer qrt_known_answers[] = {
    {"sha-256", sha256_holds},    {"blake2b", blake2b_holds},
    {"ed25519", ed25519_holds},   {"xchacha20-poly1305", xchacha20_holds},
    {"argon2id", argon2id_holds}, {"slip-0039", slip39_holds},
    {"totp", totp_holds},         {"base32", base32_holds},
};
const size_t qrt_known_answers_count = sizeof qrt_known_answers / sizeof qrt_known_answers[0];
