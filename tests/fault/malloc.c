/* Preloaded: makes the allocation number QRT_FAIL_AT fail (and, with
 * QRT_FAIL_ON, all after it). At exit the number of allocations is written to
 * the file QRT_COUNT. Counting begins when the system-call filter stands:
 * libseccomp 2.5 never comes back from seccomp_load if an allocation fails. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

int seccomp_load(void *filter);
int seccomp_load(void *filter)
{
    int (*load)(void *);
    *(void **)&load = dlsym(RTLD_NEXT, "seccomp_load");
    int result = load(filter);
    counting = 1;
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
