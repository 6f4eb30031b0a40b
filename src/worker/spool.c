#include "worker/spool.h"

#include "base/bytes.h"
#include "base/interrupt.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SERVER_SOCKET     "/run/cups/cups.sock"
#define SOCKET_CHARS      107
#define TITLE_CHARS       64
#define ANSWER_TIMEOUT_MS 30000
#define POLL_MS           250
#define PATIENCE_MS       3600000 /* without any change */
#define FORGETTING_POLLS  4

/* States of a job in RFC 8011. */
enum { JOB_HELD = 4, JOB_STOPPED = 6, JOB_CANCELED = 7, JOB_COMPLETED = 9 };

struct told {
    uint32_t job;
    uint8_t state;
    uint8_t flags;
    char reasons[QRT_FRAME_STATE_BYTES];
};

enum qrt_code qrt_spool_start(struct qrt_spool *spool, struct qrt_err *err)
{
    *spool = (struct qrt_spool){0};
    return qrt_worker_start(&spool->worker, QRT_SPOOL_PROGRAM, err);
}

void qrt_spool_stop(struct qrt_spool *spool)
{
    qrt_worker_stop(&spool->worker);
    *spool = (struct qrt_spool){0};
}

static enum qrt_code broken(struct qrt_spool *spool, struct qrt_err *why, struct qrt_err *err)
{
    enum qrt_code code = qrt_worker_broken(&spool->worker, why);
    return qrt_fail(err, code, "%s", why->what);
}

/* Asks what was written into the pipe; QRT_E_NOT_FOUND, QRT_E_REFUSED and
 * QRT_E_FAILED are the server's answers. */
static enum qrt_code hear(struct told *told, struct qrt_spool *spool, int64_t deadline,
                          struct qrt_err *err)
{
    uint8_t payload[QRT_FRAME_STATE_BYTES];
    uint32_t len_bytes;
    struct qrt_err why = {0};
    *told = (struct told){0};
    enum qrt_code code = qrt_worker_answer(&spool->worker, &len_bytes, QRT_FRAME_STATE,
                                           sizeof payload, deadline, err);
    if (code != QRT_OK) {
        return code;
    }
    if (qrt_frame_read_bytes(payload, len_bytes, spool->worker.from_fd, deadline, &why) != QRT_OK) {
        return broken(spool, &why, err);
    }
    struct qrt_reader reader = qrt_reader_of(payload, len_bytes);
    told->job = qrt_read_u32(&reader);
    told->state = qrt_read_u8(&reader);
    told->flags = qrt_read_u8(&reader);
    size_t reasons_bytes = qrt_reader_left(&reader);
    qrt_read_bytes(&reader, (uint8_t *)told->reasons, reasons_bytes);
    bool words = !reader.failed && memchr(told->reasons, 0, reasons_bytes) == NULL &&
                 strspn(told->reasons, "abcdefghijklmnopqrstuvwxyz0123456789-_.,") == reasons_bytes;
    if (!words) {
        qrt_fail(&why, QRT_E_WORKER, "its answer is malformed");
        return broken(spool, &why, err);
    }
    return QRT_OK;
}

static enum qrt_code ask(struct told *told, struct qrt_spool *spool, enum qrt_frame_type type,
                         const void *payload, size_t len_bytes, struct qrt_err *err)
{
    int64_t deadline = qrt_frame_deadline(ANSWER_TIMEOUT_MS);
    struct qrt_err why = {0};
    if (spool->worker.pid <= 0) {
        return qrt_fail(err, QRT_E_WORKER, QRT_SPOOL_PROGRAM " is not running");
    }
    if (qrt_frame_write(spool->worker.to_fd, type, (uint32_t)len_bytes, payload, len_bytes,
                        deadline, &why) != QRT_OK) {
        return broken(spool, &why, err);
    }
    return hear(told, spool, deadline, err);
}

static enum qrt_code ask_job(struct told *told, struct qrt_spool *spool, enum qrt_frame_type type,
                             uint32_t job, struct qrt_err *err)
{
    uint8_t payload[4];
    struct qrt_writer writer = qrt_writer_of(payload, sizeof payload);
    qrt_write_u32(&writer, job);
    return ask(told, spool, type, payload, sizeof payload, err);
}

static bool is_printer(const char *name)
{
    size_t len = strlen(name);
    return len > 0 && len <= QRT_PRINTER_CHARS && name[0] != '-' &&
           len == strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
}

/* What the server answers is, to the room, a matter of input and output. */
static enum qrt_code as_io(enum qrt_code code)
{
    return code == QRT_E_WORKER || code == QRT_E_NOMEM ? code : QRT_E_IO;
}

enum qrt_code qrt_spool_check(struct qrt_spool *spool, const char *printer, struct qrt_err *err)
{
    const char *given = getenv("CUPS_SERVER");
    const char *server = given == NULL ? SERVER_SOCKET : given;
    if (!is_printer(printer)) {
        return qrt_fail(err, QRT_E_USAGE,
                        "--printer: not the name of a printer; lpstat -p lists "
                        "them");
    }
    if (server[0] != '/' || strlen(server) > SOCKET_CHARS ||
        strspn(server, "/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") !=
            strlen(server)) {
        return qrt_fail(err, QRT_E_USAGE,
                        "CUPS_SERVER: not the path of a socket; cards are never "
                        "sent over a network");
    }
    snprintf(spool->printer, sizeof spool->printer, "%s", printer);
    uint8_t payload[1 + SOCKET_CHARS + QRT_PRINTER_CHARS];
    struct qrt_writer writer = qrt_writer_of(payload, sizeof payload);
    struct told told = {0};
    qrt_write_u8(&writer, (uint8_t)strlen(server));
    qrt_write_text(&writer, server);
    qrt_write_text(&writer, printer);
    enum qrt_code code = ask(&told, spool, QRT_FRAME_PRINTER, payload, writer.len_bytes, err);
    if (code == QRT_OK && (told.flags & QRT_SPOOL_ACCEPTS) == 0) {
        code = qrt_fail(err, QRT_E_IO, "it accepts no jobs; run `cupsaccept %.60s`", printer);
    }
    if (code != QRT_OK) {
        code = code == QRT_E_NOT_FOUND ? QRT_E_USAGE : as_io(code);
        struct qrt_err why = *err;
        return qrt_fail(err, code, "printer %.60s: %.180s", printer, why.what);
    }
    return QRT_OK;
}

/* Is this one of the reasons, whatever its severity? */
static bool has_reason(const char *reasons, const char *keyword)
{
    size_t len = strlen(keyword);
    for (const char *at = reasons; *at != '\0'; at += strcspn(at, ","), at += *at == ',') {
        const char *rest = at + len;
        if (strncmp(at, keyword, len) == 0 &&
            (*rest == '\0' || *rest == ',' || strncmp(rest, "-error", 6) == 0 ||
             strncmp(rest, "-warning", 8) == 0)) {
            return true;
        }
    }
    return false;
}

/* What somebody in the room must do, or NULL. */
static const char *trouble_of(const struct told *told)
{
    static const struct {
        const char *keyword;
        const char *words;
    } reasons[] = {
        {"media-empty", "is out of paper: load paper; the sheet is not lost"},
        {"media-needed", "wants paper: load paper; the sheet is not lost"},
        {"media-jam", "has a paper jam: clear it, and keep what was half printed to destroy it"},
        {"cover-open", "has an open cover: close it"},
        {"door-open", "has an open door: close it"},
        {"interlock-open", "has an open cover: close it"},
        {"output-area-full", "has a full tray: take the paper out"},
        {"toner-empty", "has no toner: change it"},
        {"marker-supply-empty", "has no ink: change it"},
        {"offline", "does not answer: is it switched on, and its cable in?"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (has_reason(told->reasons, reasons[i].keyword)) {
            return reasons[i].words;
        }
    }
    if ((told->flags & QRT_SPOOL_STOPPED) != 0) {
        return "has stopped: mend what it wants, then run `cupsenable` with its name in another "
               "terminal; the sheet is not lost";
    }
    if (told->state == JOB_STOPPED) {
        return "cannot begin: CUPS's error_log says why; stop here with Ctrl-C, mend it, and begin "
               "again";
    }
    return told->state == JOB_HELD ? "holds the sheet back: release it with `lp -H resume -i`, "
                                     "and the number that `lpstat` shows"
                                   : NULL;
}

static void tell(const struct qrt_spool *spool, const struct qrt_spool_room *room,
                 const char *words)
{
    char line[256];
    snprintf(line, sizeof line, "Printer %s %s.", spool->printer, words);
    room->tell(room->ctx, line);
}

/* The server may say that a job is completed before it has deleted it. */
static enum qrt_code settle(struct qrt_spool *spool, bool *kept, struct told *told,
                            struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    uint32_t job = told->job;
    for (int i = 0; i < FORGETTING_POLLS && (told->flags & QRT_SPOOL_KEPT) != 0; i++) {
        nanosleep(&(struct timespec){.tv_nsec = POLL_MS * 1000000}, NULL);
        if ((code = ask_job(told, spool, QRT_FRAME_ASK, job, err)) != QRT_OK) {
            return code;
        }
    }
    *kept = (told->flags & QRT_SPOOL_KEPT) != 0;
    return *kept ? ask_job(told, spool, QRT_FRAME_FORGET, job, err) : QRT_OK;
}

/* Polls until the job has ended, and says to the room why it has not. */
static enum qrt_code attend(struct qrt_spool *spool, bool *kept, uint32_t job,
                            const struct qrt_spool_room *room, struct qrt_err *err)
{
    const char *trouble = NULL;
    struct told told = {0};
    uint8_t state = 0;
    int still_ms = 0;
    for (;;) {
        enum qrt_code code = ask_job(&told, spool, QRT_FRAME_ASK, job, err);
        if (code == QRT_E_NOT_FOUND) {
            return qrt_fail(err, QRT_E_IO,
                            "the server forgot the sheet and never said that it was printed; "
                            "set `PreserveJobHistory Yes` in cupsd.conf");
        }
        const char *now = code == QRT_OK ? trouble_of(&told) : "has lost its print server";
        if (code == QRT_E_WORKER || code == QRT_E_NOMEM) {
            return code;
        }
        if (code == QRT_OK && told.state == JOB_COMPLETED) {
            return settle(spool, kept, &told, err);
        }
        if (code == QRT_OK && told.state >= JOB_CANCELED) {
            return qrt_fail(err, QRT_E_IO, "the sheet was %s%s%.100s",
                            told.state == JOB_CANCELED ? "cancelled" : "given up",
                            told.reasons[0] != '\0' ? ": " : "", told.reasons);
        }
        if (now != trouble) {
            tell(spool, room, now == NULL ? "goes on" : now);
        }
        still_ms = now == trouble && told.state == state ? still_ms + POLL_MS : 0;
        trouble = now;
        state = told.state;
        if (still_ms >= PATIENCE_MS) {
            return qrt_fail(err, QRT_E_IO, "nothing moved for an hour; the sheet was cancelled");
        }
        nanosleep(&(struct timespec){.tv_nsec = POLL_MS * 1000000}, NULL);
        if ((code = qrt_interrupt_check(err)) != QRT_OK ||
            (room->look != NULL && (code = room->look(room->ctx, err)) != QRT_OK)) {
            return code;
        }
    }
}

static enum qrt_code send_job(struct told *told, struct qrt_spool *spool,
                              const struct qrt_secret *pdf, const char *title, bool both_sides,
                              struct qrt_err *err)
{
    uint8_t head[2 + TITLE_CHARS];
    struct qrt_writer writer = qrt_writer_of(head, sizeof head);
    struct qrt_err why = {0};
    int64_t deadline = qrt_frame_deadline(ANSWER_TIMEOUT_MS);
    size_t title_bytes = strnlen(title, TITLE_CHARS);
    if (spool->worker.pid <= 0) {
        return qrt_fail(err, QRT_E_WORKER, QRT_SPOOL_PROGRAM " is not running");
    }
    qrt_write_u8(&writer, both_sides);
    qrt_write_u8(&writer, (uint8_t)title_bytes);
    qrt_write_bytes(&writer, title, title_bytes);
    enum qrt_code code = qrt_frame_write(spool->worker.to_fd, QRT_FRAME_JOB,
                                         (uint32_t)(writer.len_bytes + pdf->len_bytes), head,
                                         writer.len_bytes, deadline, &why);
    if (code == QRT_OK) {
        code =
            qrt_frame_write_bytes(spool->worker.to_fd, pdf->data, pdf->len_bytes, deadline, &why);
    }
    return code == QRT_OK ? hear(told, spool, deadline, err) : broken(spool, &why, err);
}

enum qrt_code qrt_spool_print(struct qrt_spool *spool, bool *kept, const struct qrt_secret *pdf,
                              const char *title, bool both_sides, const struct qrt_spool_room *room,
                              struct qrt_err *err)
{
    struct told told = {0};
    struct qrt_err why = {0};
    *kept = false;
    if (pdf->len_bytes == 0 || pdf->len_bytes > QRT_FRAME_PDF_BYTES) {
        return qrt_fail(err, QRT_E_RANGE, "a PDF of %zu bytes", pdf->len_bytes);
    }
    enum qrt_code code = send_job(&told, spool, pdf, title, both_sides, &why);
    if (code == QRT_OK) {
        uint32_t job = told.job;
        code = attend(spool, kept, job, room, &why);
        if (code != QRT_OK && spool->worker.pid > 0) {
            (void)!ask_job(&told, spool, QRT_FRAME_FORGET, job, NULL);
        }
    }
    if (code == QRT_OK || code == QRT_E_INTERRUPTED) {
        return code == QRT_OK ? QRT_OK : qrt_fail(err, code, "%s", why.what);
    }
    return qrt_fail(err, as_io(code), "printer %.60s: %.180s", spool->printer, why.what);
}
