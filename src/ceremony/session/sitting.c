#include "ceremony/session/sitting.h"

#include "base/text.h"
#include "ceremony/reason.h"
#include "ceremony/session/attendance.h"
#include "ceremony/session/session_parts.h"
#include "ceremony/session/thing.h"
#include "vault/sitting.h"
#include <stdio.h>
#include <string.h>

#define NONE_OPEN "the session: none is open; quorate session open begins one"

static void page(const struct qrt_vault *vault, const struct qrt_ui *ui, const char *title,
                 const char *what)
{
    qrt_ui_page(ui, &(struct qrt_page){
                        .ceremony = "The session",
                        .practice = vault->state.practice,
                        .step = 1,
                        .of = 1,
                        .title = title,
                        .who = "The operator.",
                        .what = what,
                        .stop = "Ctrl-C, then the word stop. Nothing is written yet.",
                    });
}

/* A commit that waits for a badge may open or close one: then it is judged behind the badge. */
static enum qrt_code need_open(const struct qrt_vault *vault, struct qrt_err *err)
{
    return qrt_state_sitting(&vault->state) != NULL || vault->log.pending
               ? QRT_OK
               : qrt_fail(err, QRT_E_REFUSED, NONE_OPEN);
}

static enum qrt_code join(struct qrt_session *session, struct qrt_vault *vault,
                          const struct qrt_ui *ui, struct qrt_err *err)
{
    enum qrt_code code = qrt_session_begin(session, vault, ui, err);
    return code != QRT_OK || session->joined ? code : qrt_fail(err, QRT_E_REFUSED, NONE_OPEN);
}

/* ---- Notes ---- */

static enum qrt_code ask_note(struct qrt_buf *text, const struct qrt_ui *ui, struct qrt_err *err)
{
    struct qrt_question question = {.key = "note", .words = "What is to be written down"};
    for (;;) {
        qrt_buf_free(text);
        enum qrt_code code = ui->ask_line(ui->ctx, text, &question, err);
        if (code == QRT_OK) {
            code = qrt_public_text_check(qrt_buf_str(text), "note", QRT_NOTE_TEXT_BYTES, err);
        }
        if (code == QRT_OK || !qrt_ui_again(ui, code, err)) {
            return code;
        }
    }
}

enum qrt_code qrt_sitting_note(struct qrt_vault *vault, const struct qrt_ui *ui, const char *text,
                               struct qrt_err *err)
{
    QRT_SESSION session = {0};
    QRT_BUF asked = {0};
    enum qrt_code code = need_open(vault, err);
    if (code == QRT_OK && text != NULL) {
        code = qrt_public_text_check(text, "note", QRT_NOTE_TEXT_BYTES, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    page(vault, ui, "a note", "What is written here stands in the minutes, and stays in the log.");
    if ((text == NULL && (code = ask_note(&asked, ui, err)) != QRT_OK) ||
        (code = join(&session, vault, ui, err)) != QRT_OK) {
        return code;
    }
    qrt_draft_text(qrt_session_draft(&session, QRT_EV_SESSION_NOTED), "text",
                   text != NULL ? text : qrt_buf_str(&asked));
    return qrt_session_close(&session, "session", "done", err);
}

/* ---- Who and what goes where ---- */

static bool is_out(const struct qrt_move *move)
{
    return move->event == QRT_EV_PERSON_OUT || move->event == QRT_EV_THING_OUT;
}

static enum qrt_code check_words(const struct qrt_move *move, const struct qrt_vault *vault,
                                 struct qrt_err *err)
{
    const struct qrt_person *person = qrt_state_person(&vault->state, move->person);
    bool leaves = move->event == QRT_EV_PERSON_OUT; /* the room, after the vault */
    if (person == NULL || (person->gone != QRT_NEVER && !leaves)) {
        QRT_BUF shown = {0};
        qrt_text_escape(&shown, move->person, strlen(move->person));
        return qrt_fail(err, QRT_E_USAGE, "%.64s: %s", qrt_buf_str(&shown),
                        person == NULL ? "the vault knows nobody of that id"
                                       : "has left the vault");
    }
    return move->thing == NULL
               ? QRT_OK
               : qrt_public_name_check(move->thing, "the thing", QRT_THING_BYTES - 1, err);
}

static enum qrt_code check_thing(const struct qrt_move *move, const struct qrt_state *state,
                                 struct qrt_err *err)
{
    const struct qrt_presence *presence = qrt_state_presence(state, QRT_THING, move->thing);
    if (qrt_state_presence(state, QRT_PERSON, move->person) == NULL) {
        return qrt_fail(err, QRT_E_REFUSED,
                        "%s: not of this session; quorate session return writes down who comes in",
                        move->person);
    }
    bool outside = presence != NULL && qrt_presence_is(presence, QRT_OUTSIDE);
    bool known = presence != NULL && !qrt_presence_is(presence, QRT_HERE);
    if (is_out(move)) {
        return outside ? qrt_fail(err, QRT_E_REFUSED, "the thing: it is outside already, with %s",
                                  presence->person)
                       : qrt_thing_is_simple(state, move->thing, err);
    }
    QRT_BUF others = {0};
    return known ? QRT_OK
                 : qrt_fail(err, QRT_E_REFUSED, "the thing: none of that name is outside; %s",
                            qrt_state_tell_outside(&others, state) > 0 ? qrt_buf_str(&others)
                                                                       : "nothing is");
}

/* Who is in the room: by the log, and, with a session, by a badge just given. */
static enum qrt_code check_move(const struct qrt_move *move, const struct qrt_vault *vault,
                                const struct qrt_session *session, struct qrt_err *err)
{
    if (move->thing != NULL) {
        return check_thing(move, &vault->state, err);
    }
    const struct qrt_presence *presence =
        qrt_state_presence(&vault->state, QRT_PERSON, move->person);
    bool here = session != NULL ? qrt_attendance_has(&session->present, move->person)
                                : presence != NULL && qrt_presence_is(presence, QRT_HERE);
    bool came = session != NULL && qrt_attendance_signs(session, move->person);
    if (is_out(move)) {
        return here ? QRT_OK : qrt_fail(err, QRT_E_REFUSED, "%s: not in the room", move->person);
    }
    return !here || came ? QRT_OK
                         : qrt_fail(err, QRT_E_REFUSED, "%s: in the room already", move->person);
}

static void page_move(const struct qrt_move *move, const struct qrt_vault *vault,
                      const struct qrt_ui *ui)
{
    QRT_BUF what = {0};
    if (move->thing != NULL) {
        qrt_thing_tell(&what, &vault->state, move->thing);
        qrt_buf_printf(&what, is_out(move) ? " goes out with %s." : " is back, brought by %s.",
                       move->person);
    } else {
        qrt_buf_printf(&what, is_out(move) ? "%s leaves the room." : "%s comes into the room.",
                       move->person);
    }
    qrt_buf_text(&what, is_out(move) ? " The session is not closed before they are back, or an "
                                       "exception says that they will not come."
                                     : "");
    page(vault, ui, is_out(move) ? "out of the room" : "into the room", qrt_buf_str(&what));
}

enum qrt_code qrt_sitting_move(struct qrt_vault *vault, const struct qrt_ui *ui,
                               const struct qrt_move *given, struct qrt_err *err)
{
    QRT_SESSION session = {0};
    QRT_BUF name = {0};
    struct qrt_move named = *given;
    const struct qrt_move *move = &named;
    enum qrt_code code;
    if ((code = need_open(vault, err)) != QRT_OK ||
        (code = check_words(move, vault, err)) != QRT_OK) {
        return code;
    }
    if (move->thing != NULL) {
        qrt_thing_name(&name, &vault->state, given->thing);
        named.thing = qrt_buf_str(&name);
    }
    if (!vault->log.pending && (code = check_move(move, vault, NULL, err)) != QRT_OK) {
        return code;
    }
    page_move(move, vault, ui);
    if ((code = join(&session, vault, ui, err)) != QRT_OK ||
        (code = check_move(move, vault, &session, err)) != QRT_OK) {
        return code;
    }
    /* Whoever comes in and gives the badge for it is written down already. */
    bool written =
        move->event == QRT_EV_PERSON_BACK && qrt_attendance_has(&session.present, move->person);
    if (!written) {
        struct qrt_draft *draft = qrt_session_draft(&session, move->event);
        qrt_draft_text(draft, "thing", move->thing);
        qrt_draft_text(draft, "person", move->person);
    }
    return qrt_session_close(&session, "session", "done", err);
}

/* ---- Exceptions ---- */

enum qrt_code qrt_sitting_except(struct qrt_vault *vault, const struct qrt_ui *ui,
                                 struct qrt_err *err)
{
    QRT_SESSION session = {0};
    QRT_BUF outside = {0};
    QRT_BUF what = {0};
    enum qrt_code code = need_open(vault, err);
    if (code != QRT_OK) {
        return code;
    }
    qrt_buf_text(&what, "What was not planned is written down: the step, what was expected, what "
                        "happened, what was decided.");
    if (qrt_state_tell_outside(&outside, &vault->state) > 0) {
        qrt_buf_printf(&what,
                       "\n\nOutside are: %s. Of each it can be said that they will not come "
                       "back; the close waits for them no more.",
                       qrt_buf_str(&outside));
    }
    page(vault, ui, "an exception", qrt_buf_str(&what));
    if ((code = join(&session, vault, ui, err)) != QRT_OK ||
        (ui->person && (code = qrt_session_ask_exceptions(&session, err)) != QRT_OK)) {
        return code;
    }
    bool any = false;
    for (size_t i = 0; i < session.drafts_len; i++) {
        any = any || session.drafts[i].event->id == QRT_EV_EXCEPTION;
    }
    return any ? qrt_session_close(&session, "session", "done", err)
               : qrt_fail(err, QRT_E_USAGE, "exceptions: none was told");
}

/* ---- Opening and closing ---- */

/* A paragraph for each program: its name, and its digest in groups of four. */
static void add_programs(struct qrt_buf *what, const struct qrt_draft *opened)
{
    static const char executable[] = "executable ";
    for (const char *line = qrt_buf_str(&opened->lines); *line != '\0';
         line = strchr(line, '\n') + 1) {
        if (strncmp(line, executable, strlen(executable)) != 0) {
            continue;
        }
        const char *name = line + strlen(executable);
        size_t name_len = strcspn(name, " ");
        qrt_buf_printf(what, "\n\n%.*s:", (int)name_len, name);
        for (const char *hex = name + name_len + 1; *hex != '\n'; hex += 4) {
            qrt_buf_printf(what, " %.4s", hex);
        }
    }
}

static enum qrt_code check_programs(const struct qrt_session *session, struct qrt_err *err)
{
    const struct qrt_ui *ui = session->ui;
    const struct qrt_draft *opened = NULL;
    QRT_BUF what = {0};
    bool yes = false;
    for (size_t i = 0; i < session->drafts_len; i++) {
        const struct qrt_draft *draft = &session->drafts[i];
        opened = draft->event->id == QRT_EV_SESSION_OPENED ? draft : opened;
    }
    if (!ui->person || opened == NULL) {
        return QRT_OK;
    }
    qrt_buf_text(&what, "Hold each of these against the paper that came with the programs. They go "
                        "into the log.");
    add_programs(&what, opened);
    qrt_ui_page(ui, &(struct qrt_page){
                        .ceremony = "The session",
                        .practice = session->vault->state.practice,
                        .step = 2,
                        .of = 2,
                        .title = "the programs",
                        .who = "The operator reads aloud. The witness compares.",
                        .what = qrt_buf_str(&what),
                        .wrong = "A program that is not that of the paper: answer no. Nothing is "
                                 "written. Do not use this computer.",
                        .stop = "Ctrl-C, then the word stop. Nothing is written yet.",
                    });
    enum qrt_code code = ui->confirm(ui->ctx, &yes, "Are they those of the paper?", err);
    return code != QRT_OK || yes
               ? code
               : qrt_fail(err, QRT_E_REFUSED, "the programs: not those of the paper");
}

enum qrt_code qrt_sitting_open(struct qrt_vault *vault, const struct qrt_ui *ui,
                               struct qrt_err *err)
{
    QRT_SESSION session = {0};
    qrt_ui_page(ui, &(struct qrt_page){
                        .ceremony = "The session",
                        .practice = vault->state.practice,
                        .step = 1,
                        .of = 2,
                        .title = "who is here, and what time it is",
                        .who = "The operator, and the second person if the policy wants one.",
                        .what = "The session lasts until it is closed; every command until then is "
                                "part of it.\n\nThe operator's badge opens the log. The clock is "
                                "compared with one on the wall, a receipt that somebody took home "
                                "with the log, and everyone in the room is named.",
                        .wrong = "A receipt that does not agree ends it: touch nothing more.",
                        .stop = "Ctrl-C, then the word stop. Nothing is written yet.",
                    });
    enum qrt_code code = qrt_session_begin_lasting(&session, vault, ui, err);
    if (code == QRT_OK) {
        code = check_programs(&session, err);
    }
    return code == QRT_OK ? qrt_session_commit(&session, err) : code;
}

static enum qrt_code check_inside(const struct qrt_vault *vault, struct qrt_err *err)
{
    QRT_BUF outside = {0};
    return qrt_state_tell_outside(&outside, &vault->state) == 0
               ? QRT_OK
               : qrt_fail(err, QRT_E_REFUSED,
                          "the session: outside are %s; session return or back, or an "
                          "exception, first",
                          qrt_buf_str(&outside));
}

enum qrt_code qrt_sitting_close(struct qrt_vault *vault, const struct qrt_ui *ui,
                                struct qrt_err *err)
{
    QRT_SESSION session = {0};
    enum qrt_code code;
    if ((code = need_open(vault, err)) != QRT_OK ||
        (!vault->log.pending && (code = check_inside(vault, err)) != QRT_OK)) {
        return code;
    }
    page(vault, ui, "the close",
         "The session is closed, and its minutes are made. What was not planned is written down "
         "now. Whoever has a badge may sign the log, and shows their own last receipt first.");
    if ((code = join(&session, vault, ui, err)) != QRT_OK ||
        (code = check_inside(vault, err)) != QRT_OK) {
        return code;
    }
    return qrt_session_end(&session, "session", "done", err);
}
