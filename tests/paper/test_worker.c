#include "unit/unit.h"

#include "worker/cage.h"
#include "worker/worker.h"
#include <dirent.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* Starts a rogue, speaks to it, and hears its answer out. */
static void provoke(const char *name, struct qrt_err *err, bool *alive)
{
    QRT_WORKER worker = {0};
    assert_int_equal(qrt_worker_start(&worker, name, err), QRT_OK);
    int64_t deadline = qrt_frame_deadline(300);
    assert_int_equal(qrt_frame_write(worker.to_fd, QRT_FRAME_SHEET, 0, NULL, 0, deadline, NULL),
                     QRT_OK);
    uint32_t len_bytes;
    assert_int_equal(
        qrt_worker_answer(&worker, &len_bytes, QRT_FRAME_PDF, QRT_FRAME_PDF_BYTES, deadline, err),
        QRT_E_WORKER);
    *alive = worker.pid != 0;
}

static void whoever_leaves_the_cage_is_killed(void **state)
{
    (void)state;
    static const char *const names[] = {"rogue-open", "rogue-socket", "rogue-exec",
                                        "rogue-fork", "rogue-code",   "rogue-write"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct qrt_err err = {0};
        bool alive = true;
        provoke(names[i], &err, &alive);
        assert_false(alive);
        char want[64];
        snprintf(want, sizeof want, "%s left its cage and was killed", names[i]);
        assert_string_equal(err.what, want);
    }
}

static void a_worker_that_breaks_its_word_is_ended(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *what;
    } rows[] = {
        {"rogue-hang", "no answer in time"}, {"rogue-garbage", "a frame of"},
        {"rogue-wrong", "of type 1"},        {"rogue-long", "a frame of"},
        {"rogue-die", "has closed"},         {"rogue-crash", "died of signal"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct qrt_err err = {0};
        bool alive = true;
        provoke(rows[i].name, &err, &alive);
        assert_false(alive);
        assert_non_null(strstr(err.what, rows[i].what));
    }
    /* None is left behind, not even as a zombie. */
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void a_worker_that_does_not_greet_has_not_started(void **state)
{
    (void)state;
    QRT_WORKER worker = {0};
    struct qrt_err err;
    assert_int_equal(qrt_worker_start(&worker, "rogue-mute", &err), QRT_E_WORKER);
    assert_int_equal(worker.pid, 0);
    assert_int_equal(qrt_worker_start(&worker, "no-such-worker", &err), QRT_E_WORKER);
    assert_non_null(strstr(err.what, "no-such-worker"));
}

static void a_missing_font_is_named_and_none_stands_in(void **state)
{
    (void)state;
    QRT_WORKER worker = {0};
    struct qrt_err err;
    assert_int_equal(qrt_worker_start(&worker, "print-without-fonts", &err), QRT_E_NOT_FOUND);
    assert_int_equal(worker.pid, 0);
    assert_non_null(strstr(err.what, "/nonexistent/DejaVuSans.ttf"));
    assert_non_null(strstr(err.what, "fonts-dejavu-core"));
}

static size_t open_fds(const char *dir)
{
    DIR *listing = opendir(dir);
    if (listing == NULL) {
        return SIZE_MAX; /* not dumpable, and we are not root */
    }
    size_t count = 0;
    for (struct dirent *entry = readdir(listing); entry != NULL; entry = readdir(listing)) {
        count += entry->d_name[0] != '.';
    }
    closedir(listing);
    return count;
}

static void a_worker_has_three_descriptors_and_leaves_none_behind(void **state)
{
    (void)state;
    int leak = dup(0); /* not CLOEXEC: the worker must be spared it all the same */
    size_t before = open_fds("/proc/self/fd");
    QRT_WORKER worker = {0};
    assert_int_equal(qrt_worker_start(&worker, "rogue-hang", NULL), QRT_OK);
    char dir[64];
    snprintf(dir, sizeof dir, "/proc/%d/fd", (int)worker.pid);
    size_t inside = open_fds(dir);
    if (inside != SIZE_MAX) {
        assert_int_equal(inside, 3);
    }
    assert_int_equal(worker.landlocked, qrt_cage_landlock_abi() > 0);
    qrt_worker_stop(&worker);
    assert_int_equal(open_fds("/proc/self/fd"), before);
    close(leak);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_leaves_the_cage_is_killed),
        cmocka_unit_test(a_worker_that_breaks_its_word_is_ended),
        cmocka_unit_test(a_worker_that_does_not_greet_has_not_started),
        cmocka_unit_test(a_missing_font_is_named_and_none_stands_in),
        cmocka_unit_test(a_worker_has_three_descriptors_and_leaves_none_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
