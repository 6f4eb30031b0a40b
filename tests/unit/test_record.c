#include "unit.h"

#include "log/record.h"

#define ENTRY "an entry"

static void encode(struct qrt_buf *out, struct qrt_later *later, size_t later_len)
{
    struct qrt_span entry = {ENTRY, strlen(ENTRY)};
    struct qrt_record record = {.epoch = 7,
                                .checkpoint = {"text", 4},
                                .cosignatures = {"lines", 5},
                                .entries = &entry,
                                .entries_len = 1,
                                .later = later,
                                .later_len = later_len};
    assert_int_equal(qrt_record_encode(out, &record, NULL), QRT_OK);
}

static enum qrt_code decode(const struct qrt_buf *bytes, size_t len_bytes)
{
    struct qrt_record record;
    enum qrt_code code = qrt_record_decode(&record, bytes->data, len_bytes, NULL);
    if (code == QRT_OK) {
        qrt_record_free(&record);
    }
    return code;
}

static void later_cosignatures_come_back_as_they_were(void **state)
{
    (void)state;
    struct qrt_later later[2] = {{.person = "witness-1", .shown = true},
                                 {.person = "custodian-p1", .bytes = {1, 2, 3}}};
    QRT_BUF bytes = {0};
    struct qrt_record record;
    encode(&bytes, later, 2);
    assert_int_equal(qrt_record_decode(&record, bytes.data, bytes.len_bytes, NULL), QRT_OK);
    assert_int_equal(record.later_len, 2);
    assert_memory_equal(record.later, later, sizeof later);
    assert_int_equal(record.entries_len, 1);
    qrt_record_free(&record);
}

static void without_later_cosignatures_the_record_is_as_it_always_was(void **state)
{
    (void)state;
    QRT_BUF bytes = {0};
    encode(&bytes, NULL, 0);
    assert_int_equal(bytes.len_bytes, 8 + 4 + 4 + 4 + 5 + 2 + 4 + strlen(ENTRY) + 2);
    assert_int_equal(decode(&bytes, bytes.len_bytes), QRT_OK);
    qrt_buf_u8(&bytes, 0); /* none is not written as none */
    assert_int_equal(decode(&bytes, bytes.len_bytes), QRT_E_TAMPERED);
}

static void any_other_form_of_them_is_refused(void **state)
{
    (void)state;
    struct qrt_later later[QRT_COMMIT_MAX_LATER + 1];
    QRT_BUF none = {0};
    QRT_BUF bytes = {0};
    for (size_t i = 0; i <= QRT_COMMIT_MAX_LATER; i++) {
        later[i] = (struct qrt_later){.shown = true};
        snprintf(later[i].person, sizeof later[i].person, "person-%zu", i);
    }
    encode(&none, NULL, 0);
    encode(&bytes, later, QRT_COMMIT_MAX_LATER);
    assert_int_equal(decode(&bytes, bytes.len_bytes), QRT_OK);
    for (size_t len = 0; len < bytes.len_bytes; len++) {
        assert_int_equal(decode(&bytes, len), len == none.len_bytes ? QRT_OK : QRT_E_TAMPERED);
    }
    struct qrt_record record = {.later = later, .later_len = QRT_COMMIT_MAX_LATER + 1};
    bytes.len_bytes = 0;
    assert_int_equal(qrt_record_encode(&bytes, &record, NULL), QRT_E_RANGE);

    static const struct {
        size_t at; /* behind the part's beginning */
        uint8_t value;
    } wrong[] = {{0, 0}, {0, 2}, {0, 64}, {1, 2}, {2, 0}, {2, 33}, {3, 'P'}, {3, 0}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        bytes.len_bytes = 0;
        encode(&bytes, later, 1);
        assert_int_equal(decode(&bytes, bytes.len_bytes), QRT_OK);
        bytes.data[none.len_bytes + wrong[i].at] = wrong[i].value;
        assert_int_equal(decode(&bytes, bytes.len_bytes), QRT_E_TAMPERED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(later_cosignatures_come_back_as_they_were),
        cmocka_unit_test(without_later_cosignatures_the_record_is_as_it_always_was),
        cmocka_unit_test(any_other_form_of_them_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
