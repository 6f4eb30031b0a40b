#include "ceremony/review/walk_parts.h"

#include "base/text.h"
#include "ceremony/reason.h"
#include "vault/register_forms.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define VALUES_MAX      32
#define CASE_CHARS_MAX  64
#define CASE_DIGITS_MIN 8

void qrt_walk_step_free(struct qrt_walk_step *step)
{
    qrt_buf_free(&step->person);
    qrt_buf_free(&step->values);
    qrt_buf_free(&step->case_id);
    qrt_buf_free(&step->expected);
    qrt_buf_free(&step->happened);
    qrt_buf_free(&step->decided);
}

enum qrt_code qrt_walk_check_text(const char *text, const char *where, struct qrt_err *err)
{
    if (!qrt_register_is_form(QRT_REG_TEXT, NULL, text)) {
        return qrt_fail(err, QRT_E_USAGE, "%s: not %s", where,
                        qrt_register_form_words(QRT_REG_TEXT));
    }
    return qrt_public_leak_check(text, where, false, err);
}

enum qrt_code qrt_walk_check_case(const char *case_id, const char *where, struct qrt_err *err)
{
    size_t len = strlen(case_id);
    size_t digits = strspn(case_id, "0123456789");
    bool form = len > 0 && len <= CASE_CHARS_MAX;
    for (size_t i = 0; form && i < len; i++) {
        form = isalnum((unsigned char)case_id[i]) || strchr("._-", case_id[i]) != NULL;
    }
    if (!form) {
        return qrt_fail(err, QRT_E_USAGE, "%s: not up to %d of A-Z a-z 0-9 . _ -", where,
                        CASE_CHARS_MAX);
    }
    bool number = digits == len && len >= CASE_DIGITS_MIN;
    return qrt_public_leak_check(case_id, where, number, err);
}

static enum qrt_code check_person(const struct qrt_vault *vault, const char *id, const char *where,
                                  struct qrt_err *err)
{
    const struct qrt_person *person = qrt_state_person(&vault->state, id);
    return person != NULL && person->gone == QRT_NEVER
               ? QRT_OK
               : qrt_fail(err, QRT_E_USAGE, "%s: nobody of that id is in this vault", where);
}

static enum qrt_code check_name(const char *name, const struct qrt_walk_step *step,
                                const char *where, struct qrt_err *err)
{
    unsigned count = 0;
    for (const char *at = qrt_buf_str(&step->values); *at != '\0'; at = strchr(at, '\n') + 1) {
        count++;
    }
    if (!qrt_text_is_id(name)) {
        return qrt_fail(err, QRT_E_USAGE, "%s: name %u is not up to 32 of a-z 0-9 . _ -", where,
                        count + 1);
    }
    return count < VALUES_MAX
               ? QRT_OK
               : qrt_fail(err, QRT_E_USAGE, "%s: more than %d of one step", where, VALUES_MAX);
}

/* `list` is where the names stand, `where` this one's text. */
static enum qrt_code take_value(struct qrt_walk_step *step, const char *name, const char *text,
                                const char *list, const char *where, struct qrt_err *err)
{
    enum qrt_code code = check_name(name, step, list, err);
    if (code == QRT_OK) {
        code = qrt_walk_check_text(text, where, err);
    }
    if (code == QRT_OK) {
        qrt_buf_printf(&step->values, "%s=%s\n", name, text);
    }
    return code;
}

/* Asks until it will do; an optional one that is not given is QRT_E_NOT_FOUND. */
static enum qrt_code ask_value(struct qrt_walk_step *step, const struct qrt_ui *ui,
                               const char *name, const char *words, struct qrt_err *err)
{
    for (;;) {
        QRT_BUF text = {0};
        struct qrt_question question = {.key = name, .words = words, .optional = true};
        enum qrt_code code = ui->ask_line(ui->ctx, &text, &question, err);
        if (code == QRT_OK) {
            code = take_value(step, name, qrt_buf_str(&text), "values", name, err);
        }
        if (code == QRT_OK || code == QRT_E_NOT_FOUND || !qrt_ui_again(ui, code, err)) {
            return code == QRT_E_NOT_FOUND ? QRT_OK : code;
        }
    }
}

static enum qrt_code ask_named(struct qrt_walk_step *step, const struct qrt_ui *ui,
                               struct qrt_span record, struct qrt_err *err)
{
    struct qrt_span name;
    struct qrt_span what;
    size_t at = 0;
    enum qrt_code code = QRT_OK;
    while (code == QRT_OK && qrt_runbook_next_name(&name, &what, &at, record)) {
        QRT_BUF words = {0};
        char id[QRT_ID_CHARS + 1] = "";
        (void)qrt_span_copy(id, sizeof id, name);
        qrt_buf_printf(&words, "%s: ", id);
        qrt_runbook_unfold(&words, what);
        qrt_buf_text(&words, ". Enter alone: nothing to record");
        code = ask_value(step, ui, id, qrt_buf_str(&words), err);
    }
    return code;
}

/* NAME=TEXT, as many as there are. */
static enum qrt_code ask_more(struct qrt_walk_step *step, const struct qrt_ui *ui,
                              struct qrt_err *err)
{
    for (;;) {
        QRT_BUF text = {0};
        char name[QRT_ID_CHARS + 1];
        struct qrt_question question = {
            .key = "value",
            .words = "Anything else, as NAME=TEXT. Enter alone: nothing more",
            .optional = true};
        enum qrt_code code = ui->ask_line(ui->ctx, &text, &question, err);
        if (code == QRT_OK) {
            const char *equals = strchr(qrt_buf_str(&text), '=');
            size_t len = equals == NULL ? 0 : (size_t)(equals - qrt_buf_str(&text));
            code =
                qrt_span_copy(name, sizeof name, (struct qrt_span){qrt_buf_str(&text), len})
                    ? take_value(step, name, equals == NULL ? "" : equals + 1, "values", name, err)
                    : check_name("", step, "values", err);
        }
        if (code != QRT_OK && (code == QRT_E_NOT_FOUND || !qrt_ui_again(ui, code, err))) {
            return code == QRT_E_NOT_FOUND ? QRT_OK : code;
        }
    }
}

static enum qrt_code ask_person(struct qrt_walk_step *step, const struct qrt_session *session,
                                struct qrt_err *err)
{
    const struct qrt_ui *ui = session->ui;
    for (;;) {
        struct qrt_question question = {.key = "person",
                                        .words = "Who did it, or saw to it: an id. Enter alone: "
                                                 "the operator",
                                        .optional = true};
        qrt_buf_free(&step->person);
        enum qrt_code code = ui->ask_line(ui->ctx, &step->person, &question, err);
        if (code == QRT_E_NOT_FOUND) {
            qrt_buf_text(&step->person, session->badges[0].person);
            return QRT_OK;
        }
        if (code == QRT_OK) {
            code = check_person(session->vault, qrt_buf_str(&step->person), "person", err);
        }
        if (code == QRT_OK || !qrt_ui_again(ui, code, err)) {
            return code;
        }
    }
}

static enum qrt_code ask_case(struct qrt_walk_step *step, const struct qrt_ui *ui,
                              struct qrt_err *err)
{
    for (;;) {
        struct qrt_question question = {
            .key = "case",
            .words = "Case of AWS Support, if there is one. Enter alone: none",
            .optional = true};
        qrt_buf_free(&step->case_id);
        enum qrt_code code = ui->ask_line(ui->ctx, &step->case_id, &question, err);
        if (code == QRT_OK) {
            code = qrt_walk_check_case(qrt_buf_str(&step->case_id), "case", err);
        }
        if (code == QRT_OK || code == QRT_E_NOT_FOUND || !qrt_ui_again(ui, code, err)) {
            return code == QRT_E_NOT_FOUND ? QRT_OK : code;
        }
    }
}

static enum qrt_code ask_text(struct qrt_buf *text, const struct qrt_ui *ui, const char *key,
                              const char *words, struct qrt_err *err)
{
    for (;;) {
        struct qrt_question question = {.key = key, .words = words};
        qrt_buf_free(text);
        enum qrt_code code = ui->ask_line(ui->ctx, text, &question, err);
        if (code == QRT_OK) {
            code = qrt_walk_check_text(qrt_buf_str(text), key, err);
        }
        if (code == QRT_OK || !qrt_ui_again(ui, code, err)) {
            return code;
        }
    }
}

static enum qrt_code ask_exception(struct qrt_walk_step *step, const struct qrt_ui *ui,
                                   const char *prefix, struct qrt_err *err)
{
    const struct {
        struct qrt_buf *text;
        const char *name;
        const char *words;
    } parts[] = {{&step->expected, "expected", "What was expected"},
                 {&step->happened, "happened", "What happened instead"},
                 {&step->decided, "decided", "What was decided"}};
    enum qrt_code code = QRT_OK;
    step->excepted = true;
    for (size_t i = 0; code == QRT_OK && i < sizeof parts / sizeof parts[0]; i++) {
        char key[64];
        snprintf(key, sizeof key, "%s%s", prefix, parts[i].name);
        code = ask_text(parts[i].text, ui, key, parts[i].words, err);
    }
    return code;
}

enum qrt_code qrt_walk_ask(struct qrt_walk_step *step, struct qrt_session *session,
                           const struct qrt_runbook_step *written, bool excepted,
                           const char *case_id, struct qrt_err *err)
{
    const struct qrt_ui *ui = session->ui;
    enum qrt_code code = ask_person(step, session, err);
    if (code == QRT_OK && excepted) {
        code = ask_exception(step, ui, "", err);
    }
    if (code == QRT_OK) {
        code = ask_named(step, ui, written->record, err);
    }
    if (code == QRT_OK) {
        code = ask_more(step, ui, err);
    }
    if (code == QRT_OK && case_id == NULL && written->support.len_bytes > 0) {
        code = ask_case(step, ui, err);
    }
    return code;
}

/* Of a script: `steps.AT.values`, an object. */
static enum qrt_code read_values(struct qrt_walk_step *step, const struct qrt_ui *ui, size_t at,
                                 struct qrt_err *err)
{
    char list[48];
    snprintf(list, sizeof list, "steps.%zu.values", at);
    for (size_t i = 0;; i++) {
        QRT_BUF name = {0};
        QRT_BUF text = {0};
        char key[96];
        enum qrt_code code = ui->member(ui->ctx, &name, list, i, err);
        if (code != QRT_OK) {
            return code == QRT_E_NOT_FOUND ? QRT_OK : code;
        }
        if ((code = check_name(qrt_buf_str(&name), step, list, err)) != QRT_OK) {
            return code;
        }
        snprintf(key, sizeof key, "%s.%s", list, qrt_buf_str(&name));
        struct qrt_question question = {.key = key, .words = "what is recorded"};
        if ((code = ui->ask_line(ui->ctx, &text, &question, err)) != QRT_OK ||
            (code = take_value(step, qrt_buf_str(&name), qrt_buf_str(&text), list, key, err)) !=
                QRT_OK) {
            return code;
        }
    }
}

/* `*given` is false, and all is well, where it is not there. */
static enum qrt_code read_optional(struct qrt_buf *text, const struct qrt_ui *ui, const char *key,
                                   bool *given, struct qrt_err *err)
{
    struct qrt_question question = {.key = key, .words = "a text", .optional = true};
    enum qrt_code code = ui->ask_line(ui->ctx, text, &question, err);
    *given = code == QRT_OK;
    return code == QRT_E_NOT_FOUND ? QRT_OK : code;
}

enum qrt_code qrt_walk_read(struct qrt_walk_step *step, const struct qrt_vault *vault,
                            const struct qrt_ui *ui, size_t at, struct qrt_err *err)
{
    char prefix[48];
    char person[48];
    char case_id[48];
    QRT_BUF any = {0};
    bool given = false;
    snprintf(prefix, sizeof prefix, "steps.%zu", at);
    snprintf(person, sizeof person, "steps.%zu.person", at);
    snprintf(case_id, sizeof case_id, "steps.%zu.case", at);
    enum qrt_code code = ui->member(ui->ctx, &any, prefix, 0, err);
    if (code != QRT_OK) {
        return code;
    }
    if ((code = read_optional(&step->person, ui, person, &given, err)) != QRT_OK ||
        (given &&
         (code = check_person(vault, qrt_buf_str(&step->person), person, err)) != QRT_OK) ||
        (code = read_optional(&step->case_id, ui, case_id, &given, err)) != QRT_OK ||
        (given &&
         (code = qrt_walk_check_case(qrt_buf_str(&step->case_id), case_id, err)) != QRT_OK) ||
        (code = read_values(step, ui, at, err)) != QRT_OK) {
        return code;
    }
    snprintf(prefix, sizeof prefix, "steps.%zu.exception", at);
    qrt_buf_free(&any);
    if (ui->member(ui->ctx, &any, prefix, 0, NULL) == QRT_OK) {
        snprintf(prefix, sizeof prefix, "steps.%zu.exception.", at);
        code = ask_exception(step, ui, prefix, err);
    }
    return code;
}
