/* Preloaded: makes the allocation number QRT_FAIL_AT fail (and, with
 * QRT_FAIL_ON, all after it). At exit the number of allocations is written to
 * the file QRT_COUNT. Counting begins when the system-call filter stands:
 * libseccomp 2.5 never comes back from seccomp_load if an allocation fails. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

static atomic_long counted;
static int counting;
static long fail_at;
static int fail_on;
static int count_fd = -1;

__attribute__((constructor)) static void read_orders(void)
{
    const char *at = getenv("QRT_FAIL_AT");
    const char *count = getenv("QRT_COUNT");
    fail_on = getenv("QRT_FAIL_ON") != NULL;
    fail_at = at != NULL ? atol(at) : 0;
    count_fd = count != NULL ? open(count, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
}

__attribute__((destructor)) static void tell_count(void)
{
    if (count_fd >= 0) {
        dprintf(count_fd, "%ld\n", atomic_load(&counted));
    }
}

/* The filter is loaded by this call; libseccomp tries others before. */
long syscall(long number, ...)
{
    va_list list;
    long args[6];
    long (*next)(long, ...);
    va_start(list, number);
    for (int i = 0; i < 6; i++) {
        args[i] = va_arg(list, long);
    }
    va_end(list);
    *(void **)&next = dlsym(RTLD_NEXT, "syscall");
    long result = next(number, args[0], args[1], args[2], args[3], args[4], args[5]);
    counting = counting || (number == SYS_seccomp && args[0] == SECCOMP_SET_MODE_FILTER &&
                            args[2] != 0 && result == 0);
    return result;
}

static int fails(void)
{
    if (!counting) {
        return 0;
    }
    long n = atomic_fetch_add(&counted, 1) + 1;
    if (fail_at > 0 && (n == fail_at || (fail_on && n > fail_at))) {
        errno = ENOMEM;
        return 1;
    }
    return 0;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
    return fails() ? NULL : __libc_realloc(old, size);
}

void *reallocarray(void *old, size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(old, bytes);
}
