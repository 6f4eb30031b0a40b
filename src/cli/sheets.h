/* Where finished sheets go: PDF files of a folder, or a printer. */
#ifndef QRT_CLI_SHEETS_H
#define QRT_CLI_SHEETS_H

#include "base/bytes.h"
#include "worker/description.h"
#include "worker/spool.h"
#include <quorate/err.h>
#include <quorate/secret.h>

struct qrt_cli;

/* A zeroed struct is one without a place. What stands in it is borrowed. */
struct qrt_sheets {
    const char *folder; /* its path, or NULL … */
    bool open;
    int fd;
    bool made;           /* by us */
    const char *printer; /* … and then its name */
    struct qrt_spool *spool;
    bool both_sides;
    enum qrt_paper paper;
    struct qrt_spool_room room; /* set by the user interface */
};

/* Takes --sheets DIR, or --printer NAME and --sides, and --paper (a4 if absent)
 * off the command line; neither of the first two only if they are optional.
 * QRT_E_USAGE: neither, both, or no path or name. */
enum qrt_code qrt_sheets_options(struct qrt_sheets *sheets, const struct qrt_cli *cli, int *argc,
                                 char **argv, bool optional, struct qrt_err *err) QRT_MUST_USE;

/* Takes --paper alone. QRT_E_USAGE. */
enum qrt_code qrt_sheets_paper(enum qrt_paper *paper, int *argc, char **argv,
                               struct qrt_err *err) QRT_MUST_USE;

/* Makes the folder, or takes one in which no sheet lies; or prints a trial
 * sheet, which shows that the printer prints, at which size, and whether its
 * server forgets what it printed. One that keeps it is refused, unless that is
 * taken (a practice vault, or machine_exceptions). QRT_E_USAGE, QRT_E_REFUSED,
 * QRT_E_IO, QRT_E_WORKER, QRT_E_INTERRUPTED. */
enum qrt_code qrt_sheets_ready(struct qrt_sheets *sheets, bool keeping_taken,
                               struct qrt_err *err) QRT_MUST_USE;

/* Writes a sheet (secret) there, 0600, never over another file; `where` gets
 * its path. QRT_E_EXISTS, QRT_E_IO. Or prints it, and returns when it is on
 * paper; `where` gets `printer:NAME`, and it may be tried again after
 * QRT_E_IO. */
enum qrt_code qrt_sheets_deliver(struct qrt_sheets *sheets, struct qrt_buf *where, const char *name,
                                 const struct qrt_secret *pdf, struct qrt_err *err) QRT_MUST_USE;

/* One sheet that holds no secret, drawn from its description and put into the
 * folder, which may hold others, or printed. QRT_E_EXISTS, QRT_E_IO, and those
 * of qrt_print_pdf. */
enum qrt_code qrt_sheets_put(struct qrt_buf *where, struct qrt_sheets *sheets, const char *name,
                             const struct qrt_secret *description,
                             struct qrt_err *err) QRT_MUST_USE;

/* Takes away the folder that was made for sheets, if none lies in it. */
void qrt_sheets_abandon(const struct qrt_sheets *sheets);

void qrt_sheets_close(struct qrt_sheets *sheets);
#define QRT_SHEETS __attribute__((cleanup(qrt_sheets_close))) struct qrt_sheets

#endif
