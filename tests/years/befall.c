/* Preloaded: what befalls a command. Its clock is QUORATE_TEST_SHIFT_S ahead. It
 * dies of the call of the number QUORATE_TEST_DIE_AT that changes a file, or
 * stands still before that of QUORATE_TEST_STOP_AT, until SIGCONT.
 * QUORATE_TEST_SLEPT_FILE holds a struct slept, and may be written meanwhile. */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static long setting(const char *name)
{
    const char *text = getenv(name);
    return text == NULL ? 0 : strtol(text, NULL, 10);
}

/* How long the machine slept: a clock that counts sleep goes on by so much. The
 * other goes on where nothing but the process stood still. */
struct slept {
    int64_t clocks_s;
    int64_t monotonic_s;
};

static const struct slept *slept;

/* Mapped, since a cage lets no file be opened. */
__attribute__((constructor)) static void map_slept(void)
{
    const char *path = getenv("QUORATE_TEST_SLEPT_FILE");
    int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    void *at = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *slept, PROT_READ, MAP_SHARED, fd, 0);
    slept = at == MAP_FAILED ? NULL : at;
    if (fd >= 0) {
        close(fd);
    }
}

static int64_t slept_s(clockid_t clock)
{
    if (slept == NULL) {
        return 0;
    }
    return clock == CLOCK_REALTIME || clock == CLOCK_BOOTTIME ? slept->clocks_s
           : clock == CLOCK_MONOTONIC                         ? slept->monotonic_s
                                                              : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    long rc = syscall(SYS_clock_gettime, clock, now);
    if (rc == 0 && clock == CLOCK_REALTIME) {
        now->tv_sec += setting("QUORATE_TEST_SHIFT_S");
    }
    if (rc == 0) {
        now->tv_sec += slept_s(clock);
    }
    return (int)rc;
}

/* As a kill does: nothing is flushed, and nobody is told. */
static void live_or_die(void)
{
    static long calls;
    if (++calls == setting("QUORATE_TEST_DIE_AT")) {
        _exit(137);
    }
    if (calls == setting("QUORATE_TEST_STOP_AT")) {
        raise(SIGSTOP);
    }
}

#define BEFORE(type, name, parameters, ...)                                                        \
    type name parameters                                                                           \
    {                                                                                              \
        static type(*real) parameters;                                                             \
        if (real == NULL) {                                                                        \
            *(void **)&real = dlsym(RTLD_NEXT, #name);                                             \
        }                                                                                          \
        live_or_die();                                                                             \
        return real(__VA_ARGS__);                                                                  \
    }

BEFORE(ssize_t, write, (int fd, const void *data, size_t len_bytes), fd, data, len_bytes)
BEFORE(ssize_t, pwrite64, (int fd, const void *data, size_t len_bytes, off64_t at), fd, data,
       len_bytes, at)
BEFORE(int, fsync, (int fd), fd)
BEFORE(int, fdatasync, (int fd), fd)
BEFORE(int, ftruncate64, (int fd, off64_t len_bytes), fd, len_bytes)
BEFORE(int, rename, (const char *from, const char *to), from, to)
BEFORE(int, renameat, (int from_dir, const char *from, int to_dir, const char *to), from_dir, from,
       to_dir, to)
BEFORE(int, renameat2, (int from_dir, const char *from, int to_dir, const char *to, unsigned flags),
       from_dir, from, to_dir, to, flags)
BEFORE(int, unlink, (const char *path), path)
BEFORE(int, unlinkat, (int dir, const char *path, int flags), dir, path, flags)
