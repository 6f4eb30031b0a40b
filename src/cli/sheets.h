/* Where finished sheets go: PDF files of a folder. */
#ifndef QRT_CLI_SHEETS_H
#define QRT_CLI_SHEETS_H

#include "base/bytes.h"
#include <quorate/err.h>
#include <quorate/secret.h>

/* A zeroed struct is one without a folder. */
struct qrt_sheets {
    const char *folder; /* its path; borrowed, set by the command */
    bool open;
    int fd;
    bool made; /* by us */
};

/* Makes the folder, or takes the one that is there. QRT_E_IO. */
enum qrt_code qrt_sheets_open(struct qrt_sheets *sheets, struct qrt_err *err) QRT_MUST_USE;

/* The same, but no sheet of a founding may lie in it. QRT_E_USAGE, QRT_E_IO. */
enum qrt_code qrt_sheets_ready(struct qrt_sheets *sheets, struct qrt_err *err) QRT_MUST_USE;

/* Writes a sheet (secret) there, 0600, never over another file; `where` gets
 * its path. QRT_E_EXISTS, QRT_E_IO. */
enum qrt_code qrt_sheets_deliver(struct qrt_sheets *sheets, struct qrt_buf *where, const char *name,
                                 const struct qrt_secret *pdf, struct qrt_err *err) QRT_MUST_USE;

/* Takes away the folder that was made for sheets, if none lies in it. */
void qrt_sheets_abandon(const struct qrt_sheets *sheets);

void qrt_sheets_close(struct qrt_sheets *sheets);

#endif
