#include "unit.h"

#include "base/text.h"
#include "log/proof.h"

#define ORIGIN  "example.com/vault"
#define ENTRIES 11
#define OLD     6

/* A log of some entries, its checkpoint signed, and a proof of either kind. */
struct fixture {
    struct qrt_vkey log;
    char entries[ENTRIES][32];
    uint8_t leaves[ENTRIES][QRT_HASH_BYTES];
    struct qrt_proof_file file;
    char text[2048];
};

static struct qrt_span span_of(const char *text)
{
    return (struct qrt_span){text, strlen(text)};
}

static void sign_checkpoint(struct fixture *f, const uint8_t root[static QRT_HASH_BYTES])
{
    uint8_t seed[32] = {7};
    uint8_t key[64];
    uint8_t signature[64];
    struct qrt_checkpoint checkpoint = {.origin = ORIGIN, .size = ENTRIES};
    memcpy(checkpoint.root, root, sizeof checkpoint.root);
    qrt_sign_key(key, seed);
    assert_int_equal(qrt_vkey_make(&f->log, ORIGIN, QRT_KEY_TYPE_LOG, qrt_sign_public(key), NULL),
                     QRT_OK);
    struct qrt_buf *note = &f->file.checkpoint_note;
    qrt_checkpoint_format(note, &checkpoint);
    qrt_note_sign(signature, qrt_buf_str(note), note->len_bytes, key);
    qrt_buf_text(note, "\n");
    qrt_note_add_signature(note, &f->log, signature, sizeof signature);
}

static struct fixture make_fixture(enum qrt_proof_kind kind, bool extra)
{
    struct fixture f = {.file = {.kind = kind, .index = 4, .old_size = OLD}};
    struct qrt_frontier frontier = {0};
    struct qrt_proving proving;
    QRT_BUF out = {0};
    assert_true(kind == QRT_PROOF_INCLUSION ? qrt_proving_inclusion(&proving, f.file.index, ENTRIES)
                                            : qrt_proving_consistency(&proving, OLD, ENTRIES));
    for (size_t i = 0; i < ENTRIES; i++) {
        snprintf(f.entries[i], sizeof f.entries[i], "an entry, %zu\n", i);
        qrt_tree_leaf(f.leaves[i], f.entries[i], strlen(f.entries[i]));
        qrt_frontier_add(&frontier, f.leaves[i]);
        qrt_proving_add(&proving, f.leaves[i]);
        if (i + 1 == OLD) {
            qrt_frontier_root(&frontier, f.file.old_root);
        }
    }
    uint8_t root[QRT_HASH_BYTES];
    qrt_frontier_root(&frontier, root);
    f.file.proof = proving.proof;
    sign_checkpoint(&f, root);
    if (extra) {
        qrt_buf_text(&f.file.extra, f.entries[4]);
    }
    assert_int_equal(qrt_proof_file_format(&out, &f.file, NULL), QRT_OK);
    assert_in_range(out.len_bytes, 1, sizeof f.text - 1);
    memcpy(f.text, out.data, out.len_bytes);
    return f;
}

static void free_fixture(struct fixture *f)
{
    qrt_proof_file_free(&f->file);
}

static void a_proof_is_written_read_and_checked(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct fixture f =
            make_fixture(i < 2 ? QRT_PROOF_INCLUSION : QRT_PROOF_CONSISTENCY, i == 1);
        QRT_PROOF_FILE file = {0};
        QRT_BUF again = {0};
        assert_int_equal(qrt_proof_file_parse(&file, f.text, strlen(f.text), NULL), QRT_OK);
        assert_int_equal(qrt_proof_file_check(&file, span_of(f.entries[4]), NULL), QRT_OK);
        assert_true(qrt_note_verify(&file.note, &f.log, NULL));
        assert_int_equal(file.extra.len_bytes, i == 1 ? strlen(f.entries[4]) : 0);
        assert_int_equal(qrt_proof_file_format(&again, &file, NULL), QRT_OK);
        assert_string_equal(qrt_buf_str(&again), f.text);
        if (i < 2) {
            struct qrt_err err = {0};
            assert_int_equal(qrt_proof_file_check(&file, span_of(f.entries[5]), &err),
                             QRT_E_REFUSED);
            assert_string_equal(err.what, "proof: it does not lead from the entry at index 4 to "
                                          "the checkpoint of 11");
        }
        free_fixture(&f);
    }
}

/* Nothing in a file is free: what is no more refused as text no longer leads
 * from the entry to a root that the log has signed. */
static void every_bit_flip_of_a_proof_is_refused_or_no_longer_holds(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct fixture f =
            make_fixture(i < 2 ? QRT_PROOF_INCLUSION : QRT_PROOF_CONSISTENCY, i == 1);
        size_t n = strlen(f.text);
        size_t parsed = 0;
        for (size_t bit = 0; bit < 8 * n; bit++) {
            f.text[bit / 8] ^= (char)(1 << bit % 8);
            QRT_PROOF_FILE file = {0};
            if (qrt_proof_file_parse(&file, f.text, n, NULL) == QRT_OK) {
                parsed++;
                struct qrt_span entry =
                    i == 1 ? span_of(qrt_buf_str(&file.extra)) : span_of(f.entries[4]);
                bool old = i < 2 || (file.old_size == OLD &&
                                     memcmp(file.old_root, f.file.old_root, QRT_HASH_BYTES) == 0);
                assert_false(old && qrt_proof_file_check(&file, entry, NULL) == QRT_OK &&
                             qrt_note_verify(&file.note, &f.log, NULL));
            }
            f.text[bit / 8] ^= (char)(1 << bit % 8);
        }
        assert_in_range(parsed, 100, 8 * n - 100);
        free_fixture(&f);
    }
}

static void no_truncation_of_a_proof_is_read(void **state)
{
    (void)state;
    struct fixture f = make_fixture(QRT_PROOF_CONSISTENCY, false);
    for (size_t n = 0; n < strlen(f.text); n++) {
        char *exact = malloc(n == 0 ? 1 : n);
        QRT_PROOF_FILE file = {0};
        memcpy(exact, f.text, n);
        assert_int_equal(qrt_proof_file_parse(&file, exact, n, NULL), QRT_E_FORMAT);
        free(exact);
    }
    free_fixture(&f);
}

#define TAG   "c2sp.org/tlog-proof@v1\n"
#define CTAG  "quorate/consistency/v1\n"
#define HASH  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define SHORT "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
#define HEAD  "example.com/vault\n2\n" HASH "\n"

static void assert_refused(const char *text, size_t len_bytes, const char *why)
{
    QRT_PROOF_FILE file = {0};
    struct qrt_err err = {0};
    enum qrt_code code = qrt_proof_file_parse(&file, text, len_bytes, &err);
    if (code != QRT_E_FORMAT || strcmp(err.what, why) != 0) {
        fail_msg("`%s` instead of `%s`, for\n%.*s", err.what, why, (int)len_bytes, text);
    }
    assert_int_equal(file.proof.len, 0);
}

static void each_wrong_form_is_refused_with_its_line_and_reason(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *why;
    } cases[] = {
        {"", "proof: line 1: neither c2sp.org/tlog-proof@v1 nor quorate/consistency/v1"},
        {"c2sp.org/tlog-proof@v2\n",
         "proof: line 1: neither c2sp.org/tlog-proof@v1 nor quorate/consistency/v1"},
        {"c2sp.org/tlog-proof@v1\r\n",
         "proof: line 1: neither c2sp.org/tlog-proof@v1 nor quorate/consistency/v1"},
        {TAG, "proof: line 2: not the index of an entry"},
        {TAG "index 01\n", "proof: line 2: not the index of an entry"},
        {TAG "index -1\n", "proof: line 2: not the index of an entry"},
        {TAG "index  1\n", "proof: line 2: not the index of an entry"},
        {TAG "index 1 \n", "proof: line 2: not the index of an entry"},
        {TAG "index \n", "proof: line 2: not the index of an entry"},
        {TAG "index 9223372036854775808\n", "proof: line 2: not the index of an entry"},
        {TAG "Index 1\n", "proof: line 2: not the index of an entry"},
        {TAG "extra AAA=\n", "proof: line 3: not the index of an entry"},
        {TAG "extra \nindex 1\n", "proof: line 2: not the index of an entry"},
        {TAG "extra AAB=\nindex 1\n", "proof: line 2: no canonical base64 of an entry"},
        {TAG "extra AAA\nindex 1\n", "proof: line 2: no canonical base64 of an entry"},
        {TAG "index 1\nextra AAA=\n", "proof: line 3: no canonical base64 of a hash"},
        {TAG "index 1\n" SHORT "\n", "proof: line 3: no canonical base64 of a hash"},
        {TAG "index 1\n" HASH HASH "\n", "proof: line 3: no canonical base64 of a hash"},
        {TAG "index 1\n" HASH "\n " HASH "\n", "proof: line 4: no canonical base64 of a hash"},
        {TAG "index 1\n" HASH "\r\n", "proof: line 3: no canonical base64 of a hash"},
        {TAG "index 1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n",
         "proof: line 3: no canonical base64 of a hash"},
        {TAG "index 1\n" HASH "\n", "proof: line 4: cut short"},
        {TAG "index 1\n" HASH "\n\n", "note: no blank line"},
        {TAG "index 1\n\n\n" HEAD "\n", "note: no signature"},
        {TAG "index 1\n\n" HEAD "\n", "note: no signature"},
        {CTAG, "proof: line 2: not `old SIZE ROOT`"},
        {CTAG "old 1\n", "proof: line 2: not `old SIZE ROOT`"},
        {CTAG "extra AAA=\nold 1 " HASH "\n", "proof: line 2: not `old SIZE ROOT`"},
        {CTAG "old 0 " HASH "\n", "proof: line 2: no size"},
        {CTAG "old 00 " HASH "\n", "proof: line 2: no size"},
        {CTAG "old +1 " HASH "\n", "proof: line 2: no size"},
        {CTAG "old  1 " HASH "\n", "proof: line 2: no size"},
        {CTAG "old 1  " HASH "\n", "proof: line 2: no root"},
        {CTAG "old 1 " SHORT "\n", "proof: line 2: no root"},
        {CTAG "old 1 " HASH " \n", "proof: line 2: no root"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_refused(cases[i].text, strlen(cases[i].text), cases[i].why);
    }
}

static void too_much_of_anything_is_refused(void **state)
{
    (void)state;
    struct fixture f = make_fixture(QRT_PROOF_INCLUSION, false);
    QRT_BUF many = {0};
    qrt_buf_text(&many, TAG "index 1\n");
    for (int i = 0; i <= QRT_PROOF_HASHES_MAX; i++) {
        qrt_buf_text(&many, HASH "\n");
    }
    assert_refused(qrt_buf_str(&many), many.len_bytes,
                   "proof: line 67: more hashes than any proof has");

    QRT_BUF behind = {0};
    qrt_buf_printf(&behind, "%s\n", f.text);
    assert_refused(qrt_buf_str(&behind), behind.len_bytes,
                   "note: a line after the blank one that is no signature");

    QRT_BUF zero = {0};
    qrt_buf_text(&zero, f.text);
    qrt_buf_add(&zero, "", 1);
    assert_refused(qrt_buf_str(&zero), zero.len_bytes, "note: cut short");

    QRT_BUF big = {0};
    qrt_buf_text(&big, TAG "extra ");
    for (int i = 0; i < QRT_ENTRY_MAX_BYTES / 3 + 1; i++) {
        qrt_buf_text(&big, "AAAA");
    }
    qrt_buf_text(&big, "\nindex 1\n");
    assert_refused(qrt_buf_str(&big), big.len_bytes,
                   "proof: line 2: no canonical base64 of an entry");

    QRT_BUF whole = {0};
    while (whole.len_bytes <= QRT_PROOF_FILE_MAX_BYTES) {
        qrt_buf_text(&whole, HASH "\n");
    }
    assert_refused(qrt_buf_str(&whole), whole.len_bytes, "proof: longer than 131072 bytes");
    free_fixture(&f);
}

static void no_proof_is_begun_of_what_is_no_tree(void **state)
{
    (void)state;
    struct qrt_proving proving;
    assert_false(qrt_proving_inclusion(&proving, 0, 0));
    assert_false(qrt_proving_inclusion(&proving, 5, 5));
    assert_false(qrt_proving_inclusion(&proving, 0, UINT64_MAX));
    assert_false(qrt_proving_consistency(&proving, 0, 5));
    assert_false(qrt_proving_consistency(&proving, 6, 5));
    assert_false(qrt_proving_consistency(&proving, 1, (uint64_t)INT64_MAX + 1));
    assert_true(qrt_proving_inclusion(&proving, INT64_MAX - 1, INT64_MAX));
    assert_int_equal(proving.proof.len, 62);
    assert_true(qrt_proving_consistency(&proving, INT64_MAX - 1, INT64_MAX));
    assert_in_range(proving.proof.len, 1, QRT_PROOF_HASHES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proof_is_written_read_and_checked),
        cmocka_unit_test(every_bit_flip_of_a_proof_is_refused_or_no_longer_holds),
        cmocka_unit_test(no_truncation_of_a_proof_is_read),
        cmocka_unit_test(each_wrong_form_is_refused_with_its_line_and_reason),
        cmocka_unit_test(too_much_of_anything_is_refused),
        cmocka_unit_test(no_proof_is_begun_of_what_is_no_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
