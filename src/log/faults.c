#include "log/views.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void qrt_faults_free(struct qrt_faults *faults)
{
    free(faults->list);
    *faults = (struct qrt_faults){0};
}

void qrt_faults_add(struct qrt_faults *faults, uint64_t index, uint64_t epoch, const char *format,
                    ...)
{
    if (faults->len == faults->capacity) {
        size_t capacity = faults->capacity == 0 ? 8 : 2 * faults->capacity;
        struct qrt_fault *list =
            faults->len < QRT_FAULTS_MAX ? realloc(faults->list, capacity * sizeof *list) : NULL;
        if (list == NULL) {
            faults->more = true;
            return;
        }
        faults->list = list;
        faults->capacity = capacity;
    }
    struct qrt_fault *fault = &faults->list[faults->len++];
    fault->index = index;
    fault->epoch = epoch;
    va_list args;
    va_start(args, format);
    vsnprintf(fault->text, sizeof fault->text, format, args);
    va_end(args);
}
