#include "unit.h"

#include "log/note.h"

static void a_checkpoint_is_signed_cosigned_and_verified(void **state)
{
    (void)state;
    uint8_t seed[32] = {1};
    uint8_t key[64];
    qrt_sign_key(key, seed);
    struct qrt_vkey vkey;
    assert_int_equal(
        qrt_vkey_make(&vkey, "example.com/v", QRT_KEY_TYPE_LOG, qrt_sign_public(key), NULL), 0);
    struct qrt_checkpoint checkpoint = {.origin = "example.com/v", .size = 3};
    QRT_BUF note = {0};
    qrt_checkpoint_format(&note, &checkpoint);
    uint8_t signature[64];
    qrt_note_sign(signature, qrt_buf_str(&note), note.len_bytes, key);
    qrt_buf_text(&note, "\n");
    qrt_note_add_signature(&note, &vkey, signature, sizeof signature);
    struct qrt_note parsed;
    assert_int_equal(qrt_note_parse(&parsed, qrt_buf_str(&note), note.len_bytes, NULL), 0);
    assert_true(qrt_note_verify(&parsed, &vkey, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_checkpoint_is_signed_cosigned_and_verified),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
