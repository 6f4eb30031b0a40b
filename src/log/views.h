/* The seam by which the log fills and checks its views without knowing them:
 * vault/ gives the functions. */
#ifndef QRT_LOG_VIEWS_H
#define QRT_LOG_VIEWS_H

#include "log/entry.h"
#include "log/note.h"
#include <quorate/err.h>
#include <sqlite3.h>

#define QRT_FAULT_FILE_BYTES 128

/* Faults found in a log, every one with its place. A zeroed struct is empty. */
struct qrt_fault {
    uint64_t index; /* of the entry, or of the epoch's last one */
    uint64_t epoch;
    uint64_t offset;                 /* in the file, if there is one */
    char file[QRT_FAULT_FILE_BYTES]; /* of an export, printable; "": the place is the entry */
    char text[200];
};

struct qrt_faults {
    struct qrt_fault *list;
    size_t len;
    size_t capacity;
    bool more; /* there were more than the list takes */
};

#define QRT_FAULTS_MAX 1000

void qrt_faults_free(struct qrt_faults *faults);
void qrt_faults_add(struct qrt_faults *faults, uint64_t index, uint64_t epoch, const char *format,
                    ...) QRT_PRINTF(4, 5);
/* The same at a byte of an export's file, whose path may hold anything. */
void qrt_faults_add_file(struct qrt_faults *faults, const char *file, uint64_t offset,
                         const char *format, ...) QRT_PRINTF(4, 5);
#define QRT_FAULTS __attribute__((cleanup(qrt_faults_free))) struct qrt_faults

/* A document's digest that an entry names must be in the table. */
struct qrt_views {
    void *ctx;
    /* Forgets all. */
    void (*reset)(void *ctx);
    /* Takes one entry; a broken rule is added to faults. Only memory fails. */
    enum qrt_code (*apply)(void *ctx, const struct qrt_entry *entry, struct qrt_faults *faults,
                           struct qrt_err *err);
    /* An epoch's entries are all in: checks who had to cosign its checkpoint,
     * now or, with a list, as far as that goes without arithmetic. note is NULL
     * where there is none that could be read. */
    enum qrt_code (*seal)(void *ctx, uint64_t epoch, const struct qrt_note *note,
                          struct qrt_signatures *later, struct qrt_faults *faults,
                          struct qrt_err *err);
    /* Writes what changed since the last store into the tables. */
    enum qrt_code (*store)(void *ctx, sqlite3 *db, struct qrt_err *err);
    /* Compares every table with the views; differences are added to faults. */
    enum qrt_code (*compare)(void *ctx, sqlite3 *db, struct qrt_faults *faults,
                             struct qrt_err *err);
    /* The key of a person's live badge; false if there is none. NULL: of nobody. */
    bool (*vkey)(void *ctx, const char *person, struct qrt_vkey *vkey);
};

#endif
