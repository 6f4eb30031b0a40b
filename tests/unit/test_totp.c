#include "unit.h"

#include "crypto/totp.h"

static void make(struct qrt_totp *totp, unsigned algorithm, unsigned digits, unsigned period_s,
                 const void *seed, size_t len_bytes)
{
    qrt_totp_wipe(totp);
    totp->algorithm = algorithm;
    totp->digits = digits;
    totp->period_s = period_s;
    assert_int_equal(qrt_secret_init(&totp->seed, len_bytes > 0 ? len_bytes : 1, NULL), QRT_OK);
    assert_int_equal(qrt_secret_append(&totp->seed, seed, len_bytes, NULL), QRT_OK);
}

/* RFC 6238, appendix B. */
static void codes_are_those_of_the_rfc(void **state)
{
    (void)state;
    static const struct {
        int64_t unix_s;
        const char *codes[3];
    } rows[] = {{59, {"94287082", "46119246", "90693936"}},
                {1111111109, {"07081804", "68084774", "25091201"}},
                {1111111111, {"14050471", "67062674", "99943326"}},
                {1234567890, {"89005924", "91819424", "93441116"}},
                {2000000000, {"69279037", "90698825", "38618901"}},
                {20000000000, {"65353130", "77737706", "47863826"}}};
    static const char seed[] = "1234567890123456789012345678901234567890123456789012345678901234";
    static const size_t seed_bytes[] = {20, 32, 64};
    QRT_TOTP totp = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (unsigned a = 0; a < 3; a++) {
            make(&totp, QRT_TOTP_SHA1 + a, 8, 30, seed, seed_bytes[a]);
            assert_int_equal(qrt_totp_check(&totp, NULL), QRT_OK);
            char code[QRT_TOTP_DIGITS_MAX + 1];
            qrt_totp_code(code, &totp, rows[i].unix_s);
            assert_string_equal(code, rows[i].codes[a]);
        }
    }
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

/* False if there is no oathtool. */
static bool ask_oathtool(char *answer, size_t size, const struct qrt_totp *totp, int64_t unix_s)
{
    static const char *const names[] = {"sha1", "sha256", "sha512"};
    char command[512];
    int n = snprintf(command, sizeof command, "oathtool --totp=%s -d %u -s %us -N '@%lld' ",
                     names[totp->algorithm - 1], totp->digits, totp->period_s, (long long)unix_s);
    for (size_t i = 0; i < totp->seed.len_bytes; i++) {
        n += snprintf(command + n, sizeof command - (size_t)n, "%02x", totp->seed.data[i]);
    }
    FILE *pipe = popen(command, "r");
    if (pipe == NULL || fgets(answer, (int)size, pipe) == NULL) {
        answer[0] = '\0';
    }
    answer[strcspn(answer, "\n")] = '\0';
    return pipe != NULL && pclose(pipe) == 0;
}

static void codes_agree_with_oathtool(void **state)
{
    (void)state;
    if (system("command -v oathtool >/dev/null") != 0) {
        fail_msg("oathtool, which judges the codes, is not installed");
    }
    uint32_t random = 1;
    QRT_TOTP totp = {0};
    for (unsigned i = 0; i < 120; i++) {
        uint8_t seed[QRT_TOTP_SEED_BYTES_MAX];
        for (size_t j = 0; j < sizeof seed; j++) {
            seed[j] = (uint8_t)next_random(&random);
        }
        make(&totp, 1 + i % 3, 6 + i / 3 % 3, i % 2 == 0 ? 30 : 60, seed,
             1 + next_random(&random) % sizeof seed);
        int64_t unix_s = next_random(&random) * 251LL;
        char ours[QRT_TOTP_DIGITS_MAX + 1];
        char theirs[32];
        qrt_totp_code(ours, &totp, unix_s);
        assert_true(ask_oathtool(theirs, sizeof theirs, &totp, unix_s));
        assert_string_equal(ours, theirs);
    }
}

static void two_neighbouring_codes_are_found_within_two_steps(void **state)
{
    (void)state;
    QRT_TOTP totp = {0};
    make(&totp, QRT_TOTP_SHA1, 6, 30, "12345678901234567890", 20);
    const int64_t now = 1111111109;
    for (int offset = -4; offset <= 4; offset++) {
        char first[QRT_TOTP_DIGITS_MAX + 1];
        char second[QRT_TOTP_DIGITS_MAX + 1];
        qrt_totp_code(first, &totp, now + 30 * offset);
        qrt_totp_code(second, &totp, now + 30 * (offset + 1));
        int found = 9;
        bool inside = offset >= -2 && offset <= 2;
        assert_int_equal(qrt_totp_match(&found, &totp, first, second, now, NULL),
                         inside ? QRT_OK : QRT_E_REFUSED);
        assert_int_equal(found, inside ? offset : 0);
        assert_int_equal(qrt_totp_match(&found, &totp, second, first, now, NULL), QRT_E_REFUSED);
        assert_int_equal(qrt_totp_match(&found, &totp, first, first, now, NULL), QRT_E_REFUSED);
    }
    static const char *const malformed[] = {"", "12345", "1234567", "12345x", "123 45", "-12345"};
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
        struct qrt_err err = {0};
        int found = 9;
        assert_int_equal(qrt_totp_match(&found, &totp, malformed[i], "123456", now, &err),
                         QRT_E_FORMAT);
        assert_int_equal(found, 0);
        assert_int_equal(qrt_totp_match(&found, &totp, "123456", malformed[i], now, &err),
                         QRT_E_FORMAT);
    }
    int found;
    char first[QRT_TOTP_DIGITS_MAX + 1];
    char second[QRT_TOTP_DIGITS_MAX + 1];
    qrt_totp_code(first, &totp, 0);
    qrt_totp_code(second, &totp, 30);
    assert_int_equal(qrt_totp_match(&found, &totp, first, second, 0, NULL), QRT_OK);
}

static void seconds_left_run_down_to_one(void **state)
{
    (void)state;
    QRT_TOTP totp = {0};
    make(&totp, QRT_TOTP_SHA1, 6, 30, "x", 1);
    assert_int_equal(qrt_totp_seconds_left(&totp, 0), 30);
    assert_int_equal(qrt_totp_seconds_left(&totp, 29), 1);
    assert_int_equal(qrt_totp_seconds_left(&totp, 30), 30);
    assert_int_equal(qrt_totp_seconds_left(&totp, 1111111109), 1);
}

static void parameters_outside_the_limits_are_refused(void **state)
{
    (void)state;
    static const struct {
        unsigned algorithm, digits, period_s;
        size_t seed_bytes;
        enum qrt_code code;
    } rows[] = {
        {1, 6, 30, 1, QRT_OK},      {3, 8, 300, 128, QRT_OK},    {1, 6, 15, 1, QRT_OK},
        {0, 6, 30, 1, QRT_E_RANGE}, {4, 6, 30, 1, QRT_E_RANGE},  {1, 5, 30, 1, QRT_E_RANGE},
        {1, 9, 30, 1, QRT_E_RANGE}, {1, 6, 14, 1, QRT_E_RANGE},  {1, 6, 301, 1, QRT_E_RANGE},
        {1, 6, 30, 0, QRT_E_RANGE}, {1, 6, 30, 129, QRT_E_RANGE}};
    static const uint8_t seed[129];
    QRT_TOTP totp = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        make(&totp, rows[i].algorithm, rows[i].digits, rows[i].period_s, seed, rows[i].seed_bytes);
        assert_int_equal(qrt_totp_check(&totp, NULL), rows[i].code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_of_the_rfc),
        cmocka_unit_test(codes_agree_with_oathtool),
        cmocka_unit_test(two_neighbouring_codes_are_found_within_two_steps),
        cmocka_unit_test(seconds_left_run_down_to_one),
        cmocka_unit_test(parameters_outside_the_limits_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
