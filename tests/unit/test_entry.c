#include "unit.h"

#include "base/text.h"
#include "log/entry.h"

#define HEAD                                                                                       \
    "quorate/entry/v1\nlog example.com/vault\nindex 7\nepoch 3\n"                                  \
    "time 2026-03-04T05:06:07Z\n"
#define SALT     "salt 000102030405060708090a0b0c0d0e0f\n"
#define OPENED   HEAD "event session-opened\nactor operator-1\n"
#define DIGEST_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define DIGEST_0 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
/* A signature's 64 bytes. */
#define BASE64_64                                                                                  \
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw=="

static const uint8_t salt[QRT_ENTRY_SALT_BYTES] = {0, 1, 2,  3,  4,  5,  6,  7,
                                                   8, 9, 10, 11, 12, 13, 14, 15};

static const char *const samples[] = {
    HEAD
    "event card-accepted\nactor operator-1\nintent 5\nserial 2\nhow code\nresult accepted\n" SALT,
    OPENED "second operator-2\npresent custodian-m1\npresent custodian-p1\nclock-offset-s -3\n"
           "release Debian 12.8\nexecutable quorate " DIGEST_A "\nreceipt example\n" SALT,
    HEAD "event exception\nactor operator-1\nstep 4\nexpected 100%25 whole\nhappened M%C3%BCller "
         "said%0A\"no\"\ndecided wait\n" SALT,
    HEAD "event review-signed\nactor operator-1\nperson custodian-p1\nchannel mailbox\nresult "
         "ok\nsignature " BASE64_64 "\n" SALT,
    HEAD "event genesis\nactor operator-1\npractice yes\npolicy " DIGEST_0
         "\nperson custodian-p1 custodian x\nperson operator-1 operator y\ngroup mfa 1 a\n"
         "cosignatures 1\nfirst-key k\n" SALT,
};
#define SAMPLES (sizeof samples / sizeof samples[0])

static enum qrt_code parse(const char *text)
{
    struct qrt_entry entry;
    return qrt_entry_parse(&entry, text, strlen(text), NULL);
}

/* What writing makes of what reading understood. */
static void encode_again(struct qrt_buf *out, const struct qrt_entry *entry)
{
    struct qrt_draft draft;
    char actor[33];
    char origin[64];
    assert_true(qrt_span_copy(actor, sizeof actor, entry->actor));
    assert_true(qrt_span_copy(origin, sizeof origin, entry->origin));
    qrt_draft_start(&draft, entry->event->id, actor);
    struct qrt_entry_cursor cursor = {0};
    while (qrt_entry_next(entry, &cursor)) {
        QRT_BUF value = {0};
        char key[64];
        assert_true(qrt_span_copy(key, sizeof key, cursor.key));
        qrt_span_unescape(&value, cursor.value);
        qrt_draft_text(&draft, key, qrt_buf_str(&value));
    }
    uint8_t own_salt[QRT_ENTRY_SALT_BYTES];
    const char *hex = entry->body.data + entry->body.len_bytes + 5;
    for (size_t i = 0; i < sizeof own_salt; i++) {
        char two[3] = {hex[2 * i], hex[2 * i + 1]};
        own_salt[i] = (uint8_t)strtoul(two, NULL, 16);
    }
    struct qrt_place place = {origin, entry->index, entry->epoch, entry->time_unix_s};
    struct qrt_err err = {0};
    enum qrt_code code = qrt_entry_encode(out, &draft, &place, own_salt, &err);
    if (code != QRT_OK) {
        fail_msg("%s", err.what);
    }
    qrt_draft_free(&draft);
}

/* True if it parses, and then it must encode to itself. */
static bool parses_to_itself(const char *text, size_t len)
{
    struct qrt_entry entry;
    if (qrt_entry_parse(&entry, text, len, NULL) != QRT_OK) {
        return false;
    }
    QRT_BUF again = {0};
    encode_again(&again, &entry);
    assert_int_equal(again.len_bytes, len);
    assert_memory_equal(again.data, text, len);
    return true;
}

static void samples_encode_to_themselves(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        struct qrt_entry entry;
        struct qrt_err err = {0};
        if (qrt_entry_parse(&entry, samples[i], strlen(samples[i]), &err) != QRT_OK) {
            fail_msg("sample %zu: %s", i, err.what);
        }
        assert_true(parses_to_itself(samples[i], strlen(samples[i])));
    }
}

static void reading_gives_what_the_lines_say(void **state)
{
    (void)state;
    struct qrt_entry entry;
    assert_int_equal(qrt_entry_parse(&entry, samples[0], strlen(samples[0]), NULL), QRT_OK);
    assert_true(qrt_span_is(entry.origin, "example.com/vault"));
    assert_true(qrt_span_is(entry.actor, "operator-1"));
    assert_int_equal(entry.index, 7);
    assert_int_equal(entry.epoch, 3);
    assert_int_equal(entry.time_unix_s, 1772600767);
    assert_int_equal(entry.event->id, QRT_EV_CARD_ACCEPTED);
    uint64_t serial;
    assert_true(qrt_entry_u64(&entry, "serial", &serial));
    assert_int_equal(serial, 2);
    assert_false(qrt_entry_u64(&entry, "generation", &serial));
    struct qrt_span how;
    assert_true(qrt_entry_get(&entry, "how", &how));
    assert_true(qrt_span_is(how, "code"));

    assert_int_equal(qrt_entry_parse(&entry, samples[2], strlen(samples[2]), NULL), QRT_OK);
    QRT_BUF happened = {0};
    assert_true(qrt_entry_text(&entry, "happened", &happened));
    assert_string_equal(qrt_buf_str(&happened), "M\xC3\xBCller said\n\"no\"");
    QRT_BUF expected = {0};
    assert_true(qrt_entry_text(&entry, "expected", &expected));
    assert_string_equal(qrt_buf_str(&expected), "100% whole");

    assert_int_equal(qrt_entry_parse(&entry, samples[4], strlen(samples[4]), NULL), QRT_OK);
    uint8_t policy[32];
    assert_true(qrt_entry_digest(&entry, "policy", policy));
    assert_int_equal(policy[0], 0x01);
    assert_int_equal(policy[31], 0xef);
    assert_false(qrt_entry_digest(&entry, "evidence", policy));
}

static void no_truncation_parses(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        for (size_t n = 0; n < strlen(samples[i]); n++) {
            /* An exact copy, so that a sanitizer sees a read behind it. */
            char *text = malloc(n + 1);
            memcpy(text, samples[i], n);
            char *exact = realloc(text, n == 0 ? 1 : n);
            struct qrt_entry entry;
            assert_int_equal(qrt_entry_parse(&entry, exact, n, NULL), QRT_E_FORMAT);
            free(exact);
        }
    }
}

static void every_bit_flip_is_refused_or_says_itself(void **state)
{
    (void)state;
    size_t parsed = 0;
    for (size_t i = 0; i < SAMPLES; i++) {
        char text[1024];
        size_t n = strlen(samples[i]);
        memcpy(text, samples[i], n);
        for (size_t bit = 0; bit < 8 * n; bit++) {
            text[bit / 8] ^= (char)(1 << bit % 8);
            parsed += parses_to_itself(text, n);
            text[bit / 8] ^= (char)(1 << bit % 8);
        }
    }
    /* Many a flip makes another good entry ("serial 3"): the law was tried. */
    assert_in_range(parsed, 500, 5000);
}

struct refusal {
    const char *text;
    const char *why;
};

static void assert_refused(const struct refusal *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct qrt_entry entry;
        struct qrt_err err = {0};
        assert_int_equal(qrt_entry_parse(&entry, rows[i].text, strlen(rows[i].text), &err),
                         QRT_E_FORMAT);
        if (strcmp(err.what, rows[i].why) != 0) {
            fail_msg("row %zu: `%s` instead of `%s`", i, err.what, rows[i].why);
        }
    }
}

static void keys_stand_once_in_order_and_none_is_unknown(void **state)
{
    (void)state;
#define ACCEPTED HEAD "event card-accepted\nactor operator-1\n"
    static const struct refusal rows[] = {
        {ACCEPTED "serial 2\nintent 5\nhow code\nresult ok\n" SALT,
         "entry, line 8: a key is missing, unknown or out of order"},
        {ACCEPTED "intent 5\nserial 2\nserial 3\nhow code\nresult ok\n" SALT,
         "entry, line 10: a key is missing, unknown or out of order"},
        {ACCEPTED "intent 5\nserial 2\nhow code\nresult ok\nresult ok\n" SALT,
         "entry, line 12: a key is unknown, doubled or out of order"},
        {ACCEPTED "intent 5\nserial 2\nhow code\nresult ok\nreason x\n" SALT,
         "entry, line 12: a key is unknown, doubled or out of order"},
        {ACCEPTED "intent 5\nserial 2\nhow code\n" SALT,
         "entry, line 11: a key is missing, unknown or out of order"},
        {ACCEPTED SALT, "entry, line 8: a key is missing, unknown or out of order"},
        {ACCEPTED "intent 5\nserial 2\nhow code\nresult ok\n" SALT SALT,
         "entry, line 12: something stands behind it"},
        {ACCEPTED "intent 5\nserial 2\nhow code\nresult ok\n" SALT "\n",
         "entry, line 12: something stands behind it"},
        {ACCEPTED "\nintent 5\nserial 2\nhow code\nresult ok\n" SALT,
         "entry, line 8: a key is missing, unknown or out of order"},
        {ACCEPTED "intent 5\nserial 2\nhow code\nresult ok\n", "entry, line 12: cut short"},
        {OPENED "present b\npresent a\nclock-offset-s 0\nrelease x\n" SALT,
         "entry, line 9: repeated values do not ascend"},
        {OPENED "present a\npresent a\nclock-offset-s 0\nrelease x\n" SALT,
         "entry, line 9: repeated values do not ascend"},
        {OPENED "present ab\npresent a\nclock-offset-s 0\nrelease x\n" SALT,
         "entry, line 9: repeated values do not ascend"},
        {OPENED "clock-offset-s 0\npresent a\nrelease x\n" SALT,
         "entry, line 9: a key is missing, unknown or out of order"},
    };
    assert_refused(rows, sizeof rows / sizeof rows[0]);
    assert_int_equal(parse(OPENED "present a\npresent ab\nclock-offset-s 0\nrelease x\n" SALT), 0);
}

static void headers_are_strict(void **state)
{
    (void)state;
#define E "quorate/entry/v1\n"
#define T "time 2026-03-04T05:06:07Z\n"
#define R "event card-issued\nactor operator-1\nserial 1\n" SALT
    assert_int_equal(parse(E "log a\nindex 0\nepoch 0\n" T R), QRT_OK);
    assert_int_equal(parse(E "log a\nindex 9223372036854775807\nepoch 0\n" T R), QRT_OK);
#define ORIGIN_60 "o23456789012345678901234567890123456789012345678901234567890"
    assert_int_equal(parse(E "log " ORIGIN_60 "\nindex 0\nepoch 0\n" T R), QRT_OK);
    static const struct refusal rows[] = {
        {"quorate/entry/v2\nlog a\nindex 0\nepoch 0\n" T R, "entry, line 1: not an entry"},
        {E "log A\nindex 0\nepoch 0\n" T R, "entry, line 2: no origin"},
        {E "log -a\nindex 0\nepoch 0\n" T R, "entry, line 2: no origin"},
        {E "log a_b\nindex 0\nepoch 0\n" T R, "entry, line 2: no origin"},
        {E "log \nindex 0\nepoch 0\n" T R, "entry, line 2: no origin"},
        {E "log\nindex 0\nepoch 0\n" T R, "entry, line 2: another line is due here"},
        {E "log " ORIGIN_60 "1\nindex 0\nepoch 0\n" T R, "entry, line 2: no origin"},
        {E "index 0\nlog a\nepoch 0\n" T R, "entry, line 2: another line is due here"},
        {E "log a\nindex 00\nepoch 0\n" T R, "entry, line 3: no plain decimal"},
        {E "log a\nindex +1\nepoch 0\n" T R, "entry, line 3: no plain decimal"},
        {E "log a\nindex 9223372036854775808\nepoch 0\n" T R, "entry, line 3: no plain decimal"},
        {E "log a\nindex 0\nepoch 01\n" T R, "entry, line 4: no plain decimal"},
        {E "log a\nindex 0\nepoch 0 \n" T R, "entry, line 4: no plain decimal"},
        {E "log a\nindex 0\nepoch 0\ntime 2026-02-29T05:06:07Z\n" R, "entry, line 5: no time"},
        {E "log a\nindex 0\nepoch 0\ntime 2026-02-28T05:06:60Z\n" R, "entry, line 5: no time"},
        {E "log a\nindex 0\nepoch 0\ntime 2026-02-28 05:06:07Z\n" R, "entry, line 5: no time"},
        {E "log a\nindex 0\nepoch 0\n" T "event card-Issued\nactor o\nserial 1\n" SALT,
         "entry, line 6: an unknown event"},
        {E "log a\nindex 0\nepoch 0\n" T "event card-issued\nactor O\nserial 1\n" SALT,
         "entry, line 7: no id"},
        {E "log a\nindex 0\nepoch 0\n" T
           "event card-issued\nactor a12345678901234567890123456789012\nserial 1\n" SALT,
         "entry, line 7: no id"},
        {E "log a\nindex 0\nepoch 0\n" T
           "event card-issued\nactor a\nserial 1\nsalt 000102030405060708090a0b0c0d0e0\n",
         "entry, line 9: no salt"},
        {E "log a\nindex 0\nepoch 0\n" T
           "event card-issued\nactor a\nserial 1\nsalt 000102030405060708090a0b0c0d0e0F\n",
         "entry, line 9: no salt"},
        {E "log a\r\nindex 0\nepoch 0\n" T R, "entry, line 2: no origin"},
    };
    assert_refused(rows, sizeof rows / sizeof rows[0]);
#undef E
#undef T
#undef R
    static const char with_nul[] = HEAD "event genesis\0x\nactor a\n";
    struct qrt_entry entry;
    struct qrt_err err;
    assert_int_equal(qrt_entry_parse(&entry, with_nul, sizeof with_nul - 1, &err), QRT_E_FORMAT);
    assert_string_equal(err.what, "entry, line 6: an unknown event");
}

/* An entry with one free text. */
static enum qrt_code parse_noted(const char *value)
{
    QRT_BUF text = {0};
    qrt_buf_printf(&text, HEAD "event session-noted\nactor operator-1\ntext %s\n" SALT, value);
    return parse(qrt_buf_str(&text));
}

static void escapes_stand_where_they_must_and_nowhere_else(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        char value[16];
        snprintf(value, sizeof value, "a%%%02Xz", byte);
        /* A lone byte from 0x80 up is no UTF-8; a zero byte is no text. */
        bool good = (byte > 0 && byte < 0x20) || byte == '%' || byte == 0x7F;
        assert_int_equal(parse_noted(value), good ? QRT_OK : QRT_E_FORMAT);
        if (byte != 0 && byte != '\n') {
            char raw[] = {'a', (char)byte, 'z', '\0'};
            good = byte >= 0x20 && byte <= 0x7E && byte != '%';
            assert_int_equal(parse_noted(raw), good ? QRT_OK : QRT_E_FORMAT);
        }
    }
    static const char *const bad[] = {
        "",       " a",           "a ",     "%",      "%0",     "a%",      "%0a",     "%c3%BC",
        "%C3%bC", "%20a",         "%41",    "%7E",    "%C3",    "%BC",     "%C3%BC%", "%ED%A0%80",
        "%C0%80", "%F4%90%80%80", "%C3%28", "%C3%7F", "%C3%25", "%C3x%BC", " ",       "%G1",
        "%1G"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (parse_noted(bad[i]) != QRT_E_FORMAT) {
            fail_msg("`%s` is read", bad[i]);
        }
    }
    assert_int_equal(parse_noted("%0A"), QRT_OK);
    assert_int_equal(parse_noted("a  b"), QRT_OK);
    assert_int_equal(parse_noted("%F0%9F%97%9D"), QRT_OK);
}

static void text_is_in_nfc(void **state)
{
    (void)state;
    assert_int_equal(parse_noted("Z%C3%BCrich"), QRT_OK);
    assert_int_equal(parse_noted("Zu%CC%88rich"), QRT_E_FORMAT); /* u and a combining mark */
    assert_int_equal(parse_noted("%E2%84%AB"), QRT_E_FORMAT);    /* the sign of the angstrom */
    assert_int_equal(parse_noted("%C3%85"), QRT_OK);             /* the letter it stands for */
    assert_int_equal(parse_noted("%EA%B0%80"), QRT_OK);          /* a composed syllable */
    assert_int_equal(parse_noted("%E1%84%80%E1%85%A1"), QRT_E_FORMAT); /* its parts */
}

/* What lets reading skip the full check: two letters below U+0300 are in NFC
 * together, whichever they are. */
static void letters_below_u0300_are_in_nfc_in_any_company(void **state)
{
    (void)state;
    for (unsigned a = 0x80; a < 0x300; a++) {
        for (unsigned b = 0x80; b < 0x300; b++) {
            char text[] = {(char)(0xC0 | a >> 6), (char)(0x80 | (a & 63)), (char)(0xC0 | b >> 6),
                           (char)(0x80 | (b & 63))};
            assert_true(qrt_text_is_nfc(text, sizeof text));
        }
    }
}

static void escapes_of_letters_are_read_as_the_full_check_would(void **state)
{
    (void)state;
    for (unsigned lead = 0x80; lead < 0x100; lead++) {
        for (unsigned next = 0x80; next < 0x100; next++) {
            char bytes[] = {'u', (char)lead, (char)next};
            char value[16];
            snprintf(value, sizeof value, "u%%%02X%%%02X", lead, next);
            assert_int_equal(parse_noted(value),
                             qrt_text_is_nfc(bytes, sizeof bytes) ? QRT_OK : QRT_E_FORMAT);
        }
    }
}

static void each_form_is_held(void **state)
{
    (void)state;
#define REVIEW HEAD "event review-signed\nactor operator-1\nperson p\nchannel c\nresult r\n"
    static const struct refusal rows[] = {
        {HEAD "event card-issued\nactor a\nserial 01\n" SALT, "entry, line 8: no plain decimal"},
        {HEAD "event card-issued\nactor a\nserial -1\n" SALT, "entry, line 8: no plain decimal"},
        {HEAD "event card-issued\nactor a\nserial 9223372036854775808\n" SALT,
         "entry, line 8: no plain decimal"},
        {OPENED "clock-offset-s -0\nrelease x\n" SALT, "entry, line 8: no plain decimal"},
        {OPENED "clock-offset-s +1\nrelease x\n" SALT, "entry, line 8: no plain decimal"},
        {OPENED "clock-offset-s -\nrelease x\n" SALT, "entry, line 8: no plain decimal"},
        {OPENED "clock-offset-s --1\nrelease x\n" SALT, "entry, line 8: no plain decimal"},
        {HEAD "event person-out\nactor a\nperson P\n" SALT, "entry, line 8: no id"},
        {HEAD "event person-out\nactor a\nperson _p\n" SALT, "entry, line 8: no id"},
        {HEAD "event person-out\nactor a\nperson a/b\n" SALT, "entry, line 8: no id"},
        {HEAD "event session-closed\nactor a\nminutes " DIGEST_0 "0\n" SALT,
         "entry, line 8: no 64 lower-case hex digits"},
        {HEAD "event session-closed\nactor a\nminutes A" DIGEST_0 "\n" SALT,
         "entry, line 8: no 64 lower-case hex digits"},
        {REVIEW "signature \n" SALT, "entry, line 11: no canonical base64"},
        {REVIEW "signature QQ\n" SALT, "entry, line 11: no canonical base64"},
        {REVIEW "signature QR==\n" SALT, "entry, line 11: no canonical base64"},
        {REVIEW "signature QUF=\n" SALT, "entry, line 11: no canonical base64"},
        {REVIEW "signature QUE\n" SALT, "entry, line 11: no canonical base64"},
        {REVIEW "signature Q===\n" SALT, "entry, line 11: no canonical base64"},
        {REVIEW "signature ====\n" SALT, "entry, line 11: no canonical base64"},
        {REVIEW "signature Q=E=\n" SALT, "entry, line 11: no canonical base64"},
        {REVIEW "signature QUFB=\n" SALT, "entry, line 11: no canonical base64"},
        {REVIEW "signature QU-B\n" SALT, "entry, line 11: no canonical base64"},
        {REVIEW "signature QQ==QQ==\n" SALT, "entry, line 11: no canonical base64"},
        {HEAD "event genesis\nactor a\npractice no\ncosignatures 1\nfirst-key k\n" SALT,
         "entry, line 8: not `yes`"},
        {HEAD "event genesis\nactor a\nsecond yesx\ncosignatures 1\nfirst-key k\n" SALT,
         "entry, line 8: a key is missing, unknown or out of order"},
    };
    assert_refused(rows, sizeof rows / sizeof rows[0]);
    assert_int_equal(parse(REVIEW "signature QQ==\n" SALT), QRT_OK);
    assert_int_equal(parse(REVIEW "signature QUE=\n" SALT), QRT_OK);
    assert_int_equal(parse(OPENED "clock-offset-s 0\nrelease x\n" SALT), QRT_OK);
    assert_int_equal(parse(HEAD "event card-issued\nactor a\nserial 9223372036854775807\n" SALT),
                     QRT_OK);
}

static void the_longest_entry_is_65535_bytes(void **state)
{
    (void)state;
    static const char head[] = HEAD "event session-noted\nactor operator-1\ntext ";
    for (size_t more = 0; more < 2; more++) {
        QRT_BUF value = {0};
        size_t room = QRT_ENTRY_MAX_BYTES - (sizeof head - 1) - 1 - (sizeof SALT - 1);
        while (value.len_bytes < room + more) {
            qrt_buf_text(&value, "x");
        }
        enum qrt_code code = parse_noted(qrt_buf_str(&value));
        assert_int_equal(code, more == 0 ? QRT_OK : QRT_E_FORMAT);

        struct qrt_draft draft;
        qrt_draft_start(&draft, QRT_EV_SESSION_NOTED, "operator-1");
        qrt_draft_text(&draft, "text", qrt_buf_str(&value));
        struct qrt_place place = {"example.com/vault", 7, 3, 1772600767};
        QRT_BUF out = {0};
        code = qrt_entry_encode(&out, &draft, &place, salt, NULL);
        assert_int_equal(code, more == 0 ? QRT_OK : QRT_E_RANGE);
        assert_int_equal(out.len_bytes, more == 0 ? QRT_ENTRY_MAX_BYTES : 0);
        qrt_draft_free(&draft);
    }
}

static void writing_sorts_keys_and_values_and_escapes(void **state)
{
    (void)state;
    struct qrt_draft draft;
    qrt_draft_start(&draft, QRT_EV_SESSION_OPENED, "operator-1");
    qrt_draft_text(&draft, "release",
                   "Gr\xC3\xBC\xC3\x9F"
                   "e\t100%");
    qrt_draft_text(&draft, "present", "custodian-p10");
    qrt_draft_text(&draft, "present", "custodian-p1");
    qrt_draft_text(&draft, "present", "custodian-m1");
    qrt_draft_i64(&draft, "clock-offset-s", -12);
    qrt_draft_text(&draft, "receipt", NULL);
    qrt_draft_text(&draft, "receipt", "");
    qrt_draft_text(&draft, "second", "operator-2");
    struct qrt_place place = {"example.com/vault", 7, 3, 1772600767};
    QRT_BUF out = {0};
    qrt_buf_text(&out, "before ");
    assert_int_equal(qrt_entry_encode(&out, &draft, &place, salt, NULL), QRT_OK);
    assert_string_equal(qrt_buf_str(&out),
                        "before " OPENED
                        "second operator-2\npresent custodian-m1\npresent custodian-p1\n"
                        "present custodian-p10\nclock-offset-s -12\n"
                        "release Gr%C3%BC%C3%9Fe%09100%25\n" SALT);
    qrt_draft_free(&draft);
}

static void writing_refuses_what_reading_would(void **state)
{
    (void)state;
    static const struct {
        const char *actor;
        const char *origin;
        const char *key;
        const char *value;
        int64_t time;
        enum qrt_code code;
        const char *why;
    } rows[] = {
        {"a", "o", "text", "fine", 0, QRT_OK, NULL},
        {"a", "o", "text", " edge", 0, QRT_E_FORMAT, NULL},
        {"a", "o", "text", "edge ", 0, QRT_E_FORMAT,
         "session-noted: entry, line 8: a value is empty, or starts or ends with a space"},
        {"a", "o", "text", "u\xCC\x88", 0, QRT_E_FORMAT, NULL},
        {"a", "o", "text", "\xFF", 0, QRT_E_FORMAT, NULL},
        {"a", "o", "words", "fine", 0, QRT_E_FORMAT, "entry session-noted: no key words"},
        {"a", "o", "salt", "fine", 0, QRT_E_FORMAT, "entry session-noted: no key salt"},
        {"a", "o", NULL, NULL, 0, QRT_E_FORMAT, NULL},
        {"A", "o", "text", "fine", 0, QRT_E_FORMAT, "entry session-noted: no id of an actor"},
        {"a\ntext b", "o", NULL, NULL, 0, QRT_E_FORMAT, NULL},
        {"", "o", "text", "fine", 0, QRT_E_FORMAT, NULL},
        {"a12345678901234567890123456789012", "o", "text", "fine", 0, QRT_E_FORMAT, NULL},
        {"a", "o\nindex 4", "text", "fine", 0, QRT_E_FORMAT, "entry session-noted: no origin"},
        {"a", "", "text", "fine", 0, QRT_E_FORMAT, NULL},
        {"a", "o", "text", "fine", 253402300800, QRT_E_RANGE, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct qrt_draft draft;
        qrt_draft_start(&draft, QRT_EV_SESSION_NOTED, rows[i].actor);
        if (rows[i].key != NULL) {
            qrt_draft_text(&draft, rows[i].key, rows[i].value);
        }
        struct qrt_place place = {rows[i].origin, 0, 0, rows[i].time};
        QRT_BUF out = {0};
        struct qrt_err err = {0};
        if (qrt_entry_encode(&out, &draft, &place, salt, &err) != rows[i].code ||
            (rows[i].why != NULL && strcmp(err.what, rows[i].why) != 0)) {
            fail_msg("row %zu: `%s`", i, err.what);
        }
        assert_int_equal(out.len_bytes > 0, rows[i].code == QRT_OK);
        qrt_draft_free(&draft);
    }
    struct qrt_draft lost;
    qrt_draft_start(&lost, QRT_EV_CARD_ISSUED, "a");
    qrt_draft_u64(&lost, "serial", 1);
    lost.failed = true;
    QRT_BUF nothing = {0};
    assert_int_equal(
        qrt_entry_encode(&nothing, &lost, &(struct qrt_place){"o", 0, 0, 0}, salt, NULL),
        QRT_E_NOMEM);
    assert_int_equal(nothing.len_bytes, 0);
    qrt_draft_free(&lost);
    struct qrt_draft twice;
    qrt_draft_start(&twice, QRT_EV_CARD_ISSUED, "a");
    qrt_draft_u64(&twice, "serial", 1);
    qrt_draft_u64(&twice, "serial", 2);
    struct qrt_place place = {"o", 0, 0, 0};
    QRT_BUF out = {0};
    assert_int_equal(qrt_entry_encode(&out, &twice, &place, salt, NULL), QRT_E_FORMAT);
    qrt_draft_free(&twice);
}

static void the_authority_signs_what_stands_before_its_line(void **state)
{
    (void)state;
    uint8_t signature[64] = {7};
    struct qrt_draft draft;
    qrt_draft_start(&draft, QRT_EV_LOG_TAKEN_OVER, "operator-2");
    qrt_draft_text(&draft, "operator", "operator-2");
    struct qrt_place place = {"example.com/vault", 7, 3, 1772600767};
    QRT_BUF drafted = {0};
    QRT_BUF written = {0};
    QRT_BUF read = {0};
    assert_int_equal(qrt_draft_signed_part(&drafted, &draft, &place, NULL), QRT_OK);
    qrt_draft_base64(&draft, "authority", signature, sizeof signature);
    assert_int_equal(qrt_entry_encode(&written, &draft, &place, salt, NULL), QRT_OK);
    struct qrt_entry entry;
    assert_int_equal(qrt_entry_parse(&entry, qrt_buf_str(&written), written.len_bytes, NULL), 0);
    assert_int_equal(qrt_entry_signed_part(&read, &entry, NULL), QRT_OK);
    assert_string_equal(qrt_buf_str(&read),
                        "quorate/authority/v1" HEAD
                        "event log-taken-over\nactor operator-2\noperator operator-2\n");
    assert_string_equal(qrt_buf_str(&drafted), qrt_buf_str(&read));
    qrt_draft_free(&draft);

    assert_int_equal(qrt_entry_parse(&entry, samples[0], strlen(samples[0]), NULL), QRT_OK);
    assert_int_equal(qrt_entry_signed_part(&read, &entry, NULL), QRT_E_FORMAT);
}

static void events_are_found_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < QRT_EVENTS; i++) {
        const struct qrt_event *event = qrt_event_by_id((enum qrt_event_id)i);
        assert_int_equal(event->id, i);
        assert_int_equal(event->name_chars, strlen(event->name));
        assert_ptr_equal(qrt_event_by_name(event->name, strlen(event->name)), event);
        assert_null(qrt_event_by_name(event->name, strlen(event->name) - 1));
        char longer[64];
        snprintf(longer, sizeof longer, "%sx", event->name);
        assert_null(qrt_event_by_name(longer, strlen(longer)));
        longer[strlen(longer) - 1] = '\0';
        assert_null(qrt_event_by_name(longer, strlen(longer) + 1));
        for (size_t k = 0; k < event->keys_len; k++) {
            assert_int_equal(event->keys[k].name_chars, strlen(event->keys[k].name));
            assert_string_not_equal(event->keys[k].name, "salt");
        }
    }
    assert_null(qrt_event_by_name("", 0));
    assert_null(qrt_event_by_name("zzz", 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_encode_to_themselves),
        cmocka_unit_test(reading_gives_what_the_lines_say),
        cmocka_unit_test(no_truncation_parses),
        cmocka_unit_test(every_bit_flip_is_refused_or_says_itself),
        cmocka_unit_test(keys_stand_once_in_order_and_none_is_unknown),
        cmocka_unit_test(headers_are_strict),
        cmocka_unit_test(escapes_stand_where_they_must_and_nowhere_else),
        cmocka_unit_test(text_is_in_nfc),
        cmocka_unit_test(letters_below_u0300_are_in_nfc_in_any_company),
        cmocka_unit_test(escapes_of_letters_are_read_as_the_full_check_would),
        cmocka_unit_test(each_form_is_held),
        cmocka_unit_test(the_longest_entry_is_65535_bytes),
        cmocka_unit_test(writing_sorts_keys_and_values_and_escapes),
        cmocka_unit_test(writing_refuses_what_reading_would),
        cmocka_unit_test(the_authority_signs_what_stands_before_its_line),
        cmocka_unit_test(events_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
