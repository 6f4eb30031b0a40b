/* Boxes that only the vault key opens, for one item each. */
#include "unit.h"

#include "crypto/sign.h"
#include "vault/deposit.h"
#include "vault/keys.h"

static const uint8_t vault_id[12] = "vault-id-12.";
static const uint8_t other_id[12] = "vault-id-13.";

/* The key pair of a vault key of that byte. */
struct pair {
    struct qrt_secret private_key;
    uint8_t public_key[32];
};

static struct pair pair_of(int byte)
{
    struct pair pair = {0};
    uint8_t key[QRT_VAULT_KEY_BYTES];
    struct qrt_key_public published;
    memset(key, byte, sizeof key);
    assert_int_equal(qrt_keys_deposit(&pair.private_key, pair.public_key, key, NULL), QRT_OK);
    assert_int_equal(qrt_keys_public(&published, vault_id, 1, key, NULL), QRT_OK);
    assert_memory_equal(pair.public_key, published.deposit_key, 32);
    return pair;
}

static const struct qrt_item_place place = {vault_id, 1, "123456789012", "password", 7};

static enum qrt_code open_box(const struct qrt_buf *box, const struct qrt_item_place *at,
                              const struct pair *pair, struct qrt_err *err)
{
    QRT_SECRET plaintext = {0};
    enum qrt_code code = qrt_deposit_open(&plaintext, at, box->data, box->len_bytes,
                                          pair->public_key, pair->private_key.data, err);
    assert_true((code == QRT_OK) == (plaintext.data != NULL));
    return code;
}

static void every_length_comes_back_and_none_shows(void **state)
{
    (void)state;
    struct pair pair = pair_of(1);
    uint8_t text[QRT_ITEM_MAX_BYTES + 1];
    qrt_random(text, sizeof text);
    for (size_t len = 0; len <= QRT_ITEM_MAX_BYTES; len += len < 200 ? 1 : 154) {
        QRT_BUF box = {0};
        QRT_SECRET plaintext = {0};
        assert_int_equal(qrt_deposit_seal(&box, &place, text, len, pair.public_key, NULL), QRT_OK);
        assert_int_equal((box.len_bytes - (48 + 18 + 2)) % 160, 104); /* the header's bytes */
        assert_int_equal(qrt_deposit_open(&plaintext, &place, box.data, box.len_bytes,
                                          pair.public_key, pair.private_key.data, NULL),
                         QRT_OK);
        assert_int_equal(plaintext.len_bytes, len);
        assert_memory_equal(plaintext.data, text, len);
    }
    QRT_BUF box = {0};
    assert_int_equal(qrt_deposit_seal(&box, &place, text, sizeof text, pair.public_key, NULL),
                     QRT_E_RANGE);
    qrt_secret_wipe(&pair.private_key);
}

static void a_box_of_another_item_is_refused(void **state)
{
    (void)state;
    struct pair pair = pair_of(1);
    QRT_BUF box = {0};
    assert_int_equal(
        qrt_deposit_seal(&box, &place, (const uint8_t *)"secret", 6, pair.public_key, NULL),
        QRT_OK);
    const struct qrt_item_place others[] = {
        {other_id, 1, "123456789012", "password", 7}, {vault_id, 2, "123456789012", "password", 7},
        {vault_id, 1, "123456789013", "password", 7}, {vault_id, 1, "12345678901", "password", 7},
        {vault_id, 1, "123456789012", "totp", 7},     {vault_id, 1, "123456789012", "password", 8},
        {vault_id, 1, "123456789012", "password", 70}};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct qrt_err err = {0};
        assert_int_equal(open_box(&box, &others[i], &pair, &err), QRT_E_REFUSED);
        assert_string_equal(err.what, "it was sealed for another item");
    }
    assert_int_equal(open_box(&box, &place, &pair, NULL), QRT_OK);
    qrt_secret_wipe(&pair.private_key);
}

static void a_box_for_another_key_is_refused(void **state)
{
    (void)state;
    struct pair pair = pair_of(1);
    struct pair other = pair_of(2);
    struct qrt_err err = {0};
    QRT_BUF box = {0};
    assert_int_equal(
        qrt_deposit_seal(&box, &place, (const uint8_t *)"secret", 6, pair.public_key, NULL),
        QRT_OK);
    assert_int_equal(open_box(&box, &place, &other, &err), QRT_E_REFUSED);
    assert_string_equal(err.what, "the key of this vault does not open it");
    qrt_secret_wipe(&pair.private_key);
    qrt_secret_wipe(&other.private_key);
}

static void every_flipped_bit_and_every_cut_is_refused(void **state)
{
    (void)state;
    struct pair pair = pair_of(1);
    QRT_BUF box = {0};
    assert_int_equal(
        qrt_deposit_seal(&box, &place, (const uint8_t *)"secret", 6, pair.public_key, NULL),
        QRT_OK);
    for (size_t bit = 0; bit < 8 * box.len_bytes; bit++) {
        box.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(open_box(&box, &place, &pair, NULL), QRT_E_REFUSED);
        box.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    size_t whole = box.len_bytes;
    for (box.len_bytes = 0; box.len_bytes < whole; box.len_bytes++) {
        assert_int_equal(open_box(&box, &place, &pair, NULL), QRT_E_REFUSED);
    }
    assert_int_equal(open_box(&box, &place, &pair, NULL), QRT_OK);
    qrt_secret_wipe(&pair.private_key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_length_comes_back_and_none_shows),
        cmocka_unit_test(a_box_of_another_item_is_refused),
        cmocka_unit_test(a_box_for_another_key_is_refused),
        cmocka_unit_test(every_flipped_bit_and_every_cut_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
