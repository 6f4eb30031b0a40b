#include "unit.h"

#include "vault/phrase.h"
#include <quorate/slip39.h>

static void generated_phrases_are_seven_words_of_the_list_all_alike_often(void **state)
{
    (void)state;
    enum { ROUNDS = 4000, SLOTS = 1024 };
    unsigned seen[SLOTS] = {0};
    for (unsigned i = 0; i < ROUNDS; i++) {
        QRT_SECRET phrase = {0};
        assert_int_equal(qrt_phrase_generate(&phrase, NULL), QRT_OK);
        assert_int_equal(qrt_phrase_check(&phrase, NULL), QRT_OK);
        char text[128] = "";
        memcpy(text, phrase.data, phrase.len_bytes);
        char *rest = text;
        unsigned words = 0;
        for (char *word; (word = strsep(&rest, " ")) != NULL; words++) {
            uint16_t index;
            assert_true(qrt_slip39_word_find(&index, word, strlen(word)));
            seen[index]++;
        }
        assert_int_equal(words, 7);
    }
    double mean = ROUNDS * 7.0 / SLOTS;
    double chi = 0;
    for (unsigned i = 0; i < SLOTS; i++) {
        chi += (seen[i] - mean) * (seen[i] - mean) / mean;
    }
    /* 1,023 degrees of freedom: above 1,300 once in 10^8 runs. */
    assert_true(chi < 1300);
}

static void a_chosen_phrase_is_what_every_keyboard_can_type(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"twelve chars", NULL},
        {"  twelve ch  ", "a passphrase: a space at its start or end"},
        {"twelve chars ", "a passphrase: a space at its start or end"},
        {"eleven char", "a passphrase needs at least 12 characters"},
        {"", "a passphrase needs at least 12 characters"},
        {"twelve\tchars", "a passphrase: character 7 is not one that every keyboard has"},
        {"twelve ch\xc3\xa4rs", "a passphrase: character 10 is not one that every keyboard has"},
        {"twelve chars\x7f", "a passphrase: character 13 is not one that every keyboard has"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        QRT_SECRET phrase = {0};
        struct qrt_err err = {0};
        assert_int_equal(qrt_secret_init(&phrase, 64, NULL), QRT_OK);
        assert_int_equal(qrt_secret_append(&phrase, rows[i][0], strlen(rows[i][0]), NULL), QRT_OK);
        enum qrt_code code = qrt_phrase_check(&phrase, &err);
        assert_string_equal(err.what, rows[i][1] != NULL ? rows[i][1] : "");
        assert_int_equal(qrt_code_exit(code), rows[i][1] != NULL ? 2 : 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(generated_phrases_are_seven_words_of_the_list_all_alike_often),
        cmocka_unit_test(a_chosen_phrase_is_what_every_keyboard_can_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
