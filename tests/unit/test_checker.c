#include "unit.h"

#include "log/checker.h"

#define EPOCHS 500

/* Signatures of EPOCHS checkpoints, each by the log and by one person; every
 * 7th epoch's log signature and every 11th's cosignature is spoilt. */
struct source {
    uint8_t key[QRT_SIGN_KEY_BYTES];
    struct qrt_vkey log;
    struct qrt_vkey person;
};

static void make_source(struct source *source)
{
    uint8_t seed[QRT_SEED_BYTES] = {7};
    qrt_sign_key(source->key, seed);
    const uint8_t *public = qrt_sign_public(source->key);
    assert_int_equal(qrt_vkey_make(&source->log, "example.com/log", QRT_KEY_TYPE_LOG, public, NULL),
                     QRT_OK);
    assert_int_equal(qrt_vkey_make(&source->person, "example.com/log/operator-1",
                                   QRT_KEY_TYPE_COSIGN, public, NULL),
                     QRT_OK);
}

static void add_epoch(const struct source *source, struct qrt_signatures *due, uint64_t epoch)
{
    static const char text[] = "example.com/log\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
    struct qrt_note note = {.text = text, .text_len_bytes = sizeof text - 1, .signatures_len = 2};
    struct qrt_note_signature *lines = note.signatures;
    snprintf(lines[0].name, sizeof lines[0].name, "%s", source->log.name);
    snprintf(lines[1].name, sizeof lines[1].name, "%s", source->person.name);
    lines[0].id = source->log.id;
    lines[1].id = source->person.id;
    lines[0].len_bytes = QRT_SIGNATURE_BYTES;
    lines[1].len_bytes = QRT_COSIGNATURE_BYTES;
    qrt_note_sign(lines[0].bytes, text, sizeof text - 1, source->key);
    qrt_note_cosign(lines[1].bytes, text, sizeof text - 1, 1772600767, source->key);
    lines[0].bytes[9] ^= epoch % 7 == 0 ? 1 : 0;
    lines[1].bytes[70] ^= epoch % 11 == 0 ? 1 : 0;
    due->epoch = epoch;
    due->index = 3 * epoch;
    assert_true(qrt_note_verify_later(&note, &source->log, due));
    assert_true(qrt_note_verify_later(&note, &source->person, due));
}

static void feed(struct qrt_checker *checker)
{
    struct source source;
    struct qrt_signatures due = {0};
    make_source(&source);
    for (uint64_t epoch = 0; epoch < EPOCHS; epoch++) {
        add_epoch(&source, &due, epoch);
        if (due.len >= QRT_CHECKER_BATCH || epoch + 1 == EPOCHS) {
            qrt_checker_take(checker, &due);
            assert_int_equal(due.len, 0);
        }
    }
    qrt_signatures_free(&due);
}

static void check_faults(const struct qrt_faults *faults)
{
    size_t at = 0;
    for (uint64_t epoch = 0; epoch < EPOCHS; epoch++) {
        if (epoch % 7 == 0) {
            assert_int_equal(faults->list[at].epoch, epoch);
            assert_int_equal(faults->list[at].index, 3 * epoch);
            assert_string_equal(faults->list[at++].text,
                                "the checkpoint is not signed by the key announced for it");
        }
        if (epoch % 11 == 0) {
            assert_int_equal(faults->list[at].epoch, epoch);
            assert_string_equal(
                faults->list[at++].text,
                "the cosignature of example.com/log/operator-1 is not one of this checkpoint");
        }
    }
    assert_int_equal(faults->len, at);
}

static void every_wrong_signature_is_told_in_its_order(void **state)
{
    (void)state;
    QRT_FAULTS faults = {0};
    struct qrt_checker checker = {0};
    feed(&checker);
    assert_true(checker.threaded); /* else this says nothing of the thread */
    assert_int_equal(qrt_checker_end(&checker, &faults, NULL), QRT_OK);
    check_faults(&faults);
}

static void without_a_thread_the_same_is_found(void **state)
{
    (void)state;
    QRT_FAULTS faults = {0};
    struct qrt_checker checker = {.tried = true};
    feed(&checker);
    assert_false(checker.threaded);
    assert_int_equal(qrt_checker_end(&checker, &faults, NULL), QRT_OK);
    check_faults(&faults);
}

static void what_was_not_checked_does_not_pass(void **state)
{
    (void)state;
    QRT_FAULTS faults = {0};
    struct qrt_checker checker = {0};
    struct qrt_signatures due = {0};
    struct source source;
    make_source(&source);
    add_epoch(&source, &due, 1);
    due.bytes.failed = true;
    qrt_checker_take(&checker, &due);
    assert_int_equal(qrt_checker_end(&checker, &faults, NULL), QRT_E_NOMEM);
    /* And the next begins anew. */
    assert_int_equal(qrt_checker_end(&checker, &faults, NULL), QRT_OK);
    assert_int_equal(faults.len, 0);
    qrt_signatures_free(&due);
}

static void a_checker_may_be_dropped_while_it_works(void **state)
{
    (void)state;
    QRT_FAULTS faults = {0};
    struct qrt_checker checker = {0};
    feed(&checker);
    qrt_checker_free(&checker);
    assert_int_equal(qrt_checker_end(&checker, &faults, NULL), QRT_OK);
    assert_int_equal(faults.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_wrong_signature_is_told_in_its_order),
        cmocka_unit_test(without_a_thread_the_same_is_found),
        cmocka_unit_test(what_was_not_checked_does_not_pass),
        cmocka_unit_test(a_checker_may_be_dropped_while_it_works),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
