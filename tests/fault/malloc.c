/* Preloaded: makes the allocation number QRT_FAIL_AT fail (and, with
 * QRT_FAIL_ON, all after it). Written once, at exit, the count goes to the
 * descriptor QRT_COUNT_FD. */
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

static atomic_long counted;
static long fail_at = -1;
static int fail_on;

__attribute__((constructor)) static void read_orders(void)
{
    const char *at = getenv("QRT_FAIL_AT");
    fail_on = getenv("QRT_FAIL_ON") != NULL;
    atomic_store(&counted, 0);
    fail_at = at != NULL ? atol(at) : 0;
}

__attribute__((destructor)) static void tell_count(void)
{
    const char *fd = getenv("QRT_COUNT_FD");
    if (fd != NULL) {
        dprintf(atoi(fd), "%ld\n", atomic_load(&counted));
    }
}

static int fails(void)
{
    if (fail_at < 0) {
        return 0; /* the loader's own */
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
