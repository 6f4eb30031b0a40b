#include "unit/unit.h"

#include "base/file.h"
#include "worker/frame.h"
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

/* A pipe with these bytes in it and its writing end closed. */
static int pipe_of(const void *bytes, size_t len_bytes)
{
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    assert_int_equal(write(ends[1], bytes, len_bytes), (ssize_t)len_bytes);
    close(ends[1]);
    return ends[0];
}

static enum qrt_code head_of(const void *bytes, size_t len_bytes, uint8_t *type, uint32_t *got)
{
    QRT_FD fd = pipe_of(bytes, len_bytes);
    return qrt_frame_read_head(type, got, fd, 1000, qrt_frame_deadline(1000), NULL);
}

static void a_frame_comes_out_as_it_went_in(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    assert_int_equal(qrt_frame_write(ends[1], QRT_FRAME_SHEET, 5, "ab", 2, QRT_NO_DEADLINE, NULL),
                     QRT_OK);
    assert_int_equal(qrt_frame_write_bytes(ends[1], "cde", 3, QRT_NO_DEADLINE, NULL), QRT_OK);
    uint8_t type;
    uint32_t len_bytes;
    char payload[5];
    assert_int_equal(qrt_frame_read_head(&type, &len_bytes, ends[0], 5, QRT_NO_DEADLINE, NULL),
                     QRT_OK);
    assert_int_equal(type, QRT_FRAME_SHEET);
    assert_int_equal(len_bytes, 5);
    assert_int_equal(qrt_frame_read_bytes(payload, 5, ends[0], QRT_NO_DEADLINE, NULL), QRT_OK);
    assert_memory_equal(payload, "abcde", 5);
    close(ends[0]);
    close(ends[1]);
}

static void a_clean_end_is_told_from_a_broken_frame(void **state)
{
    (void)state;
    uint8_t type;
    uint32_t len_bytes;
    assert_int_equal(head_of("", 0, &type, &len_bytes), QRT_E_NOT_FOUND);
    for (size_t cut = 1; cut < QRT_FRAME_HEAD_BYTES; cut++) {
        assert_int_equal(head_of("\0\0\0\1\2", cut, &type, &len_bytes), QRT_E_WORKER);
        assert_int_equal(type, 0);
    }
    QRT_FD fd = pipe_of("abc", 3);
    char out[4] = "xxx";
    assert_int_equal(qrt_frame_read_bytes(out, 4, fd, QRT_NO_DEADLINE, NULL), QRT_E_WORKER);
    assert_memory_equal(out, "\0\0\0\0", 4);
}

static void a_frame_longer_than_its_cap_is_refused(void **state)
{
    (void)state;
    uint8_t type;
    uint32_t len_bytes;
    assert_int_equal(head_of("\0\0\3\350\2", 5, &type, &len_bytes), QRT_OK);
    assert_int_equal(head_of("\0\0\3\351\2", 5, &type, &len_bytes), QRT_E_WORKER);
    assert_int_equal(len_bytes, 0);
    assert_int_equal(head_of("\377\377\377\377\2", 5, &type, &len_bytes), QRT_E_WORKER);
}

static void silence_ends_at_the_deadline(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    uint8_t type;
    uint32_t len_bytes;
    struct qrt_err err;
    assert_int_equal(
        qrt_frame_read_head(&type, &len_bytes, ends[0], 9, qrt_frame_deadline(50), &err),
        QRT_E_WORKER);
    assert_non_null(strstr(err.what, "in time"));
    /* Nobody reads: the pipe fills, and the writer gives up too. */
    assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    static const uint8_t much[1 << 18];
    assert_int_equal(qrt_frame_write(ends[1], QRT_FRAME_IMAGE, sizeof much, much, sizeof much,
                                     qrt_frame_deadline(50), NULL),
                     QRT_E_WORKER);
    close(ends[0]);
    assert_int_equal(
        qrt_frame_write(ends[1], QRT_FRAME_IMAGE, 1, "a", 1, qrt_frame_deadline(50), &err),
        QRT_E_WORKER);
    assert_non_null(strstr(err.what, "gone"));
    close(ends[1]);
}

/* Who stood still past the deadline takes the answer that came meanwhile. */
static void what_is_there_counts_after_the_deadline(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    int64_t passed = qrt_frame_deadline(-1000);
    assert_int_equal(qrt_frame_write(ends[1], QRT_FRAME_READY, 1, "a", 1, passed, NULL), QRT_OK);
    uint8_t type;
    uint32_t len_bytes;
    uint8_t byte;
    struct qrt_err err;
    assert_int_equal(qrt_frame_read_head(&type, &len_bytes, ends[0], 9, passed, &err), QRT_OK);
    assert_int_equal(qrt_frame_read_bytes(&byte, 1, ends[0], passed, &err), QRT_OK);
    assert_int_equal(byte, 'a');
    assert_int_equal(qrt_frame_read_bytes(&byte, 1, ends[0], passed, &err), QRT_E_WORKER);
    assert_non_null(strstr(err.what, "in time"));
    close(ends[0]);
    close(ends[1]);
}

static enum qrt_code failure_of(const void *bytes, uint32_t len_bytes, struct qrt_err *err)
{
    QRT_FD fd = pipe_of(bytes, len_bytes);
    return qrt_frame_read_failure(fd, len_bytes, QRT_NO_DEADLINE, err);
}

static void a_failure_travels_with_its_code_and_words(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    struct qrt_err why = {.code = QRT_E_RANGE, .what = "too large"};
    assert_int_equal(qrt_frame_write_failure(ends[1], &why, NULL), QRT_OK);
    why.code = QRT_E_TAMPERED; /* not for a worker to say */
    assert_int_equal(qrt_frame_write_failure(ends[1], &why, NULL), QRT_OK);
    const enum qrt_code want[] = {QRT_E_RANGE, QRT_E_FAILED};
    for (size_t i = 0; i < 2; i++) {
        uint8_t type;
        uint32_t len_bytes;
        struct qrt_err err;
        assert_int_equal(
            qrt_frame_read_head(&type, &len_bytes, ends[0], 200, QRT_NO_DEADLINE, NULL), QRT_OK);
        assert_int_equal(type, QRT_FRAME_FAILED);
        assert_int_equal(qrt_frame_read_failure(ends[0], len_bytes, QRT_NO_DEADLINE, &err),
                         want[i]);
        assert_string_equal(err.what, "too large");
    }
    close(ends[0]);
    close(ends[1]);
}

static void a_failure_that_could_forge_a_screen_is_no_failure(void **state)
{
    (void)state;
    struct qrt_err err;
    assert_int_equal(failure_of("\2bad", 4, &err), QRT_E_FORMAT);
    assert_int_equal(failure_of("\2ba\x1b", 4, &err), QRT_E_WORKER);
    assert_int_equal(failure_of("\2ba\n", 4, &err), QRT_E_WORKER);
    assert_int_equal(failure_of("\2ba\x80", 4, &err), QRT_E_WORKER);
    assert_int_equal(failure_of("\7bad", 4, &err), QRT_E_WORKER);
    assert_int_equal(failure_of("", 0, &err), QRT_E_WORKER);
    static const char long_text[QRT_FRAME_FAILED_BYTES + 1] = "\2";
    assert_int_equal(failure_of(long_text, sizeof long_text, &err), QRT_E_WORKER);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_comes_out_as_it_went_in),
        cmocka_unit_test(a_clean_end_is_told_from_a_broken_frame),
        cmocka_unit_test(a_frame_longer_than_its_cap_is_refused),
        cmocka_unit_test(silence_ends_at_the_deadline),
        cmocka_unit_test(what_is_there_counts_after_the_deadline),
        cmocka_unit_test(a_failure_travels_with_its_code_and_words),
        cmocka_unit_test(a_failure_that_could_forge_a_screen_is_no_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
