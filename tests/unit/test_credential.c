#include "unit.h"

#include "vault/credential.h"
#include "vault/otpauth.h"

#define ALLOWED                                                                                    \
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*()<>[]{}|_+-="

static enum qrt_code check(const char *password, struct qrt_err *err)
{
    return qrt_password_check(password, strlen(password), "Example-1!", "Root1+2@example", err);
}

static void passwords_are_judged_by_the_rules_of_aws(void **state)
{
    (void)state;
    static const struct {
        const char *password, *error;
    } rows[] = {
        {"Abcdef12", NULL},
        {"abcdef1!", NULL},
        {"ABCDEF1!", NULL},
        {"Abcdefg!", NULL},
        {"Abcde12", "the password is shorter than 8 characters"},
        {"", "the password is shorter than 8 characters"},
        {"abcdefgh1",
         "the password has fewer than three of upper case, lower case, digits, symbols"},
        {"Abcdefgh",
         "the password has fewer than three of upper case, lower case, digits, symbols"},
        {"12345678!",
         "the password has fewer than three of upper case, lower case, digits, symbols"},
        {"Abcdef 12", "the password's character 7 is none that AWS allows"},
        {"Abcdef12.", "the password's character 9 is none that AWS allows"},
        {"Abcdef1\xc3\xa9", "the password's character 8 is none that AWS allows"},
        {"Example-1!", "the password is the account's name or address"},
        {"EXAMPLE-1!", "the password is the account's name or address"},
        {"root1+2@EXAMPLE", "the password is the account's name or address"},
        {"Example-1!x", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct qrt_err err = {0};
        enum qrt_code code = check(rows[i].password, &err);
        assert_string_equal(err.what, rows[i].error != NULL ? rows[i].error : "");
        assert_int_equal(qrt_code_exit(code), rows[i].error != NULL ? 2 : 0);
    }
    char text[130];
    memset(text, 'a', sizeof text);
    memcpy(text, "A1", 2);
    assert_int_equal(qrt_password_check(text, 128, "", "", NULL), QRT_OK);
    assert_int_equal(qrt_password_check(text, 129, "", "", NULL), QRT_E_RANGE);
}

static void each_of_the_256_characters_is_known_or_refused(void **state)
{
    (void)state;
    for (unsigned c = 0; c < 256; c++) {
        char password[] = {'A', 'b', '1', '+', 'x', 'y', 'z', (char)c};
        bool allowed = c != 0 && strchr(ALLOWED, (int)c) != NULL;
        assert_int_equal(qrt_password_check(password, 8, "", "", NULL),
                         allowed ? QRT_OK : QRT_E_FORMAT);
    }
}

static void generated_passwords_pass_and_use_every_character_alike(void **state)
{
    (void)state;
    enum { ROUNDS = 4000, KINDS = 68 };
    unsigned seen[256] = {0};
    QRT_SECRET password = {0};
    for (unsigned i = 0; i < ROUNDS; i++) {
        assert_int_equal(qrt_password_generate(&password, "n", "e", NULL), QRT_OK);
        assert_int_equal(password.len_bytes, 24);
        assert_int_equal(qrt_password_check((char *)password.data, 24, "n", "e", NULL), QRT_OK);
        for (size_t j = 0; j < 24; j++) {
            seen[password.data[j]]++;
        }
    }
    unsigned kinds = 0;
    double mean = ROUNDS * 24.0 / KINDS;
    double chi = 0;
    for (unsigned c = 0; c < 256; c++) {
        kinds += seen[c] > 0;
        chi += seen[c] > 0 ? (seen[c] - mean) * (seen[c] - mean) / mean : 0;
    }
    assert_int_equal(kinds, KINDS);
    for (const char *c = "0O1lI"; *c != '\0'; c++) {
        assert_int_equal(seen[(unsigned char)*c], 0);
    }
    /* 67 degrees of freedom: above 150 once in 10^8 runs. */
    assert_true(chi < 150);
}

#define AMAZON                                                                                     \
    "otpauth://totp/Amazon%20Web%20Services:device@123456789012?secret=MZXW6YTBOI"                 \
    "&issuer=Amazon%20Web%20Services"

static void seeds_are_read_as_people_give_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned algorithm, digits, period_s;
        const char *seed;
    } rows[] = {
        {AMAZON, 1, 6, 30, "foobar"},
        {"MZXW6YTBOI", 1, 6, 30, "foobar"},
        {"mzxw 6ytb oi", 1, 6, 30, "foobar"},
        {" MZXW6YTBOI======", 1, 6, 30, "foobar"},
        {"MZXW6===", 1, 6, 30, "foo"},
        {"OTPAUTH://TOTP/A?SECRET=MZXW6", 1, 6, 30, "foo"},
        {"otpauth://totp/?secret=mzxw6", 1, 6, 30, "foo"},
        {"otpauth://totp/A%3Ab?secret=MZXW6%3D%3D%3D", 1, 6, 30, "foo"},
        {"otpauth://totp/A?secret=MZXW6===", 1, 6, 30, "foo"},
        {"otpauth://totp/A?digits=8&secret=MZXW6&period=60&algorithm=SHA512", 3, 8, 60, "foo"},
        {"otpauth://totp/A?secret=MZXW6&algorithm=sha256&digits=7", 2, 7, 30, "foo"},
        {"otpauth://totp/A?secret=MZXW6&image=http%3A&image=x", 1, 6, 30, "foo"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        QRT_TOTP totp = {0};
        struct qrt_err err = {0};
        enum qrt_code code =
            qrt_otpauth_parse(&totp, NULL, rows[i].text, strlen(rows[i].text), &err);
        assert_string_equal(err.what, "");
        assert_int_equal(code, QRT_OK);
        assert_int_equal(totp.algorithm, rows[i].algorithm);
        assert_int_equal(totp.digits, rows[i].digits);
        assert_int_equal(totp.period_s, rows[i].period_s);
        assert_int_equal(totp.seed.len_bytes, strlen(rows[i].seed));
        assert_memory_equal(totp.seed.data, rows[i].seed, totp.seed.len_bytes);
    }
}

static void other_seeds_are_refused_with_the_place(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"otpauth://totp/A?secret=MZXW6&digits=5", "an MFA code has 6 to 8 digits"},
        {"otpauth://totp/A?secret=MZXW6&digits=9", "an MFA code has 6 to 8 digits"},
        {"otpauth://totp/A?secret=MZXW6&digits=+6", "otpauth: the digits is not a number"},
        {"otpauth://totp/A?secret=MZXW6&digits=", "otpauth: the digits is not a number"},
        {"otpauth://totp/A?secret=MZXW6&period=0", "an MFA code lasts 15 to 300 seconds"},
        {"otpauth://totp/A?secret=MZXW6&period=65566", "otpauth: the period is not a number"},
        {"otpauth://totp/A?secret=MZXW6&algorithm=MD5",
         "otpauth: the algorithm is none of SHA1, SHA256, SHA512"},
        {"otpauth://totp/A?secret=MZXW6&secret=MZXW6", "otpauth: the secret is given twice"},
        {"otpauth://totp/A?secret=MZXW6&Secret=MZXW6", "otpauth: the secret is given twice"},
        {"otpauth://totp/A?secret=MZXW6&issuer=a&issuer=a", "otpauth: the issuer is given twice"},
        {"otpauth://totp/A?secret", "otpauth: parameter 1 is not of the form name=value"},
        {"otpauth://totp/A?secret=MZXW6&", "otpauth: parameter 2 is not of the form name=value"},
        {"otpauth://totp/A?=x&secret=MZXW6", "otpauth: parameter 1 is not of the form name=value"},
        {"otpauth://totp/A?", "otpauth: parameter 1 is not of the form name=value"},
        {"otpauth://totp/A", "otpauth: there is no secret"},
        {"otpauth://totp/A?issuer=x", "otpauth: there is no secret"},
        {"otpauth://totp/A?secret=", "an MFA seed has 1 to 128 bytes"},
        {"otpauth://hotp/A?secret=MZXW6&counter=1", "otpauth: it is not of the type totp"},
        {"otpauth://totp?secret=MZXW6", "otpauth: it is not of the type totp"},
        {"otpauth://", "otpauth: it is not of the type totp"},
        {"otpauth://totp/A%2?secret=MZXW6", "otpauth: a broken % escape in the label"},
        {"otpauth://totp/A%?secret=MZXW6", "otpauth: a broken % escape in the label"},
        {"otpauth://totp/A?secret=MZXW%3", "otpauth: a broken % escape in the secret"},
        {"otpauth://totp/A%0A?secret=MZXW6", "otpauth: the label is not clean UTF-8 text"},
        {"otpauth://totp/A%00?secret=MZXW6", "otpauth: the label is not clean UTF-8 text"},
        {"otpauth://totp/A%C2%9B?secret=MZXW6", "otpauth: the label is not clean UTF-8 text"},
        {"otpauth://totp/A?secret=MZXW6&issuer=%FF", "otpauth: the issuer is not clean UTF-8 text"},
        {"otpauth://totp/A?secret=MZXW6#x", "otpauth: character 30 has no place in it"},
        {"otpauth://totp/A b?secret=MZXW6", "otpauth: character 17 has no place in it"},
        {"MZXW1", "the MFA seed: Base32: character 5 is not of A-Z, 2-7"},
        {"MZXW6-YTB", "the MFA seed: Base32 of an impossible length, 9 characters"},
        {"MZXW6Y", "the MFA seed: Base32 of an impossible length, 6 characters"},
        {"MZXR", "the MFA seed: Base32: its spare bits are not zero"},
        {"MZ=XW6", "the MFA seed goes on behind its padding"},
        {"MZXW6==", "the MFA seed has a padding of the wrong length"},
        {"MZXW6YTB========", "the MFA seed has a padding of the wrong length"},
        {"", "an MFA seed has 1 to 128 bytes"},
        {"====", "the MFA seed has a padding of the wrong length"},
        {"https://example.com", "the MFA seed: Base32 of an impossible length, 19 characters"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        QRT_TOTP totp = {0};
        struct qrt_otpauth_label label;
        struct qrt_err err = {0};
        enum qrt_code code = qrt_otpauth_parse(&totp, &label, rows[i][0], strlen(rows[i][0]), &err);
        assert_string_equal(err.what, rows[i][1]);
        assert_int_equal(qrt_code_exit(code), 2);
        assert_null(totp.seed.data);
        assert_int_equal(totp.algorithm, 0);
        assert_string_equal(label.label, "");
        assert_int_equal(qrt_otpauth_parse(&totp, NULL, rows[i][0], strlen(rows[i][0]), NULL),
                         code);
    }
}

static void label_and_issuer_are_decoded(void **state)
{
    (void)state;
    QRT_TOTP totp = {0};
    struct qrt_otpauth_label label;
    assert_int_equal(qrt_otpauth_parse(&totp, &label, AMAZON, strlen(AMAZON), NULL), QRT_OK);
    assert_string_equal(label.label, "Amazon Web Services:device@123456789012");
    assert_string_equal(label.issuer, "Amazon Web Services");
    /* Cut inside an escape, with a hex digit behind the end. */
    static const char cut[] = "otpauth://totp/A?secret=MZXW%36";
    assert_int_equal(qrt_otpauth_parse(&totp, &label, cut, strlen(cut) - 1, NULL), QRT_E_FORMAT);
    char text[2100];
    memset(text, 'A', sizeof text);
    assert_int_equal(qrt_otpauth_parse(&totp, &label, text, 2049, NULL), QRT_E_RANGE);
    assert_int_equal(qrt_otpauth_parse(&totp, &label, text, 208, NULL), QRT_E_RANGE);
    /* 205 characters are 128 bytes and a spare bit */
    assert_int_equal(qrt_otpauth_parse(&totp, &label, text, 205, NULL), QRT_OK);
    assert_int_equal(totp.seed.len_bytes, 128);
    memcpy(text, "otpauth://totp/", 15);
    memcpy(text + 15 + 256, "?secret=MZXW6", 14);
    assert_int_equal(qrt_otpauth_parse(&totp, &label, text, strlen(text), NULL), QRT_E_RANGE);
    memcpy(text + 15 + 255, "?secret=MZXW6", 14);
    assert_int_equal(qrt_otpauth_parse(&totp, &label, text, strlen(text), NULL), QRT_OK);
}

static void an_item_holds_what_it_was_given(void **state)
{
    (void)state;
    QRT_TOTP totp = {0};
    QRT_TOTP back = {0};
    QRT_SECRET item = {0};
    assert_int_equal(qrt_otpauth_parse(&totp, NULL,
                                       "otpauth://totp/A?secret=MZXW6&algorithm=SHA256&period=60",
                                       56, NULL),
                     QRT_OK);
    assert_int_equal(qrt_totp_encode(&item, &totp, NULL), QRT_OK);
    static const uint8_t bytes[] = {2, 6, 0, 60, 0, 3, 'f', 'o', 'o', 0};
    assert_int_equal(item.len_bytes, 9);
    assert_memory_equal(item.data, bytes, 9);
    assert_int_equal(qrt_totp_decode(&back, item.data, item.len_bytes, NULL), QRT_OK);
    assert_int_equal(back.algorithm, 2);
    assert_int_equal(back.period_s, 60);
    assert_memory_equal(back.seed.data, "foo", 3);
    for (size_t len = 0; len < 9; len++) {
        assert_int_equal(qrt_totp_decode(&back, bytes, len, NULL), QRT_E_FORMAT);
        assert_null(back.seed.data);
    }
    assert_int_equal(qrt_totp_decode(&back, bytes, 10, NULL), QRT_E_FORMAT);
    for (size_t i = 0; i < 6; i++) {
        uint8_t bad[10];
        memcpy(bad, bytes, 10);
        bad[i] = (uint8_t)(i == 3 ? 14 : bad[i] ^ 0x80);
        assert_int_not_equal(qrt_totp_decode(&back, bad, 9, NULL), QRT_OK);
        assert_null(back.seed.data);
    }
    static const uint8_t empty[] = {1, 6, 0, 30, 0, 0};
    assert_int_equal(qrt_totp_decode(&back, empty, 6, NULL), QRT_E_RANGE);
    totp.digits = 5;
    assert_int_equal(qrt_totp_encode(&item, &totp, NULL), QRT_E_RANGE);
    assert_null(item.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passwords_are_judged_by_the_rules_of_aws),
        cmocka_unit_test(each_of_the_256_characters_is_known_or_refused),
        cmocka_unit_test(generated_passwords_pass_and_use_every_character_alike),
        cmocka_unit_test(seeds_are_read_as_people_give_them),
        cmocka_unit_test(other_seeds_are_refused_with_the_place),
        cmocka_unit_test(label_and_issuer_are_decoded),
        cmocka_unit_test(an_item_holds_what_it_was_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
