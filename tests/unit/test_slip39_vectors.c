/* The 45 official vectors: tests/vectors/slip39.json. */
#include "unit.h"

#include "base/text.h"
#include <jansson.h>
#include <quorate/slip39.h>

#define VECTORS    45
#define PASSPHRASE "TREZOR"

/* What the refusals are to be called: too few shares, or faulty ones. */
static enum qrt_code expected_failure(const char *description)
{
    return strstr(description, "Basic sharing") != NULL ||
                   strstr(description, "Insufficient number") != NULL ||
                   strstr(description, "insufficient number") != NULL
               ? QRT_E_QUORUM
               : QRT_E_REFUSED;
}

static enum qrt_code decode_text(struct qrt_slip39_share *share, const char *text)
{
    uint16_t words[QRT_SLIP39_WORDS_MAX];
    size_t count;
    struct qrt_err err;
    enum qrt_code code = qrt_slip39_text_decode(words, &count, text, strlen(text), &err);
    if (code != QRT_OK) {
        return code;
    }
    code = qrt_slip39_share_decode(share, words, count, &err);
    if (code == QRT_OK) {
        uint16_t again[QRT_SLIP39_WORDS_MAX];
        char text_again[QRT_SLIP39_TEXT_MAX_BYTES];
        size_t again_count, len;
        assert_int_equal(qrt_slip39_share_encode(again, &again_count, share, &err), QRT_OK);
        assert_int_equal(again_count, count);
        assert_memory_equal(again, words, count * sizeof words[0]);
        assert_int_equal(
            qrt_slip39_text_encode(text_again, sizeof text_again, &len, again, again_count, &err),
            QRT_OK);
        assert_string_equal(text_again, text);
        assert_int_equal(len, strlen(text));
    }
    return code;
}

static enum qrt_code combine(uint8_t *secret, size_t *len, const json_t *mnemonics)
{
    struct qrt_slip39_share shares[16];
    size_t count = json_array_size(mnemonics);
    *len = 0;
    for (size_t i = 0; i < count; i++) {
        enum qrt_code code =
            decode_text(&shares[i], json_string_value(json_array_get(mnemonics, i)));
        if (code != QRT_OK) {
            return code;
        }
    }
    return qrt_slip39_combine(secret, QRT_SLIP39_VALUE_MAX_BYTES, len, shares, count,
                              (const uint8_t *)PASSPHRASE, strlen(PASSPHRASE), NULL);
}

static void all_45_official_vectors_hold(void **state)
{
    (void)state;
    json_t *vectors = json_load_file(QRT_TESTS_DIR "/vectors/slip39.json", 0, NULL);
    assert_int_equal(json_array_size(vectors), VECTORS);
    size_t given = 0;
    for (size_t i = 0; i < VECTORS; i++) {
        const json_t *vector = json_array_get(vectors, i);
        const char *description = json_string_value(json_array_get(vector, 0));
        const char *hex = json_string_value(json_array_get(vector, 2));
        uint8_t secret[QRT_SLIP39_VALUE_MAX_BYTES];
        size_t len;
        enum qrt_code code = combine(secret, &len, json_array_get(vector, 1));
        enum qrt_code wanted = *hex != '\0' ? QRT_OK : expected_failure(description);
        if (code != wanted) {
            fail_msg("%s: %s", description, qrt_code_words(code));
        }
        char found[2 * QRT_SLIP39_VALUE_MAX_BYTES + 1];
        qrt_text_hex(found, secret, len);
        assert_string_equal(found, hex);
        given += *hex != '\0';
    }
    assert_int_equal(given, 15);
    json_decref(vectors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_45_official_vectors_hold)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
