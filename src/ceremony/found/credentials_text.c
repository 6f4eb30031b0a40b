#include "ceremony/found/credentials.h"

#include "base/text.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define KEY_BYTES      96
#define NAME_BYTES_MAX 64

static size_t place_of(const char *kind)
{
    size_t i = 0;
    while (i + 1 < QRT_ITEM_TEXTS && strcmp(qrt_item_texts[i], kind) != 0) {
        i++;
    }
    return i;
}

const struct qrt_secret *qrt_credentials_text(const struct qrt_credentials *credentials,
                                              const char *kind)
{
    return &credentials->texts[place_of(kind)];
}

static enum qrt_code append(struct qrt_secret *text, const char *name,
                            const struct qrt_secret *line, struct qrt_err *err)
{
    enum qrt_code code = text->len_bytes == 0 ? QRT_OK : qrt_secret_append(text, "\n", 1, err);
    if (code == QRT_OK && name[0] != '\0') {
        code = qrt_secret_append(text, name, strlen(name), err);
        code = code == QRT_OK ? qrt_secret_append(text, ": ", 2, err) : code;
    }
    return code == QRT_OK ? qrt_secret_append(text, line->data, line->len_bytes, err) : code;
}

/* Of a script: a list of lines. */
static enum qrt_code read_text(struct qrt_secret *text, const struct qrt_credentials *credentials,
                               const struct qrt_ui *ui, const char *kind, struct qrt_err *err)
{
    char key[KEY_BYTES];
    enum qrt_code code = qrt_secret_init(text, QRT_ITEM_MAX_BYTES, err);
    size_t lines = 0;
    while (code == QRT_OK) {
        QRT_SECRET line = {0};
        snprintf(key, sizeof key, "accounts.%s.%s.%zu", credentials->account, kind, lines);
        struct qrt_question question = {.key = key, .words = "a line", .optional = true};
        code = ui->ask_secret(ui->ctx, &line, &question, err);
        if (code == QRT_OK) {
            code = append(text, "", &line, err);
            lines++;
        }
    }
    if (code == QRT_E_NOT_FOUND) {
        code = lines == 0 ? QRT_OK : qrt_item_text_check(kind, text->data, text->len_bytes, err);
    }
    if (code != QRT_OK) {
        qrt_err_prefix(err, "accounts.%s.%s", credentials->account, kind);
    }
    return code;
}

/* What nobody sees is typed twice. QRT_E_NOT_FOUND where nothing is given. */
static enum qrt_code type_twice(struct qrt_secret *line, const struct qrt_ui *ui, const char *words,
                                bool optional, struct qrt_err *err)
{
    struct qrt_question question = {.key = "line", .words = words, .optional = optional};
    struct qrt_question repeat = {.key = "line", .words = "The same again"};
    enum qrt_code code;
    do {
        QRT_SECRET again = {0};
        qrt_secret_wipe(line);
        code = ui->ask_secret(ui->ctx, line, &question, err);
        if (code == QRT_OK && (code = ui->ask_secret(ui->ctx, &again, &repeat, err)) == QRT_OK &&
            (again.len_bytes != line->len_bytes ||
             sodium_memcmp(again.data, line->data, again.len_bytes) != 0)) {
            code = qrt_fail(err, QRT_E_USAGE, "the two are not the same");
        }
    } while (code != QRT_OK && code != QRT_E_NOT_FOUND && qrt_ui_again(ui, code, err));
    return code;
}

static const char *words_of(const char *kind)
{
    return strcmp(kind, "device") == 0
               ? "What is kept of the device: a name, such as serial, bag or PIN. Enter alone: all "
                 "is told"
               : "Which question: its words, or a name of your own. Enter alone: all is told";
}

/* "NAME: ", which may be seen. */
static enum qrt_code ask_name(struct qrt_buf *name, const struct qrt_ui *ui, const char *kind,
                              struct qrt_err *err)
{
    for (;;) {
        struct qrt_question question = {.key = "name", .words = words_of(kind), .optional = true};
        qrt_buf_free(name);
        enum qrt_code code = ui->ask_line(ui->ctx, name, &question, err);
        if (code == QRT_OK &&
            (name->len_bytes > NAME_BYTES_MAX || strchr(qrt_buf_str(name), ':') != NULL)) {
            code = qrt_fail(err, QRT_E_USAGE, "not up to %d bytes without a colon", NAME_BYTES_MAX);
        }
        if (code == QRT_OK || code == QRT_E_NOT_FOUND || !qrt_ui_again(ui, code, err)) {
            return code;
        }
    }
}

/* One line more; QRT_E_NOT_FOUND when all is told. */
static enum qrt_code ask_line(struct qrt_secret *text, const struct qrt_ui *ui, const char *kind,
                              struct qrt_err *err)
{
    QRT_BUF name = {0};
    QRT_BUF words = {0};
    QRT_SECRET line = {0};
    size_t before = text->len_bytes;
    bool named = strcmp(kind, "note") != 0;
    enum qrt_code code = named ? ask_name(&name, ui, kind, err) : QRT_OK;
    if (code != QRT_OK) {
        return code;
    }
    qrt_text_escape(&words, qrt_buf_str(&name), name.len_bytes);
    qrt_buf_text(&words, named ? " (not shown)"
                               : "A line of the note (not shown). Enter alone: all is told");
    code = type_twice(&line, ui, qrt_buf_str(&words), !named, err);
    if (code == QRT_OK) {
        code = append(text, qrt_buf_str(&name), &line, err);
        code = code == QRT_OK ? qrt_item_text_check(kind, text->data, text->len_bytes, err) : code;
        if (code != QRT_OK) {
            text->len_bytes = before; /* that line alone is told anew */
        }
    }
    return code;
}

enum qrt_code qrt_credentials_ask_text(struct qrt_credentials *credentials,
                                       const struct qrt_session *session, const char *kind,
                                       struct qrt_err *err)
{
    struct qrt_secret *text = &credentials->texts[place_of(kind)];
    const struct qrt_ui *ui = session->ui;
    if (!ui->person) {
        return read_text(text, credentials, ui, kind, err);
    }
    enum qrt_code code = qrt_secret_init(text, QRT_ITEM_MAX_BYTES, err);
    while (code == QRT_OK) {
        code = ask_line(text, ui, kind, err);
        if (code != QRT_OK && code != QRT_E_NOT_FOUND && qrt_ui_again(ui, code, err)) {
            code = QRT_OK;
        }
    }
    return code == QRT_E_NOT_FOUND ? QRT_OK : code;
}
