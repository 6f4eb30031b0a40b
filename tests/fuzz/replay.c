/* Runs a fuzz target over a directory of files without libFuzzer: each file
 * whole, then cut short and with single bits flipped, so that an ordinary
 * build already walks the edges of a parser. Fails if there is no file. */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#define FILE_MAX_BYTES ((size_t)1 << 20)
#define VARIANTS_MAX   4096

/* A copy of the exact size, so that a sanitizer sees every read past its end. */
static void run(const uint8_t *data, size_t len_bytes)
{
    uint8_t *copy = malloc(len_bytes > 0 ? len_bytes : 1);
    if (copy == NULL) {
        abort();
    }
    memcpy(copy, data, len_bytes);
    LLVMFuzzerTestOneInput(copy, len_bytes);
    free(copy);
}

static void run_with_variants(uint8_t *data, size_t len_bytes)
{
    run(data, len_bytes);
    size_t step = len_bytes / VARIANTS_MAX + 1;
    for (size_t cut = 0; cut < len_bytes; cut += step) {
        run(data, cut);
    }
    size_t bits = len_bytes * 8;
    step = bits / VARIANTS_MAX + 1;
    for (size_t bit = 0; bit < bits; bit += step) {
        data[bit / 8] ^= (uint8_t)(1U << bit % 8);
        run(data, len_bytes);
        data[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
}

static int run_file(const char *dir, const char *name, uint8_t *data)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    size_t len_bytes = fread(data, 1, FILE_MAX_BYTES, file);
    fclose(file);
    run_with_variants(data, len_bytes);
    return 0;
}

int main(int argc, char **argv)
{
    uint8_t *data = malloc(FILE_MAX_BYTES);
    DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;
    if (dir == NULL || data == NULL) {
        fprintf(stderr, "usage: %s CORPUS-DIRECTORY\n", argv[0]);
        return 2;
    }
    int files = 0;
    int bad = 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] != '.') {
            bad |= run_file(argv[1], entry->d_name, data);
            files++;
        }
    }
    closedir(dir);
    free(data);
    printf("%d files replayed\n", files);
    return bad != 0 || files == 0;
}
