#include "unit/unit.h"

#include "card/place.h"
#include "paper/sample.h"
#include <string.h>

#define REFUSED(call)                                                                              \
    do {                                                                                           \
        struct qrt_err why = {0};                                                                  \
        QRT_SECRET description = {0};                                                              \
        assert_int_equal(call, QRT_E_RANGE);                                                       \
        assert_null(description.data);                                                             \
    } while (0)

/* What the text items of a description say, one after the other. */
static bool says(const struct qrt_secret *description, const char *words)
{
    struct qrt_sheet_reader sheet;
    struct qrt_sheet_item item = {0};
    assert_int_equal(qrt_sheet_open(&sheet, description->data, description->len_bytes, NULL),
                     QRT_OK);
    while (item.kind != QRT_SHEET_END) {
        assert_int_equal(qrt_sheet_next(&sheet, &item, NULL), QRT_OK);
        if (item.kind == QRT_SHEET_TEXT && item.len_bytes == strlen(words) &&
            memcmp(item.bytes, words, item.len_bytes) == 0) {
            return true;
        }
    }
    return false;
}

static void a_version_holds_what_it_is_said_to(void **state)
{
    (void)state;
    assert_int_equal(place_version(1), 1);
    assert_int_equal(place_version(96), 6);
    assert_int_equal(place_version(108), 6);
    assert_int_equal(place_version(109), 7);
    assert_int_equal(place_version(219), 10);
    assert_int_equal(place_version(574), 18);
    assert_int_equal(place_version(575), 19);
    assert_int_equal(place_version(2420), 40);
    assert_int_equal(place_version(2421), 0);
}

static void a_guess_of_lines_is_on_the_careful_side(void **state)
{
    (void)state;
    assert_int_equal(place_lines(100, 10, ""), 1);
    assert_int_equal(place_lines(100, 10, "short"), 1);
    assert_int_equal(place_lines(100, 10, "one\ntwo\n"), 3);
    char text[201];
    memset(text, 'n', sizeof text - 1);
    text[200] = '\0';
    assert_true(place_lines(100, 10, text) >= 4); /* 50 such letters fill 100 mm */
}

static void a_wallet_card_takes_a_badge_of_its_form_only(void **state)
{
    (void)state;
    struct qrt_sheet_wallet wallet = sample_wallet();
    wallet.vault_id = "0123456789ABCDEF01234567";
    REFUSED(qrt_sheet_wallet_describe(&description, &wallet, &why));
    wallet = sample_wallet();
    wallet.payload = sample_payload(); /* a share's */
    REFUSED(qrt_sheet_wallet_describe(&description, &wallet, &why));
    char text[QRT_SHEET_WALLET_CHARS_MAX + 2];
    memset(text, 'A', sizeof text - 1);
    memcpy(text, "QUORATE1:K:", 11);
    text[sizeof text - 1] = '\0';
    wallet.payload = text;
    REFUSED(qrt_sheet_wallet_describe(&description, &wallet, &why));
    text[sizeof text - 2] = '\0';
    QRT_SECRET description = {0};
    assert_int_equal(qrt_sheet_wallet_describe(&description, &wallet, NULL), QRT_OK);
}

static void a_badge_in_letters_is_the_whole_of_it(void **state)
{
    (void)state;
    struct qrt_sheet_wallet wallet = sample_wallet();
    QRT_SECRET description = {0};
    assert_int_equal(qrt_sheet_wallet_describe(&description, &wallet, NULL), QRT_OK);
    char row[64];
    size_t used = 0;
    for (const char *p = wallet.payload + 11; *p != '\0'; p++) {
        size_t in_row = (size_t)(p - wallet.payload - 11) % 32;
        if (in_row > 0 && in_row % 4 == 0) {
            row[used++] = ' ';
        }
        row[used++] = *p;
        row[used] = '\0';
        if (in_row == 31 || p[1] == '\0') {
            assert_true(says(&description, row));
            used = 0;
        }
    }
    assert_false(says(&description, "AAAA"));
}

static void a_receipt_takes_its_own_form_only(void **state)
{
    (void)state;
    struct qrt_sheet_receipt receipt = sample_receipt();
    receipt.root = "fedc";
    REFUSED(qrt_sheet_receipt_describe(&description, &receipt, &why));
    receipt = sample_receipt();
    receipt.cosigners_len = 3;
    REFUSED(qrt_sheet_receipt_describe(&description, &receipt, &why));
    receipt = sample_receipt();
    receipt.payload = "QUORATE1:R";
    REFUSED(qrt_sheet_receipt_describe(&description, &receipt, &why));
    receipt = sample_receipt();
    receipt.cosigners_len = 0;
    QRT_SECRET description = {0};
    assert_int_equal(qrt_sheet_receipt_describe(&description, &receipt, NULL), QRT_OK);
    assert_true(says(&description, "nobody"));
}

static void a_sealed_sheet_counts_its_pages(void **state)
{
    (void)state;
    struct qrt_sheet_sealed sealed = sample_sealed(5);
    QRT_SECRET two = {0};
    assert_int_equal(qrt_sheet_sealed_describe(&two, &sealed, NULL), QRT_OK);
    assert_true(says(&two, "Sealed passwords, page 1 of 2"));
    assert_true(says(&two, "Sealed passwords, page 2 of 2"));
    sealed.pages = 1;
    REFUSED(qrt_sheet_sealed_describe(&description, &sealed, &why));
    sealed.pages = 8;
    sealed.first_page = 0;
    REFUSED(qrt_sheet_sealed_describe(&description, &sealed, &why));
    sealed.first_page = 7;
    QRT_SECRET last = {0};
    assert_int_equal(qrt_sheet_sealed_describe(&last, &sealed, NULL), QRT_OK);
    assert_true(says(&last, "Sealed passwords, page 8 of 8"));
    sealed.first_page = 8;
    REFUSED(qrt_sheet_sealed_describe(&description, &sealed, &why));
}

static void a_sealed_sheet_takes_sealed_items_only(void **state)
{
    (void)state;
    struct qrt_sheet_sealed sealed = sample_sealed(2);
    struct qrt_sheet_sealed_item items[2] = {sealed.items[0], sealed.items[1]};
    sealed.items = items;
    items[1].payload = sealed.header;
    REFUSED(qrt_sheet_sealed_describe(&description, &sealed, &why));
    items[1].payload = items[0].payload;
    sealed.header = items[0].payload;
    REFUSED(qrt_sheet_sealed_describe(&description, &sealed, &why));
    sealed = sample_sealed(1);
    sealed.items_len = 0;
    REFUSED(qrt_sheet_sealed_describe(&description, &sealed, &why));
}

static void minutes_refuse_what_is_no_digest_and_what_is_endless(void **state)
{
    (void)state;
    struct qrt_sheet_minutes minutes = sample_minutes();
    minutes.digest = NULL;
    QRT_SECRET described = {0};
    assert_int_equal(qrt_sheet_minutes_describe(&described, &minutes, NULL), QRT_OK);
    minutes.digest = "00";
    REFUSED(qrt_sheet_minutes_describe(&description, &minutes, &why));
    minutes = sample_minutes();
    static struct qrt_minutes_line lines[4000];
    for (size_t i = 0; i < 4000; i++) {
        lines[i] = minutes.lines[0];
    }
    minutes.lines = lines;
    minutes.lines_len = 4000;
    REFUSED(qrt_sheet_minutes_describe(&description, &minutes, &why));
}

static void the_same_sheet_is_described_in_the_same_bytes(void **state)
{
    (void)state;
    struct qrt_sheet_minutes minutes = sample_minutes();
    QRT_SECRET one = {0};
    QRT_SECRET two = {0};
    assert_int_equal(qrt_sheet_minutes_describe(&one, &minutes, NULL), QRT_OK);
    assert_int_equal(qrt_sheet_minutes_describe(&two, &minutes, NULL), QRT_OK);
    assert_int_equal(one.len_bytes, two.len_bytes);
    assert_memory_equal(one.data, two.data, one.len_bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_version_holds_what_it_is_said_to),
        cmocka_unit_test(a_guess_of_lines_is_on_the_careful_side),
        cmocka_unit_test(a_wallet_card_takes_a_badge_of_its_form_only),
        cmocka_unit_test(a_badge_in_letters_is_the_whole_of_it),
        cmocka_unit_test(a_receipt_takes_its_own_form_only),
        cmocka_unit_test(a_sealed_sheet_counts_its_pages),
        cmocka_unit_test(a_sealed_sheet_takes_sealed_items_only),
        cmocka_unit_test(minutes_refuse_what_is_no_digest_and_what_is_endless),
        cmocka_unit_test(the_same_sheet_is_described_in_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
