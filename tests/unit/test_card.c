#include "unit.h"

#include "base/text.h"
#include "card/code.h"
#include "card/rows.h"
#include "crypto/sign.h"
#include <quorate/card.h>
#include <sodium.h>

/* Of a struct qrt_card, without the padding at its end. */
#define CARD_BYTES (offsetof(struct qrt_card, signature) + QRT_SIGNATURE_BYTES)

struct fixture {
    struct qrt_card card; /* signed: password group, member 1, 2 of 3 */
    struct qrt_slip39_share share;
    uint8_t key[QRT_SIGN_KEY_BYTES];
    uint8_t payload[QRT_CARD_PAYLOAD_BYTES];
    uint8_t commitment[QRT_CARD_COMMIT_BYTES];
    char text[QRT_CARD_TEXT_CHARS + 1];
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    static const struct qrt_slip39_plan plan = {.identifier = 4711,
                                                .extendable = true,
                                                .group_threshold = 2,
                                                .group_count = 2,
                                                .groups = {{2, 3}, {2, 2}}};
    static const uint8_t secret[32] = "0123456789abcdef0123456789abcde";
    static const uint8_t seed[QRT_SEED_BYTES] = "the seed of an issuing key, 32 b";
    struct qrt_slip39_share shares[5] = {0};
    uint8_t group_shares[64];
    assert_int_equal(
        qrt_slip39_split(shares, group_shares, &plan, secret, sizeof secret, NULL, 0, NULL),
        QRT_OK);
    f->share = shares[1];
    f->card =
        (struct qrt_card){.vault_id = "vault-id-12b", .generation = 1, .edition = 3, .serial = 7};
    assert_int_equal(qrt_card_put_share(&f->card, &f->share, NULL), QRT_OK);
    qrt_sign_key(f->key, seed);
    assert_int_equal(qrt_card_sign(&f->card, f->key, NULL), QRT_OK);
    assert_int_equal(qrt_card_encode(f->payload, &f->card, NULL), QRT_OK);
    assert_int_equal(qrt_card_commit(f->commitment, &f->card, NULL), QRT_OK);
    assert_int_equal(qrt_card_text(f->text, &f->card, NULL), QRT_OK);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    free(*state);
    return 0;
}

static void a_card_comes_back_from_its_code(void **state)
{
    struct fixture *f = *state;
    struct qrt_card card;
    struct qrt_slip39_share share;
    enum qrt_card_reason reason = QRT_CARD_VOID;
    assert_int_equal(strlen(f->text), 219);
    assert_int_equal(qrt_card_read(&card, &share, &reason, f->text, strlen(f->text), NULL), QRT_OK);
    assert_int_equal(reason, QRT_CARD_FINE);
    assert_memory_equal(&card, &f->card, CARD_BYTES);
    assert_memory_equal(&share, &f->share, sizeof share);
    assert_true(qrt_card_verify(&card, qrt_sign_public(f->key)));
    char padded[256];
    snprintf(padded, sizeof padded, " \r\n\t%s \n", f->text);
    assert_int_equal(qrt_card_read(&card, &share, &reason, padded, strlen(padded), NULL), QRT_OK);
    assert_int_equal(card.serial, 7);
}

/* Byte for byte as docs/formats/card.md says, made here by hand. */
static void the_payload_has_its_bytes_where_the_format_says(void **state)
{
    struct fixture *f = *state;
    static const uint8_t head[] = {1,   'v', 'a', 'u', 'l', 't', '-', 'i', 'd', '-', '1', '2',
                                   'b', 0,   1,   0,   3,   0,   0,   0,   7,   0,   1,   2};
    assert_int_equal(sizeof head, 24);
    assert_memory_equal(f->payload, head, sizeof head);
    assert_memory_equal(f->payload + 24, f->card.share, 42);
    char message[15 + 66];
    memcpy(message, "quorate/card/v1", 15);
    memcpy(message + 15, f->payload, 66);
    assert_int_equal(crypto_sign_verify_detached(f->payload + 66, (uint8_t *)message,
                                                 sizeof message, f->key + 32),
                     0);
    uint8_t tagged[22 + 66];
    uint8_t hash[32];
    memcpy(tagged, "quorate/card-commit/v1", 22);
    memcpy(tagged + 22, f->payload, 66);
    crypto_generichash(hash, 32, tagged, sizeof tagged, NULL, 0);
    assert_memory_equal(hash, f->commitment, 32);
}

/* What a vault that knows key and commitment says of a payload. */
static enum qrt_card_reason judge(const struct fixture *f, const uint8_t *payload, size_t len_bytes)
{
    char text[2 * QRT_CARD_TEXT_CHARS];
    struct qrt_card card;
    struct qrt_slip39_share share;
    enum qrt_card_reason reason;
    uint8_t commitment[QRT_CARD_COMMIT_BYTES];
    qrt_code_write(text, QRT_CODE_SHARE, payload, len_bytes);
    enum qrt_code code = qrt_card_read(&card, &share, &reason, text, strlen(text), NULL);
    assert_int_equal(code, reason == QRT_CARD_FINE ? QRT_OK : QRT_E_REFUSED);
    if (code != QRT_OK) {
        static const struct qrt_card no_card;
        static const struct qrt_slip39_share no_share;
        assert_memory_equal(&card, &no_card, CARD_BYTES);
        assert_memory_equal(&share, &no_share, sizeof share);
        return reason;
    }
    if (!qrt_card_verify(&card, qrt_sign_public(f->key))) {
        return QRT_CARD_FORGED;
    }
    assert_int_equal(qrt_card_commit(commitment, &card, NULL), QRT_OK);
    return memcmp(commitment, f->commitment, 32) == 0 ? QRT_CARD_FINE : QRT_CARD_MISMATCH;
}

/* The class that a flip of that bit must fall in. */
static bool is_right(size_t byte, unsigned bit, enum qrt_card_reason reason)
{
    if (byte == 0) {
        return reason == (bit == 0 ? QRT_CARD_UNREADABLE : QRT_CARD_NEWER_THAN_VAULT);
    }
    if (byte < 21) {
        bool zero = byte == 14 && bit == 0; /* generation 1 becomes 0 */
        return reason == (zero ? QRT_CARD_UNREADABLE : QRT_CARD_FORGED);
    }
    if (byte == 21) {
        return reason == (bit == 0 ? QRT_CARD_MISMATCH : QRT_CARD_UNREADABLE);
    }
    if (byte == 22) {
        return reason == (bit < 4 ? QRT_CARD_MISMATCH : QRT_CARD_UNREADABLE);
    }
    if (byte == 23) {
        bool in_range = bit != 1 && bit < 4; /* 2 becomes 3, 6 or 10; not 0 */
        return reason == (in_range ? QRT_CARD_MISMATCH : QRT_CARD_UNREADABLE);
    }
    return reason == (byte < 66 ? QRT_CARD_UNREADABLE : QRT_CARD_FORGED);
}

static void every_bit_flip_of_a_payload_is_refused_for_the_right_reason(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(judge(f, f->payload, sizeof f->payload), QRT_CARD_FINE);
    for (size_t bit = 0; bit < 8 * sizeof f->payload; bit++) {
        f->payload[bit / 8] ^= (uint8_t)(1U << bit % 8);
        enum qrt_card_reason reason = judge(f, f->payload, sizeof f->payload);
        if (!is_right(bit / 8, bit % 8, reason)) {
            fail_msg("byte %zu, bit %zu: %s", bit / 8, bit % 8, qrt_card_reason_word(reason));
        }
        f->payload[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    for (size_t len = 0; len < sizeof f->payload; len++) {
        assert_int_equal(judge(f, f->payload, len), QRT_CARD_UNREADABLE);
    }
    uint8_t longer[QRT_CARD_PAYLOAD_BYTES + 1] = {0};
    memcpy(longer, f->payload, sizeof f->payload);
    assert_int_equal(judge(f, longer, sizeof longer), QRT_CARD_UNREADABLE);
    longer[0] = 2;
    assert_int_equal(judge(f, longer, sizeof longer), QRT_CARD_NEWER_THAN_VAULT);
}

/* A commitment sees what a signature of the right key would not. */
static void every_bit_before_the_signature_changes_the_commitment(void **state)
{
    struct fixture *f = *state;
    for (size_t bit = 0; bit < 8 * QRT_CARD_SIGNED_BYTES; bit++) {
        struct qrt_card card;
        f->payload[bit / 8] ^= (uint8_t)(1U << bit % 8);
        if (qrt_card_decode(&card, f->payload, sizeof f->payload, NULL) == QRT_OK) {
            uint8_t commitment[QRT_CARD_COMMIT_BYTES];
            assert_int_equal(qrt_card_sign(&card, f->key, NULL), QRT_OK);
            assert_true(qrt_card_verify(&card, qrt_sign_public(f->key)));
            assert_int_equal(qrt_card_commit(commitment, &card, NULL), QRT_OK);
            assert_memory_not_equal(commitment, f->commitment, 32);
        }
        f->payload[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
}

static void every_change_of_a_character_is_refused(void **state)
{
    struct fixture *f = *state;
    struct qrt_card card;
    struct qrt_slip39_share share;
    enum qrt_card_reason reason;
    for (size_t i = 0; i < QRT_CARD_TEXT_CHARS; i++) {
        char held = f->text[i];
        for (unsigned c = 0; c < 256; c++) {
            /* White space at the ends is left away: a shorter text then. */
            f->text[i] = (char)c;
            bool fine = qrt_card_read(&card, &share, &reason, f->text, QRT_CARD_TEXT_CHARS, NULL) ==
                            QRT_OK &&
                        qrt_card_verify(&card, qrt_sign_public(f->key));
            assert_int_equal(fine, (char)c == held);
        }
        f->text[i] = held;
    }
}

static void a_code_of_another_kind_is_told_from_an_unreadable_one(void **state)
{
    struct fixture *f = *state;
    struct qrt_card card;
    struct qrt_slip39_share share;
    for (char letter = 'A'; letter <= 'Z'; letter++) {
        enum qrt_card_reason reason;
        f->text[9] = letter;
        (void)!qrt_card_read(&card, &share, &reason, f->text, QRT_CARD_TEXT_CHARS, NULL);
        assert_int_equal(reason, letter == 'S'                     ? QRT_CARD_FINE
                                 : strchr("BIHRK", letter) != NULL ? QRT_CARD_WRONG_KIND
                                                                   : QRT_CARD_UNREADABLE);
    }
    enum qrt_card_reason reason;
    struct qrt_err err;
    f->text[9] = 'R';
    assert_int_equal(qrt_card_read(&card, &share, &reason, f->text, QRT_CARD_TEXT_CHARS, &err),
                     QRT_E_REFUSED);
    assert_string_equal(err.what, "this is a receipt's code, not a share card's code");
    assert_int_equal(err.code, QRT_E_REFUSED);
    static const char *const others[] = {"",
                                         "https://example.com",
                                         "QUORATE1",
                                         "QUORATE1:",
                                         "QUORATE1:S",
                                         "QUORATE1:S:",
                                         "QUORATE2:S:AA",
                                         "quorate1:s:aa",
                                         "QUORATE1:S:AA"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_int_equal(qrt_card_read(&card, &share, &reason, others[i], strlen(others[i]), NULL),
                         QRT_E_REFUSED);
        assert_true(reason == QRT_CARD_UNREADABLE || reason == QRT_CARD_UNKNOWN_WORD);
    }
}

static void fields_out_of_range_are_not_encoded(void **state)
{
    struct fixture *f = *state;
    uint8_t payload[QRT_CARD_PAYLOAD_BYTES];
    for (unsigned i = 0; i < 8; i++) {
        struct qrt_card card = f->card;
        card.generation = i == 0 ? 0 : card.generation;
        card.edition = i == 1 ? 0 : card.edition;
        card.serial = i == 2 ? 0 : card.serial;
        card.group = i == 3 ? 2 : card.group;
        card.member_index = i == 4 ? 16 : card.member_index;
        card.member_threshold = i == 5 ? 0 : i == 6 ? 17 : card.member_threshold;
        card.share[0] |= i == 7 ? 4 : 0;
        uint8_t hash[QRT_CARD_COMMIT_BYTES];
        char text[QRT_CARD_TEXT_CHARS + 1];
        assert_int_equal(qrt_card_encode(payload, &card, NULL), QRT_E_RANGE);
        assert_true(sodium_is_zero(payload, sizeof payload));
        assert_int_equal(qrt_card_commit(hash, &card, NULL), QRT_E_RANGE);
        assert_true(sodium_is_zero(hash, sizeof hash));
        assert_int_equal(qrt_card_text(text, &card, NULL), QRT_E_RANGE);
        assert_string_equal(text, "");
        assert_false(qrt_card_verify(&card, qrt_sign_public(f->key)));
        assert_int_equal(qrt_card_sign(&card, f->key, NULL), QRT_E_RANGE);
        assert_true(sodium_is_zero(card.signature, sizeof card.signature));
    }
}

static void a_share_of_another_profile_goes_on_no_card(void **state)
{
    struct fixture *f = *state;
    for (unsigned i = 0; i < 6; i++) {
        struct qrt_slip39_share share = f->share;
        struct qrt_card card = f->card;
        share.extendable = i != 0;
        share.iteration_exponent = i == 1;
        share.group_threshold = i == 2 ? 1 : 2;
        share.group_count = i == 3 || i == 5 ? 3 : 2;
        share.value_len_bytes = i == 4 ? 16 : 32;
        share.group_index = i == 5 ? 2 : 0;
        assert_int_equal(qrt_card_put_share(&card, &share, NULL), QRT_E_RANGE);
        assert_memory_equal(&card, &f->card, CARD_BYTES);
        if (share.value_len_bytes != 32) {
            continue;
        }
        /* and comes off none, however it came there */
        uint16_t words[QRT_SLIP39_WORDS_MAX];
        size_t count;
        enum qrt_card_reason reason;
        assert_int_equal(qrt_slip39_share_encode(words, &count, &share, NULL), QRT_OK);
        qrt_slip39_words_pack(card.share, words);
        assert_int_equal(qrt_card_get_share(&share, &reason, &card, NULL), QRT_E_REFUSED);
        assert_int_equal(reason, QRT_CARD_MISMATCH);
    }
}

static void a_label_comes_back_and_any_flip_is_seen(void **state)
{
    struct fixture *f = *state;
    struct qrt_label label = {
        .vault_id = "vault-id-12b", .generation = 1, .edition = 3, .serial = 7};
    memcpy(label.commitment, f->commitment, 32);
    char text[QRT_LABEL_TEXT_CHARS + 1];
    struct qrt_label back;
    enum qrt_card_reason reason;
    assert_int_equal(qrt_label_text(text, &label, NULL), QRT_OK);
    assert_int_equal(strlen(text), QRT_LABEL_TEXT_CHARS);
    assert_int_equal(qrt_label_read(&back, &reason, text, strlen(text), NULL), QRT_OK);
    assert_int_equal(reason, QRT_CARD_FINE);
    assert_memory_equal(&back, &label, sizeof label);
    for (size_t i = 0; i < QRT_LABEL_TEXT_CHARS; i++) {
        char held = text[i];
        for (unsigned c = 0; c < 256; c++) {
            text[i] = (char)c;
            bool same =
                qrt_label_read(&back, &reason, text, QRT_LABEL_TEXT_CHARS, NULL) == QRT_OK &&
                memcmp(&back, &label, sizeof label) == 0;
            assert_int_equal(same, (char)c == held);
        }
        text[i] = held;
    }
    assert_int_equal(qrt_label_read(&back, &reason, f->text, strlen(f->text), NULL), QRT_E_REFUSED);
    assert_int_equal(reason, QRT_CARD_WRONG_KIND);
    assert_int_equal(qrt_label_read(&back, &reason, text, 95, NULL), QRT_E_REFUSED);
    assert_int_equal(reason, QRT_CARD_UNREADABLE);
    label.serial = 0;
    assert_int_equal(qrt_label_text(text, &label, NULL), QRT_E_RANGE);
    assert_string_equal(text, "");
}

static char page[16384];

/* The text behind `before` on the format's page, up to the line's end. */
static const char *take_line(const char **from, const char *before)
{
    const char *at = strstr(*from, before);
    assert_non_null(at);
    at += strspn(at, "\n ");
    *from = at + strcspn(at, "\n");
    return at;
}

/* tests/interop/card_example.py judges the same page by other means. */
static void the_example_of_the_format_is_read(void **state)
{
    (void)state;
    FILE *file = fopen(QRT_TESTS_DIR "/../docs/formats/card.md", "rb");
    assert_non_null(file);
    page[fread(page, 1, sizeof page - 1, file)] = '\0';
    fclose(file);
    const char *from = strstr(page, "## An example");
    assert_non_null(from);
    struct qrt_card card;
    struct qrt_card typed;
    struct qrt_slip39_share share;
    struct qrt_label label;
    enum qrt_card_reason reason;
    uint8_t public_key[32];
    uint8_t expected[32];
    uint8_t commitment[32];
    assert_int_equal(qrt_card_read(&card, &share, &reason, take_line(&from, "    QUORATE1:S:"),
                                   QRT_CARD_TEXT_CHARS, NULL),
                     QRT_OK);
    assert_true(qrt_text_unhex(public_key, 32, take_line(&from, "\n    "), 64));
    assert_true(qrt_text_unhex(expected, 32, take_line(&from, "\n    "), 64));
    assert_true(qrt_card_verify(&card, public_key));
    assert_int_equal(qrt_card_commit(commitment, &card, NULL), QRT_OK);
    assert_memory_equal(commitment, expected, 32);
    assert_int_equal(qrt_label_read(&label, &reason, take_line(&from, "    QUORATE1:B:"),
                                    QRT_LABEL_TEXT_CHARS, NULL),
                     QRT_OK);
    assert_memory_equal(label.commitment, commitment, 32);
    const char *rows = strstr(from, "    A  ");
    assert_non_null(rows);
    assert_int_equal(qrt_card_read(&typed, &share, &reason, rows, strlen(rows), NULL), QRT_OK);
    assert_memory_equal(typed.share, card.share, sizeof card.share);
}

static void reasons_have_their_words(void **state)
{
    (void)state;
    assert_string_equal(qrt_card_reason_word(QRT_CARD_FINE), "");
    assert_string_equal(qrt_card_reason_word(QRT_CARD_UNREADABLE), "unreadable");
    assert_string_equal(qrt_card_reason_word(QRT_CARD_NEWER_THAN_VAULT), "newer-than-vault");
}

int main(void)
{
#define CARD_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CARD_TEST(a_card_comes_back_from_its_code),
        CARD_TEST(the_payload_has_its_bytes_where_the_format_says),
        CARD_TEST(every_bit_flip_of_a_payload_is_refused_for_the_right_reason),
        CARD_TEST(every_bit_before_the_signature_changes_the_commitment),
        CARD_TEST(every_change_of_a_character_is_refused),
        CARD_TEST(a_code_of_another_kind_is_told_from_an_unreadable_one),
        CARD_TEST(fields_out_of_range_are_not_encoded),
        CARD_TEST(a_share_of_another_profile_goes_on_no_card),
        CARD_TEST(a_label_comes_back_and_any_flip_is_seen),
        cmocka_unit_test(the_example_of_the_format_is_read),
        cmocka_unit_test(reasons_have_their_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
