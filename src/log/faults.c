#include "log/views.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

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

/* ASCII, for an export has no other path; cut where there is no room. */
static void show_path(char out[static QRT_FAULT_FILE_BYTES], const char *path)
{
    size_t at = 0;
    for (; *path != '\0' && at + sizeof "\\xNN" <= QRT_FAULT_FILE_BYTES; path++) {
        bool plain = *path > 0x20 && *path < 0x7F && *path != '\\';
        at += (size_t)snprintf(out + at, QRT_FAULT_FILE_BYTES - at, plain ? "%c" : "\\x%02x",
                               (uint8_t)*path);
    }
    out[at] = '\0';
}

void qrt_faults_add_file(struct qrt_faults *faults, const char *file, uint64_t offset,
                         const char *format, ...)
{
    struct qrt_fault *fault = add(faults);
    if (fault != NULL) {
        show_path(fault->file, file);
        fault->offset = offset;
        va_list args;
        va_start(args, format);
        vsnprintf(fault->text, sizeof fault->text, format, args);
        va_end(args);
    }
}
