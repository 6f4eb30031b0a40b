/* A printer of this machine, through quorate-spool: the one worker that may
 * hold a socket. docs/adr/0014 */
#ifndef QRT_WORKER_SPOOL_H
#define QRT_WORKER_SPOOL_H

#include "worker/worker.h"
#include <quorate/err.h>
#include <quorate/secret.h>
#include <stdbool.h>

#define QRT_SPOOL_PROGRAM "quorate-spool"
#define QRT_PRINTER_CHARS 127

/* Flags of a state frame. */
enum {
    QRT_SPOOL_ACCEPTS = 1, /* the printer takes jobs */
    QRT_SPOOL_STOPPED = 2, /* its queue stands still */
    QRT_SPOOL_KEPT = 4,    /* the server still has the job's document */
};

/* A zeroed struct is none. */
struct qrt_spool {
    struct qrt_worker worker;
    char printer[QRT_PRINTER_CHARS + 1];
};

/* Whom to tell what the printer wants, as long as it wants something. */
struct qrt_spool_room {
    void (*tell)(void *ctx, const char *line);
    void *ctx;
    /* Or NULL. Asked several times a second: does somebody want to stop?
     * QRT_E_INTERRUPTED. Signals are looked for in any case. */
    enum qrt_code (*look)(void *ctx, struct qrt_err *err);
};

/* Starts the worker. To be called before qrt_harden_no_network, whose filter
 * all that is started later inherits. QRT_E_WORKER. */
enum qrt_code qrt_spool_start(struct qrt_spool *spool, struct qrt_err *err) QRT_MUST_USE;
void qrt_spool_stop(struct qrt_spool *spool);

/* Chooses the printer (public): it must be there and take jobs. The server is
 * that of CUPS_SERVER, which must be the path of a socket, or else CUPS's own
 * socket. QRT_E_USAGE: no name of a printer, no such printer, a server over a
 * network. QRT_E_IO: no server, or it refuses. QRT_E_WORKER. */
enum qrt_code qrt_spool_check(struct qrt_spool *spool, const char *printer,
                              struct qrt_err *err) QRT_MUST_USE;

/* Prints one PDF (secret) once, unscaled, and returns when the server says that
 * the job is completed; until then the room is told what the printer wants
 * (paper, a closed cover) each time that this changes. `title` (public) stands
 * in the server's queue and logs. *kept: the server still had the document when
 * the job was completed, and was told to forget it. On failure nothing may be
 * taken as printed, and the job is cancelled if the server can be reached:
 * QRT_E_IO (the server or printer gave it up, or nothing moved for an hour),
 * QRT_E_INTERRUPTED, QRT_E_WORKER. It may then be called again. */
enum qrt_code qrt_spool_print(struct qrt_spool *spool, bool *kept, const struct qrt_secret *pdf,
                              const char *title, bool both_sides, const struct qrt_spool_room *room,
                              struct qrt_err *err) QRT_MUST_USE;

#endif
