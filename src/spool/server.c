#include "spool/server.h"

#include "worker/spool.h"
#include <cups/cups.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define CONNECT_TIMEOUT_MS 5000
#define URI_BYTES          256
#define USER               "quorate" /* whose the jobs are */

static void hang_up(http_t **http)
{
    httpClose(*http);
}
#define CONNECTION __attribute__((cleanup(hang_up))) http_t *

static void answer_free(ipp_t **answer)
{
    ippDelete(*answer);
}
#define ANSWER __attribute__((cleanup(answer_free))) ipp_t *

/* Nobody is here to be asked; and the library would ask at the terminal. */
static const char *no_password(const char *prompt, http_t *http, const char *method,
                               const char *resource, void *ctx)
{
    (void)prompt, (void)http, (void)method, (void)resource, (void)ctx;
    return NULL;
}

enum qrt_code server_warm_up(struct qrt_err *err)
{
    /* Nobody's settings are read, and no service of names is asked. */
    if (setenv("HOME", "/nonexistent", 1) != 0 || setenv("TZ", "UTC0", 1) != 0) {
        return qrt_fail_os(err, QRT_E_NOMEM, errno, "environment");
    }
    httpInitialize();
    cupsSetUser(USER);
    cupsSetPasswordCB2(no_password, NULL);
    (void)cupsLangDefault();
    return QRT_OK;
}

static enum qrt_code connect_to(http_t **http, const struct server *server, struct qrt_err *err)
{
    struct ucred peer;
    socklen_t len_bytes = sizeof peer;
    *http = httpConnect2(server->socket, 0, NULL, AF_UNSPEC, HTTP_ENCRYPTION_NEVER, 1,
                         CONNECT_TIMEOUT_MS, NULL);
    if (*http == NULL) {
        return qrt_fail_os(err, QRT_E_FAILED, errno,
                           "no print server answers at %.100s; is CUPS running?", server->socket);
    }
    if (getsockopt(httpGetFd(*http), SOL_SOCKET, SO_PEERCRED, &peer, &len_bytes) != 0 ||
        (peer.uid != 0 && peer.uid != geteuid())) {
        return qrt_fail(err, QRT_E_FAILED,
                        "the print server at %.100s belongs to somebody who is neither root nor "
                        "this user",
                        server->socket);
    }
    return QRT_OK;
}

static ipp_t *request_of(ipp_op_t operation, const struct server *server)
{
    char uri[URI_BYTES];
    ipp_t *request = ippNewRequest(operation);
    snprintf(uri, sizeof uri, "ipp://localhost/printers/%s", server->printer);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", NULL, uri);
    return request;
}

static void add_user(ipp_t *request)
{
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", NULL, USER);
}

/* The library's words are not repeated: they hold what the server sent. */
static enum qrt_code judge(const struct server *server, const ipp_t *answer, const char *what,
                           struct qrt_err *err)
{
    ipp_status_t status = cupsLastError();
    if (answer != NULL && status < IPP_STATUS_REDIRECTION_OTHER_SITE) {
        return QRT_OK;
    }
    if (status == IPP_STATUS_ERROR_NOT_FOUND) {
        return qrt_fail(err, QRT_E_NOT_FOUND, "the print server has no %s%s", what,
                        strcmp(what, "printer") == 0 ? " of that name" : " of that number");
    }
    if (status == IPP_STATUS_ERROR_NOT_ACCEPTING_JOBS) {
        return qrt_fail(err, QRT_E_REFUSED, "the printer accepts no jobs: cupsaccept %s",
                        server->printer);
    }
    return qrt_fail(err, QRT_E_REFUSED, "the print server refuses (IPP status 0x%04x)",
                    (unsigned)status);
}

/* Keywords alone pass: they are the server's, and go to a screen. */
static void add_reasons(struct state *out, ipp_t *answer, const char *name)
{
    ipp_attribute_t *attribute = ippFindAttribute(answer, name, IPP_TAG_KEYWORD);
    for (int i = 0; attribute != NULL && i < ippGetCount(attribute); i++) {
        const char *word = ippGetString(attribute, i, NULL);
        size_t len = strlen(word);
        bool keyword = len > 0 && len == strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-_.");
        if (keyword && strcmp(word, "none") != 0 &&
            out->reasons.len_bytes + len + 1 < QRT_FRAME_STATE_BYTES - 6) {
            qrt_buf_text(&out->reasons, out->reasons.len_bytes > 0 ? "," : "");
            qrt_buf_text(&out->reasons, word);
        }
    }
}

static uint8_t number(ipp_t *answer, const char *name)
{
    ipp_attribute_t *attribute = ippFindAttribute(answer, name, IPP_TAG_ENUM);
    int value = attribute == NULL ? 0 : ippGetInteger(attribute, 0);
    return value < 0 || value > UINT8_MAX ? 0 : (uint8_t)value;
}

static bool is_true(ipp_t *answer, const char *name)
{
    ipp_attribute_t *attribute = ippFindAttribute(answer, name, IPP_TAG_BOOLEAN);
    return attribute != NULL && ippGetBoolean(attribute, 0) != 0;
}

enum qrt_code server_ask_printer(struct state *out, const struct server *server,
                                 struct qrt_err *err)
{
    static const char *const wanted[] = {"printer-state", "printer-state-reasons",
                                         "printer-is-accepting-jobs"};
    CONNECTION http = NULL;
    enum qrt_code code = connect_to(&http, server, err);
    if (code != QRT_OK) {
        return code;
    }
    ipp_t *request = request_of(IPP_OP_GET_PRINTER_ATTRIBUTES, server);
    add_user(request);
    ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", 3, NULL,
                  wanted);
    ANSWER answer = cupsDoRequest(http, request, "/");
    if ((code = judge(server, answer, "printer", err)) != QRT_OK) {
        return code;
    }
    out->state = number(answer, "printer-state");
    out->flags |= is_true(answer, "printer-is-accepting-jobs") ? QRT_SPOOL_ACCEPTS : 0;
    add_reasons(out, answer, "printer-state-reasons");
    return qrt_buf_check(&out->reasons, err);
}

enum qrt_code server_print(struct state *out, const struct server *server, const char *title,
                           bool both_sides, const uint8_t *pdf, size_t len_bytes,
                           struct qrt_err *err)
{
    char resource[URI_BYTES];
    CONNECTION http = NULL;
    enum qrt_code code = connect_to(&http, server, err);
    if (code != QRT_OK) {
        return code;
    }
    ipp_t *request = request_of(IPP_OP_PRINT_JOB, server);
    add_user(request);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", NULL, title);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", NULL,
                 "application/pdf");
    ippAddInteger(request, IPP_TAG_JOB, IPP_TAG_INTEGER, "copies", 1);
    ippAddString(request, IPP_TAG_JOB, IPP_TAG_KEYWORD, "sides", NULL,
                 both_sides ? "two-sided-long-edge" : "one-sided");
    ippAddString(request, IPP_TAG_JOB, IPP_TAG_KEYWORD, "print-scaling", NULL, "none");
    ippAddString(request, IPP_TAG_JOB, IPP_TAG_NAME, "job-sheets", NULL, "none");
    snprintf(resource, sizeof resource, "/printers/%s", server->printer);

    http_status_t status = cupsSendRequest(http, request, resource, CUPS_LENGTH_VARIABLE);
    if (status == HTTP_STATUS_CONTINUE) {
        status = cupsWriteRequestData(http, (const char *)pdf, len_bytes);
    }
    ippDelete(request);
    ANSWER answer = cupsGetResponse(http, resource);
    if ((code = judge(server, answer, "printer", err)) != QRT_OK) {
        return code;
    }
    ipp_attribute_t *id = ippFindAttribute(answer, "job-id", IPP_TAG_INTEGER);
    if (status != HTTP_STATUS_CONTINUE || id == NULL || ippGetInteger(id, 0) <= 0) {
        return qrt_fail(err, QRT_E_FAILED, "the print server took the sheet and named no job");
    }
    out->job = (uint32_t)ippGetInteger(id, 0);
    out->state = number(answer, "job-state");
    return QRT_OK;
}

/* A job's questions name it by printer and number. */
static ipp_t *request_for_job(ipp_op_t operation, const struct server *server, uint32_t job)
{
    ipp_t *request = request_of(operation, server);
    ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", (int)job);
    add_user(request);
    return request;
}

enum qrt_code server_ask_job(struct state *out, const struct server *server, uint32_t job,
                             struct qrt_err *err)
{
    static const char *const wanted[] = {"job-state", "job-state-reasons", "job-preserved"};
    CONNECTION http = NULL;
    enum qrt_code code = server_ask_printer(out, server, err);
    if (code != QRT_OK || (code = connect_to(&http, server, err)) != QRT_OK) {
        return code;
    }
    ipp_t *request = request_for_job(IPP_OP_GET_JOB_ATTRIBUTES, server, job);
    ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", 3, NULL,
                  wanted);
    ANSWER answer = cupsDoRequest(http, request, "/jobs");
    if ((code = judge(server, answer, "job", err)) != QRT_OK) {
        return code;
    }
    out->flags |= out->state == IPP_PSTATE_STOPPED ? QRT_SPOOL_STOPPED : 0;
    out->job = job;
    out->state = number(answer, "job-state");
    out->flags |= is_true(answer, "job-preserved") ? QRT_SPOOL_KEPT : 0;
    add_reasons(out, answer, "job-state-reasons");
    return qrt_buf_check(&out->reasons, err);
}

enum qrt_code server_forget(const struct server *server, uint32_t job, struct qrt_err *err)
{
    CONNECTION http = NULL;
    enum qrt_code code = connect_to(&http, server, err);
    if (code != QRT_OK) {
        return code;
    }
    ipp_t *request = request_for_job(IPP_OP_CANCEL_JOB, server, job);
    ippAddBoolean(request, IPP_TAG_OPERATION, "purge-job", 1);
    ANSWER answer = cupsDoRequest(http, request, "/jobs");
    return judge(server, answer, "job", err);
}
