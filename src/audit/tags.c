#include "audit/tags.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void qrt_tags_free(struct qrt_tags *tags)
{
    free(tags->list);
}

void qrt_tags_add(struct qrt_tags *tags, const char *key, size_t key_chars, enum qrt_tag_kind kind,
                  const char *name)
{
    if (tags->len == tags->capacity) {
        size_t capacity = tags->capacity == 0 ? 256 : 2 * tags->capacity;
        struct qrt_tag *list = reallocarray(tags->list, capacity, sizeof *list);
        if (list == NULL) {
            tags->failed = true;
            return;
        }
        tags->list = list;
        tags->capacity = capacity;
    }
    struct qrt_tag *new = &tags->list[tags->len++];
    *new = (struct qrt_tag){.kind = kind, .name = name};
    snprintf(new->key, sizeof new->key, "%.*s", (int)key_chars, key);
}

static int compare(const void *a, const void *b)
{
    const struct qrt_tag *x = a;
    const struct qrt_tag *y = b;
    int order = strcasecmp(x->key, y->key);
    return order != 0 ? order : (int)x->kind - (int)y->kind;
}

void qrt_tags_sort(struct qrt_tags *tags)
{
    if (tags->len > 0) {
        qsort(tags->list, tags->len, sizeof *tags->list, compare);
    }
}

struct qrt_tag_run qrt_tags_run(const struct qrt_tags *tags, size_t at)
{
    struct qrt_tag_run run = {.first = &tags->list[at], .next = at};
    while (run.next < tags->len && strcasecmp(tags->list[run.next].key, run.first->key) == 0) {
        run.count[tags->list[run.next++].kind]++;
    }
    return run;
}
