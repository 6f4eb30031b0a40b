/* Linked into the executables alone: memory that any library gives back is
 * wiped first, since all of them leave copies of what they were handed. */
#include <errno.h>
#include <malloc.h>
#include <string.h>

#ifndef QRT_SANITIZED

/* The C library's own, under the names that it exports for this. */
void __libc_free(void *memory);
void *__libc_malloc(size_t size_bytes);

void free(void *memory)
{
    if (memory != NULL) {
        int os = errno; /* free() keeps it */
        explicit_bzero(memory, malloc_usable_size(memory));
        __libc_free(memory);
        errno = os;
    }
}

/* Never by mremap or in place: a block that moves leaves nothing behind. */
void *realloc(void *memory, size_t size_bytes)
{
    if (memory == NULL) {
        return __libc_malloc(size_bytes);
    }
    if (size_bytes == 0) {
        free(memory);
        return NULL;
    }
    size_t had_bytes = malloc_usable_size(memory);
    if (size_bytes <= had_bytes && size_bytes >= had_bytes / 2) {
        return memory;
    }
    void *moved = __libc_malloc(size_bytes);
    if (moved != NULL) {
        memcpy(moved, memory, had_bytes < size_bytes ? had_bytes : size_bytes);
        free(memory);
    }
    return moved;
}

#endif
