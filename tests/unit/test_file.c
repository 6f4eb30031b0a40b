#include "unit.h"

#include "base/file.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static char place[64];
static int dir_fd;

static int make_place(void **state)
{
    (void)state;
    snprintf(place, sizeof place, "/tmp/quorate-file-XXXXXX");
    if (mkdtemp(place) == NULL) {
        return -1;
    }
    dir_fd = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return dir_fd < 0 ? -1 : 0;
}

static int remove_place(void **state)
{
    (void)state;
    (void)unlinkat(dir_fd, "key", 0);
    (void)unlinkat(dir_fd, "key.new", 0);
    (void)unlinkat(dir_fd, "linked", 0);
    close(dir_fd);
    return rmdir(place);
}

static void put(const char *name, const char *text, mode_t mode)
{
    int fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

static void holds(const char *name, const char *bytes, size_t len_bytes)
{
    QRT_BUF have = {0};
    assert_int_equal(qrt_file_read(&have, dir_fd, name, 100000, NULL), QRT_OK);
    assert_int_equal(have.len_bytes, len_bytes);
    assert_memory_equal(have.data, bytes, len_bytes);
}

static mode_t mode_of(const char *name)
{
    struct stat st;
    assert_int_equal(fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW), 0);
    return st.st_mode & 07777;
}

static void replace(bool *spare, const char *text)
{
    assert_int_equal(qrt_file_replace(dir_fd, "key", spare, text, strlen(text), NULL), QRT_OK);
    holds("key", text, strlen(text));
    assert_int_equal(mode_of("key"), 0600);
}

/* Longer, shorter and of several blocks: what was there is zeros each time. */
static void what_is_replaced_is_overwritten(void **state)
{
    (void)state;
    static const size_t lengths[] = {100, 7, 20000, 1, 5000, 5000, 300};
    static char text[20001];
    static char zeros[20000];
    bool spare = false;
    size_t former = 0;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        memset(text, 'a' + (int)i, lengths[i]);
        text[lengths[i]] = '\0';
        replace(&spare, text);
        assert_int_equal(spare, i > 0); /* in /tmp two files can be exchanged */
        if (spare) {
            holds("key.new", zeros, former);
        }
        former = lengths[i];
    }
}

/* Who had another name for the file, or could read it, gets nothing new by it. */
static void a_file_that_others_reach_takes_nothing_new(void **state)
{
    (void)state;
    bool spare = false;
    put("key", "first", 0644);
    assert_int_equal(linkat(dir_fd, "key", dir_fd, "linked", 0), 0);
    replace(&spare, "second");
    replace(&spare, "third");
    replace(&spare, "fourth");
    holds("linked", "\0\0\0\0\0", 5);
    assert_int_equal(unlinkat(dir_fd, "linked", 0), 0);

    assert_int_equal(fchmodat(dir_fd, "key", 0644, 0), 0);
    replace(&spare, "fifth");
    replace(&spare, "sixth");
    assert_int_equal(mode_of("key.new"), 0600);
}

/* It may be what stood before, of a directory that is not synced. */
static void what_lies_there_unasked_is_left(void **state)
{
    (void)state;
    bool spare = false;
    put("key", "first", 0600);
    put("key.new", "unasked", 0600);
    assert_int_equal(qrt_file_replace(dir_fd, "key", &spare, "second", 6, NULL), QRT_E_EXISTS);
    assert_false(spare);
    holds("key", "first", 5);
    holds("key.new", "unasked", 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_replaced_is_overwritten, make_place, remove_place),
        cmocka_unit_test_setup_teardown(a_file_that_others_reach_takes_nothing_new, make_place,
                                        remove_place),
        cmocka_unit_test_setup_teardown(what_lies_there_unasked_is_left, make_place, remove_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
