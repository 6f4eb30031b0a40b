#include "ceremony/session_parts.h"

#include <stdio.h>

void qrt_session_draft_exception_of(struct qrt_session *session, const char *step,
                                    const char *expected, const char *happened, const char *decided,
                                    const char *person)
{
    struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_EXCEPTION);
    qrt_draft_text(draft, "step", step);
    qrt_draft_text(draft, "expected", expected);
    qrt_draft_text(draft, "happened", happened);
    qrt_draft_text(draft, "decided", decided);
    qrt_draft_text(draft, "person", person);
}

void qrt_session_draft_exception(struct qrt_session *session, const char *step,
                                 const char *expected, const char *happened, const char *decided)
{
    qrt_session_draft_exception_of(session, step, expected, happened, decided, NULL);
}

static const struct {
    const char *name;
    const char *words;
    bool optional;
} exception_parts[] = {{"step", "At which step did it happen? Enter alone when all is told", true},
                       {"expected", "What was expected", false},
                       {"happened", "What happened instead", false},
                       {"decided", "What was decided", false},
                       {"person", "Whom it is about: an id. Enter alone if nobody", true}};
#define EXCEPTION_PARTS (sizeof exception_parts / sizeof exception_parts[0])

static enum qrt_code ask_part(struct qrt_buf *text, const struct qrt_session *session,
                              const struct qrt_question *question, bool person, struct qrt_err *err)
{
    const struct qrt_ui *ui = session->ui;
    for (;;) {
        qrt_buf_free(text);
        enum qrt_code code = ui->ask_line(ui->ctx, text, question, err);
        if (code == QRT_OK && person &&
            qrt_policy_person(session->policy, qrt_buf_str(text)) == NULL) {
            code = qrt_fail(err, QRT_E_USAGE, "the policy names nobody of that id");
        }
        if (code == QRT_OK || !qrt_ui_again(ui, code, err)) {
            return code;
        }
    }
}

/* In order; without the first there is none. */
static enum qrt_code ask_parts(struct qrt_buf texts[static EXCEPTION_PARTS],
                               const struct qrt_session *session, size_t i, struct qrt_err *err)
{
    for (size_t p = 0; p < EXCEPTION_PARTS; p++) {
        char key[48];
        snprintf(key, sizeof key, "exceptions.%zu.%s", i, exception_parts[p].name);
        struct qrt_question question = {
            .key = key, .words = exception_parts[p].words, .optional = exception_parts[p].optional};
        enum qrt_code code = ask_part(&texts[p], session, &question, p + 1 == EXCEPTION_PARTS, err);
        if (code == QRT_E_NOT_FOUND && p > 0) {
            return QRT_OK;
        }
        if (code != QRT_OK) {
            return code;
        }
    }
    return QRT_OK;
}

static enum qrt_code ask_exception(struct qrt_session *session, size_t i, struct qrt_err *err)
{
    struct qrt_buf texts[EXCEPTION_PARTS] = {0};
    enum qrt_code code = ask_parts(texts, session, i, err);
    struct qrt_draft *draft = code == QRT_OK ? qrt_session_draft(session, QRT_EV_EXCEPTION) : NULL;
    for (size_t p = 0; p < EXCEPTION_PARTS; p++) {
        if (draft != NULL) {
            qrt_draft_text(draft, exception_parts[p].name, qrt_buf_str(&texts[p]));
        }
        qrt_buf_free(&texts[p]);
    }
    return code;
}

enum qrt_code qrt_session_ask_exceptions(struct qrt_session *session, struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK; i++) {
        code = ask_exception(session, i, err);
    }
    return code == QRT_E_NOT_FOUND ? QRT_OK : code;
}
