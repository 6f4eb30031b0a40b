/* The examples of docs/formats/{keys,item,sealed,badge,proof}.md, taken from those pages,
 * are what this code makes and reads. */
#include "unit/unit.h"

#include "base/base32.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/kdf.h"
#include "log/proof.h"
#include "vault/badge.h"
#include "vault/deposit.h"
#include "vault/item.h"
#include "vault/item_code.h"
#include "vault/keys.h"
#include <fcntl.h>

#define FORMATS QRT_TESTS_DIR "/../docs/formats/"

static void read_page(struct qrt_buf *page, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, FORMATS "%s", name);
    assert_int_equal(qrt_file_read(page, AT_FDCWD, path, 65536, NULL), QRT_OK);
}

/* What stands behind `    NAME  …` from `from` on, to the line's end. */
static void example(char out[static 128], const char *from, const char *name)
{
    char start[64];
    snprintf(start, sizeof start, "\n    %s  ", name);
    const char *at = strstr(from, start);
    assert_non_null(at);
    at += strlen(start);
    at += strspn(at, " ");
    size_t len = strcspn(at, "\n");
    assert_true(len > 0 && len < 128);
    memcpy(out, at, len);
    out[len] = '\0';
}

static void example_bytes(uint8_t *out, size_t len_bytes, const char *from, const char *name)
{
    char hex[128];
    example(hex, from, name);
    assert_true(qrt_text_unhex(out, len_bytes, hex, strlen(hex)));
}

static void assert_example(const char *from, const char *name, const uint8_t value[static 32])
{
    uint8_t said[32];
    example_bytes(said, sizeof said, from, name);
    assert_memory_equal(said, value, sizeof said);
}

struct vault_key {
    struct qrt_buf page;
    uint8_t vault_id[12];
    uint8_t key[32];
};

static int load_keys(void **state)
{
    static struct vault_key loaded;
    read_page(&loaded.page, "keys.md");
    example_bytes(loaded.vault_id, 12, qrt_buf_str(&loaded.page), "vault id");
    example_bytes(loaded.key, 32, qrt_buf_str(&loaded.page), "vault key");
    *state = &loaded;
    return 0;
}

static int free_keys(void **state)
{
    struct vault_key *loaded = *state;
    qrt_buf_free(&loaded->page);
    return 0;
}

static void the_key_schedule_is_that_of_keys_md(void **state)
{
    const struct vault_key *vault = *state;
    const char *page = qrt_buf_str(&vault->page);
    for (unsigned id = QRT_SUBKEY_ITEM; id <= QRT_SUBKEY_AUTHORITY; id++) {
        char name[16];
        uint8_t subkey[32];
        snprintf(name, sizeof name, "subkey %u", id);
        qrt_kdf_subkey(subkey, id, vault->key);
        assert_example(page, name, subkey);
    }
    struct qrt_key_public key;
    assert_int_equal(qrt_keys_public(&key, vault->vault_id, 1, vault->key, NULL), QRT_OK);
    assert_example(page, "key-check", key.key_check);
    assert_example(page, "deposit-key", key.deposit_key);
    assert_example(page, "recovery-key", key.recovery_key);
    assert_example(page, "authority-key", key.authority_key);
}

static void the_group_checks_are_those_of_keys_md(void **state)
{
    const struct vault_key *vault = *state;
    const char *page = qrt_buf_str(&vault->page);
    for (enum qrt_group group = 0; group < QRT_GROUPS; group++) {
        char name[64];
        uint8_t half[32];
        uint8_t check[32];
        snprintf(name, sizeof name, "group share %s", qrt_group_name(group));
        example_bytes(half, sizeof half, page, name);
        qrt_keys_group_check(check, vault->vault_id, 1, group, half);
        snprintf(name, sizeof name, "group-check-%s", qrt_group_name(group));
        assert_example(page, name, check);
    }
}

/* The n-th block of hex lines of a page. */
static size_t hex_block(uint8_t *out, size_t size_bytes, const char *page, unsigned n)
{
    size_t len = 0;
    bool inside = false;
    for (const char *line = page; *line != '\0'; line += strcspn(line, "\n") + 1) {
        size_t chars = strcspn(line, "\n");
        bool hex = chars > 4 && memcmp(line, "    ", 4) == 0 &&
                   strspn(line + 4, "0123456789abcdef") == chars - 4;
        if (hex && !inside && n-- == 0) {
            for (; hex; line += chars + 1, chars = strcspn(line, "\n")) {
                hex = chars > 4 && (chars - 4) / 2 <= size_bytes - len &&
                      qrt_text_unhex(out + len, (chars - 4) / 2, line + 4, chars - 4);
                len += hex ? (chars - 4) / 2 : 0;
            }
            return len;
        }
        inside = hex;
    }
    return 0;
}

static void the_items_of_item_md_open(void **state)
{
    static const struct {
        const char *kind;
        const char *plaintext;
        size_t len_bytes;
    } items[] = {{"password", "correct-Horse7battery@staple", 28},
                 {"totp",
                  "\x01\x06\x00\x1e\x00\x14"
                  "12345678901234567890",
                  26}};
    const struct vault_key *vault = *state;
    QRT_BUF page = {0};
    QRT_SECRET item_key = {0};
    read_page(&page, "item.md");
    assert_int_equal(qrt_keys_item(&item_key, vault->key, NULL), QRT_OK);
    for (unsigned i = 0; i < 2; i++) {
        uint8_t sealed[256];
        QRT_SECRET plaintext = {0};
        struct qrt_item_place place = {vault->vault_id, 1, "123456789012", items[i].kind, i + 1};
        size_t len = hex_block(sealed, sizeof sealed, qrt_buf_str(&page), i);
        assert_int_equal(qrt_item_unseal(&plaintext, &place, sealed, len, item_key.data, NULL),
                         QRT_OK);
        assert_int_equal(plaintext.len_bytes, items[i].len_bytes);
        assert_memory_equal(plaintext.data, items[i].plaintext, items[i].len_bytes);
        place.serial++;
        assert_int_equal(qrt_item_unseal(&plaintext, &place, sealed, len, item_key.data, NULL),
                         QRT_E_TAMPERED);
    }
}

static void the_deposit_of_deposit_md_opens(void **state)
{
    const struct vault_key *vault = *state;
    QRT_BUF page = {0};
    QRT_SECRET private_key = {0};
    QRT_SECRET plaintext = {0};
    uint8_t public_key[32];
    uint8_t box[512];
    struct qrt_item_place place = {vault->vault_id, 1, "123456789012", "password", 3};
    read_page(&page, "deposit.md");
    size_t len = hex_block(box, sizeof box, qrt_buf_str(&page), 0);
    assert_int_equal(qrt_keys_deposit(&private_key, public_key, vault->key, NULL), QRT_OK);
    assert_int_equal(
        qrt_deposit_open(&plaintext, &place, box, len, public_key, private_key.data, NULL), QRT_OK);
    assert_int_equal(plaintext.len_bytes, 28);
    assert_memory_equal(plaintext.data, "correct-Horse7battery@staple", 28);
}

static void the_codes_of_sealed_md_are_these_items(void **state)
{
    const struct vault_key *vault = *state;
    QRT_BUF page = {0};
    QRT_BUF items = {0};
    struct qrt_sheet_header header;
    read_page(&page, "sealed.md");
    read_page(&items, "item.md");
    const char *code = strstr(qrt_buf_str(&page), "    QUORATE1:H:") + 4;
    assert_int_equal(qrt_sheet_header_read(&header, code, strcspn(code, "\n"), NULL), QRT_OK);
    assert_memory_equal(header.vault_id, vault->vault_id, 12);
    assert_int_equal(header.generation, 1);
    assert_example(qrt_buf_str(&vault->page), "key-check", header.key_check);
    assert_example(qrt_buf_str(&vault->page), "group-check-password", header.group_check[0]);
    assert_example(qrt_buf_str(&vault->page), "group-check-mfa", header.group_check[1]);
    for (unsigned i = 0; i < 2; i++) {
        uint8_t sealed[256];
        struct qrt_item_code item;
        QRT_BUF again = {0};
        size_t len = hex_block(sealed, sizeof sealed, qrt_buf_str(&items), i);
        code = strstr(code, "    QUORATE1:I:") + 4;
        size_t chars = strcspn(code, "\n");
        assert_int_equal(qrt_item_code_read(&item, code, chars, NULL), QRT_OK);
        assert_string_equal(item.kind, i == 0 ? "password" : "totp");
        assert_int_equal(item.serial, i + 1);
        assert_int_equal(item.sealed_len_bytes, len);
        assert_memory_equal(item.sealed, sealed, len);
        struct qrt_item_place place = qrt_item_code_place(&item);
        assert_int_equal(qrt_item_code_text(&again, &place, sealed, len, NULL), QRT_OK);
        assert_int_equal(again.len_bytes, chars);
        assert_memory_equal(again.data, code, chars);
    }
}

/* The badge whose code starts at `code`, opened with what the page says. */
static enum qrt_code open_badge(struct qrt_badge *badge, const char *code, bool practice)
{
    uint8_t payload[QRT_BADGE_MAX_BYTES];
    size_t len = 0;
    char tuple[128];
    char passphrase[128] = "";
    code += strlen("QUORATE1:K:");
    assert_int_equal(
        qrt_base32_decode(payload, sizeof payload, &len, code, strcspn(code, "\n"), NULL), QRT_OK);
    example(tuple, code, "tuple");
    if (strcmp(tuple, "0") != 0) {
        example(passphrase, code, "passphrase");
    }
    return qrt_badge_decode(badge, payload, len, (const uint8_t *)passphrase, strlen(passphrase),
                            practice, NULL);
}

static void the_badges_of_badge_md_open(void **state)
{
    (void)state;
    QRT_BUF page = {0};
    read_page(&page, "badge.md");
    const char *code = qrt_buf_str(&page);
    unsigned badges = 0;
    while ((code = strstr(code, "    QUORATE1:K:")) != NULL) {
        QRT_BADGE badge = {0};
        char person[128];
        code += 4;
        assert_int_equal(open_badge(&badge, code, true), QRT_OK);
        example(person, code, "person");
        assert_string_equal(badge.person, person);
        assert_example(code, "seed", badge.key.data);
        assert_example(code, "public key", qrt_sign_public(badge.key.data));
        badges++;
    }
    assert_int_equal(badges, 3);
}

static void the_weak_badge_opens_in_practice_only(void **state)
{
    (void)state;
    QRT_BUF page = {0};
    QRT_BADGE badge = {0};
    read_page(&page, "badge.md");
    const char *weak = strstr(qrt_buf_str(&page), "a badge of a practice vault");
    assert_non_null(weak);
    assert_int_equal(open_badge(&badge, strstr(weak, "QUORATE1:K:"), false), QRT_E_REFUSED);
    assert_null(badge.key.data);
}

/* The fenced block that begins with a tag, read as a proof and written again. */
static void read_proof(struct qrt_proof_file *file, const struct qrt_buf *page, const char *tag)
{
    QRT_BUF again = {0};
    const char *at = strstr(qrt_buf_str(page), "## Examples\n");
    assert_non_null(at);
    at = strstr(at, tag);
    assert_non_null(at);
    const char *end = strstr(at, "```");
    assert_non_null(end);
    size_t len = (size_t)(end - at);
    assert_int_equal(qrt_proof_file_parse(file, at, len, NULL), QRT_OK);
    assert_int_equal(qrt_proof_file_format(&again, file, NULL), QRT_OK);
    assert_int_equal(again.len_bytes, len);
    assert_memory_equal(again.data, at, len);
}

static void the_proofs_hold(void **state)
{
    (void)state;
    QRT_BUF page = {0};
    QRT_BUF log = {0};
    QRT_PROOF_FILE inclusion = {0};
    QRT_PROOF_FILE consistency = {0};
    read_page(&page, "proof.md");
    read_page(&log, "log.md");
    read_proof(&inclusion, &page, "c2sp.org/tlog-proof@v1\n");
    read_proof(&consistency, &page, "quorate/consistency/v1\n");
    const char *entry = strstr(qrt_buf_str(&log), "`entry-1`\n\n```\n");
    assert_non_null(entry);
    entry = strstr(entry, "quorate/entry/v1\n");
    struct qrt_span span = {entry, (size_t)(strstr(entry, "```") - entry)};
    struct qrt_err err = {0};
    assert_int_equal(qrt_proof_file_check(&inclusion, span, &err), QRT_OK);
    assert_int_equal(qrt_proof_file_check(&consistency, span, &err), QRT_OK);
    span.len_bytes--;
    assert_int_equal(qrt_proof_file_check(&inclusion, span, &err), QRT_E_REFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_key_schedule_is_that_of_keys_md),
        cmocka_unit_test(the_group_checks_are_those_of_keys_md),
        cmocka_unit_test(the_items_of_item_md_open),
        cmocka_unit_test(the_deposit_of_deposit_md_opens),
        cmocka_unit_test(the_codes_of_sealed_md_are_these_items),
        cmocka_unit_test(the_badges_of_badge_md_open),
        cmocka_unit_test(the_weak_badge_opens_in_practice_only),
        cmocka_unit_test(the_proofs_hold),
    };
    return cmocka_run_group_tests(tests, load_keys, free_keys);
}
