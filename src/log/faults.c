#include "log/views.h"

#include "base/text.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void qrt_faults_free(struct qrt_faults *faults)
{
    free(faults->list);
    *faults = (struct qrt_faults){0};
}

/* NULL if there is no room: then there were more. */
static struct qrt_fault *add(struct qrt_faults *faults)
{
    if (faults->len == faults->capacity) {
        size_t capacity = faults->capacity == 0 ? 8 : 2 * faults->capacity;
        struct qrt_fault *list =
            faults->len < QRT_FAULTS_MAX ? realloc(faults->list, capacity * sizeof *list) : NULL;
        if (list == NULL) {
            faults->more = true;
            return NULL;
        }
        faults->list = list;
        faults->capacity = capacity;
    }
    struct qrt_fault *fault = &faults->list[faults->len++];
    *fault = (struct qrt_fault){0};
    return fault;
}

void qrt_faults_add(struct qrt_faults *faults, uint64_t index, uint64_t epoch, const char *format,
                    ...)
{
    struct qrt_fault *fault = add(faults);
    if (fault != NULL) {
        fault->index = index;
        fault->epoch = epoch;
        va_list args;
        va_start(args, format);
        vsnprintf(fault->text, sizeof fault->text, format, args);
        va_end(args);
    }
}

void qrt_faults_add_file(struct qrt_faults *faults, const char *file, uint64_t offset,
                         const char *format, ...)
{
    struct qrt_fault *fault = add(faults);
    if (fault != NULL) {
        QRT_BUF shown = {0};
        qrt_text_escape(&shown, file, strlen(file));
        snprintf(fault->file, sizeof fault->file, "%s",
                 shown.failed ? "(a file)" : qrt_buf_str(&shown));
        fault->offset = offset;
        va_list args;
        va_start(args, format);
        vsnprintf(fault->text, sizeof fault->text, format, args);
        va_end(args);
    }
}
