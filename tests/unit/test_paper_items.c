/* Sealed sheets against a vault with a history: two generations of keys, and an
 * item that another has followed. */
#include "unit.h"

#include "ceremony/cards/paper_items.h"
#include "vault/apply.h"

static const uint8_t vault_id[12] = "vault-id-12b";
static const uint8_t sealed[200] = "nonce and ciphertext of an item";
static char told[4096];

static void hear(void *ctx, const char *line)
{
    (void)ctx;
    strcat(told, line);
    strcat(told, "\n");
}

static const struct qrt_ui ui = {.tell = hear};

static void add_key(struct qrt_vault *vault, int64_t generation)
{
    struct qrt_key_row *key = qrt_state_add_row(&vault->state.keys, sizeof *key);
    key->generation = generation;
    memset(key->key_check, (int)generation, sizeof key->key_check);
}

static void add_item(struct qrt_vault *vault, int64_t generation, const char *kind)
{
    struct qrt_item_row *item = qrt_state_add_row(&vault->state.items, sizeof *item);
    item->serial = (int64_t)vault->state.items.len;
    item->generation = generation;
    item->superseded = QRT_NEVER;
    strcpy(item->account, "main");
    strcpy(item->kind, kind);
    qrt_sha256(item->ciphertext, sealed, sizeof sealed);
}

/* Items 1 and 2 under the first key, 3 (a new password) and 4 under the second. */
static int setup(void **state)
{
    struct qrt_vault *vault = calloc(1, sizeof *vault);
    memcpy(vault->log.vault_id, vault_id, sizeof vault_id);
    add_key(vault, 1);
    add_key(vault, 2);
    add_item(vault, 1, "password");
    add_item(vault, 2, "password");
    add_item(vault, 2, "password");
    add_item(vault, 2, "totp");
    told[0] = '\0';
    *state = vault;
    return 0;
}

static int teardown(void **state)
{
    struct qrt_vault *vault = *state;
    qrt_state_free(&vault->state);
    free(vault->lost.data);
    free(vault);
    return 0;
}

/* A sheet of two codes, as a picture gives them: a header and an item. */
static void present(struct qrt_paper_items *items, struct qrt_vault *vault,
                    const struct qrt_sheet_header *header, const struct qrt_item_place *place)
{
    struct qrt_presented sheet = {.name = "scan.png", .how = "code", .texts = 2};
    QRT_BUF text = {0};
    char first[QRT_SHEET_HEADER_CHARS + 1];
    assert_int_equal(qrt_sheet_header_text(first, header, NULL), QRT_OK);
    qrt_buf_add(&text, first, sizeof first);
    assert_int_equal(qrt_item_code_text(&text, place, sealed, sizeof sealed, NULL), QRT_OK);
    qrt_buf_u8(&text, 0);
    assert_int_equal(qrt_secret_init(&sheet.bytes, text.len_bytes, NULL), QRT_OK);
    assert_int_equal(qrt_secret_append(&sheet.bytes, text.data, text.len_bytes, NULL), QRT_OK);
    assert_int_equal(qrt_paper_items_take(items, vault, &sheet, 1, "main", &ui, NULL), QRT_OK);
    qrt_presented_wipe(&sheet);
}

static struct qrt_sheet_header header_of(unsigned generation)
{
    struct qrt_sheet_header header = {.generation = (uint16_t)generation};
    memcpy(header.vault_id, vault_id, sizeof vault_id);
    memset(header.key_check, (int)generation, sizeof header.key_check);
    return header;
}

static void the_item_in_force_is_taken(void **state)
{
    struct qrt_vault *vault = *state;
    struct qrt_paper_items items;
    struct qrt_sheet_header header = header_of(2);
    struct qrt_item_place place = {vault_id, 2, "main", "password", 3};
    present(&items, vault, &header, &place);
    assert_string_equal(told, "");
    assert_int_equal(items.len, 1);
    assert_true(qrt_paper_items_has(&items, qrt_state_item(&vault->state, "main", "password")));
    assert_false(qrt_paper_items_has(&items, qrt_state_item(&vault->state, "main", "totp")));
    qrt_paper_items_free(&items);
}

static void stale_sheets_are_refused_for_their_reason(void **state)
{
    static const struct {
        unsigned header;
        struct qrt_item_place place;
        const char *words;
    } stale[] = {
        {2,
         {vault_id, 2, "main", "password", 2},
         "scan.png, code 2, password of main: superseded\n"},
        {2,
         {vault_id, 1, "main", "password", 1},
         "scan.png, code 2, password of main: former-generation\n"},
        {1, {vault_id, 2, "main", "password", 3}, "scan.png, code 1: former-generation\n"},
        {3, {vault_id, 2, "main", "password", 3}, "scan.png, code 1: newer-than-vault\n"},
        {2, {vault_id, 2, "main", "password", 4}, "scan.png, code 2, password of main: mismatch\n"},
        {2,
         {vault_id, 2, "main", "password", 5},
         "scan.png, code 2, password of main: newer-than-vault\n"},
        {2,
         {(const uint8_t *)"other-id-12b", 2, "main", "password", 3},
         "scan.png, code 2, password of main: other-vault\n"},
    };
    for (size_t i = 0; i < sizeof stale / sizeof stale[0]; i++) {
        struct qrt_paper_items items;
        struct qrt_sheet_header header = header_of(stale[i].header);
        told[0] = '\0';
        present(&items, *state, &header, &stale[i].place);
        assert_string_equal(told, stale[i].words);
        assert_int_equal(items.len, 0);
        assert_memory_equal(items.why, told, strlen(told) - 1);
        qrt_paper_items_free(&items);
    }
}

static void a_refusal_of_another_account_is_told_and_not_the_reason(void **state)
{
    struct qrt_vault *vault = *state;
    struct qrt_paper_items items;
    struct qrt_sheet_header header = header_of(2);
    struct qrt_item_place place = {vault_id, 2, "side", "password", 3};
    present(&items, vault, &header, &place);
    assert_string_equal(told, "scan.png, code 2, password of side: mismatch\n");
    assert_string_equal(items.why, "");
    qrt_paper_items_free(&items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_item_in_force_is_taken, setup, teardown),
        cmocka_unit_test_setup_teardown(stale_sheets_are_refused_for_their_reason, setup, teardown),
        cmocka_unit_test_setup_teardown(a_refusal_of_another_account_is_told_and_not_the_reason,
                                        setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
