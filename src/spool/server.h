/* The print server of this machine, asked over its own socket. One connection
 * for each question: between two cards more time may pass than it would wait. */
#ifndef QRT_SPOOL_SERVER_H
#define QRT_SPOOL_SERVER_H

#include "base/bytes.h"
#include <limits.h>
#include <quorate/err.h>
#include <quorate/secret.h>
#include <stdbool.h>
#include <sys/un.h>

#define PRINTER_CHARS 127

struct server {
    char socket[sizeof((struct sockaddr_un *)NULL)->sun_path];
    char printer[PRINTER_CHARS + 1];
};

/* What the server says of a printer, or of a job. */
struct state {
    uint32_t job;
    uint8_t state;          /* printer-state or job-state of RFC 8011 */
    uint8_t flags;          /* of worker/spool.h */
    struct qrt_buf reasons; /* keywords, with commas */
};

/* Before the cage closes: what the library looks up only once. */
enum qrt_code server_warm_up(struct qrt_err *err) QRT_MUST_USE;

/* QRT_E_NOT_FOUND: no printer of that name. QRT_E_FAILED: no server, or one
 * that belongs to somebody else. QRT_E_REFUSED: the server said no. For all
 * below. */
enum qrt_code server_ask_printer(struct state *out, const struct server *server,
                                 struct qrt_err *err) QRT_MUST_USE;

/* Sends a PDF (secret). */
enum qrt_code server_print(struct state *out, const struct server *server, const char *title,
                           bool both_sides, const uint8_t *pdf, size_t len_bytes,
                           struct qrt_err *err) QRT_MUST_USE;

/* How far is the job, and why not further? */
enum qrt_code server_ask_job(struct state *out, const struct server *server, uint32_t job,
                             struct qrt_err *err) QRT_MUST_USE;

/* Cancels the job, and has its document and history deleted. */
enum qrt_code server_forget(const struct server *server, uint32_t job,
                            struct qrt_err *err) QRT_MUST_USE;

#endif
