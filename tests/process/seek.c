/* Which needles stand in what comes in on standard input: a file of needles,
 * one a line as `NAME HEX` (8 bytes at least), is the only argument. Prints
 * `NAME HITS OFFSET` for each name that was hit, with the last place, and ends
 * with 1 if there was one. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD = 8, NAME_MAX_CHARS = 63, LEN_MAX = 512, SIEVE = 1 << 20 };

struct needle {
    uint64_t head;
    size_t len_bytes;
    size_t hits;
    size_t offset;
    char name[NAME_MAX_CHARS + 1];
    unsigned char bytes[LEN_MAX];
};

static struct needle *needles;
static size_t count;
static unsigned char sieve[SIEVE];

static uint64_t head_of(const unsigned char *bytes)
{
    uint64_t head;
    memcpy(&head, bytes, sizeof head);
    return head;
}

static size_t slot(uint64_t head)
{
    return (size_t)(head * UINT64_C(0x9E3779B97F4A7C15) >> 44) % SIEVE;
}

static int by_name(const void *a, const void *b)
{
    const struct needle *x = a;
    const struct needle *y = b;
    return strcmp(x->name, y->name);
}

static int by_head(const void *a, const void *b)
{
    const struct needle *x = a;
    const struct needle *y = b;
    return x->head < y->head ? -1 : x->head > y->head;
}

static void read_needles(const char *path)
{
    FILE *file = fopen(path, "r");
    static char line[NAME_MAX_CHARS + 2 * LEN_MAX + 4];
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        needles = realloc(needles, (count + 1) * sizeof *needles);
        struct needle *needle = &needles[count++];
        char *hex = strchr(line, ' ');
        if (hex == NULL || hex - line > NAME_MAX_CHARS) {
            exit(2);
        }
        *hex++ = '\0';
        strcpy(needle->name, line);
        needle->len_bytes = strcspn(hex, "\n") / 2;
        for (size_t i = 0; i < needle->len_bytes; i++) {
            unsigned value;
            if (sscanf(hex + 2 * i, "%2x", &value) != 1) {
                exit(2);
            }
            needle->bytes[i] = (unsigned char)value;
        }
        if (needle->len_bytes < HEAD) {
            exit(2);
        }
        needle->hits = 0;
        needle->head = head_of(needle->bytes);
        sieve[slot(needle->head)] = 1;
    }
    if (count == 0 || fclose(file) != 0) {
        exit(2);
    }
    qsort(needles, count, sizeof *needles, by_head);
}

/* Counts the needles that stand at `at`, where `left` bytes are. */
static void compare(const unsigned char *at, size_t left, size_t offset)
{
    uint64_t head = head_of(at);
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        low = needles[middle].head < head ? middle + 1 : low;
        high = needles[middle].head < head ? high : middle;
    }
    for (; low < count && needles[low].head == head; low++) {
        if (needles[low].len_bytes <= left &&
            memcmp(at, needles[low].bytes, needles[low].len_bytes) == 0) {
            needles[low].hits++;
            needles[low].offset = offset;
        }
    }
}

static bool print_hits(void)
{
    bool any = false;
    qsort(needles, count, sizeof *needles, by_name);
    for (size_t i = 0; i < count;) {
        const struct needle *first = &needles[i];
        size_t hits = 0;
        size_t offset = 0;
        for (; i < count && strcmp(needles[i].name, first->name) == 0; i++) {
            hits += needles[i].hits;
            offset = needles[i].hits > 0 ? needles[i].offset : offset;
        }
        if (hits > 0) {
            printf("%s %zu %zu\n", first->name, hits, offset);
            any = true;
        }
    }
    return any;
}

int main(int argc, char **argv)
{
    unsigned char *data = NULL;
    size_t size = 0;
    size_t len = 0;
    size_t got;
    if (argc != 2) {
        return 2;
    }
    read_needles(argv[1]);
    do {
        if (size - len < 1 << 20) {
            size = size == 0 ? 1 << 24 : 2 * size;
            data = realloc(data, size);
        }
        got = data == NULL ? 0 : fread(data + len, 1, size - len, stdin);
        len += got;
    } while (got > 0);
    if (ferror(stdin) || data == NULL) {
        return 2;
    }
    for (size_t i = 0; i + HEAD <= len; i++) {
        if (sieve[slot(head_of(data + i))]) {
            compare(data + i, len - i, i);
        }
    }
    bool any = print_hits();
    free(data);
    free(needles);
    return any ? 1 : 0;
}
