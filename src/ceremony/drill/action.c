#include "ceremony/drill/action.h"

#include "base/clock.h"
#include "base/text.h"
#include "ceremony/reason.h"
#include "vault/drill.h"
#include <stdio.h>
#include <string.h>

enum part { TEXT, OWNER, DUE, PARTS };

static const struct {
    const char *name;
    const char *words;
} parts[PARTS] = {
    {"text", "What is to be done? Enter alone if there is nothing (more)"},
    {"owner", "Whose is it: an id"},
    {"due", "Until which day: YYYY-MM-DD"},
};

static char *place_of(struct qrt_new_action *action, enum part part, size_t *size_bytes)
{
    char *const places[PARTS] = {action->text, action->owner, action->due};
    static const size_t sizes[PARTS] = {sizeof action->text, sizeof action->owner,
                                        sizeof action->due};
    *size_bytes = sizes[part];
    return places[part];
}

/* Not over by the time that the entry gets: that of this computer, in UTC. */
static enum qrt_code check_day(const char *text, const char *key, struct qrt_err *err)
{
    char time[QRT_TIME_CHARS + 1];
    int64_t day_s;
    if (strlen(text) != 10 || snprintf(time, sizeof time, "%sT00:00:00Z", text) < 0 ||
        !qrt_clock_parse(time, QRT_TIME_CHARS, &day_s)) {
        return qrt_fail(err, QRT_E_USAGE, "%s: not a day of the form YYYY-MM-DD", key);
    }
    struct qrt_action action = {.due_unix_s = day_s, .closed = QRT_NEVER};
    return qrt_action_is_overdue(&action, qrt_clock_unix_s())
               ? qrt_fail(err, QRT_E_USAGE, "%s: that day is over", key)
               : QRT_OK;
}

static enum qrt_code take(struct qrt_new_action *action, const struct qrt_vault *vault,
                          enum part part, const char *key, const char *value, struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    const struct qrt_person *owner;
    if (part == TEXT) {
        code = qrt_public_text_check(value, key, QRT_ACTION_TEXT_BYTES - 1, err);
    } else if (part == OWNER) {
        owner = qrt_text_is_id(value) ? qrt_state_person(&vault->state, value) : NULL;
        if (owner == NULL || owner->gone != QRT_NEVER) {
            code = qrt_fail(err, QRT_E_USAGE, "%s: not the id of a person of this vault", key);
        }
    } else {
        code = check_day(value, key, err);
    }
    size_t size_bytes;
    char *place = place_of(action, part, &size_bytes);
    if (code == QRT_OK) {
        snprintf(place, size_bytes, "%s", value);
    }
    return code;
}

/* Asks until it is right; of a script it is right or not. */
static enum qrt_code ask_part(struct qrt_new_action *action, const struct qrt_vault *vault,
                              const struct qrt_ui *ui, enum part part, const char *key,
                              bool optional, struct qrt_err *err)
{
    QRT_BUF words = {0};
    qrt_buf_printf(&words, "%s%s", parts[part].words,
                   optional && part != TEXT ? ". Enter alone takes it back" : "");
    for (;;) {
        QRT_BUF value = {0};
        struct qrt_question question = {
            .key = key, .words = qrt_buf_str(&words), .optional = optional};
        enum qrt_code code = ui->ask_line(ui->ctx, &value, &question, err);
        if (code == QRT_OK) {
            code = take(action, vault, part, key, qrt_buf_str(&value), err);
        }
        if (code == QRT_OK || code == QRT_E_NOT_FOUND || !qrt_ui_again(ui, code, err)) {
            return code;
        }
    }
}

/* *none: nothing (more) is to be done. QRT_E_NOT_FOUND: it was taken back. */
static enum qrt_code ask_action(struct qrt_new_action *action, bool *none,
                                const struct qrt_vault *vault, const struct qrt_ui *ui,
                                size_t number, struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    *none = false;
    for (enum part part = TEXT; part < PARTS && code == QRT_OK; part++) {
        char key[32];
        snprintf(key, sizeof key, "actions.%zu.%s", number, parts[part].name);
        code = ask_part(action, vault, ui, part, key, part == TEXT || ui->person, err);
        if (part == TEXT && code == QRT_E_NOT_FOUND) {
            *none = true;
            return QRT_OK;
        }
    }
    return code;
}

enum qrt_code qrt_new_actions_ask(struct qrt_new_actions *actions, const struct qrt_vault *vault,
                                  const struct qrt_ui *ui, struct qrt_err *err)
{
    for (actions->len = 0;;) {
        struct qrt_new_action action = {0};
        bool none;
        enum qrt_code code = ask_action(&action, &none, vault, ui, actions->len, err);
        if (code == QRT_E_NOT_FOUND) {
            ui->tell(ui->ctx, "It was taken back.");
            continue;
        }
        if (code != QRT_OK || none) {
            return code;
        }
        if (actions->len == QRT_NEW_ACTIONS_MAX) {
            return qrt_fail(err, QRT_E_RANGE, "actions: more than %d in one session",
                            QRT_NEW_ACTIONS_MAX);
        }
        actions->list[actions->len++] = action;
    }
}

void qrt_new_actions_draft(struct qrt_session *session, const struct qrt_new_actions *actions)
{
    for (size_t i = 0; i < actions->len; i++) {
        const struct qrt_new_action *action = &actions->list[i];
        struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_ACTION_OPENED);
        qrt_draft_u64(draft, "action", session->vault->state.actions.len + 1 + i);
        qrt_draft_text(draft, "owner", action->owner);
        qrt_draft_text(draft, "due", action->due);
        qrt_draft_text(draft, "text", action->text);
    }
}

static void page(const struct qrt_vault *vault, const struct qrt_ui *ui, unsigned step,
                 const char *title, const char *what)
{
    qrt_session_page(
        vault, ui,
        (struct qrt_page){.ceremony = "Actions", .step = step, .title = title, .what = what});
}

/* What the command line gives is taken; a person is asked for the rest. */
static enum qrt_code fill(struct qrt_new_action *action, const struct qrt_vault *vault,
                          const char *const given[PARTS], const struct qrt_ui *ui,
                          struct qrt_err *err)
{
    static const char *const options[PARTS] = {"--text", "--owner", "--due"};
    for (enum part part = TEXT; part < PARTS; part++) {
        enum qrt_code code = QRT_OK;
        if (given[part] != NULL) {
            code = take(action, vault, part, options[part], given[part], err);
        } else if (ui->person) {
            code = ask_part(action, vault, ui, part, options[part], false, err);
        } else {
            code = qrt_fail(err, QRT_E_USAGE, "%s: missing", options[part]);
        }
        if (code != QRT_OK) {
            return code;
        }
    }
    return QRT_OK;
}

enum qrt_code qrt_action_open(uint64_t *number, struct qrt_vault *vault, const char *owner,
                              const char *due, const char *text, const struct qrt_ui *ui,
                              struct qrt_err *err)
{
    QRT_SESSION session = {0};
    struct qrt_new_actions actions = {.len = 1};
    page(vault, ui, 1, "what is to be done",
         "Something is to be improved: what, whose it is, and until which day. It stays open, and "
         "the status tells of it, until it is closed.");
    enum qrt_code code =
        fill(&actions.list[0], vault, (const char *const[PARTS]){text, owner, due}, ui, err);
    if (code == QRT_OK) {
        page(vault, ui, 2, "the session",
             "The operator's badge opens the log, and everyone in the room is named.");
        code = qrt_session_begin(&session, vault, ui, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    *number = vault->state.actions.len + 1;
    qrt_new_actions_draft(&session, &actions);
    page(vault, ui, 3, "the close", "Whoever has a badge may sign the log.");
    return qrt_session_close(&session, "action", "done", err);
}

enum qrt_code qrt_action_close(struct qrt_vault *vault, uint64_t number, const char *text,
                               const struct qrt_ui *ui, struct qrt_err *err)
{
    QRT_SESSION session = {0};
    struct qrt_new_action action = {0};
    const struct qrt_action *row = qrt_state_action(&vault->state, number);
    if (row == NULL || row->closed != QRT_NEVER) {
        return qrt_fail(err, QRT_E_USAGE, "action %llu: %s", (unsigned long long)number,
                        row == NULL ? "there is none of that number" : "it was closed already");
    }
    page(vault, ui, 1, "what was done", "The log keeps what was done about it.");
    enum qrt_code code = QRT_OK;
    if (text != NULL) {
        code = take(&action, vault, TEXT, "--text", text, err);
    } else {
        code = ui->person ? ask_part(&action, vault, ui, TEXT, "--text", false, err)
                          : qrt_fail(err, QRT_E_USAGE, "--text: missing, what was done");
    }
    if (code == QRT_OK) {
        page(vault, ui, 2, "the session",
             "The operator's badge opens the log, and everyone in the room is named.");
        code = qrt_session_begin(&session, vault, ui, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_draft *draft = qrt_session_draft(&session, QRT_EV_ACTION_CLOSED);
    qrt_draft_u64(draft, "action", number);
    qrt_draft_text(draft, "text", action.text);
    page(vault, ui, 3, "the close", "Whoever has a badge may sign the log.");
    return qrt_session_close(&session, "action", "done", err);
}
