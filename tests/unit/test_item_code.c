/* Sealed items and sheet headers as codes: only what we write is read. */
#include "unit.h"

#include "card/code.h"
#include "vault/item_code.h"

static const uint8_t key[32] = "an item key of thirty-two bytes";
static const char plaintext[] = "correct-Horse7battery@staple";

struct fixture {
    struct qrt_item_place place;
    struct qrt_buf sealed;
    struct qrt_buf payload;
    struct qrt_sheet_header header;
    uint8_t header_payload[QRT_SHEET_HEADER_BYTES];
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->place =
        (struct qrt_item_place){(const uint8_t *)"vault-id-12b", 3, "123456789012", "password", 17};
    assert_int_equal(qrt_item_seal(&f->sealed, &f->place, (const uint8_t *)plaintext,
                                   sizeof plaintext - 1, key, NULL),
                     QRT_OK);
    assert_int_equal(
        qrt_item_code_encode(&f->payload, &f->place, f->sealed.data, f->sealed.len_bytes, NULL),
        QRT_OK);
    f->header = (struct qrt_sheet_header){.vault_id = "vault-id-12b", .generation = 3};
    memset(f->header.key_check, 7, 32);
    memset(f->header.group_check, 9, sizeof f->header.group_check);
    assert_int_equal(qrt_sheet_header_encode(f->header_payload, &f->header, NULL), QRT_OK);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    qrt_buf_free(&f->sealed);
    qrt_buf_free(&f->payload);
    free(f);
    return 0;
}

static enum qrt_code unseal(const struct qrt_item_code *item)
{
    QRT_SECRET out = {0};
    struct qrt_item_place place = qrt_item_code_place(item);
    return qrt_item_unseal(&out, &place, item->sealed, item->sealed_len_bytes, key, NULL);
}

static void an_item_comes_back_from_its_code(void **state)
{
    struct fixture *f = *state;
    QRT_BUF text = {0};
    struct qrt_item_code item;
    assert_int_equal(
        qrt_item_code_text(&text, &f->place, f->sealed.data, f->sealed.len_bytes, NULL), QRT_OK);
    qrt_buf_text(&text, " \r\n");
    assert_int_equal(qrt_item_code_read(&item, qrt_buf_str(&text), text.len_bytes, NULL), QRT_OK);
    assert_memory_equal(item.vault_id, "vault-id-12b", 12);
    assert_int_equal(item.generation, 3);
    assert_string_equal(item.account, "123456789012");
    assert_string_equal(item.kind, "password");
    assert_int_equal(item.serial, 17);
    assert_int_equal(unseal(&item), QRT_OK);
}

static void every_bit_flip_is_refused_or_does_not_unseal(void **state)
{
    struct fixture *f = *state;
    struct qrt_item_code item;
    unsigned refused = 0;
    for (size_t bit = 0; bit < 8 * f->payload.len_bytes; bit++) {
        f->payload.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
        if (qrt_item_code_decode(&item, f->payload.data, f->payload.len_bytes, NULL) == QRT_OK) {
            assert_int_equal(unseal(&item), QRT_E_TAMPERED);
        } else {
            assert_int_equal(item.sealed_len_bytes, 0);
            refused++;
        }
        f->payload.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    assert_true(refused > 16);
    assert_int_equal(qrt_item_code_decode(&item, f->payload.data, f->payload.len_bytes, NULL),
                     QRT_OK);
}

static void every_truncation_and_any_tail_is_refused(void **state)
{
    struct fixture *f = *state;
    struct qrt_item_code item;
    struct qrt_sheet_header header;
    size_t whole = f->payload.len_bytes;
    for (size_t len = 0; len < whole; len++) {
        assert_int_equal(qrt_item_code_decode(&item, f->payload.data, len, NULL), QRT_E_FORMAT);
    }
    for (size_t len = 0; len < QRT_SHEET_HEADER_BYTES; len++) {
        assert_int_equal(qrt_sheet_header_decode(&header, f->header_payload, len, NULL),
                         QRT_E_FORMAT);
    }
    qrt_buf_u8(&f->payload, 0);
    assert_int_equal(qrt_item_code_decode(&item, f->payload.data, whole + 1, NULL), QRT_E_FORMAT);
    uint8_t longer[QRT_SHEET_HEADER_BYTES + 1] = {0};
    memcpy(longer, f->header_payload, QRT_SHEET_HEADER_BYTES);
    assert_int_equal(qrt_sheet_header_decode(&header, longer, sizeof longer, NULL), QRT_E_FORMAT);
}

/* The payload of an item whose additional data is that text. */
static enum qrt_code decode_with(const struct fixture *f, const char *data, size_t sealed_len)
{
    QRT_BUF payload = {0};
    struct qrt_item_code item;
    static const uint8_t zeros[4096];
    (void)f;
    qrt_buf_u16(&payload, (uint16_t)strlen(data));
    qrt_buf_text(&payload, data);
    qrt_buf_add(&payload, zeros, sealed_len);
    return qrt_item_code_decode(&item, payload.data, payload.len_bytes, NULL);
}

#define HEAD "quorate/item/v1\nvault 00112233445566778899aabb\n"
#define TAIL "account 123456789012\nkind password\nserial 17\n"

static void additional_data_has_one_form(void **state)
{
    static const char *const others[] = {
        "",
        HEAD "generation 3\n" TAIL "\n",
        HEAD "generation 3\n" TAIL "serial 17\n",
        HEAD "generation 03\n" TAIL,
        HEAD "generation 0\n" TAIL,
        HEAD "generation +3\n" TAIL,
        HEAD "generation 65536\n" TAIL,
        HEAD "generation 3 \n" TAIL,
        HEAD "generation  3\n" TAIL,
        HEAD TAIL "generation 3\n",
        HEAD "generation 3\r\n" TAIL,
        "quorate/item/v2\nvault 00112233445566778899aabb\ngeneration 3\n" TAIL,
        "quorate/item/v1\nvault 00112233445566778899AABB\ngeneration 3\n" TAIL,
        "quorate/item/v1\nvault 00112233445566778899aa\ngeneration 3\n" TAIL,
        HEAD "generation 3\naccount \nkind password\nserial 17\n",
        HEAD "generation 3\naccount A\nkind password\nserial 17\n",
        HEAD "generation 3\naccount 123456789012345678901234567890123\nkind note\nserial 17\n",
        HEAD "generation 3\naccount 1\nkind passwords\nserial 17\n",
        HEAD "generation 3\naccount 1\nkind Password\nserial 17\n",
        HEAD "generation 3\naccount 1\nkind note\nserial 0\n",
        HEAD "generation 3\naccount 1\nkind note\nserial 18446744073709551616\n",
        HEAD "generation 3\naccount 1\nkind note\nserial 17",
    };
    const struct fixture *f = *state;
    assert_int_equal(decode_with(f, HEAD "generation 3\n" TAIL, 200), QRT_OK);
    assert_int_equal(decode_with(f,
                                 HEAD "generation 65535\naccount 12345678901234567890123456789012\n"
                                      "kind questions\nserial 18446744073709551615\n",
                                 24 + 2080 + 16),
                     QRT_OK);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_int_equal(decode_with(f, others[i], 200), QRT_E_FORMAT);
    }
    static const size_t lengths[] = {0, 40, 199, 201, 40 + 159, 24 + 2240 + 16, 4000};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        assert_int_equal(decode_with(f, HEAD "generation 3\n" TAIL, lengths[i]), QRT_E_FORMAT);
    }
}

/* A NUL would end the account as C reads it, and the rest would go unseen. */
static void a_nul_in_a_line_is_refused(void **state)
{
    struct fixture *f = *state;
    struct qrt_item_code item;
    for (size_t i = 2; i < f->payload.len_bytes - f->sealed.len_bytes; i++) {
        uint8_t was = f->payload.data[i];
        f->payload.data[i] = 0;
        assert_int_equal(qrt_item_code_decode(&item, f->payload.data, f->payload.len_bytes, NULL),
                         QRT_E_FORMAT);
        f->payload.data[i] = was;
    }
}

static void what_no_code_can_carry_is_not_written(void **state)
{
    const struct fixture *f = *state;
    const struct qrt_item_place bad[] = {
        {f->place.vault_id, 0, "a", "note", 1},
        {f->place.vault_id, 65536, "a", "note", 1},
        {f->place.vault_id, 1, "A", "note", 1},
        {f->place.vault_id, 1, "", "note", 1},
        {f->place.vault_id, 1, "a", "notes", 1},
        {f->place.vault_id, 1, "a", "note", 0},
        {f->place.vault_id, 1, "a\nkind note", "note", 1},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        QRT_BUF out = {0};
        assert_int_equal(
            qrt_item_code_encode(&out, &bad[i], f->sealed.data, f->sealed.len_bytes, NULL),
            QRT_E_RANGE);
        assert_int_equal(out.len_bytes, 0);
    }
    QRT_BUF out = {0};
    assert_int_equal(
        qrt_item_code_encode(&out, &f->place, f->sealed.data, f->sealed.len_bytes - 1, NULL),
        QRT_E_RANGE);
}

static void every_changed_character_is_refused_or_does_not_unseal(void **state)
{
    struct fixture *f = *state;
    QRT_BUF text = {0};
    struct qrt_item_code item;
    assert_int_equal(
        qrt_item_code_text(&text, &f->place, f->sealed.data, f->sealed.len_bytes, NULL), QRT_OK);
    for (size_t i = 0; i < text.len_bytes; i++) {
        uint8_t was = text.data[i];
        text.data[i] = was == 'A' ? 'B' : 'A';
        if (qrt_item_code_read(&item, (const char *)text.data, text.len_bytes, NULL) == QRT_OK) {
            assert_int_equal(unseal(&item), QRT_E_TAMPERED);
        }
        text.data[i] = was;
    }
}

static void a_header_comes_back_and_no_bit_is_spare(void **state)
{
    struct fixture *f = *state;
    struct qrt_sheet_header header;
    char text[QRT_SHEET_HEADER_CHARS + 1];
    assert_int_equal(qrt_sheet_header_text(text, &f->header, NULL), QRT_OK);
    assert_int_equal(strlen(text), QRT_SHEET_HEADER_CHARS);
    assert_int_equal(qrt_sheet_header_read(&header, text, strlen(text), NULL), QRT_OK);
    assert_memory_equal(header.vault_id, f->header.vault_id, 12);
    assert_int_equal(header.generation, 3);
    assert_memory_equal(header.key_check, f->header.key_check, 32);
    assert_memory_equal(header.group_check, f->header.group_check, 64);
    for (size_t bit = 0; bit < 8 * sizeof f->header_payload; bit++) {
        uint8_t again[QRT_SHEET_HEADER_BYTES];
        f->header_payload[bit / 8] ^= (uint8_t)(1U << bit % 8);
        enum qrt_code code =
            qrt_sheet_header_decode(&header, f->header_payload, sizeof f->header_payload, NULL);
        if (bit < 8) {
            assert_int_equal(code, bit == 0 ? QRT_E_FORMAT : QRT_E_NEWER);
        } else {
            assert_int_equal(code, QRT_OK);
            assert_int_equal(qrt_sheet_header_encode(again, &header, NULL), QRT_OK);
            assert_memory_equal(again, f->header_payload, sizeof again);
        }
        f->header_payload[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    f->header.generation = 0;
    assert_int_equal(qrt_sheet_header_encode(f->header_payload, &f->header, NULL), QRT_E_RANGE);
    memset(f->header_payload, 0, sizeof f->header_payload);
    f->header_payload[0] = 1;
    assert_int_equal(
        qrt_sheet_header_decode(&header, f->header_payload, sizeof f->header_payload, NULL),
        QRT_E_FORMAT);
}

static void codes_of_another_kind_are_named(void **state)
{
    struct fixture *f = *state;
    struct qrt_sheet_header header;
    struct qrt_item_code item;
    char text[QRT_SHEET_HEADER_CHARS + 1];
    assert_int_equal(qrt_sheet_header_text(text, &f->header, NULL), QRT_OK);
    assert_int_equal(qrt_item_code_read(&item, text, strlen(text), NULL), QRT_E_REFUSED);
    text[9] = 'I';
    assert_int_equal(qrt_item_code_read(&item, text, strlen(text), NULL), QRT_E_FORMAT);
    assert_int_equal(qrt_sheet_header_read(&header, text, strlen(text), NULL), QRT_E_REFUSED);
    assert_int_equal(qrt_sheet_header_read(&header, "hello", 5, NULL), QRT_E_FORMAT);
    char longer[8000];
    memset(longer, 'A', sizeof longer);
    memcpy(longer, "QUORATE1:I:", 11);
    assert_int_equal(qrt_item_code_read(&item, longer, sizeof longer, NULL), QRT_E_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_item_comes_back_from_its_code, setup, teardown),
        cmocka_unit_test_setup_teardown(every_bit_flip_is_refused_or_does_not_unseal, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(every_truncation_and_any_tail_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(additional_data_has_one_form, setup, teardown),
        cmocka_unit_test_setup_teardown(a_nul_in_a_line_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(what_no_code_can_carry_is_not_written, setup, teardown),
        cmocka_unit_test_setup_teardown(every_changed_character_is_refused_or_does_not_unseal,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_header_comes_back_and_no_bit_is_spare, setup, teardown),
        cmocka_unit_test_setup_teardown(codes_of_another_kind_are_named, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
