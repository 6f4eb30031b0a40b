#include "unit.h"

#include "base/text.h"
#include "log/note.h"

#define ORIGIN  "example.com/vault"
#define COSIGNS ORIGIN "/operator-1"
#define UNIX_S  1772600767

/* A log, an operator, and a checkpoint that both have signed. */
struct fixture {
    uint8_t log_key[64];
    uint8_t badge_key[64];
    struct qrt_vkey log;
    struct qrt_vkey badge;
    char text[QRT_NOTE_TEXT_MAX_BYTES + 1]; /* the checkpoint */
    char note[1024];
};

static void make_key(struct qrt_vkey *vkey, uint8_t key[64], const char *name,
                     enum qrt_key_type type, uint8_t fill)
{
    uint8_t seed[32];
    memset(seed, fill, sizeof seed);
    qrt_sign_key(key, seed);
    assert_int_equal(qrt_vkey_make(vkey, name, type, qrt_sign_public(key), NULL), QRT_OK);
}

static struct fixture make_fixture(void)
{
    struct fixture f = {0};
    make_key(&f.log, f.log_key, ORIGIN, QRT_KEY_TYPE_LOG, 1);
    make_key(&f.badge, f.badge_key, COSIGNS, QRT_KEY_TYPE_COSIGN, 2);
    struct qrt_checkpoint checkpoint = {.origin = ORIGIN, .size = 42};
    memset(checkpoint.root, 0xAB, sizeof checkpoint.root);
    QRT_BUF note = {0};
    qrt_checkpoint_format(&note, &checkpoint);
    snprintf(f.text, sizeof f.text, "%s", qrt_buf_str(&note));
    uint8_t signature[64];
    uint8_t cosignature[72];
    qrt_note_sign(signature, f.text, strlen(f.text), f.log_key);
    qrt_note_cosign(cosignature, f.text, strlen(f.text), UNIX_S, f.badge_key);
    qrt_buf_text(&note, "\n");
    qrt_note_add_signature(&note, &f.log, signature, sizeof signature);
    qrt_note_add_signature(&note, &f.badge, cosignature, sizeof cosignature);
    snprintf(f.note, sizeof f.note, "%s", qrt_buf_str(&note));
    return f;
}

static enum qrt_code parse(struct qrt_note *note, const char *text)
{
    return qrt_note_parse(note, text, strlen(text), NULL);
}

static void format_again(struct qrt_buf *out, const struct qrt_note *note)
{
    qrt_buf_add(out, note->text, note->text_len_bytes);
    qrt_buf_text(out, "\n");
    for (size_t i = 0; i < note->signatures_len; i++) {
        const struct qrt_note_signature *signature = &note->signatures[i];
        struct qrt_vkey vkey = {.id = signature->id};
        memcpy(vkey.name, signature->name, sizeof vkey.name);
        qrt_note_add_signature(out, &vkey, signature->bytes, signature->len_bytes);
    }
}

static void a_checkpoint_is_signed_cosigned_and_verified(void **state)
{
    (void)state;
    struct fixture f = make_fixture();
    struct qrt_note note;
    int64_t unix_s = 0;
    assert_int_equal(parse(&note, f.note), QRT_OK);
    assert_int_equal(note.signatures_len, 2);
    assert_true(qrt_note_verify(&note, &f.log, NULL));
    assert_true(qrt_note_verify(&note, &f.badge, &unix_s));
    assert_int_equal(unix_s, UNIX_S);
    struct qrt_checkpoint checkpoint;
    assert_int_equal(qrt_checkpoint_parse(&checkpoint, note.text, note.text_len_bytes, NULL), 0);
    assert_string_equal(checkpoint.origin, ORIGIN);
    assert_int_equal(checkpoint.size, 42);
    assert_int_equal(checkpoint.root[31], 0xAB);
    QRT_BUF again = {0};
    format_again(&again, &note);
    assert_string_equal(qrt_buf_str(&again), f.note);
}

static void every_bit_flip_of_a_note_is_refused_or_no_longer_verifies(void **state)
{
    (void)state;
    struct fixture f = make_fixture();
    size_t n = strlen(f.note);
    size_t parsed = 0;
    for (size_t bit = 0; bit < 8 * n; bit++) {
        f.note[bit / 8] ^= (char)(1 << bit % 8);
        struct qrt_note note;
        if (qrt_note_parse(&note, f.note, n, NULL) == QRT_OK) {
            parsed++;
            assert_false(qrt_note_verify(&note, &f.log, NULL) &&
                         qrt_note_verify(&note, &f.badge, NULL));
            QRT_BUF again = {0};
            format_again(&again, &note);
            assert_int_equal(again.len_bytes, n);
            assert_memory_equal(again.data, f.note, n);
        }
        f.note[bit / 8] ^= (char)(1 << bit % 8);
    }
    assert_in_range(parsed, 200, 8 * n);
}

static void no_truncation_of_a_note_parses_but_at_a_line(void **state)
{
    (void)state;
    struct fixture f = make_fixture();
    size_t parsed = 0;
    for (size_t n = 0; n < strlen(f.note); n++) {
        char *exact = malloc(n == 0 ? 1 : n);
        memcpy(exact, f.note, n);
        struct qrt_note note;
        if (qrt_note_parse(&note, exact, n, NULL) == QRT_OK) {
            parsed++;
            assert_int_equal(note.signatures_len, 1);
            assert_false(qrt_note_verify(&note, &f.badge, NULL));
        }
        free(exact);
    }
    assert_int_equal(parsed, 1);
}

static void assert_note(const char *text, size_t n, const char *why)
{
    struct qrt_note note;
    struct qrt_err err = {0};
    enum qrt_code code = qrt_note_parse(&note, text, n, &err);
    if (why == NULL ? code != QRT_OK : code != QRT_E_FORMAT || strcmp(err.what, why) != 0) {
        fail_msg("`%s` instead of `%s`", err.what, why == NULL ? "" : why);
    }
}

#define DASH "\xE2\x80\x94 "
#define TEXT "o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
/* Bytes of a signature with its id: 68 and 76. */
#define A40   "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define SIG68 A40 A40 "AAAAAAAAAAA="
#define SIG76 A40 A40 "AAAAAAAAAAAAAAAAAAAAAA=="

static void notes_are_strict(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *why;
    } rows[] = {
        {TEXT "\n" DASH "a " SIG68 "\n", NULL},
        {TEXT "\n" DASH "a/b_c.d-e " SIG76 "\n", NULL},
        {"", "note: no blank line"},
        {TEXT, "note: no blank line"},
        {TEXT DASH "a " SIG68 "\n", "note: no blank line"},
        {TEXT "\n", "note: no signature"},
        {TEXT "\n\n" DASH "a " SIG68 "\n", "note: a line after the blank one that is no signature"},
        {TEXT "\n" DASH "a " SIG68, "note: cut short"},
        {TEXT "\n" DASH "a " SIG68 "\n\n", "note: a line after the blank one that is no signature"},
        {TEXT "\n" DASH "a " SIG68 "\nx", "note: cut short"},
        {TEXT "\n" DASH "a " SIG68 "\nx\n",
         "note: a line after the blank one that is no signature"},
        {TEXT "\n" DASH "a " SIG68 " \n",
         "note: a signature that is too long or no canonical base64"},
        {TEXT "\n" DASH "a " SIG68 "\r\n",
         "note: a signature that is too long or no canonical base64"},
        {TEXT "\n" DASH "a  " SIG68 "\n",
         "note: a signature that is too long or no canonical base64"},
        {TEXT "\n- a " SIG68 "\n", "note: a line after the blank one that is no signature"},
        {TEXT "\n\xE2\x80\x93 a " SIG68 "\n",
         "note: a line after the blank one that is no signature"},
        {TEXT "\n" DASH "\n", "note: a signature without the name of a key"},
        {TEXT "\n" DASH "a\n", "note: a signature without the name of a key"},
        {TEXT "\n" DASH " " SIG68 "\n", "note: a signature without the name of a key"},
        {TEXT "\n" DASH "A " SIG68 "\n", "note: a signature without the name of a key"},
        {TEXT "\n" DASH "a+b " SIG68 "\n", "note: a signature without the name of a key"},
        {TEXT "\n" DASH "\xC3\xBC " SIG68 "\n", "note: a signature without the name of a key"},
        {TEXT "\n" DASH "a \n", "note: a signature of a wrong length"},
        {TEXT "\n" DASH "a AAAA\n", "note: a signature of a wrong length"},
        {TEXT "\n" DASH "a " A40 A40 "AAAAAAAA\n", "note: a signature of a wrong length"},
        {TEXT "\n" DASH "a " A40 A40 "AAAAAAAAAAAA\n", "note: a signature of a wrong length"},
        {TEXT "\n" DASH "a " A40 A40 "AAAAAAAAAAAAAAAAAAAA\n",
         "note: a signature of a wrong length"},
        {TEXT "\n" DASH "a " A40 A40 "AAAAAAAAAAAAAAAAAAAAAAA=\n",
         "note: a signature that is too long or no canonical base64"},
        {TEXT "\n" DASH "a " A40 A40 "AAAAAAAAAAB=\n",
         "note: a signature that is too long or no canonical base64"},
        {TEXT "\n" DASH "a " A40 A40 "AAAAAAAAAAA\n",
         "note: a signature that is too long or no canonical base64"},
        {TEXT "\n" DASH "a " A40 A40 "AAAAAAAAAA_=\n",
         "note: a signature that is too long or no canonical base64"},
        {"o\t\n1\nx\n\n" DASH "a " SIG68 "\n", "note: a byte that is no printable ASCII"},
        {"o\x7F\n1\nx\n\n" DASH "a " SIG68 "\n", "note: a byte that is no printable ASCII"},
        {"o\r\n1\nx\n\n" DASH "a " SIG68 "\n", "note: a byte that is no printable ASCII"},
        {"\xC3\xBC\n1\nx\n\n" DASH "a " SIG68 "\n", "note: a byte that is no printable ASCII"},
        {"\xFF\n1\nx\n\n" DASH "a " SIG68 "\n", "note: a byte that is no printable ASCII"},
        {A40 A40 A40 "AAAAA\n\n" DASH "a " SIG68 "\n", NULL},
        {A40 A40 A40 "AAAAAA\n\n" DASH "a " SIG68 "\n", "note: a text too long for a checkpoint"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_note(rows[i].text, strlen(rows[i].text), rows[i].why);
    }
    static const char with_nul[] = "o\0\n1\nx\n\n" DASH "a " SIG68 "\n";
    assert_note(with_nul, sizeof with_nul - 1, "note: a byte that is no printable ASCII");
    static const char nul_in_name[] = TEXT "\n" DASH "a\0b " SIG68 "\n";
    assert_note(nul_in_name, sizeof nul_in_name - 1, "note: a signature without the name of a key");
    static const char nul_in_base64[] = TEXT "\n" DASH "a " A40 A40 "AAAAAAA\0AAA=\n";
    assert_note(nul_in_base64, sizeof nul_in_base64 - 1,
                "note: a signature that is too long or no canonical base64");
}

static void a_note_has_at_most_64_signatures_and_32768_bytes(void **state)
{
    (void)state;
    QRT_BUF note = {0};
    qrt_buf_text(&note, TEXT "\n");
    for (size_t i = 0; i < 64; i++) {
        qrt_buf_printf(&note, DASH "a%zu " SIG76 "\n", i);
    }
    assert_note(qrt_buf_str(&note), note.len_bytes, NULL);
    qrt_buf_text(&note, DASH "a " SIG76 "\n");
    assert_note(qrt_buf_str(&note), note.len_bytes, "note: more than 64 signatures");
    while (note.len_bytes <= QRT_NOTE_MAX_BYTES) {
        qrt_buf_text(&note, "x");
    }
    assert_note(qrt_buf_str(&note), note.len_bytes, "note: too long");

    char name[QRT_KEY_NAME_MAX_CHARS + 2];
    memset(name, 'a', sizeof name);
    name[QRT_KEY_NAME_MAX_CHARS + 1] = '\0';
    QRT_BUF longer = {0};
    qrt_buf_printf(&longer, TEXT "\n" DASH "%s " SIG68 "\n", name);
    assert_note(qrt_buf_str(&longer), longer.len_bytes,
                "note: a signature without the name of a key");
    QRT_BUF longest = {0};
    qrt_buf_printf(&longest, TEXT "\n" DASH "%s " SIG68 "\n", name + 1);
    assert_note(qrt_buf_str(&longest), longest.len_bytes, NULL);
}

static void a_checkpoint_is_three_strict_lines(void **state)
{
    (void)state;
#define ROOT "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
    static const struct {
        const char *text;
        const char *why;
    } rows[] = {
        {"o\n1\n" ROOT, NULL},
        {"o\n9223372036854775807\n" ROOT, NULL},
        {"o\n0\n" ROOT, "checkpoint: no size"},
        {"o\n01\n" ROOT, "checkpoint: no size"},
        {"o\n-1\n" ROOT, "checkpoint: no size"},
        {"o\n+1\n" ROOT, "checkpoint: no size"},
        {"o\n1 \n" ROOT, "checkpoint: no size"},
        {"o\n\n" ROOT, "checkpoint: no size"},
        {"o\n1x\n" ROOT, "checkpoint: no size"},
        {"o\n9223372036854775808\n" ROOT, "checkpoint: no size"},
        {"o\n99999999999999999999999\n" ROOT, "checkpoint: no size"},
        {"\n1\n" ROOT, "checkpoint: no origin"},
        {"O\n1\n" ROOT, "checkpoint: no origin"},
        {"o \n1\n" ROOT, "checkpoint: no origin"},
        {"o_\n1\n" ROOT, "checkpoint: no origin"},
        {"o2345678901234567890123456789012345678901234567890123456789x\n1\n" ROOT, NULL},
        {"o2345678901234567890123456789012345678901234567890123456789xy\n1\n" ROOT,
         "checkpoint: no origin"},
        {"o\n1\n" ROOT "extension\n", "checkpoint: not three lines"},
        {"o\n1\n" ROOT "\n", "checkpoint: not three lines"},
        {"o\n1\n" ROOT "x", "checkpoint: not three lines"},
        {"o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "checkpoint: not three lines"},
        {"o\n1\n", "checkpoint: not three lines"},
        {"", "checkpoint: not three lines"},
        {"o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n", "checkpoint: no root"},
        {"o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", "checkpoint: no root"},
        {"o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", "checkpoint: no root"},
        {"o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==\n", "checkpoint: no root"},
        {"o\n1\n\n", "checkpoint: no root"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct qrt_checkpoint checkpoint;
        struct qrt_err err = {0};
        enum qrt_code code =
            qrt_checkpoint_parse(&checkpoint, rows[i].text, strlen(rows[i].text), &err);
        if (rows[i].why == NULL) {
            QRT_BUF again = {0};
            assert_int_equal(code, QRT_OK);
            qrt_checkpoint_format(&again, &checkpoint);
            assert_string_equal(qrt_buf_str(&again), rows[i].text);
        } else if (code != QRT_E_FORMAT || strcmp(err.what, rows[i].why) != 0) {
            fail_msg("row %zu: `%s` instead of `%s`", i, err.what, rows[i].why);
        }
    }
}

static void a_vkey_is_strict_in_every_bit(void **state)
{
    (void)state;
    struct fixture f = make_fixture();
    const struct qrt_vkey *vkeys[] = {&f.log, &f.badge};
    for (size_t i = 0; i < 2; i++) {
        char text[QRT_VKEY_MAX_CHARS + 1];
        struct qrt_vkey again;
        qrt_vkey_format(text, vkeys[i]);
        size_t n = strlen(text);
        assert_int_equal(qrt_vkey_parse(&again, text, n, NULL), QRT_OK);
        assert_memory_equal(again.key, vkeys[i]->key, 32);
        assert_string_equal(again.name, vkeys[i]->name);
        assert_int_equal(again.id, vkeys[i]->id);
        assert_int_equal(again.type, vkeys[i]->type);
        /* The id covers name, type and key: no change goes unseen. */
        for (size_t bit = 0; bit < 8 * n; bit++) {
            text[bit / 8] ^= (char)(1 << bit % 8);
            assert_int_equal(qrt_vkey_parse(&again, text, n, NULL), QRT_E_FORMAT);
            text[bit / 8] ^= (char)(1 << bit % 8);
        }
        for (size_t less = 0; less < n; less++) {
            assert_int_equal(qrt_vkey_parse(&again, text, less, NULL), QRT_E_FORMAT);
        }
        char longer[QRT_VKEY_MAX_CHARS + 2];
        snprintf(longer, sizeof longer, "%s\n", text);
        assert_int_equal(qrt_vkey_parse(&again, longer, n + 1, NULL), QRT_E_FORMAT);
        char minus[QRT_VKEY_MAX_CHARS + 1];
        snprintf(minus, sizeof minus, "%s", text);
        *strchr(minus, '+') = '-';
        *strchr(minus, '+') = '-';
        assert_int_equal(qrt_vkey_parse(&again, minus, n, NULL), QRT_E_FORMAT);
        snprintf(longer, sizeof longer, " %s", text);
        assert_int_equal(qrt_vkey_parse(&again, longer, n + 1, NULL), QRT_E_FORMAT);
    }
}

static void a_vkey_with_an_upper_case_id_or_a_foreign_type_is_refused(void **state)
{
    (void)state;
    struct fixture f = make_fixture();
    struct qrt_vkey vkey;
    struct qrt_err err;
    char text[QRT_VKEY_MAX_CHARS + 1];
    qrt_vkey_format(text, &f.log);
    bool any_letter = false;
    for (char *c = text + strlen(ORIGIN) + 1; *c != '+'; c++) {
        any_letter |= *c >= 'a';
        *c = *c >= 'a' ? (char)(*c - 32) : *c;
    }
    assert_true(any_letter);
    assert_int_equal(qrt_vkey_parse(&vkey, text, strlen(text), &err), QRT_E_FORMAT);
    assert_string_equal(err.what, "verifier key: an id is 8 lower-case hex digits");

    struct qrt_vkey foreign;
    assert_int_equal(qrt_vkey_make(&foreign, ORIGIN, (enum qrt_key_type)2, f.log.key, NULL), 0);
    qrt_vkey_format(text, &foreign);
    assert_int_equal(qrt_vkey_parse(&vkey, text, strlen(text), &err), QRT_E_FORMAT);
    assert_string_equal(err.what, "verifier key: an unknown type");
}

static void a_key_name_is_of_few_characters(void **state)
{
    (void)state;
    struct fixture f = make_fixture();
    struct qrt_vkey vkey;
    static const char *const bad[] = {"", "A", "a b", "a+b", "a\n", "/a", "\xC3\xBC"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(qrt_vkey_make(&vkey, bad[i], QRT_KEY_TYPE_LOG, f.log.key, NULL),
                         QRT_E_FORMAT);
    }
    char name[QRT_KEY_NAME_MAX_CHARS + 2];
    memset(name, 'a', sizeof name);
    name[QRT_KEY_NAME_MAX_CHARS + 1] = '\0';
    assert_int_equal(qrt_vkey_make(&vkey, name, QRT_KEY_TYPE_LOG, f.log.key, NULL), QRT_E_RANGE);
    assert_int_equal(qrt_vkey_make(&vkey, name + 1, QRT_KEY_TYPE_LOG, f.log.key, NULL), QRT_OK);
    char text[QRT_VKEY_MAX_CHARS + 1];
    qrt_vkey_format(text, &vkey);
    assert_int_equal(strlen(text), QRT_VKEY_MAX_CHARS);
    assert_int_equal(qrt_vkey_parse(&vkey, text, strlen(text), NULL), QRT_OK);
}

static void one_type_of_signature_is_never_the_other(void **state)
{
    (void)state;
    struct fixture f = make_fixture();
    /* The badge's key under the log's type, and the reverse: ids made to agree,
     * so that the signature alone decides. */
    struct qrt_vkey badge_as_log = f.badge;
    badge_as_log.type = QRT_KEY_TYPE_LOG;
    struct qrt_vkey log_as_badge = f.log;
    log_as_badge.type = QRT_KEY_TYPE_COSIGN;
    struct qrt_note note;
    assert_int_equal(parse(&note, f.note), QRT_OK);
    assert_false(qrt_note_verify(&note, &badge_as_log, NULL));
    assert_false(qrt_note_verify(&note, &log_as_badge, NULL));
    /* A good signature of the log, but as long as a cosignature. */
    note.signatures[0].len_bytes = 72;
    assert_false(qrt_note_verify(&note, &f.log, NULL));
}

static void another_name_id_key_or_time_does_not_verify(void **state)
{
    (void)state;
    struct fixture f = make_fixture();
    struct qrt_note note;
    assert_int_equal(parse(&note, f.note), QRT_OK);
    struct qrt_vkey other = f.badge;
    other.name[0] = 'f';
    assert_false(qrt_note_verify(&note, &other, NULL));
    other = f.badge;
    other.id ^= 1;
    assert_false(qrt_note_verify(&note, &other, NULL));
    other = f.badge;
    memcpy(other.key, f.log.key, sizeof other.key);
    assert_false(qrt_note_verify(&note, &other, NULL));
    note.signatures[1].bytes[7] ^= 1;
    assert_false(qrt_note_verify(&note, &f.badge, NULL));
}

static void a_time_beyond_2_to_the_63_is_no_time(void **state)
{
    (void)state;
    struct fixture f = make_fixture();
    struct qrt_note note;
    assert_int_equal(parse(&note, f.note), QRT_OK);
    /* Signed truly, over the text of that time: only the bound speaks. */
    QRT_BUF message = {0};
    qrt_buf_printf(&message, "cosignature/v1\ntime 9223372036854775808\n%s", f.text);
    memset(note.signatures[1].bytes, 0, 8);
    note.signatures[1].bytes[0] = 0x80;
    qrt_sign(note.signatures[1].bytes + 8, message.data, message.len_bytes, f.badge_key);
    assert_false(qrt_note_verify(&note, &f.badge, NULL));
    QRT_BUF least = {0};
    qrt_buf_printf(&least, "cosignature/v1\ntime 9223372036854775807\n%s", f.text);
    memset(note.signatures[1].bytes, 0xFF, 8);
    note.signatures[1].bytes[0] = 0x7F;
    qrt_sign(note.signatures[1].bytes + 8, least.data, least.len_bytes, f.badge_key);
    int64_t unix_s;
    assert_true(qrt_note_verify(&note, &f.badge, &unix_s));
    assert_int_equal(unix_s, INT64_MAX);
}

static void one_signer_twice_counts_for_nothing(void **state)
{
    (void)state;
    struct fixture f = make_fixture();
    QRT_BUF twice = {0};
    qrt_buf_text(&twice, f.note);
    uint8_t cosignature[72];
    qrt_note_cosign(cosignature, f.text, strlen(f.text), UNIX_S + 1, f.badge_key);
    qrt_note_add_signature(&twice, &f.badge, cosignature, sizeof cosignature);
    struct qrt_note note;
    assert_int_equal(parse(&note, qrt_buf_str(&twice)), QRT_OK);
    assert_int_equal(note.signatures_len, 3);
    assert_false(qrt_note_verify(&note, &f.badge, NULL));
    assert_true(qrt_note_verify(&note, &f.log, NULL));
}

static void base64_gives_the_rfc_vectors_and_no_other_form(void **state)
{
    (void)state;
    static const char *rows[][2] = {{"", ""},
                                    {"f", "Zg=="},
                                    {"fo", "Zm8="},
                                    {"foo", "Zm9v"},
                                    {"foob", "Zm9vYg=="},
                                    {"fooba", "Zm9vYmE="},
                                    {"foobar", "Zm9vYmFy"}};
    uint8_t out[128];
    size_t n;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        QRT_BUF text = {0};
        qrt_base64_add(&text, (const uint8_t *)rows[i][0], strlen(rows[i][0]));
        assert_string_equal(qrt_buf_str(&text), rows[i][1]);
        assert_true(qrt_base64_decode(out, sizeof out, &n, rows[i][1], strlen(rows[i][1])));
        assert_int_equal(n, strlen(rows[i][0]));
        assert_memory_equal(out, rows[i][0], n);
    }
    static const char *const bad[] = {"Z",     "Zg",     "Zg=",   "Zh==",  "Zm9=", "Zg===", "=",
                                      "Zm9v=", "Zg==\n", " Zg==", "Zm 9v", "Zg=a", "Zm9-",  "Zm9_"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(qrt_base64_decode(out, sizeof out, &n, bad[i], strlen(bad[i])));
    }
    assert_false(qrt_base64_decode(out, 2, &n, "Zm9v", 4));
    size_t digits = 0;
    for (unsigned c = 0; c < 256; c++) {
        char text[] = {'A', (char)c, 'A', 'A'};
        digits += qrt_base64_decode(out, sizeof out, &n, text, 4);
    }
    assert_int_equal(digits, 64);
    uint8_t in[100];
    for (size_t len = 0; len <= sizeof in; len++) {
        QRT_BUF text = {0};
        memset(in, (int)len + 77, sizeof in);
        qrt_base64_add(&text, in, len);
        assert_true(qrt_base64_decode(out, sizeof out, &n, qrt_buf_str(&text), text.len_bytes));
        assert_int_equal(n, len);
        assert_memory_equal(out, in, len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_checkpoint_is_signed_cosigned_and_verified),
        cmocka_unit_test(every_bit_flip_of_a_note_is_refused_or_no_longer_verifies),
        cmocka_unit_test(no_truncation_of_a_note_parses_but_at_a_line),
        cmocka_unit_test(notes_are_strict),
        cmocka_unit_test(a_note_has_at_most_64_signatures_and_32768_bytes),
        cmocka_unit_test(a_checkpoint_is_three_strict_lines),
        cmocka_unit_test(a_vkey_is_strict_in_every_bit),
        cmocka_unit_test(a_vkey_with_an_upper_case_id_or_a_foreign_type_is_refused),
        cmocka_unit_test(a_key_name_is_of_few_characters),
        cmocka_unit_test(one_type_of_signature_is_never_the_other),
        cmocka_unit_test(another_name_id_key_or_time_does_not_verify),
        cmocka_unit_test(a_time_beyond_2_to_the_63_is_no_time),
        cmocka_unit_test(one_signer_twice_counts_for_nothing),
        cmocka_unit_test(base64_gives_the_rfc_vectors_and_no_other_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
