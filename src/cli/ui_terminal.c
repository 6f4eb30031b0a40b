#include "cli/ui_terminal.h"

#include "base/text.h"
#include <stdio.h>
#include <string.h>

#define OPTION_INDENT 5

static bool trim(struct qrt_secret *line)
{
    size_t from = 0;
    while (from < line->len_bytes && line->data[from] == ' ') {
        from++;
    }
    while (line->len_bytes > from && line->data[line->len_bytes - 1] == ' ') {
        line->data[--line->len_bytes] = 0;
    }
    line->len_bytes -= from;
    memmove(line->data, line->data + from, line->len_bytes + 1);
    return line->len_bytes > 0;
}

/* Asks until there is an answer, or none is fine. */
static enum qrt_code ask(struct qrt_terminal *terminal, struct qrt_secret *line,
                         const struct qrt_question *question, enum qrt_echo echo,
                         struct qrt_err *err)
{
    for (;;) {
        qrt_secret_wipe(line);
        enum qrt_code code = qrt_terminal_line(terminal, line, question->words, echo, err);
        if (code != QRT_OK) {
            return code;
        }
        bool shown = echo == QRT_ECHO_TEXT;
        bool given = shown ? trim(line) : line->len_bytes > 0;
        if (given && shown && !qrt_text_is_clean((const char *)line->data, line->len_bytes)) {
            qrt_screen_complain(&terminal->screen, "Not taken: signs that are no text.");
            continue;
        }
        if (given) {
            return QRT_OK;
        }
        if (question->optional) {
            qrt_secret_wipe(line);
            return qrt_fail(err, QRT_E_NOT_FOUND, "%s", question->key);
        }
        qrt_screen_complain(&terminal->screen, "This needs an answer. Ctrl-C stops.");
    }
}

static enum qrt_code ask_line(void *ctx, struct qrt_buf *out, const struct qrt_question *question,
                              struct qrt_err *err)
{
    QRT_SECRET line = {0};
    enum qrt_code code = ask(ctx, &line, question, QRT_ECHO_TEXT, err);
    if (code == QRT_OK) {
        qrt_buf_add(out, line.data, line.len_bytes);
        code = qrt_buf_check(out, err);
    }
    return code;
}

static enum qrt_code ask_secret(void *ctx, struct qrt_secret *out,
                                const struct qrt_question *question, struct qrt_err *err)
{
    struct qrt_terminal *terminal = ctx;
    for (;;) {
        enum qrt_code code = ask(terminal, out, question, QRT_ECHO_STARS, err);
        bool path = code == QRT_OK && question->picture && strchr("/.~", out->data[0]) != NULL;
        if (!path) {
            return code;
        }
        QRT_PRESENTED picture = {0};
        code = qrt_terminal_read_file(terminal, &picture, (const char *)out->data, err);
        if (code != QRT_OK) {
            return code;
        }
        if (picture.texts > 0) {
            /* The first text; a NUL stands behind it. */
            picture.bytes.len_bytes = strlen((const char *)picture.bytes.data);
            qrt_secret_move(out, &picture.bytes);
            return QRT_OK;
        }
        QRT_BUF why = {0};
        qrt_buf_printf(&why, "Not taken: %s",
                       picture.unreadable != NULL ? picture.unreadable : "no code in it");
        qrt_screen_complain(&terminal->screen, qrt_buf_str(&why));
    }
}

/* A person names nobody beforehand. */
static enum qrt_code member(void *ctx, struct qrt_buf *out, const char *key, size_t index,
                            struct qrt_err *err)
{
    (void)ctx;
    (void)out;
    return qrt_fail(err, QRT_E_NOT_FOUND, "%s.%zu", key, index);
}

static void tell(void *ctx, const char *line)
{
    struct qrt_terminal *terminal = ctx;
    qrt_screen_note(&terminal->screen, line);
}

static enum qrt_code wait_for_enter(void *ctx, const char *words, struct qrt_err *err)
{
    QRT_SECRET line = {0};
    return qrt_terminal_line(ctx, &line, words, QRT_ECHO_TEXT, err);
}

/* While the printer is waited for: Ctrl-C is a key here, and no signal. */
static enum qrt_code look(void *ctx, struct qrt_err *err)
{
    struct qrt_terminal *terminal = ctx;
    int key = QRT_KEY_NONE;
    enum qrt_code code = qrt_tty_key(&key, &terminal->screen.tty, 0, err);
    if (code == QRT_OK && key == QRT_KEY_STOP) {
        code = qrt_terminal_stop(terminal, err);
        qrt_screen_draw(&terminal->screen);
    }
    return code;
}

static enum qrt_code ready_to_deliver(void *ctx, bool keeping_taken, struct qrt_err *err)
{
    struct qrt_terminal *terminal = ctx;
    terminal->sheets.room = (struct qrt_spool_room){tell, terminal, look};
    enum qrt_code code = qrt_sheets_ready(&terminal->sheets, keeping_taken, err);
    return code == QRT_OK && terminal->ui.prints
               ? wait_for_enter(ctx, "Press Enter when the trial sheet is as it should be.", err)
               : code;
}

/* A printer that fails is looked at and tried again: a sheet is delivered once. */
static enum qrt_code deliver(void *ctx, struct qrt_buf *where, const char *name,
                             const struct qrt_secret *pdf, struct qrt_err *err)
{
    struct qrt_terminal *terminal = ctx;
    enum qrt_code code;
    while ((code = qrt_sheets_deliver(&terminal->sheets, where, name, pdf, err)) == QRT_E_IO &&
           terminal->ui.prints) {
        qrt_screen_note(&terminal->screen, err->what);
        if ((code = wait_for_enter(ctx,
                                   "Look at the printer, take out and destroy what is half "
                                   "printed, then press Enter to print the sheet once more.",
                                   err)) != QRT_OK) {
            return code;
        }
    }
    if (code == QRT_OK) {
        QRT_BUF line = {0};
        qrt_text_escape(&line, qrt_buf_str(where), where->len_bytes);
        qrt_screen_note(&terminal->screen, qrt_buf_str(&line));
    }
    return code;
}

/* It is the terminal that shows them, and it is there. */
static enum qrt_code ready_to_release(void *ctx, bool practice, struct qrt_err *err)
{
    (void)ctx;
    (void)practice;
    (void)err;
    return QRT_OK;
}

static void page(void *ctx, const struct qrt_page *to)
{
    struct qrt_terminal *terminal = ctx;
    qrt_screen_turn(&terminal->screen, to);
}

static bool again(void *ctx, enum qrt_code code, const struct qrt_err *err)
{
    struct qrt_terminal *terminal = ctx;
    QRT_BUF line = {0};
    const char *why = err->what;
    (void)code;
    /* The key of a script's answer says nothing to a person. */
    for (size_t len = strcspn(why, " "); len > 0 && why[len] == ' ' && why[len - 1] == ':';
         len = strcspn(why, " ")) {
        why += len + 1;
    }
    qrt_buf_printf(&line, "Not taken: %s", why);
    qrt_screen_complain(&terminal->screen, qrt_buf_str(&line));
    return true;
}

static enum qrt_code confirm(void *ctx, bool *yes, const char *words, struct qrt_err *err)
{
    struct qrt_terminal *terminal = ctx;
    QRT_BUF prompt = {0};
    qrt_buf_printf(&prompt, "%s (yes or no)", words);
    for (;;) {
        QRT_SECRET line = {0};
        enum qrt_code code =
            qrt_terminal_line(terminal, &line, qrt_buf_str(&prompt), QRT_ECHO_TEXT, err);
        if (code != QRT_OK) {
            return code;
        }
        trim(&line);
        const char *text = (const char *)line.data;
        *yes = strcmp(text, "yes") == 0 || strcmp(text, "y") == 0;
        if (*yes || strcmp(text, "no") == 0 || strcmp(text, "n") == 0) {
            return QRT_OK;
        }
        qrt_screen_complain(&terminal->screen, "Type yes or no, and press Enter.");
    }
}

static enum qrt_code pick(struct qrt_terminal *terminal, size_t *choice, const char *words,
                          const char *const *options, size_t options_len, bool optional,
                          struct qrt_err *err)
{
    QRT_BUF list = {0};
    for (size_t i = 0; i < options_len; i++) {
        qrt_buf_printf(&list, "%*zu  ", OPTION_INDENT - 2, i + 1);
        qrt_screen_wrap(&list, options[i], terminal->screen.columns - 2, OPTION_INDENT);
        qrt_buf_text(&list, "\n");
    }
    qrt_buf_text(&list, words);
    for (;;) {
        QRT_SECRET line = {0};
        uint64_t number;
        enum qrt_code code =
            qrt_terminal_line(terminal, &line, qrt_buf_str(&list), QRT_ECHO_TEXT, err);
        if (code != QRT_OK) {
            return code;
        }
        if (!trim(&line) && optional) {
            return qrt_fail(err, QRT_E_NOT_FOUND, "no choice");
        }
        if (qrt_text_u64((const char *)line.data, line.len_bytes, options_len, &number) &&
            number > 0) {
            *choice = (size_t)number - 1;
            return QRT_OK;
        }
        qrt_screen_complain(&terminal->screen, "Type one of the numbers, and press Enter.");
    }
}

static enum qrt_code choose(void *ctx, size_t *choice, const char *words,
                            const char *const *options, size_t options_len, struct qrt_err *err)
{
    return pick(ctx, choice, words, options, options_len, false, err);
}

static enum qrt_code choose_or_back(void *ctx, size_t *choice, const char *words,
                                    const char *const *options, size_t options_len,
                                    struct qrt_err *err)
{
    return pick(ctx, choice, words, options, options_len, true, err);
}

enum qrt_code qrt_terminal_init(struct qrt_terminal *terminal, const struct qrt_cli *cli,
                                char **files, size_t files_len, struct qrt_err *err)
{
    *terminal = (struct qrt_terminal){
        .ui = {.ctx = terminal,
               .person = true,
               .ask_line = ask_line,
               .ask_secret = ask_secret,
               .member = member,
               .tell = tell,
               .ready_to_deliver = ready_to_deliver,
               .deliver = deliver,
               .next_card = qrt_terminal_next_card,
               .answer_card = qrt_terminal_answer_card,
               .ready_to_release = ready_to_release,
               .release = qrt_terminal_release,
               .page = page,
               .again = again,
               .wait = wait_for_enter,
               .confirm = confirm,
               .choose = choose,
               .choose_or_back = choose_or_back},
        .cli = cli,
        .files = files,
        .files_len = files_len,
    };
    return qrt_tty_open(&terminal->screen.tty, err);
}

void qrt_terminal_free(struct qrt_terminal *terminal)
{
    if (terminal->screen.tty.open) {
        qrt_screen_leave(&terminal->screen);
    }
    qrt_screen_close(&terminal->screen);
    qrt_sheets_close(&terminal->sheets);
    qrt_worker_stop(&terminal->scanner);
    qrt_buf_free(&terminal->card_name);
}
