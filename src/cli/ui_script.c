#include "cli/ui_script.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/answers.h"
#include "cli/card_file.h"
#include "cli/handouts_json.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ANSWERS_MAX_BYTES (4 * 1024 * 1024)

static enum qrt_code missing(const struct qrt_question *question, struct qrt_err *err)
{
    return question->optional ? qrt_fail(err, QRT_E_NOT_FOUND, "%s", question->key)
                              : qrt_fail(err, QRT_E_USAGE, "%s: not in the answers (%s)",
                                         question->key, question->words);
}

static enum qrt_code ask_line(void *ctx, struct qrt_buf *out, const struct qrt_question *question,
                              struct qrt_err *err)
{
    struct qrt_script *script = ctx;
    const json_t *value = qrt_answers_find(script->answers, question->key);
    if (value == NULL) {
        return missing(question, err);
    }
    if (json_is_integer(value)) {
        qrt_buf_printf(out, "%lld", (long long)json_integer_value(value));
    } else if (json_is_string(value)) {
        qrt_buf_add(out, json_string_value(value), json_string_length(value));
    } else {
        return qrt_fail(err, QRT_E_USAGE, "%s: not a text", question->key);
    }
    return qrt_buf_check(out, err);
}

static enum qrt_code ask_secret(void *ctx, struct qrt_secret *out,
                                const struct qrt_question *question, struct qrt_err *err)
{
    struct qrt_script *script = ctx;
    const json_t *value = qrt_answers_find(script->answers, question->key);
    if (value == NULL) {
        return missing(question, err);
    }
    if (!json_is_string(value) && !json_is_null(value)) {
        return qrt_fail(err, QRT_E_USAGE, "%s: not a text", question->key);
    }
    size_t len = json_is_null(value) ? 0 : json_string_length(value);
    enum qrt_code code = qrt_secret_init(out, len + 1, err);
    return code == QRT_OK && len > 0 ? qrt_secret_append(out, json_string_value(value), len, err)
                                     : code;
}

static enum qrt_code member(void *ctx, struct qrt_buf *out, const char *key, size_t index,
                            struct qrt_err *err)
{
    struct qrt_script *script = ctx;
    const char *name;
    json_t *value;
    size_t at = 0;
    json_object_foreach(qrt_answers_find(script->answers, key), name, value)
    {
        if (at++ == index) {
            qrt_buf_text(out, name);
            return qrt_buf_check(out, err);
        }
    }
    return qrt_fail(err, QRT_E_NOT_FOUND, "%s", key);
}

static void tell(void *ctx, const char *line)
{
    const struct qrt_script *script = ctx;
    size_t len = strlen(line);
    if (!script->cli->quiet) {
        fprintf(stderr, "%s%s", line, len > 0 && line[len - 1] == '\n' ? "" : "\n");
    }
}

static enum qrt_code ready_to_deliver(void *ctx, bool keeping_taken, struct qrt_err *err)
{
    struct qrt_script *script = ctx;
    script->sheets.room = (struct qrt_spool_room){.tell = tell, .ctx = script};
    return qrt_sheets_ready(&script->sheets, keeping_taken, err);
}

static enum qrt_code deliver(void *ctx, struct qrt_buf *where, const char *name,
                             const struct qrt_secret *pdf, struct qrt_err *err)
{
    struct qrt_script *script = ctx;
    return qrt_sheets_deliver(&script->sheets, where, name, pdf, err);
}

static enum qrt_code next_card(void *ctx, struct qrt_presented *card, bool enough,
                               struct qrt_err *err)
{
    (void)enough;
    struct qrt_script *script = ctx;
    return script->files_at == script->files_len
               ? qrt_fail(err, QRT_E_NOT_FOUND, "no more cards")
               : qrt_card_file_read(card, &script->scanner, script->files[script->files_at++], err);
}

static void answer_card(void *ctx, const struct qrt_verdict *verdict)
{
    const struct qrt_script *script = ctx;
    if (script->cli->quiet) {
        return;
    }
    QRT_BUF name = {0};
    qrt_text_escape(&name, verdict->name, strlen(verdict->name));
    fprintf(stderr, "%s: %s", qrt_buf_str(&name), verdict->result);
    if (verdict->serial != 0) {
        fprintf(stderr, ", card %u", verdict->serial);
    }
    if (verdict->reason != QRT_CARD_FINE) {
        fprintf(stderr, ": %s", qrt_card_reason_word(verdict->reason));
    }
    fprintf(stderr, verdict->why[0] != '\0' ? " (%s)\n" : "%s\n", verdict->why);
}

static enum qrt_code ready_to_release(void *ctx, bool practice, struct qrt_err *err)
{
    const struct qrt_script *script = ctx;
    int fd = script->cli->secrets_fd;
    struct stat st;
    if (fd < 0) {
        return qrt_fail(err, QRT_E_USAGE, "--secrets-fd: needed for what is to be handed out");
    }
    if (fstat(fd, &st) != 0) {
        return qrt_fail_os(err, QRT_E_USAGE, errno, "--secrets-fd %d", fd);
    }
    if ((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY) {
        return qrt_fail(err, QRT_E_USAGE, "--secrets-fd %d: open for reading only", fd);
    }
    if (!S_ISFIFO(st.st_mode) && !S_ISSOCK(st.st_mode) && !(practice && S_ISREG(st.st_mode))) {
        return qrt_fail(err, QRT_E_USAGE, "--secrets-fd %d: neither a pipe nor a socket", fd);
    }
    struct pollfd poll_fd = {.fd = fd, .events = POLLOUT};
    if (poll(&poll_fd, 1, 0) < 0 || (poll_fd.revents & (POLLERR | POLLNVAL)) != 0) {
        return qrt_fail(err, QRT_E_IO, "--secrets-fd %d: nobody reads it", fd);
    }
    return QRT_OK;
}

static enum qrt_code release(void *ctx, uint64_t *shown_s, const struct qrt_handout *handouts,
                             size_t handouts_len, struct qrt_err *err)
{
    const struct qrt_script *script = ctx;
    QRT_SECRET json = {0};
    int64_t from_s = qrt_clock_unix_s();
    *shown_s = 0;
    enum qrt_code code = qrt_handouts_json(&json, handouts, handouts_len, err);
    if (code == QRT_OK) {
        code = qrt_interrupt_write(script->cli->secrets_fd, json.data, json.len_bytes, err);
        if (code != QRT_OK) {
            qrt_err_prefix(err, "--secrets-fd %d", script->cli->secrets_fd);
        }
    }
    int64_t to_s = qrt_clock_unix_s();
    *shown_s = to_s > from_s ? (uint64_t)(to_s - from_s) : 0;
    return code;
}

/* A file that is not there is a slip of the command line, better known now
 * than after the intent. */
static enum qrt_code check_files(char **files, size_t files_len, struct qrt_err *err)
{
    for (size_t i = 0; i < files_len; i++) {
        if (access(files[i], R_OK) != 0) {
            int os = errno;
            QRT_BUF name = {0};
            qrt_text_escape(&name, files[i], strlen(files[i]));
            return qrt_fail_os(err, QRT_E_USAGE, os, "%.160s", qrt_buf_str(&name));
        }
    }
    return QRT_OK;
}

static enum qrt_code read_answers(struct qrt_script *script, struct qrt_err *err)
{
    QRT_SECRET bytes = {0};
    if (script->cli->answers_fd < 0) {
        return QRT_OK;
    }
    enum qrt_code code = qrt_secret_init(&bytes, ANSWERS_MAX_BYTES, err);
    if (code == QRT_OK) {
        struct qrt_err why = {0};
        code = qrt_secret_read_fd(&bytes, script->cli->answers_fd, &why);
        if (code != QRT_OK) {
            code = why.os == EBADF ? qrt_fail(err, QRT_E_USAGE, "open for writing only")
                   : why.os != 0   ? qrt_fail_os(err, code, why.os, "reading")
                                   : qrt_fail(err, code, "%s", why.what);
        }
    }
    if (code == QRT_OK) {
        code =
            qrt_json_parse(&script->answers, bytes.data, bytes.len_bytes, ANSWERS_MAX_BYTES, err);
    }
    if (code == QRT_OK) {
        code = qrt_answers_check(script->answers, err);
    }
    if (code != QRT_OK) {
        qrt_err_prefix(err, "--answers-fd %d", script->cli->answers_fd);
    }
    return code;
}

enum qrt_code qrt_script_init(struct qrt_script *script, const struct qrt_cli *cli, char **files,
                              size_t files_len, struct qrt_err *err)
{
    *script = (struct qrt_script){
        .ui = {.ctx = script,
               .ask_line = ask_line,
               .ask_secret = ask_secret,
               .member = member,
               .tell = tell,
               .ready_to_deliver = ready_to_deliver,
               .deliver = deliver,
               .next_card = next_card,
               .answer_card = answer_card,
               .ready_to_release = ready_to_release,
               .release = release},
        .cli = cli,
        .files = files,
        .files_len = files_len,
    };
    enum qrt_code code = check_files(files, files_len, err);
    if (code == QRT_OK) {
        code = read_answers(script, err);
    }
    if (code != QRT_OK) {
        qrt_script_free(script);
    }
    return code;
}

void qrt_script_free(struct qrt_script *script)
{
    qrt_json_free(&script->answers);
    qrt_worker_stop(&script->scanner);
    qrt_sheets_close(&script->sheets);
}
