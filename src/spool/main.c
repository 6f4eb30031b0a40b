/* quorate-spool: a sheet to a printer of this machine, and how far it is, until
 * the parent closes the pipe. It alone may hold a socket, and that a Unix one. */
#include "spool/server.h"
#include "worker/cage.h"
#include "worker/frame.h"
#include "worker/spool.h"
#include <string.h>
#include <unistd.h>

#define DATA_BYTES (48U << 20)

static enum qrt_code answer(struct state *state, enum qrt_code code, const struct qrt_err *why,
                            struct qrt_err *err)
{
    if (code != QRT_OK) {
        return qrt_frame_write_failure(STDOUT_FILENO, why, err);
    }
    uint8_t payload[QRT_FRAME_STATE_BYTES];
    struct qrt_writer writer = qrt_writer_of(payload, sizeof payload);
    qrt_write_u32(&writer, state->job);
    qrt_write_u8(&writer, state->state);
    qrt_write_u8(&writer, state->flags);
    qrt_write_bytes(&writer, state->reasons.data, state->reasons.len_bytes);
    return qrt_frame_write(STDOUT_FILENO, QRT_FRAME_STATE, (uint32_t)writer.len_bytes, payload,
                           writer.len_bytes, QRT_NO_DEADLINE, err);
}

/* A text of `len_bytes` into an array of `size_bytes`. */
static bool take(char *out, size_t size_bytes, struct qrt_reader *reader, size_t len_bytes)
{
    const uint8_t *from = len_bytes < size_bytes ? qrt_read_view(reader, len_bytes) : NULL;
    if (from == NULL) {
        return false;
    }
    memcpy(out, from, len_bytes);
    out[len_bytes] = '\0';
    return true;
}

static enum qrt_code choose(struct state *state, struct server *server, struct qrt_reader *reader,
                            struct qrt_err *err)
{
    size_t socket_bytes = qrt_read_u8(reader);
    if (!take(server->socket, sizeof server->socket, reader, socket_bytes) ||
        !take(server->printer, sizeof server->printer, reader, qrt_reader_left(reader)) ||
        server->socket[0] != '/') {
        return qrt_fail(err, QRT_E_FORMAT, "a printer's frame is malformed");
    }
    return server_ask_printer(state, server, err);
}

static enum qrt_code print(struct state *state, const struct server *server,
                           struct qrt_reader *reader, struct qrt_err *err)
{
    char title[UINT8_MAX + 1];
    bool both_sides = qrt_read_u8(reader) != 0;
    size_t title_bytes = qrt_read_u8(reader);
    if (!take(title, sizeof title, reader, title_bytes)) {
        return qrt_fail(err, QRT_E_FORMAT, "a job's frame is malformed");
    }
    size_t len_bytes = qrt_reader_left(reader);
    return server_print(state, server, title, both_sides, qrt_read_view(reader, len_bytes),
                        len_bytes, err);
}

static enum qrt_code serve(struct state *state, struct server *server, uint8_t type,
                           struct qrt_reader *reader, struct qrt_err *err)
{
    if (type == QRT_FRAME_PRINTER) {
        return choose(state, server, reader, err);
    }
    if (type == QRT_FRAME_JOB) {
        return print(state, server, reader, err);
    }
    uint32_t job = qrt_read_u32(reader);
    if (!qrt_reader_done(reader) || job == 0 || job > INT32_MAX) {
        return qrt_fail(err, QRT_E_FORMAT, "a job's number is malformed");
    }
    return type == QRT_FRAME_ASK ? server_ask_job(state, server, job, err)
                                 : server_forget(server, job, err);
}

static enum qrt_code next(struct server *server, struct qrt_err *err)
{
    uint8_t type;
    uint32_t len_bytes;
    QRT_SECRET payload = {0};
    struct qrt_err why = {0};
    enum qrt_code code = qrt_frame_read_head(&type, &len_bytes, STDIN_FILENO, QRT_FRAME_JOB_BYTES,
                                             QRT_NO_DEADLINE, err);
    if (code == QRT_OK && (type < QRT_FRAME_PRINTER || type > QRT_FRAME_FORGET ||
                           (type != QRT_FRAME_JOB && len_bytes > QRT_FRAME_STATE_BYTES))) {
        code = qrt_fail(err, QRT_E_FORMAT, "a frame of type %u and %u bytes", type, len_bytes);
    }
    if (code != QRT_OK || (code = qrt_secret_init(&payload, (size_t)len_bytes + 1, err)) ||
        (code = qrt_frame_read_bytes(payload.data, len_bytes, STDIN_FILENO, QRT_NO_DEADLINE,
                                     err)) != QRT_OK) {
        return code;
    }
    struct qrt_reader reader = qrt_reader_of(payload.data, len_bytes);
    struct state state = {0};
    code = answer(&state, serve(&state, server, type, &reader, &why), &why, err);
    qrt_buf_free(&state.reasons);
    return code;
}

static enum qrt_code run(struct qrt_err *err)
{
    static struct server server;
    bool landlocked;
    enum qrt_code code = qrt_cage_enter(err);
    if (code == QRT_OK) {
        code = server_warm_up(err);
    }
    if (code == QRT_OK) {
        code = qrt_cage_close(&landlocked, DATA_BYTES, QRT_CAGE_SPOOL, err);
    }
    if (code == QRT_OK) {
        code = qrt_cage_greet(landlocked, err);
    }
    while (code == QRT_OK) {
        code = next(&server, err);
    }
    return code == QRT_E_NOT_FOUND ? QRT_OK : code;
}

int main(void)
{
    struct qrt_err err = {0};
    enum qrt_code code = run(&err);
    if (code != QRT_OK) {
        (void)!qrt_frame_write_failure(STDOUT_FILENO, &err, NULL);
    }
    _exit(code == QRT_OK ? 0 : 1);
}
